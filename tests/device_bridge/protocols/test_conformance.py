"""What every protocol in the registry promises, tested over the registry: a new one is tested unasked."""

import json
import random
import tracemalloc
from pathlib import Path
from zlib import crc32

import msgspec
import pytest
from _pytest.mark.structures import ParameterSet
from hypothesis import given
from hypothesis import strategies as st

from device_bridge.protocols import (
    MESSAGE_PROTOCOLS,
    STREAM_PROTOCOLS,
    Heard,
    Malformed,
    Presence,
    Reading,
    StreamOptions,
)
from device_bridge.wire.batch import decode_report, encode_report

FIXTURES = Path(__file__).parents[3] / "fixtures" / "protocols"
MESSAGE = {protocol.name: protocol for protocol in MESSAGE_PROTOCOLS.values()}
SAMPLES = {name: sorted((FIXTURES / name / "valid").iterdir()) for name in MESSAGE}
MALFORMED = {name: sorted((FIXTURES / name / "invalid").iterdir()) for name in MESSAGE}
STREAM_SAMPLE_OF = {"fair-serial": "fair-mqtt"}
"""A stream protocol speaks the messages of this message protocol, one a frame."""


def kind_of(path: Path) -> str:
    """The kind of message in a capture's name: `state.full.json`, `invalid-field.state.no-battery.json`."""
    parts = [part for part in path.name.split(".") if part in {"state", "connection"}]
    return parts[0] if parts else "status"


def hear(name: str, path: Path) -> Heard:
    """What the protocol's decoder makes of a capture."""
    return MESSAGE[name].decode(kind_of(path), path.read_bytes())


def cases(samples: dict[str, list[Path]]) -> list[ParameterSet]:
    """Each capture of each protocol as a parameter with a name."""
    return [pytest.param(name, path, id=f"{name}-{path.stem}") for name, paths in samples.items() for path in paths]


def frames(name: str, count: int) -> list[bytes]:
    """Numbered frames of a stream protocol, each with its line feed."""
    template = json.loads((FIXTURES / STREAM_SAMPLE_OF[name] / "valid" / "full.json").read_bytes())
    return [json.dumps({**template, "seq": number + 1}).encode() + b"\n" for number in range(count)]


def readings(heard: list[tuple[bytes, Heard]]) -> list[Reading]:
    """The understood part of what was heard."""
    return [what for _, what in heard if isinstance(what, Reading)]


def test_every_protocol_has_captures_of_both_sorts() -> None:
    assert all(SAMPLES[name] and MALFORMED[name] for name in MESSAGE)
    assert set(STREAM_SAMPLE_OF) == set(STREAM_PROTOCOLS)


@pytest.mark.parametrize(("name", "path"), cases(SAMPLES))
def test_a_valid_message_is_understood_and_survives_the_wire(name: str, path: Path) -> None:
    heard = hear(name, path)

    assert isinstance(heard, Reading | Presence), heard
    if isinstance(heard, Reading):
        report = msgspec.structs.replace(heard.report, robot="an-exhibitor/a-robot")
        assert decode_report(encode_report(report)) == report


@pytest.mark.parametrize(("name", "path"), cases(MALFORMED))
def test_a_malformed_message_is_refused_by_the_code_in_its_name_in_both_languages(name: str, path: Path) -> None:
    heard = hear(name, path)

    assert isinstance(heard, Malformed), heard
    assert heard.code == path.name.partition(".")[0]
    assert set(heard.detail) == {"en", "zh"}
    assert all(heard.detail.values())


@pytest.mark.parametrize("name", list(MESSAGE))
@given(data=st.data())
def test_a_spoilt_message_is_never_raised_and_what_is_understood_survives_the_wire(
    name: str, data: st.DataObject
) -> None:
    path = data.draw(st.sampled_from(SAMPLES[name]))
    payload = bytearray(path.read_bytes())
    for position in data.draw(st.lists(st.integers(0, len(payload) - 1), max_size=6)):
        payload[position] = data.draw(st.integers(0, 255))

    heard = MESSAGE[name].decode(kind_of(path), bytes(payload))

    if isinstance(heard, Reading):
        report = msgspec.structs.replace(heard.report, robot="an-exhibitor/a-robot")
        assert decode_report(encode_report(report)) == report


