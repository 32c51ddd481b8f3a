"""The registry of protocols: which topics a protocol listens to, and which decoder reads them.

A decoder is sans-I/O: bytes in, `Decoded` out (`decoded.py`). A new protocol is one module here and one row below; the
conformance suite (`tests/device_bridge/protocols/test_conformance.py`) then tests it unasked.
"""

from collections.abc import Callable
from dataclasses import dataclass

from device_bridge.protocols import cobs, declared, fair, kobuki, mavlink, modbus, vda5050
from device_bridge.protocols.adjusting import UNTOLD, Adjustment, adjustment_of
from device_bridge.protocols.decoded import Decoded, Factsheet, Glimpse, Malformed, Presence, Reading
from device_bridge.protocols.stream import OptionsError, StreamDecoder, StreamOptions, StreamProtocol
from device_bridge.wire.topics import FAIR_SUBSCRIPTION, VDA5050_SUBSCRIPTIONS, VDA5050_V3_SUBSCRIPTIONS

__all__ = [
    "COUNTS_FROM",
    "HTTPS_PROTOCOL",
    "MESSAGE_PROTOCOLS",
    "POLLED_PROTOCOLS",
    "PORT_PROTOCOLS",
    "STREAM_PROTOCOLS",
    "Adjustment",
    "Decoded",
    "Factsheet",
    "Glimpse",
    "Malformed",
    "MessageProtocol",
    "OptionsError",
    "PolledProtocol",
    "Presence",
    "Reading",
    "StreamDecoder",
    "StreamOptions",
    "StreamProtocol",
    "adjustment_of",
]


def _decode_fair(_kind: str, payload: bytes, told: Adjustment = UNTOLD) -> Decoded:
    return fair.decode_status(payload, told)


def _fair_lines(options: StreamOptions) -> StreamDecoder:
    return fair.Lines(adjustment_of(options.values))


def _fair_frames(options: StreamOptions) -> StreamDecoder:
    return cobs.frames(adjustment_of(options.values))


@dataclass(frozen=True)
class MessageProtocol:
    """A protocol whose transport delivers whole messages under topics of four or five levels.

    The levels behind the first two are the sender's name in two parts, then the kind of message.
    """

    name: str
    subscriptions: tuple[str, ...]
    decode: Callable[..., Decoded]
    """(kind, payload) -> what it says; where something is told of the robot's numbers, that is a third argument."""
    counts_from: int | None
    """Where the counter of a boot starts, None where the protocol does not say."""
    qos: int = 1


@dataclass(frozen=True)
class PolledProtocol:
    """A protocol that is asked: its reports are numbered by the polls, so that one without an answer is a gap."""

    name: str
    questions: Callable[[StreamOptions], modbus.ModbusMap]
    """What to ask a robot, and what its answers say. Raises `OptionsError`."""
    counts_from: int | None
    """Where the counter of a boot starts, None where the protocol does not say."""
    marks: None = None
    """A robot that is asked is told nothing."""


MESSAGE_PROTOCOLS: dict[str, MessageProtocol] = {
    "fair": MessageProtocol("fair-mqtt", (FAIR_SUBSCRIPTION,), _decode_fair, 1),
    "uagv": MessageProtocol("vda5050", VDA5050_SUBSCRIPTIONS, vda5050.decode_v2, None),
    "vda5050": MessageProtocol("vda5050", VDA5050_V3_SUBSCRIPTIONS, vda5050.decode_v3, None),
}
"""By the first level of the topic."""

STREAM_PROTOCOLS: dict[str, StreamProtocol] = {
    "fair-serial": StreamProtocol("fair-serial", _fair_lines, 1, marks=fair.line),
    "fair-cobs": StreamProtocol("fair-cobs", _fair_frames, 1, marks=cobs.frame),
    "mavlink": StreamProtocol("mavlink", mavlink.mavlink, 1),
    "kobuki": StreamProtocol("kobuki", kobuki.kobuki, 1),
    "declared": StreamProtocol("declared", declared.declared, None),
}
"""By the protocol's name in an enrolment."""

POLLED_PROTOCOLS: dict[str, PolledProtocol] = {"modbus": PolledProtocol("modbus", modbus.ModbusMap, 1)}
"""By the protocol's name in an enrolment."""

PORT_PROTOCOLS: dict[str, StreamProtocol | PolledProtocol] = {**STREAM_PROTOCOLS, **POLLED_PROTOCOLS}
"""All protocols whose robots have a port of their own."""

HTTPS_PROTOCOL = MessageProtocol("fair-https", (), _decode_fair, 1)
"""What the server itself takes over HTTPS."""

COUNTS_FROM: dict[str, int | None] = {
    protocol.name: protocol.counts_from
    for protocol in (*MESSAGE_PROTOCOLS.values(), HTTPS_PROTOCOL, *PORT_PROTOCOLS.values())
}
"""Where the counter of a boot starts in each protocol, None where it does not say."""
