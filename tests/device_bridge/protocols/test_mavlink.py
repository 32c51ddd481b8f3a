"""MAVLink 2 as pymavlink writes it: one robot's report, its losses, its identity, its signature."""

import math
import struct
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymavlink.dialects.v20 import ardupilotmega
from pymavlink.dialects.v20 import common as dialect

from device_bridge.protocols.decoded import Decoded, Malformed, Reading
from device_bridge.protocols.framing import GeneratorDecoder
from device_bridge.protocols.mavlink import mavlink
from device_bridge.protocols.mavlink_frames import REORDERED
from device_bridge.protocols.stream import OptionsError, StreamOptions
from device_bridge.sequence import ReportAccount, Sighting, enter, open_account
from device_bridge.wire.report import Activity, FaultLevel, Mode, Pose
from tests.device_bridge.protocols import frames

KEY = bytes(range(32))
HEARTBEAT = dialect.MAVLink_heartbeat_message(10, 3, 4 | 128, 0, 4, 3)
POSITION = dialect.MAVLink_local_position_ned_message


class Robot:
    """Writes frames as an autopilot does, each with the next number."""

    def __init__(self, system: int = 1, component: int = 1, key: bytes = b"", stamp: int = 1_000) -> None:
        self.link = dialect.MAVLink(None, srcSystem=system, srcComponent=component)
        if key:
            self.link.signing.secret_key = key
            self.link.signing.sign_outgoing = True
            self.link.signing.timestamp = stamp

    def says(self, *messages: Any) -> bytes:
        """The frames of these messages."""
        return b"".join(self._frame(message) for message in messages)

    def _frame(self, message: Any) -> bytes:
        frame = bytes(message.pack(self.link))
        self.link.seq = (self.link.seq + 1) % 256
        return frame


def listen(**options: object) -> GeneratorDecoder:
    """A decoder with these options."""
    return mavlink(StreamOptions(values=options))


def readings(heard: list[tuple[bytes, Decoded]]) -> list[Reading]:
    """The reports among what was heard."""
    return [what for _, what in heard if isinstance(what, Reading)]


def refusals(heard: list[tuple[bytes, Decoded]]) -> list[str]:
    """The codes of the refusals among what was heard."""
    return [what.code for _, what in heard if isinstance(what, Malformed)]


def test_the_messages_of_a_second_become_one_report() -> None:
    stream = Robot().says(
        dialect.MAVLink_sys_status_message(0, 0, 0, 250, 24_300, 1_000, 81, 0, 0, 0, 0, 0, 0),
        POSITION(1_000, 3.0, 2.0, 0.0, 0.3, 0.4, 0.0),
        dialect.MAVLink_statustext_message(3, b"Motor hot"),
        HEARTBEAT,
    )

    (reading,) = readings(listen(origin=[10, 20]).feed(stream))

    report = reading.report
    assert (report.mode, report.activity, report.battery) == (Mode.AUTOMATIC, Activity.MOVING, 81.0)
    assert (report.pose, report.speed) == (Pose(12.0, 23.0), 0.5)
    assert report.metrics == {"load_percent": 25.0, "battery_v": 24.3}
    assert [(fault.level, fault.code, fault.text) for fault in report.errors] == [
        (FaultLevel.URGENT, "STATUSTEXT", {"en": "Motor hot"})
    ]
    assert (reading.claim, reading.states_boot, reading.states_time, reading.begins) == ("", False, False, True)


def test_odometry_gives_place_and_heading_in_the_words_of_the_plan() -> None:
    """Facing east in NED is a yaw of 90 degrees, and 0 on the plan."""
    half = math.pi / 4
    east = dialect.MAVLink_odometry_message(
        *(1, 1, 8, 1.0, 2.0, 0.0, [math.cos(half), 0.0, 0.0, math.sin(half)], 0.6, 0.0, 0.0, 0.0, 0.0, 0.0),
        *([0.0] * 21, [0.0] * 21, 0, 0, 0),
    )

    (reading,) = readings(listen().feed(Robot().says(east, HEARTBEAT)))

    assert (reading.report.pose, reading.report.speed) == (Pose(2.0, 1.0, 0.0), 0.6)


