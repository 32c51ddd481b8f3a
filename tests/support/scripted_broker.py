"""A broker that says exactly what a test tells it, byte by byte, over MQTT 3.1.1; it keeps what it is answered."""

import contextlib
import socket
import struct
import threading

from tests.support.ports import LOOPBACK

CONNECT, PUBLISH, PUBACK, SUBSCRIBE, PINGREQ = 0x10, 0x30, 0x40, 0x82, 0xC0
_ONE_SUBSCRIPTION_OK = 1


class ScriptedBroker:
    """Takes one client at a time, says yes to its session and its subscriptions, and nothing else unasked."""

    def __init__(self) -> None:
        self._door = socket.create_server((LOOPBACK, 0))
        self.port = int(self._door.getsockname()[1])
        self._client: socket.socket | None = None
        self._ready = threading.Semaphore(0)
        self.acknowledged: list[int] = []
        """The numbers of the PUBACKs, in the order in which they came."""
        self.published: list[tuple[int, bytes]] = []
        """(number, payload) of what the client has published; acknowledged only by the test's own word."""
        threading.Thread(target=self._serve, daemon=True).start()

    def wait_for_client(self) -> None:
        """Until a client has subscribed."""
        assert self._ready.acquire(timeout=60)

    def publish(self, topic: str, payload: bytes, number: int, *, dup: bool = False) -> None:
        """Send a message of QoS 1 under a packet number of the test's choice."""
        self.say(publish_packet(topic, payload, number, dup=dup))

    def acknowledge(self, number: int) -> None:
        """Say that a message of the client has come."""
        self.say(struct.pack("!BBH", PUBACK, 2, number))

    def say(self, packet: bytes) -> None:
        """Send these bytes."""
        assert self._client is not None
        self._client.sendall(packet)

    def hang_up(self) -> None:
        """End the connection; the session stays."""
        assert self._client is not None
        self._client.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Take nobody any more."""
        with contextlib.suppress(OSError):
            self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._door.accept()
            except OSError:
                return
            with client:
                self._client = client
                with contextlib.suppress(OSError, EOFError):
                    self._listen(client)

    def _listen(self, client: socket.socket) -> None:
        while True:
            (kind,) = _exactly(client, 1)
            body = _exactly(client, _remaining_length(client))
            if kind == CONNECT:
                client.sendall(b"\x20\x02\x01\x00")
            elif kind == SUBSCRIBE:
                client.sendall(b"\x90\x03" + body[:2] + bytes([_ONE_SUBSCRIPTION_OK]))
                self._ready.release()
            elif kind == PINGREQ:
                client.sendall(b"\xd0\x00")
            elif kind & 0xF0 == PUBLISH:
                topic = 2 + int.from_bytes(body[:2], "big")
                self.published.append((int.from_bytes(body[topic : topic + 2], "big"), body[topic + 2 :]))
            elif kind == PUBACK:
                self.acknowledged += struct.unpack("!H", body)


def publish_packet(topic: str, payload: bytes, number: int, *, dup: bool = False) -> bytes:
    """A PUBLISH of QoS 1 with less than 128 bytes (section 3.3)."""
    name = topic.encode()
    body = struct.pack(f"!H{len(name)}sH", len(name), name, number) + payload
    return bytes([0x3A if dup else 0x32, len(body)]) + body


def _remaining_length(client: socket.socket) -> int:
    """Seven bits a byte, the lowest first (section 2.2.3)."""
    length = shift = 0
    while True:
        (byte,) = _exactly(client, 1)
        length |= (byte & 0x7F) << shift
        if byte < 0x80:
            return length
        shift += 7


def _exactly(client: socket.socket, size: int) -> bytes:
    read = b""
    while len(read) < size:
        piece = client.recv(size - len(read))
        if not piece:
            raise EOFError
        read += piece
    return read
