"""What every protocol in the registry promises, tested over the registry: a new one is tested unasked."""

import json
import random
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any
from zlib import crc32

import msgspec
import pytest
from _pytest.mark.structures import ParameterSet
from hypothesis import given
from hypothesis import strategies as st

from device_bridge.protocols import (
    MESSAGE_PROTOCOLS,
    STREAM_PROTOCOLS,
    Decoded,
    Glimpse,
    Malformed,
    Reading,
    StreamDecoder,
)
from device_bridge.protocols.decoded import Untaken
from device_bridge.wire.batch import decode_report, encode_report
from device_bridge.wire.report import EStop, FaultLevel, Mode, Report
from tests.device_bridge.protocols.samples import CAPTURES, FIXTURES, NAMES_NUMBERS_AND_TIME, STREAMS, captures

MESSAGES = list(MESSAGE_PROTOCOLS)
STREAM_NAMES = list(STREAM_PROTOCOLS)
KINDS = {"state", "connection", "visualization", "factsheet", "order"}
NOISY_FRAMES = 2_000
FLIP_EVERY = 997
MOST_MEMORY = 200_000

Place = tuple[str | int, ...]
"""Keys and list positions that lead to a value."""


def kind_of(path: Path) -> str:
    """The kind of message in a capture's name: `state.full.json`, `invalid-field.state.no-battery.json`."""
    return next((part for part in path.name.split(".") if part in KINDS), "status")


def hear(key: str, path: Path) -> Decoded:
    """What the protocol's decoder makes of a capture."""
    return MESSAGE_PROTOCOLS[key].decode(kind_of(path), path.read_bytes())


def cases(sort: str) -> list[ParameterSet]:
    """Each capture of each protocol as a parameter with a name."""
    return [pytest.param(key, path, id=f"{key}-{path.stem}") for key in CAPTURES for path in captures(key, sort)]


def decoder(name: str) -> StreamDecoder:
    """A fresh decoder of a stream protocol."""
    return STREAM_PROTOCOLS[name].decoder(replace(STREAMS[name].options, memory={}))


def pieces(stream: bytes, data: st.DataObject) -> list[bytes]:
    """The stream, cut anywhere."""
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=12)))
    return [stream[start:end] for start, end in pairwise([0, *cuts, len(stream)])]


def said(name: str, heard: list[tuple[bytes, Decoded]]) -> list[bytes]:
    """What of the readings must not depend on noise, in order."""
    return [STREAMS[name].says(what.report) for _, what in heard if isinstance(what, Reading)]


def with_bursts(frames: list[bytes], chance: random.Random) -> bytes:
    """The frames with a burst of 1 to 39 random bytes after every 10th."""
    return b"".join(
        frame + (chance.randbytes(chance.randint(1, 39)) if number % 10 == 0 else b"")
        for number, frame in enumerate(frames, 1)
    )


def noisy(frames: list[bytes], seed: int) -> bytes:
    """The frames with bursts, and one byte in 997 flipped."""
    chance = random.Random(seed)
    stream = bytearray(with_bursts(frames, chance))
    for position in range(chance.randrange(FLIP_EVERY), len(stream), FLIP_EVERY):
        stream[position] ^= chance.randint(1, 255)
    return bytes(stream)


def survives_the_wire(heard: Decoded) -> bool:
    """Whether a reading is the same after it went to the server and back; anything else is no reading."""
    if not isinstance(heard, Reading):
        return True
    report = msgspec.structs.replace(heard.report, robot="an-exhibitor/a-robot")
    return decode_report(encode_report(report)) == report


def is_explained(heard: Decoded | Untaken) -> bool:
    """Whether a refusal has a code, and it or an untaken field a sentence in both languages; the rest needs none."""
    if not isinstance(heard, Malformed | Untaken):
        return all(map(is_explained, getattr(heard, "untaken", ())))
    named = heard.code if isinstance(heard, Malformed) else heard.field
    return bool(named) and set(heard.detail) == {"en", "zh"} and all(heard.detail.values())


def test_every_protocol_has_captures_of_both_sorts_or_frames() -> None:
    assert set(CAPTURES) == set(MESSAGE_PROTOCOLS)
    assert all(captures(key, sort) for key in MESSAGES for sort in ("valid", "partly", "invalid"))
    assert set(STREAMS) == set(STREAM_PROTOCOLS)


