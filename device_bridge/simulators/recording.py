"""A recording of a real stream: JSON lines, each a message or a piece of bytes with its time. Pure.

The first line is `{"fairzone": 1, "wire": "mqtt" | "serial", "began": <time>}`; each later one has `t`, the seconds
since the beginning, and `data` (base64), an MQTT message also `topic`, `qos` and `retain`.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta


class Head(msgspec.Struct, frozen=True):
    """What a recording is of."""

    fairzone: Literal[1]
    wire: Literal["mqtt", "serial"]
    began: datetime


class RecordedPiece(msgspec.Struct, frozen=True, omit_defaults=True):
    """A message, or a piece of a stream."""

    t: Annotated[float, Meta(ge=0)]
    data: bytes
    topic: str = ""
    qos: Annotated[int, Meta(ge=0, le=2)] = 0
    retain: bool = False


class RecordingError(ValueError):
    """This is no recording; the message names the line."""


_decode_head = msgspec.json.Decoder(Head).decode
_decode_event = msgspec.json.Decoder(RecordedPiece).decode
_encode = msgspec.json.Encoder().encode


def line_of(entry: Head | RecordedPiece) -> bytes:
    """Return an entry as it stands in the file."""
    return _encode(entry) + b"\n"


def read_head(line: bytes) -> Head:
    """Return what a recording is of. Raises `RecordingError`."""
    try:
        return _decode_head(line)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise RecordingError(f"line 1: no recording of FairZone: {error}") from error


def read_events(lines: Iterable[bytes]) -> Iterator[RecordedPiece]:
    """Yield what stands in the lines behind the first. A last line that was cut off ends it; raises for any other."""
    for number, line in enumerate(lines, start=2):
        try:
            yield _decode_event(line)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            if not line.endswith(b"\n"):
                return
            raise RecordingError(f"line {number}: {error}") from error