def test_a_charging_battery_shows() -> None:
    charging = dialect.MAVLink_battery_status_message(0, 0, 1, 2_000, [4_000] * 10, 100, 0, 0, 55, 0, 7)

    (reading,) = readings(listen().feed(Robot().says(charging, HEARTBEAT)))

    assert (reading.report.activity, reading.report.battery) == (Activity.CHARGING, 55.0)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 3e30])
def test_a_value_that_is_no_number_is_left_out(value: float) -> None:
    (reading,) = readings(listen().feed(Robot().says(POSITION(1, value, value, 0.0, value, value, 0.0), HEARTBEAT)))

    assert (reading.report.pose, reading.report.speed) == (None, None)


def test_a_status_text_goes_by_itself_after_ten_reports() -> None:
    robot = Robot()
    stream = robot.says(dialect.MAVLink_statustext_message(4, b"Low light")) + robot.says(*[HEARTBEAT] * 12)

    heard = readings(listen().feed(stream))

    assert [len(reading.report.errors) for reading in heard] == [1] * 10 + [0] * 2


def lose(number: int) -> Callable[[list[bytes]], list[bytes]]:
    """Take away so many frames behind the first."""
    return lambda frames: frames[:1] + frames[1 + number :]


@pytest.mark.parametrize("lost", [0, 1, 7, 200, 254])
def test_the_number_of_a_report_counts_exactly_the_frames_that_are_lost(lost: int) -> None:
    robot = Robot()
    came = lose(lost)([robot.says(HEARTBEAT) for _ in range(lost + 3)])

    heard = readings(listen().feed(b"".join(came)))

    # A few that are missing may have been overtaken: they are lost when more than a few have come without them.
    first = [2, 2] if 0 < lost <= REORDERED else [2 + lost, 3 + lost]
    assert [(reading.report.seq, reading.oldest) for reading in heard] == [
        (1, 1),
        (2 + lost, first[0]),
        (3 + lost, first[1]),
    ]


def in_order(order: Sequence[int]) -> list[Reading]:
    """The reports of heartbeats that come in this order."""
    robot = Robot()
    sent = [robot.says(HEARTBEAT) for _ in range(max(order) + 1)]
    return readings(listen().feed(b"".join(sent[number] for number in order)))


@pytest.mark.parametrize(
    ("order", "numbers"),
    [
        ((5, 7, 6, 8, 9), (1, 3, 2, 4, 5)),
        ((5, 8, 7, 6, 9), (1, 4, 3, 2, 5)),
        ((5, 8, 6, 7, 9), (1, 4, 2, 3, 5)),
        ((5, 7, 6, 6, 8), (1, 3, 2, 4)),
        ((5, 7, 8, 7, 6, 9), (1, 3, 4, 2, 5)),
        ((250, 254, 251, 252, 255, 253, 256), (1, 5, 2, 3, 6, 4, 7)),
    ],
)
def test_frames_that_overtake_each_other_are_not_lost(order: Sequence[int], numbers: tuple[int, ...]) -> None:
    heard = in_order(order)

    assert tuple(reading.report.seq for reading in heard) == numbers
    account = recorded(heard)
    assert (account.stored, account.lost, account.missing) == (len(numbers), 0, ())


def test_a_frame_that_comes_too_late_was_lost_and_costs_no_other() -> None:
    heard = in_order((1, 3, 4, 5, 6, 7, 8, 9, 2, 10))

    assert [reading.report.seq for reading in heard] == [1, 3, 4, 5, 6, 7, 8, 9, 10]
    account = recorded(heard)
    assert (account.stored, account.lost, account.missing) == (9, 1, ())


