"""What the bridge tells beside reports: alarms for people to look into; what is rehearsed has accounts of its own."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from device_bridge.arrivals import Arrival
from device_bridge.wire.batch import Alarm, Enrolments
from tests.device_bridge.test_pipeline import Line, mark, mqtt
from tests.support.robots import BOOT, ENROLMENTS, FAIR, FAIR_TOPIC, VDA_STATE, at, fair_status, vda_state

REHEARSING = msgspec.structs.replace(FAIR, rehearsal=True)


@pytest.fixture
def line(tmp_path: Path) -> Line:
    """A bridge that knows a robot at the fair and in rehearsal, and a VDA 5050 robot."""
    return Line(tmp_path, Enrolments((*ENROLMENTS.robots, REHEARSING)))


def alarms(line: Line) -> list[Alarm]:
    """The alarms that wait for the server."""
    return [queued.item for queued in line.spool.oldest(1_000) if isinstance(queued.item, Alarm)]


def off(seq: int, hours: float, **changes: Any) -> Arrival:
    """A report that arrives when its number says, of a clock that is off by so many hours."""
    said = (at(seq) + timedelta(hours=hours)).isoformat()
    return mqtt(fair_status(seq, time=said, **changes), seconds=seq)


def rehearsed(seq: int, **changes: Any) -> Arrival:
    """A report of the robot's rehearsal."""
    return mqtt(fair_status(seq, **changes), f"rehearsal/{FAIR_TOPIC}", seconds=seq)


def test_a_wrong_clock_is_an_alarm_in_the_spool_behind_the_reports(line: Line) -> None:
    line.settle(*(off(seq, 2) for seq in range(1, 6)))

    assert line.numbers() == [1, 2, 3, 4, 5]
    assert [(alarm.robot, alarm.kind, alarm.at) for alarm in alarms(line)] == [(FAIR.robot, "clock-skew", at(3))]


def test_reports_that_the_broker_kept_or_sends_again_say_nothing_of_a_clock(line: Line) -> None:
    again = [msgspec.structs.replace(off(seq, 2), redelivered=True) for seq in range(1, 6)]
    kept = [msgspec.structs.replace(off(seq, 2), retained=True) for seq in range(6, 11)]

    line.settle(*again, *kept)

    assert (len(line.numbers()), alarms(line)) == (10, [])


def test_two_devices_with_one_name_are_an_alarm(line: Line) -> None:
    for turn in range(3):
        line.settle(off(10 + 2 * turn, 0), off(11 + 2 * turn, 0, boot=BOOT + 9_000))

    assert [alarm.kind for alarm in alarms(line)] == ["two-senders"]


def test_two_vehicles_with_one_serial_number_are_an_alarm(line: Line) -> None:
    line.settle(
        *(
            mqtt(vda_state(header + turn, seconds=2 * turn + late), VDA_STATE, seconds=2 * turn + late)
            for turn in range(5)
            for header, late in ((100, 0), (5, 1))
        )
    )

    assert {alarm.kind for alarm in alarms(line)} == {"two-senders"}


def test_what_is_rehearsed_is_marked_and_leaves_the_accounts_of_the_fair_alone(line: Line) -> None:
    at_the_fair = line.settle(off(1, 0))
    marks = line.settle(rehearsed(1), rehearsed(2), rehearsed(7, oldest=7), rehearsed(8, time="noon"))

    assert at_the_fair == (mark(1),)
    assert [(one.seq, one.rehearsal) for one in marks] == [(8, True)]
    assert [(one.report.seq, one.rehearsal) for one in line.deliveries()] == [
        (1, False),
        (1, True),
        (2, True),
        (7, True),
    ]
    assert {one.report.robot for one in line.deliveries()} == {FAIR.robot}
    assert [(one.robot, one.rehearsal) for one in line.rejections()] == [(FAIR.robot, True)]
    assert [(ledger.robot, ledger.high) for ledger in line.spool.unsent_ledgers(9)] == [(FAIR.robot, 1)]
    assert (line.gaps(), alarms(line)) == ([], [])


def test_a_rehearsal_with_a_wrong_clock_alarms_nobody(line: Line) -> None:
    line.settle(*(rehearsed(seq, time=(at(seq) + timedelta(hours=3)).isoformat()) for seq in range(1, 9)))

    assert alarms(line) == []
