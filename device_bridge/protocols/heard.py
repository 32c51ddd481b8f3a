"""What a decoder makes of bytes: a reading, a presence, or a refusal that says what was wrong.

A decoder never opens, waits or raises on input. It says what the message claims; whether the claim holds is for the
pipeline to judge.
"""

import re
from datetime import UTC, datetime

import msgspec

from device_bridge.wire.report import MAX_MESSAGE_BYTES, Moment, Report


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


class Presence(msgspec.Struct, frozen=True):
    """A robot says that it came online or left (VDA 5050 `connection`)."""

    claim: str
    online: bool
    at: Moment


class Malformed(msgspec.Struct, frozen=True):
    """A message that is refused: a stable code and a sentence per language."""

    code: str
    detail: dict[str, str]


Heard = Reading | Presence | Malformed

UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What reading JSON may raise; the last for brackets inside brackets without end."""
EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)
"""A robot's clock may be wrong by decades, after a reset it stands at 1970. Beyond these no calendar is safe."""

_AT = re.compile(r"(?P<what>.*?)(?: - at `(?P<path>[^`]*)`)?$", re.DOTALL)


def oversized(size: int) -> Malformed:
    """Refuse a message by its length alone."""
    return Malformed(
        "oversized",
        {
            "en": f"The message has {size} bytes; at most {MAX_MESSAGE_BYTES} are taken. Send fewer metrics or errors.",
            "zh": f"报文有 {size} 字节，最多接受 {MAX_MESSAGE_BYTES} 字节。请减少 metrics 或 errors。",
        },
    )


def unsupported_version(field: str, found: object, wanted: str) -> Malformed:
    """Refuse a version that this decoder does not speak."""
    return Malformed(
        "unsupported-version",
        {
            "en": f"Field `{field}` is {found!r}; this zone speaks {wanted}.",
            "zh": f"字段 `{field}` 为 {found!r}；本展区使用 {wanted}。",
        },
    )


def beyond_the_calendar(field: str, moment: datetime) -> Malformed | None:
    """Refuse a time that cannot be converted or stored."""
    if EARLIEST <= moment <= LATEST:
        return None
    return Malformed(
        "invalid-field",
        {
            "en": f"Field `{field}`: {moment.isoformat()} is no time of a robot; set its clock.",
            "zh": f"字段 `{field}`：{moment.isoformat()} 不是合理的时间，请校准机器人时钟。",
        },
    )


def invalid(error: Exception) -> Malformed:
    """Turn the decoder's own complaint (one of `UNREADABLE`) into a sentence that names the field."""
    match = _AT.match(str(error))
    what, path = (match["what"], match["path"]) if match else (str(error), None)
    if not isinstance(error, msgspec.ValidationError):
        return Malformed("not-json", {"en": f"This is not a JSON object: {what}.", "zh": f"这不是 JSON 对象：{what}。"})
    field = (path or "$").removeprefix("$").removeprefix(".") or "message"
    return Malformed("invalid-field", {"en": f"Field `{field}`: {what}.", "zh": f"字段 `{field}` 不符合要求：{what}。"})