@given(st.lists(st.integers(0, 2), min_size=1, max_size=300))
def test_frames_that_are_held_up_by_a_place_or_two_are_never_lost(delays: list[int]) -> None:
    order = sorted(range(len(delays)), key=lambda number: (number + delays[number], number))

    account = recorded(in_order([0, *(number + 1 for number in order)]))

    assert (account.stored, account.lost, account.missing) == (len(delays) + 1, 0, ())


def recorded(heard: list[Reading]) -> ReportAccount:
    """The account that these reports come to."""
    account: ReportAccount | None = None
    for place, reading in enumerate(heard):
        at = datetime(2026, 4, 16, 6, 0, tzinfo=UTC) + timedelta(seconds=place)
        seen = Sighting(reading.report.seq, at, at, reading.oldest)
        account = (enter(account, seen) if account else open_account(1, seen, counts_from=1)).account
    assert account is not None
    return account


def test_a_value_that_stops_coming_is_unknown_after_a_while() -> None:
    robot = Robot()
    stream = robot.says(POSITION(1, 3.0, 2.0, 0.0, 0.3, 0.4, 0.0), frames.sys_status(), *[HEARTBEAT] * 40)

    heard = [reading.report for reading in readings(listen().feed(stream))]

    assert [report.pose is None for report in heard] == [False] * 5 + [True] * 35
    assert [report.speed is None for report in heard] == [False] * 5 + [True] * 35
    assert [report.battery for report in heard] == [80.0] * 30 + [None] * 10
    assert [report.metrics for report in heard[30:]] == [{}] * 10


def test_what_one_message_does_not_know_another_may() -> None:
    stream = Robot().says(
        *(frames.battery_status(55), frames.sys_status(remaining=-1), HEARTBEAT),
        *(frames.battery_status(-1), frames.sys_status(remaining=70), HEARTBEAT),
        *(frames.battery_status(-1), frames.sys_status(remaining=-1), HEARTBEAT),
        *(frames.position(3.0), frames.odometry(x=math.nan, vx=math.nan), HEARTBEAT),
    )

    heard = [reading.report for reading in readings(listen().feed(stream))]

    assert [report.battery for report in heard[:3]] == [55.0, 70.0, None]
    assert (heard[3].pose, heard[3].speed) == (Pose(2.0, 3.0, 1.5708), 0.5)


def test_an_odometry_that_has_failed_or_has_no_heading_tells_none() -> None:
    stream = Robot().says(
        *(frames.odometry(), HEARTBEAT),
        *(frames.odometry(w=math.nan), HEARTBEAT),
        frames.odometry(quality=-1),
        HEARTBEAT,
    )

    poses = [reading.report.pose for reading in readings(listen().feed(stream))]

    assert poses == [Pose(2.0, 1.0, 1.5708), Pose(2.0, 1.0, None), None]


def test_a_robot_that_starts_again_knows_nothing_of_before() -> None:
    robot = Robot()
    before = robot.says(frames.position(at=90_000), frames.sys_status(), HEARTBEAT)
    robot.link.seq = 0

    heard = readings(listen().feed(before + robot.says(frames.position(x=math.nan, at=500), HEARTBEAT)))

    assert (heard[-1].begins, heard[-1].report.battery, heard[-1].report.pose, heard[-1].report.metrics) == (
        True,
        None,
        None,
        {},
    )


def test_a_message_of_the_makers_own_is_no_loss() -> None:
    """Built by hand, since pymavlink writes no message that it does not know: 17 bytes under the id 60,001."""
    robot = Robot()
    first = robot.says(HEARTBEAT)
    unknown = (
        b"\xfd" + struct.pack("<BBBBBB", 5, 0, 0, robot.link.seq, 1, 1) + (60_001).to_bytes(3, "little") + b"12345zz"
    )
    robot.link.seq += 1

    heard = listen().feed(first + unknown + robot.says(HEARTBEAT))

    assert ([reading.report.seq for reading in readings(heard)], refusals(heard)) == ([1, 2], [])


