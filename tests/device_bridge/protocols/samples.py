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
"""The folder under `fixtures/protocols` with the captures (`valid`, `invalid`) of each message protocol, by its key
in the registry. A capture is named `<kind>.<what>.json`, a refused one `<code>.<kind>.<what>.json`; the kind `status`
is left out."""


@dataclass(frozen=True)
class StreamSample:
    """How to make a stream protocol speak."""

    frames: Callable[[int], list[bytes]]
    """So many numbered frames, each of which gives one reading."""
    kept: int
    """Of 2,000 frames under the noise of `test_noise...` at least so many readings come through."""
    delimiters: bytes = b""
    """Bytes that end a frame: garbage without them is one endless frame. Empty where a frame has a length."""
    wake: bytes = b""
    """What makes a decoder let go of garbage: a delimiter, or enough idle bytes."""
    options: StreamOptions = field(default_factory=StreamOptions)
    says: Callable[[Report], bytes] = encode_report
    """What of a report must be the same with and without noise: all of it, but for counters that count losses."""


def captures(key: str, sort: str) -> list[Path]:
    """The captures of a message protocol; `sort` is `valid` or `invalid`."""
    return sorted((FIXTURES / CAPTURES[key] / sort).iterdir())


def _fair_lines(count: int) -> list[bytes]:
    template = json.loads((FIXTURES / "fair-mqtt" / "valid" / "least.json").read_bytes())
    bodies = (json.dumps({**template, "seq": number + 1}).encode() for number in range(count))
    return [b"%s*%08X\n" % (body, crc32(body)) for body in bodies]


STREAMS: dict[str, StreamSample] = {
    "fair-serial": StreamSample(_fair_lines, kept=1_500, delimiters=b"\n", wake=b"\n"),
    "fair-cobs": StreamSample(frames.cobs_frames, kept=1_900, delimiters=b"\0", wake=b"\0"),
    "mavlink": StreamSample(frames.mavlink_frames, kept=1_900, wake=bytes(280), says=frames.without_number),
    "kobuki": StreamSample(frames.kobuki_frames, kept=1_900, wake=bytes(280), says=frames.without_number),
    "declared": StreamSample(
        frames.declared_lines, kept=1_700, delimiters=b"\n", wake=b"\n", options=StreamOptions(values=frames.DECLARED)
    ),
}
"""By the protocol's name in the registry."""
