"""The registry of protocols: which topics a protocol listens to, and which decoder reads them.

A decoder is sans-I/O: bytes in, `Heard` out (`heard.py`). A new protocol is one module here and one row below; the
conformance suite (`tests/device_bridge/protocols/test_conformance.py`) then tests it unasked.
"""

from collections.abc import Callable
from dataclasses import dataclass

from device_bridge.protocols import fair, vda5050
from device_bridge.protocols.heard import Heard, Malformed, Presence, Reading
from device_bridge.wire.topics import FAIR_SUBSCRIPTION, VDA5050_SUBSCRIPTIONS

__all__ = ["MESSAGE_PROTOCOLS", "STREAM_PROTOCOLS", "Heard", "Malformed", "MessageProtocol", "Presence", "Reading"]


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


@dataclass(frozen=True)
class StreamProtocol:
    """A protocol that comes as a stream of bytes; each port has a decoder of its own."""

    name: str
    decoder: Callable[[], fair.Lines]
    counts_from: int | None


MESSAGE_PROTOCOLS: dict[str, MessageProtocol] = {
    "fair": MessageProtocol("fair-mqtt", (FAIR_SUBSCRIPTION,), lambda _kind, payload: fair.decode_status(payload), 1),
    "uagv": MessageProtocol("vda5050", VDA5050_SUBSCRIPTIONS, vda5050.decode_message, None),
}
"""By the first level of the topic."""

STREAM_PROTOCOLS: dict[str, StreamProtocol] = {"fair-serial": StreamProtocol("fair-serial", fair.Lines, 1)}
"""By the protocol's name in an enrolment."""
