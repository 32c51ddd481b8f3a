"""What the conformance suite needs of a protocol: captures of the message ones, numbered frames of the stream ones.

A new protocol is one row in `CAPTURES` or in `STREAMS`; everything in `test_conformance.py` then tries it unasked.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from zlib import crc32

from device_bridge.protocols import StreamOptions
from device_bridge.wire.batch import encode_report
from device_bridge.wire.report import Report
from tests.device_bridge.protocols import frames

FIXTURES = Path(__file__).parents[3] / "fixtures" / "protocols"

CAPTURES: dict[str, str] = {"fair": "fair-mqtt", "uagv": "vda5050", "vda5050": "vda5050-v3"}
"""The folder under `fixtures/protocols` with the captures (`valid`, `partly` understood, `invalid`) of each message
protocol, by its key in the registry. A capture is named `<kind>.<what>.json`, a refused one
`<code>.<kind>.<what>.json`; the kind `status` is left out."""
NAMES_NUMBERS_AND_TIME = frozenset(
    {"v", "exhibitor", "robot", "boot", "seq", "time", "oldest"}
    | {"headerId", "timestamp", "version", "manufacturer", "serialNumber"}
)
"""The fields by which a message is refused as a whole; any other costs itself."""


@dataclass(frozen=True)
class StreamSample:
    """How to make a stream protocol speak."""

    frames: Callable[[int], list[bytes]]
    """So many numbered frames, each of which gives one reading."""
    kept: int
    """Of 2,000 frames under the noise of `test_noise...` at least so many readings come through."""
    without_value: Callable[[], dict[str, list[bytes]]]
    """By the field of the report: frames in which the robot says, as its protocol has it, that it has no value for it
    after it had one."""
    danger: Callable[[], list[list[bytes]]]
    """Streams whose last report tells of danger in a word or number that nobody knows. Empty only for a protocol in
    which no word tells of it."""
    delimiters: bytes = b""
    """Bytes that end a frame: garbage without them is one endless frame. Empty where a frame has a length."""
    wake: bytes = b""
    """What makes a decoder let go of garbage: a delimiter, or enough idle bytes."""
    options: StreamOptions = field(default_factory=StreamOptions)
    says: Callable[[Report], bytes] = encode_report
    """What of a report must be the same with and without noise: all of it, but for counters that count losses."""


def captures(key: str, sort: str) -> list[Path]:
    """The captures of a message protocol; `sort` is the folder."""
    return sorted((FIXTURES / CAPTURES[key] / sort).iterdir())


def _fair_lines(count: int) -> list[bytes]:
    template = json.loads((FIXTURES / "fair-mqtt" / "valid" / "least.json").read_bytes())
    bodies = (json.dumps({**template, "seq": number + 1}).encode() for number in range(count))
    return [b"%s*%08X\n" % (body, crc32(body)) for body in bodies]


def _fair_lines_of(*changes: dict[str, object]) -> list[bytes]:
    template = json.loads((FIXTURES / "fair-mqtt" / "valid" / "least.json").read_bytes())
    return [json.dumps({**template, "seq": number, **said}).encode() + b"\n" for number, said in enumerate(changes, 1)]


def _in_json(write: Callable[..., list[bytes]]) -> dict[str, list[bytes]]:
    """The same of a protocol of JSON: a number beyond all sense, no number, and a word."""
    good: dict[str, object] = {"battery": 50, "speed": 1, "pose": {"x": 1, "y": 2}, "metrics": {"it": 1}}
    return {
        "battery": write(good, {"battery": 65_535}),
        "speed": write(good, {"speed": float("nan")}),
        "pose": write(good, {"pose": {"x": float("nan"), "y": 1}}),
        "metrics.it": write(good, {"metrics": {"it": float("inf")}}),
    }


def _dangers_in_json(write: Callable[..., list[bytes]]) -> list[list[bytes]]:
    words: tuple[object, ...] = ("pressed", "", None, False, 0, ["none"])
    stops = [write({"estop": "none"}, {"estop": word}) for word in words]
    wrong: tuple[object, ...] = ("hot", ["hot"], [{"level": "red", "code": "x"}], [{}])
    faults = [write({}, {"errors": errors}) for errors in wrong]
    return [*stops, *faults]


STREAMS: dict[str, StreamSample] = {
    "fair-serial": StreamSample(
        _fair_lines,
        kept=1_500,
        delimiters=b"\n",
        wake=b"\n",
        without_value=lambda: _in_json(_fair_lines_of),
        danger=lambda: _dangers_in_json(_fair_lines_of),
    ),
    "fair-cobs": StreamSample(
        frames.cobs_frames,
        kept=1_900,
        delimiters=b"\0",
        wake=b"\0",
        without_value=lambda: _in_json(frames.cobs_frames_of),
        danger=lambda: _dangers_in_json(frames.cobs_frames_of),
    ),
    "mavlink": StreamSample(
        frames.mavlink_frames,
        kept=1_900,
        wake=bytes(280),
        says=frames.without_number,
        without_value=frames.mavlink_without_value,
        danger=frames.mavlink_dangers,
    ),
    "kobuki": StreamSample(
        frames.kobuki_frames,
        kept=1_900,
        wake=bytes(280),
        says=frames.without_number,
        without_value=frames.kobuki_without_value,
        # Its packets have flags, and no words.
        danger=list,
    ),
    "declared": StreamSample(
        frames.declared_lines,
        kept=1_700,
        delimiters=b"\n",
        wake=b"\n",
        options=StreamOptions(values=frames.DECLARED),
        without_value=frames.declared_without_value,
        danger=frames.declared_dangers,
    ),
}
"""By the protocol's name in the registry."""
