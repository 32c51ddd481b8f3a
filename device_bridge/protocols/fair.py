"""The fair profile, version 1: about ten fields of JSON, over MQTT or as one line over a serial port.

A serial line is the JSON object, an optional tail of `*` and eight hexadecimal digits (CRC-32 of the bytes before the
`*`, as in zlib), and a line feed. Unknown keys are ignored.
"""

import math
import re
from collections.abc import Callable
from functools import partial
from types import MappingProxyType
from typing import Annotated, Any
from zlib import crc32

import msgspec
from msgspec import Meta

from device_bridge.protocols.adjusting import UNTOLD, Adjustment, Quantities, placed, scale
from device_bridge.protocols.decoded import (
    NO_TIME,
    UNREADABLE,
    Decoded,
    Malformed,
    Reading,
    Untaken,
    beyond_the_calendar,
    oversized,
    unsupported_version,
)
from device_bridge.protocols.delimited import Delimited, braces
from device_bridge.protocols.mending import (
    GRAVEST,
    RADIANS,
    STOPPED,
    UNKNOWN,
    Care,
    Instead,
    mended,
    put_right,
    rescaled,
)
from device_bridge.wire.report import (
    MAX_MESSAGE_BYTES,
    PROFILE_VERSION,
    Activity,
    Code,
    Counter,
    EStop,
    Fault,
    FaultLevel,
    LanguageCode,
    MetricName,
    Mode,
    Moment,
    Number,
    Pose,
    Report,
    Text,
)

BOM = b"\xef\xbb\xbf"
"""Some editors and libraries of Windows put it before every text."""
NO_MAP = "?"
"""Stands for the name of a map that cannot be read: it is not the zone's."""
_MOST_STARTS = 64
_CRC_TAIL = re.compile(rb"\*([0-9A-Fa-f]{8})\r?$")


class _Values(msgspec.Struct, frozen=True, kw_only=True):
    """What both forms of the message have in common."""

    seq: Annotated[int, Meta(ge=1, le=2**53 - 1)]
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


class Status(_Values, frozen=True, kw_only=True):
    """The message as it stands on the wire."""

    exhibitor: Code
    robot: Code
    boot: Counter
    time: Moment


class ShortStatus(_Values, frozen=True, kw_only=True):
    """The message of firmware on a wire of its own, which may have no name, no reset counter and no clock."""

    seq: Counter
    """Also 0, where a counter of few bits goes round."""
    exhibitor: Code | None = None
    robot: Code | None = None
    boot: Counter | None = None
    time: Moment | None = None


_FAULT_RANKS = MappingProxyType({level.value: rank for rank, level in enumerate(FaultLevel)})
CARE = Care(
    strict=frozenset({"v", "exhibitor", "robot", "boot", "seq", "time", "oldest"}),
    instead=MappingProxyType(
        {
            "estop": Instead(EStop.MANUAL.value, STOPPED),
            "mode": Instead(Mode.UNKNOWN.value, UNKNOWN),
            "activity": Instead(Activity.UNKNOWN.value, UNKNOWN),
            "pose.theta": Instead(None, RADIANS),
            "pose.map": Instead(NO_MAP),
            "errors[].level": Instead(FaultLevel.FATAL.value, GRAVEST),
            "errors[].code": Instead("unreadable"),
        }
    ),
    faults="errors",
    level="level",
    gravest=FaultLevel.FATAL.value,
    ranks=_FAULT_RANKS,
)
"""How a status is put right of which some fields cannot be read."""
QUANTITIES: Quantities = MappingProxyType(
    {"battery": "battery", "pose.x": "position", "pose.y": "position", "pose.theta": "angle", "speed": "speed"}
)

_decode = msgspec.json.Decoder(Status).decode
_decode_short = msgspec.json.Decoder(ShortStatus).decode


def decode_status(payload: bytes, told: Adjustment = UNTOLD) -> Decoded:
    """Read one status message; a field that cannot be read is unknown and named beside the report."""
    return _heard(payload, _decode, Status, told)


def decode_short_status(payload: bytes, told: Adjustment = UNTOLD) -> Decoded:
    """Read one status message that need have no more than its `seq`.

    Without `boot` its sender cannot keep reports until their mark: what is missing then never comes.
    """
    return _heard(payload, _decode_short, ShortStatus, told)


def short_status_of(tree: dict[str, Any], told: Adjustment = UNTOLD) -> Decoded:
    """The same of a message that was read already; `tree` is changed."""
    scale(tree, QUANTITIES, told)
    found = put_right(tree, ShortStatus, CARE)
    return found if isinstance(found, Malformed) else placed(_reading(*found), told)