@pytest.mark.parametrize(("key", "path"), cases("valid"))
def test_a_valid_message_is_understood_and_survives_the_wire(key: str, path: Path) -> None:
    heard = hear(key, path)

    assert not isinstance(heard, Malformed), heard
    assert survives_the_wire(heard)


@pytest.mark.parametrize(("key", "path"), cases("invalid"))
def test_a_malformed_message_is_refused_by_the_code_in_its_name_in_both_languages(key: str, path: Path) -> None:
    heard = hear(key, path)

    assert isinstance(heard, Malformed), heard
    assert heard.code == path.name.partition(".")[0]
    assert is_explained(heard)


@pytest.mark.parametrize(("key", "path"), cases("partly"))
def test_a_message_of_which_a_field_cannot_be_read_is_understood_but_for_it(key: str, path: Path) -> None:
    heard = hear(key, path)

    assert isinstance(heard, Reading | Glimpse), heard
    assert heard.untaken
    assert all(set(untaken.detail) == {"en", "zh"} and all(untaken.detail.values()) for untaken in heard.untaken)
    assert survives_the_wire(heard)


def leaves(value: Any, path: Place = ()) -> Iterator[Place]:
    """Every place in a message."""
    if path:
        yield path
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, part in inside:
        yield from leaves(part, (*path, name))


def spoilt(message: Any, path: Place, value: object) -> bytes:
    """The message with something else at one place, as JSON with what Python writes for no number."""
    head, *rest = path
    if not rest:
        return json.dumps({**message, head: value}).encode() if isinstance(message, dict) else b""
    changed = json.loads(json.dumps(message))
    inside = changed
    for name in path[:-1]:
        inside = inside[name]
    inside[path[-1]] = value
    return json.dumps(changed).encode()


SPOILING: list[object] = [None, "nonsense", "", "NONE", -1e300, float("nan"), float("inf"), 10**30, [], {}, [[]], True]


def changed(before: Report, after: Report) -> set[str]:
    """The fields of the report that are not what they were."""
    return {name for name in Report.__struct_fields__ if getattr(before, name) != getattr(after, name)}


@pytest.mark.parametrize("value", SPOILING, ids=repr)
@pytest.mark.parametrize(("key", "path"), cases("valid"))
def test_one_spoilt_field_costs_that_field_alone_and_never_reads_as_harmless(
    key: str, path: Path, value: object
) -> None:
    """Whatever stands at whatever place: names, numbers and time refuse the message, anything else costs itself."""
    before = hear(key, path)
    if not isinstance(before, Reading):
        return
    message = json.loads(path.read_bytes())
    for place in leaves(message):
        after = MESSAGE_PROTOCOLS[key].decode(kind_of(path), spoilt(message, place, value))
        if place[0] in NAMES_NUMBERS_AND_TIME:
            assert isinstance(after, Malformed) or value is not None or place[0] == "oldest", (place, after)
            continue

        assert isinstance(after, Reading), (place, after)
        assert survives_the_wire(after)
        differs = changed(before.report, after.report)
        # What a robot does is told by several of its protocol's fields together.
        assert len(differs - {"activity", "task"}) <= 1, (place, differs)
        assert "estop" not in differs or after.report.estop != EStop.NONE or value == "NONE", place
        assert after.report.errors or not before.report.errors or value in (None, "", [], {}), place
        assert all(untaken.field and is_explained(untaken) for untaken in after.untaken)


NO_WORDS: list[object] = ["unheard-of", "", None, 7, [], {}, False]


@pytest.mark.parametrize("key", MESSAGES)
def test_a_word_that_nobody_knows_is_no_harmless_word(key: str) -> None:
    """The places are found by trying: where a word decides on the stop, the mode or the activity of the report."""
    found: set[str] = set()
    for path in captures(key, "valid"):
        before, message = hear(key, path), json.loads(path.read_bytes())
        if not isinstance(before, Reading):
            continue
        for place in leaves(message):
            for word in NO_WORDS:
                after = MESSAGE_PROTOCOLS[key].decode(kind_of(path), spoilt(message, place, word))
                if place[0] in NAMES_NUMBERS_AND_TIME or not isinstance(after, Reading):
                    continue
                for name in changed(before.report, after.report) & {"estop", "mode"}:
                    found.add(name)
                    assert getattr(after.report, name) in {EStop.MANUAL, Mode.UNKNOWN}, (place, word)
    assert found == {"estop", "mode"}