def test_messages_of_other_dialects_are_read_past() -> None:
    robot = Robot()
    vendor = ardupilotmega.MAVLink_rangefinder_message(1.0, 2.0)

    heard = listen().feed(robot.says(HEARTBEAT, vendor, HEARTBEAT))

    assert ([reading.report.seq for reading in readings(heard)], refusals(heard)) == ([1, 2], [])


def test_the_same_frame_again_is_not_two_reports() -> None:
    frame = Robot().says(HEARTBEAT)

    assert len(readings(listen().feed(frame * 3))) == 1


def test_a_clock_that_falls_back_is_a_new_start() -> None:
    robot = Robot()
    before = robot.says(POSITION(90_000, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0), HEARTBEAT, HEARTBEAT)
    robot.link.seq = 0

    heard = readings(listen().feed(before + robot.says(POSITION(500, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0), HEARTBEAT)))

    assert [(reading.report.seq, reading.begins) for reading in heard] == [(1, True), (2, False), (1, True)]


def test_what_is_lost_while_the_port_is_unplugged_is_counted() -> None:
    options, robot = StreamOptions(), Robot()

    before = mavlink(options).feed(robot.says(HEARTBEAT))
    robot.says(*[HEARTBEAT] * 40)
    after = mavlink(options).feed(robot.says(HEARTBEAT))

    heard = readings([*before, *after])
    assert [(reading.report.seq, reading.begins) for reading in heard] == [(1, True), (42, False)]


def test_another_system_is_refused_by_name_and_another_component_is_let_pass() -> None:
    heard = listen(system_id=1).feed(
        Robot(system=7).says(HEARTBEAT) + Robot(component=100).says(HEARTBEAT) + Robot().says(HEARTBEAT)
    )

    assert (refusals(heard), len(readings(heard))) == (["wrong-identity"], 1)
    refusal = heard[0][1]
    assert isinstance(refusal, Malformed)
    assert "MAVLink system 7, component 1" in refusal.detail["en"]
    assert "系统 7" in refusal.detail["zh"]


def test_only_frames_signed_with_the_enrolled_key_are_believed() -> None:
    listening = listen(signing_key=KEY.hex())

    heard = listening.feed(
        Robot().says(HEARTBEAT) + Robot(key=bytes(32)).says(HEARTBEAT) + Robot(key=KEY).says(HEARTBEAT)
    )

    assert (refusals(heard), len(readings(heard))) == (["unsigned", "bad-signature"], 1)


def test_a_signed_frame_that_is_played_again_is_refused_also_after_an_unplug() -> None:
    options = StreamOptions(values={"signing_key": KEY.hex()})
    old = Robot(key=KEY).says(HEARTBEAT)

    first, again = mavlink(options).feed(old), mavlink(options).feed(old)
    robot = Robot(key=KEY, stamp=2_000)
    robot.link.seq = 1
    newer = mavlink(options).feed(robot.says(HEARTBEAT))

    assert (len(readings(first)), refusals(again), len(readings(newer))) == (1, ["replayed"], 1)


def test_a_forged_time_stamp_does_not_lock_the_true_robot_out() -> None:
    listening = listen(signing_key=KEY.hex())

    heard = listening.feed(Robot(key=bytes(32), stamp=2**47).says(HEARTBEAT) + Robot(key=KEY).says(HEARTBEAT))

    assert (refusals(heard), len(readings(heard))) == (["bad-signature"], 1)


@pytest.mark.parametrize(
    "options", [{"system_id": 0}, {"system_id": "one"}, {"signing_key": "abc"}, {"sytem_id": 1}, {"origin": [1]}]
)
def test_options_that_make_no_sense_are_refused_with_the_field(options: dict[str, object]) -> None:
    with pytest.raises(OptionsError) as refused:
        mavlink(StreamOptions(values=options))

    assert next(iter(options)) in refused.value.detail["en"]
    assert set(refused.value.detail) == {"en", "zh"}
