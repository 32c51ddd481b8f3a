"""What a decoder makes of bytes: a reading, a presence, or a refusal that says what was wrong.

A decoder never opens, waits or raises on input. It says what the message claims; whether the claim holds is for the
pipeline to say.
"""

from datetime import UTC, datetime
from typing import Any

import msgspec

from device_bridge.protocols.complaints import not_json, unfit
from device_bridge.wire.report import MAX_MESSAGE_BYTES, Moment, Pose, PresenceState, Report


class Untaken(msgspec.Struct, frozen=True):
    """A field of a message that was understood but for it: the field counts as unknown."""

    field: str
    """Where it stands, without the numbers of lists and the robot's own names: one of few, whatever comes."""
    detail: dict[str, str]
    """What was found there and what was expected, a sentence per language."""


class Reading(msgspec.Struct, frozen=True):
    """A status that was understood."""

    claim: str
    """The name that the body gives its sender, in the protocol's own words (`<exhibitor>/<robot>`); empty where the
    protocol has no names, so that the wire alone tells who speaks."""
    report: Report
    oldest: int | None = None
    states_boot: bool = True
    """False where the protocol has no boot number: the pipeline then finds it from presence and counter."""
    states_time: bool = True
    """False where the protocol has no clock: the time of receipt then stands for it."""
    begins: bool = False
    """True where the decoder knows that the counter has just begun anew, of a protocol that has no boot number."""
    untaken: tuple[Untaken, ...] = ()
    """The fields that could not be read, each of which is unknown in the report."""


class Presence(msgspec.Struct, frozen=True):
    """A robot says that it came online, left or sleeps (VDA 5050 `connection`).

    A last will is older than its sender's last word, so the order of arrival counts, not `at`.
    """

    claim: str
    state: PresenceState
    at: Moment

    @property
    def online(self) -> bool:
        """Whether it says that it came online."""
        return self.state is PresenceState.ONLINE


class Glimpse(msgspec.Struct, frozen=True):
    """Where a robot is between two reports (VDA 5050 `visualization`): shown when newest, never a report."""

    claim: str
    """Empty where the message names nobody, so that the topic alone tells who speaks."""
    at: Moment | None
    pose: Pose | None
    speed: float | None
    untaken: tuple[Untaken, ...] = ()
    """The fields that could not be read."""


class Factsheet(msgspec.Struct, frozen=True):
    """What a robot says it is and can do (VDA 5050 `factsheet`): the newest is kept."""

    claim: str
    at: Moment | None
    body: dict[str, Any]
    """The whole message."""


class Malformed(msgspec.Struct, frozen=True):
    """A message that is refused: a stable code and a sentence per language."""

    code: str
    detail: dict[str, str]


NOISE = frozenset({"not-json", "bad-checksum", "bad-frame", "oversized"})
"""The codes of what makes no sense at all: of noise, of a cut frame, of a wrong baud rate."""

Decoded = Reading | Presence | Glimpse | Factsheet | Malformed

UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What reading JSON may raise; the last for brackets inside brackets without end."""
EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)
"""A robot's clock may be wrong by decades, after a reset it stands at 1970. Beyond these no calendar is safe."""

NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)
"""Stands where a protocol has no clock, until the time of receipt takes its place."""


def oversized(size: int) -> Malformed:
    """Refuse a message by its length alone."""
    return Malformed(
        "oversized",
        {
            "en": f"The message has {size} bytes; at most {MAX_MESSAGE_BYTES} are taken. Send fewer metrics or errors.",
            "zh": f"报文有 {size} 字节，最多接受 {MAX_MESSAGE_BYTES} 字节。请减少 metrics 或 errors。",
        },
    )


def unsupported_version(field: str, found: int, wanted: int) -> Malformed:
    """Refuse a version of the fair profile that this decoder does not speak."""
    return Malformed(
        "unsupported-version",
        {
            "en": f"Field `{field}` is `{found}`; expected `{wanted}`, the version of the fair profile.",
            "zh": f"字段 `{field}` 为 `{found}`，应为 `{wanted}`（展会协议的版本）。",
        },
    )


def beyond_the_calendar(field: str, moment: datetime) -> Malformed | None:
    """Refuse a time that cannot be converted or stored."""
    if EARLIEST <= moment <= LATEST:
        return None
    return Malformed(
        "invalid-field",
        {
            "en": f"Field `{field}` is `{moment.isoformat()}`; expected a time from {EARLIEST.year} to {LATEST.year}. "
            "Set the robot's clock.",
            "zh": f"字段 `{field}` 为 `{moment.isoformat()}`，应为 {EARLIEST.year} 到 {LATEST.year} 年之间的时间。"
            "请校准机器人时钟。",
        },
    )


def invalid(error: Exception, payload: bytes = b"", shape: type[msgspec.Struct] | None = None) -> Malformed:
    """Turn the decoder's own complaint (one of `UNREADABLE`) into a sentence: which field, what was found, what not.

    `shape` is the declaration that `payload` was read by; without it the sentence cannot say what was expected.
    """
    if isinstance(error, msgspec.ValidationError):
        return Malformed("invalid-field", unfit(error, payload, shape)._asdict())
    return Malformed("not-json", not_json(error, payload)._asdict())
