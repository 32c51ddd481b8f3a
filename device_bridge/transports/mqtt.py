"""The bridge's connection to an MQTT broker (5 or 3.1.1): persistent session, manual acknowledgement, no surprises.

Three traps of the client library shape it, each seen by running it. An exception in a callback kills the network
thread while `is_connected()` stays true: callbacks only enqueue, and `alive` looks at the thread. A late
acknowledgement after a lost session names a different message: every receipt carries its connection's epoch, and one
of another epoch is dropped. The library does not order acknowledgements: they go out in order of arrival.
"""

import logging
import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from device_bridge.inbox import Entry, Inbox, Receipt
from device_bridge.pipeline import Arrival
from device_bridge.settings import MqttSettings

_log = logging.getLogger(__name__)

MQTT_5 = 5

RECEIVE_MAXIMUM = 2_000
"""So many unacknowledged messages may be under way (MQTT 5, section 3.1.2.11.3): the backpressure of the session."""
SESSION_EXPIRY_S = 7 * 24 * 3600
"""The broker keeps the session for longer than the fair lasts."""


class MqttTransport:
    """One session with one broker. `start` returns at once; the connection is made and kept in the background."""

    def __init__(
        self, settings: MqttSettings, topics: tuple[str, ...], inbox: Inbox, now: Callable[[], datetime]
    ) -> None:
        self._settings = settings
        self._topics = topics
        self._inbox = inbox
        self._now = now
        self._epoch = 0
        self._epoch_lock = threading.Lock()
        self._connected = threading.Event()
        self.opened = threading.Event()
        """Set after each connect; whoever tells the robots their marks clears it."""
        self._client = self._new_client()

    def start(self) -> None:
        """Connect in the background and stay connected."""
        properties = self._connect_properties()
        clean: dict[str, Any] = {"clean_start": False, "properties": properties} if properties else {}
        self._client.connect_async(self._settings.host, self._settings.port, keepalive=15, **clean)
        self._client.loop_start()

    def stop(self) -> None:
        """Leave the session in place and end the thread."""
        self._client.disconnect()
        self._client.loop_stop()

    @property
    def connected(self) -> bool:
        """Whether the broker has accepted the session; False as soon as the network thread is gone."""
        return self._connected.is_set() and self.alive

    @property
    def alive(self) -> bool:
        """Whether the network thread lives. The library's own word does not tell."""
        thread = self._client._thread  # noqa: SLF001 - the library has no public way to ask
        return thread is not None and thread.is_alive()

    def acknowledge(self, receipts: list[Receipt]) -> None:
        """Acknowledge what is on disk; receipts of a lost connection are dropped, since the broker sends again."""
        with self._epoch_lock:
            for receipt in receipts:
                if receipt.epoch == self._epoch:
                    self._client.ack(receipt.mid, 1)

    def publish_retained(self, topic: str, payload: bytes) -> None:
        """Publish what newcomers shall find, at least once."""
        self._client.publish(topic, payload, qos=1, retain=True)

    def _new_client(self) -> Client:
        version = MQTTProtocolVersion.MQTTv5 if self._settings.version == MQTT_5 else MQTTProtocolVersion.MQTTv311
        client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=self._settings.client_id,
            clean_session=None if version is MQTTProtocolVersion.MQTTv5 else False,
            protocol=version,
            manual_ack=True,
        )
        if self._settings.username:
            client.username_pw_set(self._settings.username, self._settings.password)
        if self._settings.tls:
            client.tls_set(ca_certs=self._settings.ca_file)
        client.reconnect_delay_set(min_delay=1, max_delay=5)
        client.on_connect = self._on_connect
        client.on_subscribe = self._on_subscribe
        client.on_disconnect = self._on_disconnect
        client.on_message = self._on_message
        return client

    def _connect_properties(self) -> Properties | None:
        if self._settings.version != MQTT_5:
            return None
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]  # the library has no types there
        properties.SessionExpiryInterval = SESSION_EXPIRY_S
        properties.ReceiveMaximum = RECEIVE_MAXIMUM
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
        client.subscribe([(topic, 1) for topic in self._topics])
        self._connected.set()

    def _on_subscribe(
        self, _client: Client, _userdata: object, _mid: int, reasons: list[ReasonCode], _props: Properties | None
    ) -> None:
        refused = [topic for topic, reason in zip(self._topics, reasons, strict=False) if reason.is_failure]
        if refused:
            _log.error("the broker refuses these subscriptions: %s", ", ".join(refused))
        _log.info("listening on %s:%d", self._settings.host, self._settings.port)
        self.opened.set()

    def _on_disconnect(
        self, _client: Client, _userdata: object, _flags: DisconnectFlags, reason: ReasonCode, _props: Properties | None
    ) -> None:
        self._new_epoch()
        self._connected.clear()
        if reason.is_failure:
            _log.warning("connection to the broker lost: %s", reason)

    def _on_message(self, _client: Client, _userdata: object, message: MQTTMessage) -> None:
        arrival = Arrival("mqtt", message.topic, bytes(message.payload), self._now(), redelivered=message.dup)
        receipt = Receipt(self._epoch, message.mid) if message.qos else None
        self._inbox.put(Entry(arrival, receipt, self))
