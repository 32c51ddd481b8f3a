"""The library's MQTT client with three economies: it reads in large pieces, acknowledges many at once, sends at once.

The library asks the kernel for every packet four times and once more for each acknowledgement, which is most of what a
busy bridge does. Here the messages that stand whole in what was read are cut out at once; everything else, from the
connection's opening to a message in two pieces, stays the library's own business.
"""

import socket
import ssl
import struct
import time
from collections.abc import Callable, Iterable
from typing import Any, cast

from paho.mqtt.client import PUBACK, Client
from paho.mqtt.enums import MQTTErrorCode, MQTTProtocolVersion

from device_bridge.transports.mqtt_publish import Publish, cut

READ_BYTES = 64 * 1024


class BufferedSocket:
    """Reads in pieces of up to `READ_BYTES` and gives them out as they are asked for. Everything else is the socket's.

    `inner` is a TCP or TLS socket, or the library's WebSocket.
    """

    def __init__(self, inner: Any) -> None:
        self._inner = inner
        self._held = b""
        self._given = 0

    def recv(self, size: int) -> bytes:
        """At most `size` bytes; raises as the socket does when there are none."""
        if not self.held:
            self._read()
        start = self._given
        piece = self._held[start : start + size]
        self._given = start + len(piece)
        return piece

    def fill(self) -> bool:
        """Read once if nothing is held; False when nothing came. Whoever asks next learns why."""
        try:
            return self.held > 0 or self._read() > 0
        except OSError:
            return False

    def cut(self, *, properties: bool) -> list[Publish]:
        """Take the messages that stand whole at the beginning of what is held."""
        found, self._given = cut(self._held, self._given, properties=properties)
        return found

    @property
    def held(self) -> int:
        """How many bytes wait here."""
        return len(self._held) - self._given

    def pending(self) -> int:
        """How many bytes can be read although the kernel has none: the library asks before it waits."""
        inner = self._inner.pending() if hasattr(self._inner, "pending") else 0
        return self.held + int(inner)

    def _read(self) -> int:
        self._held, self._given = bytes(self._inner.recv(READ_BYTES)), 0
        return len(self._held)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


class FrugalClient(Client):
    """A client that does what the library's does, with fewer system calls."""

    _made: socket.socket | None = None
    on_publishes: Callable[[list[Publish]], None] = staticmethod(lambda _messages: None)
    """Is given all messages of one reading, in order; what it is not given comes to `on_message`, in its turn."""

    def ack_all(self, numbers: Iterable[int]) -> None:
        """Acknowledge QoS 1 messages in this order (MQTT 5, section 3.4: without a reason code it means success)."""
        packets = b"".join([struct.pack("!BBH", PUBACK, 2, number) for number in numbers])
        if packets:
            self._packet_queue(PUBACK, packets, 0, 1)

    def loop_read(self, max_packets: int = 1) -> MQTTErrorCode:
        """Read once, and deal with all that has come."""
        outcome = MQTTErrorCode.MQTT_ERR_SUCCESS
        source = self._source
        if source is None or not source.fill():
            return super().loop_read(max_packets)
        while outcome == MQTTErrorCode.MQTT_ERR_SUCCESS and self._source is source and source.held:
            self._take(source)
            if source.held:
                outcome = self._read_one()
        return outcome

    def _read_one(self) -> MQTTErrorCode:
        """One packet in the library's own way, and not as many as it has messages of its own under way."""
        outcome = self._packet_read()
        return self._loop_rc_handle(outcome) if outcome > 0 else MQTTErrorCode.MQTT_ERR_SUCCESS

    @property
    def _source(self) -> BufferedSocket | None:
        return cast("BufferedSocket | None", self._sock)

    def _take(self, source: BufferedSocket) -> None:
        # Only between two packets: of one that has begun the library holds the beginning.
        if self._in_packet["command"] == 0:
            messages = source.cut(properties=self._protocol == MQTTProtocolVersion.MQTTv5)
            if messages:
                self._last_bytes_received = time.monotonic()
                self.on_publishes(messages)

    def _create_socket(self) -> Any:
        try:
            return BufferedSocket(super()._create_socket())
        except BaseException:
            # The library forgets a socket that no TLS or WebSocket came of.
            if self._made is not None:
                self._made.close()
            raise

    def _create_socket_connection(self) -> socket.socket:
        self._made = None
        made = self._made = super()._create_socket_connection()
        # An acknowledgement is small and the next one may be long in coming: the kernel is not to wait for it.
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return made

    def _ssl_wrap_socket(self, tcp_sock: socket.socket) -> ssl.SSLSocket:
        context = self._ssl_context
        if context is None:
            raise ValueError("TLS without a context")
        tcp_sock.settimeout(self._connect_timeout)
        made = self._made = context.wrap_socket(tcp_sock, server_hostname=self._host)
        return made
