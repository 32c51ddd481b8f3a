"""The bridge's connection to an MQTT broker (5 or 3.1.1): persistent session, manual acknowledgement, no surprises.

Three traps of the client library shape it, each seen by running it. An exception in a callback kills the network
thread while `is_connected()` stays true: callbacks only enqueue, and `alive` looks at the thread. A late
acknowledgement after a lost session names a different message: every receipt carries its connection's epoch, and one
of another epoch is dropped. The library does not order acknowledgements: they go out in order of arrival.
"""

import logging
import sys
import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from device_bridge.arrival_queue import AckToken, ArrivalQueue, QueuedArrival
from device_bridge.arrivals import Arrival
from device_bridge.settings import MqttSettings
from device_bridge.transports.filters import Filters
from device_bridge.transports.mqtt_client import FrugalClient
from device_bridge.transports.mqtt_publish import Publish
from device_bridge.wire.report import MAX_MESSAGE_BYTES

_log = logging.getLogger(__name__)

MQTT_5 = 5

RECEIVE_MAXIMUM = 2_000
"""So many unacknowledged messages may be under way (MQTT 5, section 3.1.2.11.3): the backpressure of the session."""
MAXIMUM_PACKET_BYTES = 16 * 1024 * 1024
"""The broker drops longer packets for us (MQTT 5, section 3.1.2.11.4) without a word to anybody, so this lies far above
what a broker should take: what it has acknowledged has to reach us to be refused."""
SESSION_EXPIRY_S = 7 * 24 * 3600
"""The broker keeps the session for longer than the fair lasts."""
_STOP_PATIENCE_S = 3.0
_TOPICS_A_PACKET = 200
_UNDER_WAY = 100
"""So many of our own messages wait for the broker's word; the library would keep any number."""
_CUTS = 3
"""So often in a row a broker may end the connection instead of answering what it is asked for; then less is asked."""