@pytest.mark.parametrize("name", list(MESSAGE))
@given(payload=st.binary(max_size=400))
def test_random_bytes_are_refused_not_raised(name: str, payload: bytes) -> None:
    assert isinstance(MESSAGE[name].decode("status", payload), Malformed | Presence | Reading)


@pytest.mark.parametrize("name", list(STREAM_PROTOCOLS))
@given(data=st.data())
def test_any_split_of_the_stream_gives_the_same_reports(name: str, data: st.DataObject) -> None:
    stream = b"".join(frames(name, 5))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=12)))
    pieces = [stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    whole, split = STREAM_PROTOCOLS[name].decoder(StreamOptions()), STREAM_PROTOCOLS[name].decoder(StreamOptions())

    expected = whole.feed(stream)

    assert len(readings(expected)) == 5
    assert [heard for piece in pieces for heard in split.feed(piece)] == expected


@pytest.mark.parametrize("name", list(STREAM_PROTOCOLS))
@pytest.mark.parametrize("seed", range(5))
def test_noise_costs_at_most_one_frame_a_burst_and_invents_none(name: str, seed: int) -> None:
    """A burst of 1 to 39 random bytes after every 10th frame."""
    chance = random.Random(seed)
    sent = frames(name, 500)
    noisy = b"".join(
        frame + (chance.randbytes(chance.randint(1, 39)) if index % 10 == 9 else b"")
        for index, frame in enumerate(sent)
    )
    clean = {
        what.report
        for what in _hashable(readings(STREAM_PROTOCOLS[name].decoder(StreamOptions()).feed(b"".join(sent))))
    }

    got = _hashable(readings(STREAM_PROTOCOLS[name].decoder(StreamOptions()).feed(noisy)))

    assert len(got) >= len(sent) - len(sent) // 10
    assert {what.report for what in got} <= clean


class _Heard:
    """A reading that can stand in a set."""

    def __init__(self, reading: Reading) -> None:
        self.report = encode_report(reading.report)


def _hashable(found: list[Reading]) -> list[_Heard]:
    return [_Heard(reading) for reading in found]


@pytest.mark.parametrize("name", list(STREAM_PROTOCOLS))
def test_a_megabyte_of_garbage_stays_in_bounded_memory_and_the_next_frame_is_heard(name: str) -> None:
    decoder = STREAM_PROTOCOLS[name].decoder(StreamOptions())
    garbage = random.Random(1).randbytes(1_000_000).replace(b"\n", b"x")
    tracemalloc.start()

    for start in range(0, len(garbage), 1000):
        decoder.feed(garbage[start : start + 1000])
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    heard = decoder.feed(b"\n" + frames(name, 1)[0])

    assert peak < 200_000
    assert [type(what) for _, what in heard] == [Malformed, Reading]
    assert isinstance(heard[0][1], Malformed)
    assert heard[0][1].code == "oversized"


def test_a_wrong_checksum_is_refused_and_a_right_one_is_read() -> None:
    (frame,) = frames("fair-serial", 1)
    body = frame.rstrip(b"\n")
    decoder = STREAM_PROTOCOLS["fair-serial"].decoder(StreamOptions())
    right = b"%s*%08X\r\n" % (body, crc32(body))

    (good,) = decoder.feed(right)
    (bad,) = decoder.feed(right.replace(b"Tray", b"Trax", 1))

    assert isinstance(good[1], Reading)
    assert isinstance(bad[1], Malformed)
    assert bad[1].code == "bad-checksum"


def test_vda5050_says_what_a_visitor_wants_to_know() -> None:
    heard = hear("vda5050", FIXTURES / "vda5050" / "valid" / "state.full.json")

    assert isinstance(heard, Reading)
    report = heard.report
    assert (heard.claim, heard.states_boot, heard.oldest) == ("NANLING/W7-0001", False, 7)
    assert (report.activity, report.battery, report.speed, report.task) == ("working", 78.5, 0.6, "Tray to table 4")
    assert report.metrics == {"deliveries_today": 146.0, "distance_m": 812.5}
    assert [(fault.level, fault.code) for fault in report.errors] == [("warning", "lowTray")]