@pytest.mark.parametrize("name", STREAM_NAMES)
def test_what_a_robot_has_no_value_for_is_unknown_and_not_what_it_was(name: str) -> None:
    for field, frames in STREAMS[name].without_value().items():
        report = [what for _, what in decoder(name).feed(b"".join(frames)) if isinstance(what, Reading)][-1].report

        group, _, metric = field.partition(".")
        value = getattr(report, group)
        assert (value.get(metric) if metric else value) is None, field


@pytest.mark.parametrize("name", STREAM_NAMES)
def test_danger_in_a_word_that_nobody_knows_is_danger(name: str) -> None:
    for frames in STREAMS[name].danger():
        report = [what for _, what in decoder(name).feed(b"".join(frames)) if isinstance(what, Reading)][-1].report

        grave = {fault.level for fault in report.errors} & {FaultLevel.CRITICAL, FaultLevel.FATAL}
        assert report.estop != EStop.NONE or grave


@pytest.mark.parametrize("key", MESSAGES)
@given(data=st.data())
def test_a_spoilt_message_is_never_raised_and_what_is_understood_survives_the_wire(
    key: str, data: st.DataObject
) -> None:
    path = data.draw(st.sampled_from(captures(key, "valid")))
    payload = bytearray(path.read_bytes())
    for position in data.draw(st.lists(st.integers(0, len(payload) - 1), max_size=6)):
        payload[position] = data.draw(st.integers(0, 255))

    heard = MESSAGE_PROTOCOLS[key].decode(kind_of(path), bytes(payload))

    assert survives_the_wire(heard)
    assert is_explained(heard)


@pytest.mark.parametrize("key", MESSAGES)
@given(payload=st.binary(max_size=400), kind=st.sampled_from(sorted(KINDS | {"status"})))
def test_random_bytes_are_refused_not_raised(key: str, payload: bytes, kind: str) -> None:
    heard = MESSAGE_PROTOCOLS[key].decode(kind, payload)

    assert isinstance(heard, Malformed)
    assert is_explained(heard)


@pytest.mark.parametrize("name", STREAM_NAMES)
@pytest.mark.parametrize("before", [b"\0\0\0", b"\xef\xbb\xbf", b'"battery": 5}\x00\xff', b"\xff" * 40], ids=repr)
def test_what_stands_before_a_frame_when_the_port_opens_costs_it_nothing(name: str, before: bytes) -> None:
    (first, *_) = STREAMS[name].frames(1)

    heard = decoder(name).feed(before + first + STREAMS[name].wake)

    assert len(said(name, heard)) == 1
    assert all(is_explained(what) for _, what in heard)


@pytest.mark.parametrize("name", ["fair-serial"])
def test_half_a_line_before_a_line_costs_the_line_nothing_and_is_told(name: str) -> None:
    whole = STREAMS[name].frames(3)

    heard = decoder(name).feed(whole[0][:70] + whole[1] + whole[2][:-12] + b"\n" + whole[2])

    assert [type(what) for _, what in heard] == [Malformed, Reading, Malformed, Reading]
    assert [raw for raw, _ in heard][:2] == [whole[0][:70], whole[1].rstrip(b"\n")]


@pytest.mark.parametrize("name", STREAM_NAMES)
@given(data=st.data())
def test_any_split_of_the_stream_gives_the_same_reports(name: str, data: st.DataObject) -> None:
    stream = b"".join(STREAMS[name].frames(5))
    split = decoder(name)

    expected = decoder(name).feed(stream)

    assert len(said(name, expected)) == 5
    assert [heard for piece in pieces(stream, data) for heard in split.feed(piece)] == expected


@pytest.mark.parametrize("name", STREAM_NAMES)
@given(data=st.data())
def test_any_split_of_a_spoilt_stream_gives_the_same_and_every_refusal_is_explained(
    name: str, data: st.DataObject
) -> None:
    stream = bytearray(b"".join(STREAMS[name].frames(4)))
    for position in data.draw(st.lists(st.integers(0, len(stream) - 1), max_size=6)):
        stream[position] = data.draw(st.integers(0, 255))
    start = data.draw(st.integers(0, len(stream)))
    stream[start:start] = data.draw(st.binary(max_size=60))
    split = decoder(name)

    expected = decoder(name).feed(bytes(stream))

    assert [heard for piece in pieces(bytes(stream), data) for heard in split.feed(piece)] == expected
    assert all(is_explained(what) and survives_the_wire(what) for _, what in expected)