class MqttTransport:
    """One session with one broker. `start` returns at once; the connection is made and kept in the background."""

    def __init__(
        self,
        settings: MqttSettings,
        topics: tuple[str, ...],
        queue: ArrivalQueue,
        now: Callable[[], datetime],
        instead: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        """`instead` says what is asked for in place of a topic that the broker refuses, which may be refused too."""
        self._settings = settings
        self._filters = Filters(topics, instead or {})
        self._queue = queue
        self._now = now
        self._epoch = 0
        self._epoch_lock = threading.Lock()
        self._connected = threading.Event()
        self.opened = threading.Event()
        """Set after each connect; whoever tells the robots their marks clears it."""
        self._unpublishable: set[str] = set()
        self._waiting: dict[str, bytes] = {}
        """What is to be published, the newest of each topic."""
        self._under_way = threading.Semaphore(_UNDER_WAY)
        self._said = ""
        """Why the broker could not be reached, as it was last told."""
        self._cuts = 0
        """How often in a row the broker has ended the connection before it answered what it was asked for."""
        self._asked: dict[int, tuple[str, ...]] = {}
        """Subscriptions that the broker has not answered yet, by the number of their packet."""
        self._opening: set[int] = set()
        """Those among them that belong to a connect."""
        self._asking = threading.RLock()
        self._client = self._new_client()

    def start(self) -> None:
        """Connect in the background and stay connected; may be called again when the network thread has died.

        What a dead one had not published yet is gone; `opened` asks for it anew.
        """
        if self.alive:
            return
        # A thread that died has told nobody that its connection is over, and its sockets are closed with its client.
        self._new_epoch()
        self._connected.clear()
        self._client = self._new_client()
        self._under_way = threading.Semaphore(_UNDER_WAY)
        properties = self._connect_properties()
        clean: dict[str, Any] = {"clean_start": False, "properties": properties} if properties else {}
        self._client.connect_async(self._settings.host, self._settings.port, keepalive=15, **clean)
        self._client.loop_start()

    def stop(self) -> None:
        """Leave the session in place and end the thread; waits three seconds at most."""
        self._client.disconnect()
        # The library waits without a bound for a thread that may itself wait, at a full queue or on a full socket.
        ending = threading.Thread(target=self._client.loop_stop, name="mqtt stop", daemon=True)
        ending.start()
        ending.join(timeout=_STOP_PATIENCE_S)
        if ending.is_alive():
            _log.warning("the connection to %s:%d does not end; left behind", self._settings.host, self._settings.port)

    def listen(self, topics: tuple[str, ...], instead: Mapping[str, tuple[str, ...]] | None = None) -> None:
        """Listen to these topics from now on, and to no others; `instead` as at the beginning."""
        with self._asking:
            new = self._filters.change(topics, instead or {})
            if self.connected:
                self._ask(self._client, new)
                self._leave(self._client)

    @property
    def narrowed(self) -> tuple[str, ...]:
        """What the broker refuses where narrower topics are heard instead: what lies beside those leaves no trace."""
        return self._filters.narrowed

    @property
    def unheard(self) -> tuple[str, ...]:
        """What the broker refuses with nothing in its place: nobody who publishes there is heard."""
        return self._filters.unheard

    @property
    def connected(self) -> bool:
        """Whether the broker has accepted the session; False as soon as the network thread is gone."""
        return self._connected.is_set() and self.alive

    @property
    def alive(self) -> bool:
        """Whether the network thread lives. The library's own word does not tell."""
        thread = self._client._thread  # noqa: SLF001 - the library has no public way to ask
        return thread is not None and thread.is_alive()

    def acknowledge(self, receipts: list[AckToken]) -> None:
        """Acknowledge what is on disk; receipts of a lost connection are dropped, since the broker sends again."""
        with self._epoch_lock:
            self._client.ack_all(receipt.mid for receipt in receipts if receipt.epoch == self._epoch)

    def publish_retained(self, topic: str, payload: bytes) -> None:
        """Publish what newcomers shall find, at least once. Skips a topic that MQTT does not allow (`+`, `#`).

        While a broker is slow or away the newest of each topic waits here. Belongs to one thread, with `send_waiting`.
        """
        self._waiting[topic] = payload
        self.send_waiting()

    def send_waiting(self) -> None:
        """Publish what has waited, as far as the broker has kept up."""
        while self._waiting and self._under_way.acquire(blocking=False):
            topic = next(iter(self._waiting))
            self._publish(topic, self._waiting.pop(topic))

    def _publish(self, topic: str, payload: bytes) -> None:
        try:
            self._client.publish(topic, payload, qos=1, retain=True)
        except ValueError as error:
            self._under_way.release()
            if topic not in self._unpublishable:
                self._unpublishable.add(topic)
                _log.error("nothing can be published on %r: %s", topic, error)

    def _new_client(self) -> FrugalClient:
        version = MQTTProtocolVersion.MQTTv5 if self._settings.version == MQTT_5 else MQTTProtocolVersion.MQTTv311
        client = FrugalClient(
            CallbackAPIVersion.VERSION2,
            client_id=self._settings.session_id,
            clean_session=None if version is MQTTProtocolVersion.MQTTv5 else False,
            protocol=version,
            transport=self._settings.transport,
            manual_ack=True,
        )
        client.ws_set_options(path=self._settings.path)
        if self._settings.username:
            client.username_pw_set(self._settings.username, self._settings.password)
        if self._settings.tls:
            own = self._settings
            client.tls_set(ca_certs=own.ca_file, certfile=own.cert_file, keyfile=own.key_file)
        client.reconnect_delay_set(min_delay=1, max_delay=5)
        client.on_connect = self._on_connect
        client.on_connect_fail = self._on_connect_fail
        client.on_subscribe = self._on_subscribe
        client.on_disconnect = self._on_disconnect
        client.on_message = self._on_message
        client.on_publish = self._on_publish
        client.on_publishes = self._take
        return client

    def _connect_properties(self) -> Properties | None:
        if self._settings.version != MQTT_5:
            return None
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]  # the library has no types there
        properties.SessionExpiryInterval = SESSION_EXPIRY_S
        properties.ReceiveMaximum = RECEIVE_MAXIMUM
        properties.MaximumPacketSize = MAXIMUM_PACKET_BYTES
        return properties

    def _new_epoch(self) -> None:
        with self._epoch_lock:
            self._epoch += 1

    def _on_connect(
        self, client: Client, _userdata: object, _flags: ConnectFlags, reason: ReasonCode, _props: Properties | None
    ) -> None:
        if reason.is_failure:
            _log.warning("the broker refuses the bridge: %s", reason)
            return
        self._new_epoch()
        with self._asking:
            self._asked.clear()
            self._opening.clear()
            self._leave(client)
            asked = self._ask(client, self._filters.anew(), opens=True)
            self._connected.set()
        if not asked:
            self._open()

    def _ask(self, client: Client, topics: tuple[str, ...], *, opens: bool = False) -> bool:
        """Subscribe; whether there was anything to ask for."""
        for first in range(0, len(topics), _TOPICS_A_PACKET):
            some = topics[first : first + _TOPICS_A_PACKET]
            with self._asking:
                _, number = client.subscribe([(topic, 1) for topic in some])
                if number is not None:
                    self._asked[number] = some
                    self._opening |= {number} if opens else set()
        return bool(topics)

    def _leave(self, client: Client) -> None:
        left = self._filters.left
        for first in range(0, len(left), _TOPICS_A_PACKET):
            client.unsubscribe(left[first : first + _TOPICS_A_PACKET])

    def _open(self) -> None:
        self._said, self._cuts = "", 0
        _log.info("listening on %s:%d", self._settings.host, self._settings.port)
        self.opened.set()

    def _on_subscribe(
        self, client: Client, _userdata: object, mid: int, reasons: list[ReasonCode], _props: Properties | None
    ) -> None:
        with self._asking:
            asked = dict(zip(self._asked.pop(mid, ()), reasons, strict=False))
            opens = mid in self._opening
            refused = tuple(topic for topic, reason in asked.items() if reason.is_failure)
            self._ask(client, self._filters.refuse(refused), opens=opens)
            self._opening.discard(mid)
            opened = opens and not self._opening
            if opened and self._filters.settle():
                self._leave(client)
        if refused:
            _log.error("the broker refuses these subscriptions: %s", ", ".join(refused))
        if opened:
            self._open()

    def _on_connect_fail(self, _client: Client, _userdata: object) -> None:
        """Say why once in a row of failures; the library calls this while it deals with the error."""
        why = str(sys.exc_info()[1])
        if why != self._said:
            self._said = why
            _log.warning("the broker at %s:%d cannot be reached: %s", self._settings.host, self._settings.port, why)

    def _on_disconnect(
        self, _client: Client, _userdata: object, _flags: DisconnectFlags, reason: ReasonCode, _props: Properties | None
    ) -> None:
        self._new_epoch()
        self._connected.clear()
        if reason.is_failure:
            _log.warning("connection to the broker lost: %s", reason)
        with self._asking:
            self._cuts += bool(self._opening)
            self._opening.clear()
            narrower = self._cuts >= _CUTS and self._filters.narrow()
        if narrower:
            _log.error("the broker ends the connection when it is asked for: %s", ", ".join(self.narrowed))

    def _on_publish(
        self, client: Client, _userdata: object, _mid: int, _reason: ReasonCode, _props: Properties | None
    ) -> None:
        # What a client that was left behind still hears counts for nobody.
        if client is self._client:
            self._under_way.release()

    def _on_message(self, _client: Client, _userdata: object, message: MQTTMessage) -> None:
        """Take a message that did not come whole in one reading."""
        number = message.mid if message.qos else None
        self._take([Publish(_topic(message), bytes(message.payload), number, message.dup, message.retain)])

    def _take(self, messages: list[Publish]) -> None:
        now, epoch = self._now(), self._epoch
        self._queue.put_all(
            QueuedArrival(_arrival(one, now), None if one.number is None else AckToken(epoch, one.number), self)
            for one in messages
        )


def _arrival(message: Publish, received_at: datetime) -> Arrival:
    """The message without the library; of one that is too long only so much as shows that it is."""
    size = len(message.payload)
    return Arrival(
        "mqtt",
        _address(message.topic),
        message.payload[: MAX_MESSAGE_BYTES + 1],
        received_at,
        redelivered=message.dup,
        size=size if size > MAX_MESSAGE_BYTES + 1 else None,
        retained=message.retain,
    )


@lru_cache(maxsize=4_096)
def _address(topic: bytes) -> str:
    """The topic; what is no UTF-8 in it with its bytes written out."""
    return topic.decode(errors="backslashreplace")


def _topic(message: MQTTMessage) -> bytes:
    """The topic's bytes, which the library only tells in its complaint where they are no UTF-8."""
    try:
        return message.topic.encode()
    except UnicodeDecodeError as error:
        return bytes(error.object)
