"""What the simulators say, judged by others: the bridge's wire report and the VDA 5050 2.1 schemas of the PyPI SDK."""

from datetime import UTC, datetime
from typing import Any, cast
from zlib import crc32

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from vda5050.validation import SchemaValidator

from device_bridge.simulators.fair_serial import SerialMark, frame, read_mark
from device_bridge.simulators.fleet import Area
from device_bridge.simulators.kinds import KINDS
from device_bridge.simulators.player import Player, RobotMoment, fair_message, with_oldest
from device_bridge.simulators.script import read_script
from device_bridge.simulators.vda5050_messages import connection_message, state_message
from device_bridge.wire.batch import decode_report
from device_bridge.wire.report import Activity, EStop, Pose
from tests.device_bridge.simulators.conftest import a_spec

STARTED = datetime(2026, 10, 16, 2, 0, tzinfo=UTC)
BOOT = round(STARTED.timestamp() * 1000)
SCRIPT = read_script(
    "at 00:10 e-stop for 20 s\nat 01:00 flat for 20 s\nat 02:00 silence for 5 s\nat 03:00 cable for 9 s"
)
elapsed_times = st.floats(min_value=0, max_value=20_000)
kinds = st.sampled_from(sorted(KINDS))


def a_moment(kind: str, elapsed: float, protocol: str = "fair-mqtt") -> RobotMoment:
    return Player(a_spec(protocol, kind=kind), 1, STARTED, SCRIPT).at(elapsed)


@given(kinds, elapsed_times)
def test_every_fair_message_is_a_valid_report(kind: str, elapsed: float) -> None:
    moment = a_moment(kind, elapsed)

    message = msgspec.json.decode(with_oldest(fair_message(a_spec(kind=kind), moment, 42), 40))
    named = message | {"robot": f"{message['exhibitor']}/{message['robot']}"}
    report = decode_report(msgspec.json.encode(named))

    assert (message["v"], message["oldest"]) == (1, 40)
    assert (report.robot, report.boot, report.seq, report.time) == ("nanling/walker-7", moment.boot, 42, moment.at)
    assert (report.activity, report.estop, report.task) == (
        moment.state.activity,
        moment.state.estop,
        moment.state.task,
    )


def test_a_fair_message_carries_the_whole_state() -> None:
    moment = a_moment("delivery", 12.0)
    motion = moment.state.motion

    report = msgspec.json.decode(fair_message(a_spec(), moment, 1))

    assert report == {
        "v": 1,
        "exhibitor": "nanling",
        "robot": "walker-7",
        "boot": BOOT,
        "seq": 1,
        "time": "2026-10-16T02:00:12Z",
        "mode": "automatic",
        "activity": "paused",
        "battery": round(moment.state.battery or 0, 1),
        "pose": {"x": round(motion.x, 3), "y": round(motion.y, 3), "theta": round(motion.theta, 3)},
        "speed": 0.0,
        "estop": "manual",
        "task": moment.state.task,
        "metrics": moment.state.metrics,
    }


@given(kinds, elapsed_times)
def test_every_state_is_valid_by_the_standards_schema(kind: str, elapsed: float) -> None:
    message = state_message(a_spec("vda5050", kind=kind), a_moment(kind, elapsed), 3)

    SchemaValidator().validate("state", cast("dict[str, Any]", msgspec.json.decode(message)))


@pytest.mark.parametrize("state", ["ONLINE", "OFFLINE", "CONNECTIONBROKEN"])
def test_every_connection_is_valid_by_the_standards_schema(state: str) -> None:
    message = msgspec.json.decode(connection_message(a_spec("vda5050"), STARTED, 0, state))

    SchemaValidator().validate("connection", message)

    assert message == {
        "headerId": 0,
        "timestamp": "2026-10-16T02:00:00.000Z",
        "version": "2.1.0",
        "manufacturer": "Nanling",
        "serialNumber": "SN-0007",
        "connectionState": state,
    }


def test_the_schema_bites() -> None:
    message = msgspec.json.decode(state_message(a_spec("vda5050"), a_moment("delivery", 0), 0))
    del message["safetyState"]

    with pytest.raises(Exception, match="safetyState"):
        SchemaValidator().validate("state", message)


def test_a_serial_line_ends_in_the_crc_of_its_bytes() -> None:
    line = frame(b'{"v":1}')

    assert line == b'{"v":1}*%08X\n' % crc32(b'{"v":1}')


ACK = b'{"ack":{"robot":"nanling/walker-7","boot":7,"seq":9}}'


@pytest.mark.parametrize("line", [ACK, frame(ACK), b" " + ACK + b"\r"])
def test_a_mark_is_read_with_and_without_a_checksum(line: bytes) -> None:
    assert read_mark(line) == SerialMark(7, 9, "nanling/walker-7")


@pytest.mark.parametrize("line", [b"", b"noise", b"\xff\xfe*", ACK[:-2], ACK + b"*00000000", b'{"ack":{"boot":-1}}'])
def test_a_line_that_is_no_mark_is_ignored(line: bytes) -> None:
    assert read_mark(line) is None


def test_an_emergency_stop_holds_the_robot_where_it_is_and_then_it_goes_on() -> None:
    player = Player(a_spec(), 1, STARTED, SCRIPT)
    before, held, after = player.at(9.999), player.at(29.999), player.at(30.001)

    assert (held.state.estop, held.state.activity, held.state.motion.speed) == (EStop.MANUAL, Activity.PAUSED, 0.0)
    assert after.state.estop is EStop.NONE
    assert abs(held.state.motion.x - before.state.motion.x) < 0.01
    assert abs(after.state.motion.x - held.state.motion.x) < 0.01


def test_a_battery_that_runs_flat_ends_in_silence_and_a_reboot() -> None:
    player = Player(a_spec(), 1, STARTED, SCRIPT)
    levels = [player.at(60 + second).state.battery or 0 for second in range(10)]

    assert levels == sorted(levels, reverse=True)
    assert levels[-1] < 15
    assert [player.at(t).mute for t in (69.9, 70.1, 79.9, 80.1)] == [False, True, True, False]
    assert [player.at(t).boot - BOOT for t in (79.9, 80.1)] == [0, 80_000]


def test_silence_and_a_cut_cable_are_two_things() -> None:
    player = Player(a_spec(), 1, STARTED, SCRIPT)

    moments = [player.at(t) for t in (119, 122, 183)]

    assert [(moment.mute, moment.cut) for moment in moments] == [(False, False), (True, False), (False, True)]


def test_a_fault_for_one_robot_leaves_the_others_alone() -> None:
    script = read_script("nanling/walker-8 at 00:00 silence for 60 s  # not ours")

    assert not Player(a_spec(), 1, STARTED, script).at(5).mute


def test_a_line_that_is_no_fault_is_refused_with_its_number() -> None:
    with pytest.raises(ValueError, match="line 2, column 4: expected a time as MM:SS, found `noon`"):
        read_script("# faults\nat noon explode")


def test_a_robot_outside_every_script_says_where_it_is() -> None:
    area = Area(5, 5, 3, 3)
    moment = Player(a_spec(area=area), 1, STARTED).at(0)
    message = msgspec.json.decode(fair_message(a_spec(area=area), moment, 1))

    pose = msgspec.convert(message["pose"], Pose)

    assert area.rectangle.contains(pose.x, pose.y)
