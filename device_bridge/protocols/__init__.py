"""The registry of protocols: which topics a protocol listens to, and which decoder reads them.

A decoder is sans-I/O: bytes in, `Heard` out (`heard.py`). A new protocol is one module here and one row below; the
conformance suite (`tests/device_bridge/protocols/test_conformance.py`) then tests it unasked.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Protocol

from device_bridge.protocols import fair, vda5050
from device_bridge.protocols.heard import Heard, Malformed, Presence, Reading
from device_bridge.wire.topics import FAIR_SUBSCRIPTION, VDA5050_SUBSCRIPTIONS

__all__ = [
    "MESSAGE_PROTOCOLS",
    "STREAM_PROTOCOLS",
    "Heard",
    "Malformed",
    "MessageProtocol",
    "Presence",
    "Reading",
    "StreamDecoder",
    "StreamOptions",
]


@dataclass(frozen=True)
class MessageProtocol:
    """A protocol whose transport delivers whole messages under topics of four or five levels.

    The levels behind the first two are the sender's name in two parts, then the kind of message.
    """

    name: str
    subscriptions: tuple[str, ...]
    decode: Callable[[str, bytes], Heard]
    """(kind, payload) -> what it says."""
    counts_from: int | None
    """Where the counter of a boot starts, None where the protocol does not say."""
    qos: int = 1


class StreamDecoder(Protocol):
    """Cuts a stream of bytes into frames and reads them. Keeps little, whatever comes."""

    def feed(self, data: bytes) -> list[tuple[bytes, Heard]]:
        """Take any piece of the stream; give each whole frame, as it came, with what it said."""
        ...


@dataclass(frozen=True)
class StreamOptions:
    """What a decoder is told of its port: whose it is, and the options of the enrolment or of the booth's settings."""

    robot: str = ""
    values: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class StreamProtocol:
    """A protocol that comes as a stream of bytes; each port has a decoder of its own."""

    name: str
    decoder: Callable[[StreamOptions], StreamDecoder]
    counts_from: int | None
    """Where the counter of a boot starts, None where the protocol does not say."""
    marks: bool = False
    """Whether its robots are told their durable mark on the same wire."""


MESSAGE_PROTOCOLS: dict[str, MessageProtocol] = {
    "fair": MessageProtocol("fair-mqtt", (FAIR_SUBSCRIPTION,), lambda _kind, payload: fair.decode_status(payload), 1),
    "uagv": MessageProtocol("vda5050", VDA5050_SUBSCRIPTIONS, vda5050.decode_message, None),
}
"""By the first level of the topic."""

STREAM_PROTOCOLS: dict[str, StreamProtocol] = {
    "fair-serial": StreamProtocol("fair-serial", lambda _options: fair.Lines(), 1, marks=True)
}
"""By the protocol's name in an enrolment."""