@pytest.mark.parametrize("name", STREAM_NAMES)
@given(garbage=st.lists(st.binary(max_size=300), max_size=8))
def test_random_pieces_are_never_raised_and_refusals_keep_what_came(name: str, garbage: list[bytes]) -> None:
    fresh = decoder(name)

    heard = [found for piece in garbage for found in fresh.feed(piece)]

    assert said(name, heard) == []
    assert all(is_explained(what) for _, what in heard)
    assert sum(len(raw) for raw, _ in heard) <= sum(map(len, garbage))


@pytest.mark.parametrize("name", STREAM_NAMES)
@pytest.mark.parametrize("seed", range(3))
def test_noise_costs_at_most_what_the_protocol_is_known_for_and_invents_nothing(name: str, seed: int) -> None:
    """2,000 frames, a burst of 1 to 39 random bytes after every 10th, one byte in 997 flipped."""
    sent = STREAMS[name].frames(NOISY_FRAMES)
    clean = said(name, decoder(name).feed(b"".join(sent)))

    got = said(name, decoder(name).feed(noisy(sent, seed)))

    assert len(clean) == NOISY_FRAMES
    assert len(got) >= STREAMS[name].kept
    assert set(got) <= set(clean)
    assert len(set(clean)) < NOISY_FRAMES or len(set(got)) == len(got)


@pytest.mark.parametrize("name", STREAM_NAMES)
def test_a_burst_of_noise_costs_at_most_one_frame(name: str) -> None:
    sent = STREAMS[name].frames(500)
    clean = said(name, decoder(name).feed(b"".join(sent)))

    got = said(name, decoder(name).feed(with_bursts(sent, random.Random(1))))

    assert len(got) >= len(sent) - len(sent) // 10
    assert set(got) <= set(clean)


@pytest.mark.slow
@pytest.mark.parametrize("name", STREAM_NAMES)
@pytest.mark.parametrize("endless", [True, False])
def test_a_megabyte_of_garbage_stays_in_bounded_memory_and_the_next_frames_are_heard(
    name: str,
    endless: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    sample, listening = STREAMS[name], decoder(name)
    garbage = random.Random(1).randbytes(1_000_000)
    if endless:
        garbage = garbage.translate(None, sample.delimiters)
    tracemalloc.start()

    invented: list[bytes] = []
    for start in range(0, len(garbage), 1000):
        invented += said(name, listening.feed(garbage[start : start + 1000]))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    heard = listening.feed(sample.wake + b"".join(sample.frames(20)))

    assert invented == []
    assert peak < MOST_MEMORY
    assert len(said(name, heard)) >= 10
    assert isinstance(heard[-1][1], Reading)


def test_a_line_without_end_is_one_refusal_and_the_next_line_is_heard() -> None:
    listening = decoder("fair-serial")

    heard = [found for _ in range(1_000) for found in listening.feed(b"x" * 1_000)]
    heard += listening.feed(b"\n" + STREAMS["fair-serial"].frames(1)[0])

    assert [type(what) for _, what in heard] == [Malformed, Reading]
    assert isinstance(heard[0][1], Malformed)
    assert heard[0][1].code == "oversized"


def test_a_wrong_checksum_is_refused_and_a_right_one_is_read() -> None:
    body = (FIXTURES / "fair-mqtt" / "valid" / "full.json").read_bytes().replace(b"\n", b"")
    listening = decoder("fair-serial")
    right = b"%s*%08X\r\n" % (body, crc32(body))

    (good,) = listening.feed(right)
    (bad,) = listening.feed(right.replace(b"Tray", b"Trax", 1))

    assert isinstance(good[1], Reading)
    assert isinstance(bad[1], Malformed)
    assert bad[1].code == "bad-checksum"


def test_vda5050_says_what_a_visitor_wants_to_know() -> None:
    heard = hear("uagv", FIXTURES / "vda5050" / "valid" / "state.full.json")

    assert isinstance(heard, Reading)
    report = heard.report
    assert (heard.claim, heard.states_boot, heard.oldest) == ("NANLING/W7-0001", False, 7)
    assert (report.activity, report.battery, report.speed, report.task) == ("working", 78.5, 0.6, "Tray to table 4")
    assert report.metrics == {"deliveries_today": 146.0, "distance_m": 812.5}
    assert [(fault.level, fault.code) for fault in report.errors] == [("warning", "lowTray")]
