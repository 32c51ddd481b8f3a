"""COBS frames against the package `cobs`, and what firmware need not say."""

import json
from datetime import UTC, datetime
from zlib import crc32

import pytest
from cobs import cobs as peer
from hypothesis import example, given
from hypothesis import strategies as st

from device_bridge.protocols import cobs
from device_bridge.protocols.decoded import Decoded, Malformed, Reading


def framed(body: bytes) -> bytes:
    """A frame as a peer makes it."""
    stuffed: bytes = peer.encode(body + crc32(body).to_bytes(4, "little"))
    return b"\0" + stuffed + b"\0"


def hear(body: dict[str, object]) -> Decoded:
    """What one frame says."""
    ((_, heard),) = cobs.frames().feed(framed(json.dumps(body).encode()))
    return heard


@example(body=b"x" * 253)
@example(body=b"x" * 254)
@example(body=b"x" * 255)
@example(body=b"\0" + b"x" * 508)
@example(body=b"x" * 254 + b"\0")
@example(body=b"")
@given(body=st.binary(max_size=1_200) | st.integers(0, 800).map(lambda size: b"x" * size))
def test_stuffing_is_what_the_package_makes_of_it_and_comes_back(body: bytes) -> None:
    assert cobs.stuffed(body) == peer.encode(body)
    assert cobs.unstuffed(peer.encode(body)) == body


@given(frame=st.binary(min_size=1, max_size=400).map(lambda noise: noise.replace(b"\0", b"\1")))
def test_what_the_package_refuses_is_no_frame_and_what_it_takes_is_the_same(frame: bytes) -> None:
    try:
        expected = peer.decode(frame)
    except peer.DecodeError:
        expected = None

    assert cobs.unstuffed(frame) == expected


def test_firmware_without_name_clock_and_reset_counter_says_no_more_than_its_number() -> None:
    heard = hear({"seq": 7, "battery": 80})

    assert isinstance(heard, Reading)
    assert (heard.claim, heard.states_boot, heard.states_time, heard.oldest) == ("", False, False, 7)
    assert (heard.report.seq, heard.report.battery) == (7, 80.0)


def test_firmware_that_states_its_boot_keeps_reports_until_their_mark() -> None:
    heard = hear({"seq": 7, "boot": 12, "oldest": 3})

    assert isinstance(heard, Reading)
    assert (heard.states_boot, heard.report.boot, heard.oldest) == (True, 12, 3)


def test_a_frame_with_everything_in_it_claims_its_name_and_time() -> None:
    heard = hear({"exhibitor": "nanling", "robot": "arm-1", "boot": 1, "seq": 1, "time": "2026-04-16T06:00:00Z"})

    assert isinstance(heard, Reading)
    assert (heard.claim, heard.states_time) == ("nanling/arm-1", True)
    assert heard.report.time == datetime(2026, 4, 16, 6, 0, tzinfo=UTC)


def test_half_a_name_is_a_claim_that_nobody_can_keep() -> None:
    heard = hear({"robot": "arm-1", "seq": 1})

    assert isinstance(heard, Reading)
    assert heard.claim == "/arm-1"


@pytest.mark.parametrize(
    ("piece", "code"),
    [
        (b"\x05ab", "bad-frame"),
        (b"\x03ab", "bad-frame"),
        (peer.encode(b'{"seq": 1}' + bytes(4)), "bad-checksum"),
        (peer.encode(b"[1]" + crc32(b"[1]").to_bytes(4, "little")), "invalid-field"),
    ],
)
def test_what_is_wrong_with_a_frame_is_said(piece: bytes, code: str) -> None:
    ((raw, heard),) = cobs.frames().feed(b"\0" + piece + b"\0")

    assert isinstance(heard, Malformed)
    assert (raw, heard.code) == (piece, code)


def test_the_mark_goes_back_as_a_frame_with_zeros_on_both_sides() -> None:
    mark = cobs.frame(b'{"ack": {"seq": 9}}')

    assert (mark[0], mark[-1], mark.count(0)) == (0, 0, 2)
    content = peer.decode(mark[1:-1])
    assert (content[:-4], int.from_bytes(content[-4:], "little")) == (b'{"ack": {"seq": 9}}', crc32(content[:-4]))
