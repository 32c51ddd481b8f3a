"""What the simulated binary robots say is understood: by independent encoders' readers and by the bridge's decoders."""

from collections.abc import Callable
from datetime import UTC, datetime
from zlib import crc32

import pytest
from cobs import cobs
from hypothesis import given
from hypothesis import strategies as st
from pymavlink.dialects.v20 import common

from device_bridge.protocols import STREAM_PROTOCOLS, Malformed, Reading, StreamOptions
from device_bridge.simulators.fair_serial import SerialMark, cobs_frame, read_cobs_mark
from device_bridge.simulators.kobuki import kobuki_encoder, packet
from device_bridge.simulators.mavlink import mavlink_encoder
from device_bridge.simulators.player import Player
from device_bridge.simulators.script import read_script
from device_bridge.simulators.streams import Encode
from tests.device_bridge.simulators.conftest import a_spec

STARTED = datetime(2026, 10, 16, 2, 0, tzinfo=UTC)
ACK = b'{"ack": {"robot": "nanling/walker-7", "boot": 1764000000000, "seq": 42}}'


@given(st.binary(max_size=1_500))
def test_frames_are_what_the_cobs_library_makes_of_them(body: bytes) -> None:
    stuffed = cobs.encode(body + crc32(body).to_bytes(4, "little"))

    assert cobs_frame(body) == b"\0" + stuffed + b"\0"


def test_a_mark_in_a_frame_is_read_and_a_broken_one_is_not() -> None:
    frame = cobs.encode(ACK + crc32(ACK).to_bytes(4, "little"))

    marks = [read_cobs_mark(frame), read_cobs_mark(frame[:-1] + b"\x01"), read_cobs_mark(b""), read_cobs_mark(b"\x09a")]

    assert marks == [SerialMark(1764000000000, 42, "nanling/walker-7"), None, None, None]


def readings(protocol: str, encode: Encode, seconds: int, script: str = "") -> list[Reading]:
    """What the bridge hears of a robot that reports once a second."""
    player = Player(a_spec(), 1, STARTED, read_script(script))
    decoder = STREAM_PROTOCOLS[protocol].decoder(StreamOptions(robot="nanling/walker-7"))
    heard = [
        said for second in range(seconds) for _, said in decoder.feed(encode(player.at(float(second)), second + 1))
    ]
    assert not [said for said in heard if isinstance(said, Malformed)]
    return [said for said in heard if isinstance(said, Reading)]


@pytest.mark.parametrize(("protocol", "encode"), [("kobuki", kobuki_encoder), ("mavlink", mavlink_encoder)])
def test_a_robot_that_reports_once_a_second_is_heard_once_a_second_without_a_loss(
    protocol: str, encode: Callable[[], Encode]
) -> None:
    heard = readings(protocol, encode(), 100)

    assert [reading.report.seq for reading in heard] == list(range(1, 101))
    assert {reading.report.activity.value for reading in heard} > {"moving"}
    assert all(0 <= (reading.report.battery or 0) <= 100 for reading in heard)


def test_a_mavlink_robot_stands_where_its_plan_has_it() -> None:
    player = Player(a_spec(), 1, STARTED)
    heard = readings("mavlink", mavlink_encoder(), 60)

    places = [place for reading in heard if (pose := reading.report.pose) for place in (pose.x, pose.y)]
    planned = [player.at(float(second)).state.motion for second in range(60)]

    assert places == pytest.approx([place for motion in planned for place in (motion.x, motion.y)], abs=1e-3)


def test_an_emergency_stop_is_a_fault_in_every_protocol() -> None:
    for protocol, encode in (("kobuki", kobuki_encoder), ("mavlink", mavlink_encoder)):
        heard = readings(protocol, encode(), 12, "at 00:05 e-stop for 4 s")
        faulty = [reading.report.seq for reading in heard if reading.report.errors]

        assert faulty == [6, 7, 8, 9], protocol


def test_pymavlink_reads_the_frames_in_their_order() -> None:
    player = Player(a_spec(), 1, STARTED)
    encode = mavlink_encoder()
    reader = common.MAVLink(None)
    reader.robust_parsing = True

    messages = [
        message
        for second in range(100)
        for message in reader.parse_buffer(encode(player.at(float(second)), second + 1)) or []
    ]

    assert [message.get_seq() for message in messages] == [number % 256 for number in range(len(messages))]
    assert {message.get_type() for message in messages} >= {"HEARTBEAT", "SYS_STATUS", "LOCAL_POSITION_NED"}


def test_a_clock_that_goes_round_says_the_rest() -> None:
    decoder = STREAM_PROTOCOLS["kobuki"].decoder(StreamOptions())
    heard = [said for number in (1, 2, 60, 70) for _, said in decoder.feed(packet(1_000 * number, 0, 150))]

    assert [said.report.seq for said in heard if isinstance(said, Reading)] == [1, 2, 60, 70]
