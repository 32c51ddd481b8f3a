"""One robot's own MQTT connection, driven by the process's event loop: reconnects with back-off, never a thread.

A connection is a new paho client, so nothing that the library kept from the one before leaves by itself: what is sent
again is the sender's decision. Speaks MQTT 3.1.1, as most robots do.
"""

import asyncio
import contextlib
import logging
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Protocol

from paho.mqtt.client import MQTT_ERR_SUCCESS, Client, ConnectFlags, DisconnectFlags, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

if TYPE_CHECKING:
    from paho.mqtt.client import SocketLike

KEEPALIVE_S = 15
HOUSEKEEPING_S = 5.0
SHORTEST_BACKOFF_S = 0.25
LONGEST_BACKOFF_S = 8.0
_PROBE_S = 5.0

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Broker:
    """Where the broker is."""

    host: str
    port: int


@dataclass(frozen=True, slots=True)
class Will:
    """What the broker says, retained, at QoS 1, when the connection breaks."""

    topic: str
    payload: bytes


class LinkListener(Protocol):
    """What a robot does about its connection."""

    def will(self) -> Will | None:
        """Return the last will of the next connection."""
        ...

    def connected(self) -> None:
        """Do what is due on a new connection."""
        ...

    def disconnected(self) -> None:
        """Take note that nothing leaves any more."""
        ...

    def received(self, topic: str, payload: bytes) -> None:
        """Take a message of a subscribed topic."""
        ...

    def published(self) -> None:
        """Take note that the broker has one more QoS 1 message."""
        ...


@dataclass
class MqttLink:
    """A connection that comes back. `run` lives until it is cancelled."""

    broker: Broker
    client_id: str
    listener: LinkListener
    random: Random
    _client: Client | None = None
    _up: bool = False
    _backoff: float = SHORTEST_BACKOFF_S
    _gone: asyncio.Event = field(default_factory=asyncio.Event)
    _allowed: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def is_up(self) -> bool:
        """Whether the broker has accepted the connection and it has not been seen to end."""
        return self._up

    @property
    def is_idle(self) -> bool:
        """Whether the connection is up and nothing waits to be written."""
        return self._up and self._client is not None and not self._client.want_write()

    async def run(self) -> None:
        """Connect, and connect again whenever the connection ends."""
        self._allowed.set()
        while True:
            await self._allowed.wait()
            self._gone.clear()
            if await self._reachable() and self._connect():
                await self._keep()
            await asyncio.sleep(self._backoff * self.random.uniform(0.5, 1.0))
            self._backoff = min(2 * self._backoff, LONGEST_BACKOFF_S)

    def publish(self, topic: str, payload: bytes, *, qos: int, retain: bool = False) -> None:
        """Send, if the connection is up; at QoS 1 the listener hears of its arrival."""
        if self._client is not None:
            self._client.publish(topic, payload, qos=qos, retain=retain)

    def subscribe(self, topic: str) -> None:
        """Subscribe at QoS 1 for the life of this connection."""
        if self._client is not None:
            self._client.subscribe(topic, qos=1)

    def cut(self) -> None:
        """Break the connection as a pulled cable does, and stay away until `mend`."""
        if self._allowed.is_set():
            self._allowed.clear()
            self._drop()

    def mend(self) -> None:
        """Allow connections again."""
        self._allowed.set()

    def close(self) -> None:
        """End the connection in order: the broker sends no last will."""
        if self._client is not None:
            self._client.disconnect()
            self._flush(self._client)
            self._drop()

    async def _reachable(self) -> bool:
        """Knock without blocking the other robots, since paho's own connect would."""
        with contextlib.suppress(OSError, TimeoutError):
            async with asyncio.timeout(_PROBE_S):
                _, writer = await asyncio.open_connection(self.broker.host, self.broker.port)
            writer.close()
            return True
        return False

    def _connect(self) -> bool:
        client = Client(CallbackAPIVersion.VERSION2, client_id=self.client_id, protocol=MQTTProtocolVersion.MQTTv311)
        client.connect_timeout = 1.0
        client.on_connect = self._on_connect
        client.on_disconnect = self._on_disconnect
        client.on_message = self._on_message
        client.on_publish = self._on_publish
        self._watch(client)
        if (will := self.listener.will()) is not None:
            client.will_set(will.topic, will.payload, qos=1, retain=True)
        self._client = client
        try:
            return client.connect(self.broker.host, self.broker.port, KEEPALIVE_S) == MQTT_ERR_SUCCESS
        except OSError:
            self._client = None
            return False

    async def _keep(self) -> None:
        client = self._client
        while client is not None and not self._gone.is_set():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(HOUSEKEEPING_S):
                    await self._gone.wait()
            client.loop_misc()

    def _watch(self, client: Client) -> None:
        loop = asyncio.get_running_loop()

        def opened(_client: Client, _userdata: object, sock: "SocketLike") -> None:
            loop.add_reader(sock.fileno(), client.loop_read)

        def closed(_client: Client, _userdata: object, sock: "SocketLike") -> None:
            loop.remove_reader(sock.fileno())
            loop.remove_writer(sock.fileno())

        def wants_to_write(_client: Client, _userdata: object, sock: "SocketLike") -> None:
            loop.add_writer(sock.fileno(), client.loop_write)

        def has_written(_client: Client, _userdata: object, sock: "SocketLike") -> None:
            loop.remove_writer(sock.fileno())

        client.on_socket_open = opened
        client.on_socket_close = closed
        client.on_socket_register_write = wants_to_write
        client.on_socket_unregister_write = has_written

    def _on_connect(
        self,
        client: Client,
        _userdata: object,
        _flags: ConnectFlags,
        reason: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        if client is not self._client:
            return
        if reason.is_failure:
            _log.warning("%s: the broker refuses the connection: %s", self.client_id, reason)
            return
        self._up = True
        self._backoff = SHORTEST_BACKOFF_S
        self.listener.connected()

    def _on_disconnect(
        self,
        client: Client,
        _userdata: object,
        _flags: DisconnectFlags,
        _reason: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        if client is self._client:
            self._ended()

    def _on_message(self, client: Client, _userdata: object, message: MQTTMessage) -> None:
        if client is self._client:
            self.listener.received(message.topic, bytes(message.payload))

    def _on_publish(
        self, client: Client, _userdata: object, _mid: int, _reason: ReasonCode, _properties: Properties
    ) -> None:
        if client is self._client:
            self.listener.published()

    def _flush(self, client: Client) -> None:
        while client.want_write() and client.loop_write() == MQTT_ERR_SUCCESS:
            pass

    def _drop(self) -> None:
        client = self._client
        self._ended()
        if client is not None and (sock := client.socket()) is not None:
            loop = asyncio.get_running_loop()
            loop.remove_reader(sock.fileno())
            loop.remove_writer(sock.fileno())
            sock.close()

    def _ended(self) -> None:
        was_up, self._up, self._client = self._up, False, None
        self._gone.set()
        if was_up:
            self.listener.disconnected()
