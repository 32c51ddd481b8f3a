"""The fair profile, version 1: about ten fields of JSON, over MQTT or as one line over a serial port.

A serial line is the JSON object, an optional tail of `*` and eight hexadecimal digits (CRC-32 of the bytes before the
`*`, as in zlib), and a line feed. Unknown keys are ignored.
"""

import re
from typing import Annotated
from zlib import crc32

import msgspec
from msgspec import Meta

from device_bridge.protocols.heard import (
    UNREADABLE,
    Heard,
    Malformed,
    Reading,
    beyond_the_calendar,
    invalid,
    oversized,
    unsupported_version,
)
from device_bridge.wire.report import (
    MAX_MESSAGE_BYTES,
    PROFILE_VERSION,
    Activity,
    Code,
    Counter,
    EStop,
    Fault,
    LanguageCode,
    MetricName,
    Mode,
    Moment,
    Number,
    Pose,
    Report,
    Text,
)

_CRC_TAIL = re.compile(rb"\*([0-9A-Fa-f]{8})\r?$")


class Status(msgspec.Struct, frozen=True):
    """The message as it stands on the wire."""

    exhibitor: Code
    robot: Code
    boot: Counter
    seq: Annotated[int, Meta(ge=1, le=2**53 - 1)]
    time: Moment
    v: int = PROFILE_VERSION
    mode: Mode = Mode.AUTOMATIC
    activity: Activity = Activity.IDLE
    battery: Annotated[float, Meta(ge=0, le=100)] | None = None
    pose: Pose | None = None
    speed: Annotated[float, Meta(ge=-100, le=100)] | None = None
    estop: EStop = EStop.NONE
    task: Text | Annotated[dict[LanguageCode, Text], Meta(max_length=8)] | None = None
    errors: Annotated[tuple[Fault, ...], Meta(max_length=16)] = ()
    metrics: Annotated[dict[MetricName, Number], Meta(max_length=32)] = {}
    oldest: Counter | None = None


_decode = msgspec.json.Decoder(Status).decode


def decode_status(payload: bytes) -> Heard:
    """Read one status message."""
    if len(payload) > MAX_MESSAGE_BYTES:
        return oversized(len(payload))
    try:
        status = _decode(payload)
    except UNREADABLE as error:
        return invalid(error)
    if status.v != PROFILE_VERSION:
        return unsupported_version("v", status.v, f"fair profile {PROFILE_VERSION}")
    if refused := beyond_the_calendar("time", status.time):
        return refused
    claim = f"{status.exhibitor}/{status.robot}"
    return Reading(claim, _report(claim, status), status.oldest)


def _report(claim: str, status: Status) -> Report:
    return Report(
        robot=claim,
        boot=status.boot,
        seq=status.seq,
        time=status.time,
        mode=status.mode,
        activity=status.activity,
        battery=status.battery,
        pose=status.pose,
        speed=status.speed,
        estop=status.estop,
        task=status.task,
        errors=status.errors,
        metrics=status.metrics,
    )


def decode_line(line: bytes) -> Heard:
    """Read one line from a serial port, without its line feed, with or without a CRC tail."""
    tail = _CRC_TAIL.search(line)
    if tail is None:
        return decode_status(line)
    body = line[: tail.start()]
    if crc32(body) != int(tail[1], 16):
        return Malformed(
            "bad-checksum",
            {
                "en": f"The CRC-32 after `*` is {tail[1].decode()}, the line's own is {crc32(body):08X}.",
                "zh": f"`*` 后的 CRC-32 为 {tail[1].decode()}，按内容计算为 {crc32(body):08X}。",
            },
        )
    return decode_status(body)


class Lines:
    """Cuts a serial stream into lines; holds at most one message's length of bytes, whatever comes."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._skipped = 0

    def feed(self, data: bytes) -> list[tuple[bytes, Heard]]:
        """Take any piece of the stream; give each whole line with what it said. Empty lines say nothing."""
        heard: list[tuple[bytes, Heard]] = []
        start = 0
        while (end := data.find(b"\n", start)) >= 0:
            self._hold(data[start:end])
            heard.extend(self._finish())
            start = end + 1
        self._hold(data[start:])
        return heard

    def _hold(self, piece: bytes) -> None:
        room = MAX_MESSAGE_BYTES + 1 - len(self._held)
        self._held += piece[:room]
        self._skipped += max(0, len(piece) - room)

    def _finish(self) -> list[tuple[bytes, Heard]]:
        line, skipped = bytes(self._held), self._skipped
        self._held.clear()
        self._skipped = 0
        if len(line) > MAX_MESSAGE_BYTES:
            return [(line, oversized(len(line) + skipped))]
        return [(line, decode_line(line))] if line.strip() else []