_ANY_ROBOT = "an-exhibitor/a-robot"


def fitted(reading: Reading, told: Adjustment = UNTOLD) -> Decoded:
    """A reading that was made by a program, with every field unknown that the wire would not take."""
    report = msgspec.structs.replace(reading.report, robot=_ANY_ROBOT)
    tree = msgspec.to_builtins(report)
    scale(tree, QUANTITIES, told)
    found = put_right(tree, Report, CARE)
    if isinstance(found, Malformed):
        return found
    right, untaken = found
    if not untaken and right == report:
        return placed(reading, told)
    right = msgspec.structs.replace(right, robot=reading.report.robot, pose=turned(right.pose))
    return placed(msgspec.structs.replace(reading, report=right, untaken=(*reading.untaken, *untaken)), told)


def _heard(
    payload: bytes,
    decode: Callable[[bytes], Status | ShortStatus],
    shape: type[Status | ShortStatus],
    told: Adjustment,
) -> Decoded:
    if len(payload) > MAX_MESSAGE_BYTES:
        return oversized(len(payload))
    payload = payload.removeprefix(BOM)
    try:
        status = decode(payload)
    except UNREADABLE as error:
        found = mended(error, payload, shape, CARE, partial(scale, quantities=QUANTITIES, told=told))
    else:
        if not told.scaled:
            return placed(_reading(status), told)
        found = rescaled(payload, shape, CARE, partial(scale, quantities=QUANTITIES, told=told))
    return found if isinstance(found, Malformed) else placed(_reading(*found), told)


def _reading(status: Status | ShortStatus, untaken: tuple[Untaken, ...] = ()) -> Decoded:
    if status.v != PROFILE_VERSION:
        return unsupported_version("v", status.v, PROFILE_VERSION)
    if status.time is not None and (refused := beyond_the_calendar("time", status.time)):
        return refused
    oldest = status.seq if status.boot is None and status.oldest is None else status.oldest
    claim = _claim(status)
    return Reading(
        claim,
        _report(claim, status),
        oldest,
        states_boot=status.boot is not None,
        states_time=status.time is not None,
        untaken=untaken,
    )


def _claim(status: Status | ShortStatus) -> str:
    named = status.exhibitor is not None or status.robot is not None
    return f"{status.exhibitor or ''}/{status.robot or ''}" if named else ""


def _report(claim: str, status: Status | ShortStatus) -> Report:
    return Report(
        robot=claim,
        boot=status.boot or 0,
        seq=status.seq,
        time=status.time or NO_TIME,
        mode=status.mode,
        activity=status.activity,
        battery=status.battery,
        pose=turned(status.pose),
        speed=status.speed,
        estop=status.estop,
        task=status.task,
        errors=status.errors,
        metrics=status.metrics,
    )


def turned(pose: Pose | None) -> Pose | None:
    """The pose with its angle within half a turn."""
    if pose is None or pose.theta is None or abs(pose.theta) <= math.pi:
        return pose
    return msgspec.structs.replace(pose, theta=math.remainder(pose.theta, math.tau))


def decode_line(line: bytes, decode: Callable[[bytes], Decoded] = decode_status) -> Decoded:
    """Read one line from a serial port, without its line feed, with or without a CRC tail."""
    tail = _CRC_TAIL.search(line)
    if tail is None:
        return decode(line)
    body = line[: tail.start()]
    return decode(body) if crc32(body) == int(tail[1], 16) else _wrong_crc(tail[1].decode(), crc32(body))


def _wrong_crc(said: str, own: int) -> Malformed:
    return Malformed(
        "bad-checksum",
        {
            "en": f"The CRC-32 after `*` is {said}, the line's own is {own:08X}.",
            "zh": f"`*` 后的 CRC-32 为 {said}，按内容计算为 {own:08X}。",
        },
    )


class Lines(Delimited):
    """Cuts a serial stream into lines; holds at most one message's length of bytes, whatever comes."""

    def __init__(self, told: Adjustment = UNTOLD) -> None:
        decode = partial(decode_status, told=told)
        # Whole objects at the end of a line are no part of another one, and name their robot and number.
        super().__init__(
            b"\n",
            MAX_MESSAGE_BYTES,
            lambda line: decode_line(line, decode) if line.strip() else None,
            braces(_MOST_STARTS),
        )


def line(body: bytes) -> bytes:
    """A JSON body as it goes to the robot: a line."""
    return body + b"\n"
