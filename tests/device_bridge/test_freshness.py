"""How old a report is: a slow clock is no backlog, a backlog is never fresh, and that start is present which speaks."""

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device_bridge.arrivals import Arrival
from device_bridge.freshness import USUAL, Age, RobotClock, StatedTime, age_of
from device_bridge.wire.batch import Alarm, Delivery
from tests.device_bridge.test_pipeline import Line
from tests.support.robots import BOOT, FAIR_TOPIC, at, fair_status

DAY = 86_400


def heard(clock: RobotClock, made: float, came: float, off: float = 0, *, live: bool = True) -> Age:
    """What is made of a report that was made and came so many seconds into the morning."""
    return age_of(clock, StatedTime(BOOT, at(made + off), at(came), live=live))


@pytest.mark.parametrize("off", [-10 * 3_600, -DAY, -6 * DAY, -61])
def test_a_slow_clock_is_told_from_a_backlog_by_its_pace_and_its_reports_are_fresh(off: int) -> None:
    clock = RobotClock()

    ages = [heard(clock, second, second, off) for second in range(5)]

    assert ages == [Age(at(0) + timedelta(seconds=off)), Age(at(1) + timedelta(seconds=off)), *[Age(None, off)] * 3]


@pytest.mark.parametrize("off", [0, -59, 59, 3_600, 40 * DAY, -8 * DAY, -56 * 365 * DAY])
def test_what_cannot_be_a_backlog_is_fresh_at_once(off: int) -> None:
    assert heard(RobotClock(), 0, 0, off) == Age(None, off if abs(off) > 60 else 0)


def test_a_robot_that_reports_every_thirty_seconds_is_shown_with_its_second_report() -> None:
    clock = RobotClock()

    assert [heard(clock, second, second, -DAY).made_at is None for second in (0, 30, 60)] == [False, True, True]


def test_what_a_broker_held_while_the_bridge_was_away_has_its_true_age() -> None:
    clock = RobotClock(off=0.0)

    burst = [heard(clock, second, 100 + second / 1_000) for second in range(80)]

    assert burst == [Age(at(second)) for second in range(80)]


def test_the_true_age_allows_for_a_clock_that_is_known_to_be_wrong() -> None:
    clock = RobotClock(off=-3_600.0)

    assert heard(clock, 10, 100, -3_600) == Age(at(10), -3_600)


def test_a_clock_that_is_set_right_is_believed_at_once() -> None:
    clock = RobotClock(off=-3_600.0)

    assert heard(clock, 5, 5) == Age(None)


def test_what_the_broker_says_that_it_has_held_teaches_nothing() -> None:
    clock = RobotClock()

    for second in range(10):
        heard(clock, second, second, -DAY, live=False)

    assert clock == RobotClock()


@dataclass
class Robot:
    """A robot with a wrong clock and a memory, whose wire breaks; what is made of each of its reports."""

    off: float
    clock: RobotClock = field(default_factory=RobotClock)
    now: float = 0.0
    wrong: list[str] = field(default_factory=list)

    def live(self, seconds: int) -> None:
        """Report once a second."""
        for _ in range(seconds):
            self.now += 1
            self._take(self.now)

    def outage(self, seconds: int, speed: int) -> None:
        """Keep what is made, then send it as many times faster as it was made, with what is made meanwhile."""
        made, self.now = self.now, self.now + seconds
        while made + 1 <= self.now:
            made += 1
            self.now += 1 / speed
            self._take(made)

    def _take(self, made: float) -> None:
        age = heard(self.clock, made, self.now, self.off)
        shown = at(self.now) if age.made_at is None else age.made_at
        if self.clock.off is not None and abs((shown - at(made)).total_seconds()) > USUAL.total_seconds() + 1:
            self.wrong.append(f"made at {made}, came at {self.now}, shown as of {(shown - at(0)).total_seconds()}")


@given(
    off=st.one_of(st.integers(-30 * DAY, 30 * DAY), st.integers(-60, 60)),
    outages=st.lists(st.tuples(st.integers(0, 3_000), st.integers(4, 200), st.integers(5, 60)), max_size=4),
)
def test_a_robot_that_has_been_heard_live_is_never_shown_older_or_newer_than_it_is(
    off: int, outages: list[tuple[int, int, int]]
) -> None:
    robot = Robot(off)
    robot.live(4)

    for seconds, speed, live in outages:
        robot.outage(seconds, speed)
        robot.live(live)

    assert robot.wrong == []
    assert robot.clock.off == pytest.approx(off, abs=1)


@given(off=st.integers(-40 * DAY, 40 * DAY), pause=st.integers(1, 40))
def test_whatever_its_clock_says_a_robot_that_keeps_speaking_is_fresh_within_three_reports(
    off: int, pause: int
) -> None:
    clock = RobotClock()

    ages = [heard(clock, number * pause, number * pause, off) for number in range(6)]

    assert [age.made_at for age in ages[3:]] == [None] * 3


def sent(boot: int, seq: int, came: float, *, off: float = 0) -> Arrival:
    """A report of one start, made when it came, by a clock that is so many seconds off."""
    return Arrival("mqtt", FAIR_TOPIC, fair_status(seq, boot=boot, time=at(came + off).isoformat()), at(came))


@pytest.fixture
def line(tmp_path: Path) -> Line:
    """A pipeline over an empty spool."""
    return Line(tmp_path)


def told(line: Line) -> list[Delivery]:
    """What the line delivered."""
    return line.deliveries()


def test_a_start_with_a_smaller_number_is_the_present_one_when_it_goes_on_and_raises_an_alarm(line: Line) -> None:
    line.settle(*(sent(BOOT, number, number) for number in (1, 2, 3)))

    for number in range(1, 6):
        line.settle(sent(BOOT - 5_000, number, 10 + number, off=-5))

    later = told(line)[3:]
    assert [(one.report.seq, one.backfill, one.rank) for one in later] == [
        (1, True, 0),
        (2, True, 0),
        (3, False, BOOT + 1),
        (4, False, BOOT + 1),
        (5, False, BOOT + 1),
    ]
    alarms = [queued.item for queued in line.spool.oldest(99) if isinstance(queued.item, Alarm)]
    assert [(alarm.kind, f"{BOOT - 5_000}" in alarm.detail["en"]) for alarm in alarms] == [("older-start", True)]


def test_the_place_of_a_start_survives_a_restart_of_the_bridge_and_the_next_start_follows_it(
    line: Line, tmp_path: Path
) -> None:
    line.settle(sent(BOOT, 1, 1))
    for number in range(1, 4):
        line.settle(sent(BOOT - 5_000, number, 10 + number))
    line.spool.close()

    again = Line(tmp_path)
    again.settle(sent(BOOT - 5_000, 4, 20))
    marks = again.settle(sent(BOOT - 4_000, 1, 30))

    assert [(one.backfill, one.rank) for one in told(again)[-2:]] == [(False, BOOT + 1), (False, BOOT + 2)]
    assert [one.boot for one in marks] == [BOOT - 4_000] == [one.boot for one in again.pipeline.marks()]


def test_what_a_robot_kept_of_an_earlier_start_stays_history(line: Line) -> None:
    line.settle(sent(BOOT, 1, 100))

    line.settle(*(sent(BOOT - 5_000, number, 100 + number / 50, off=number - 60) for number in range(1, 50)))

    assert {one.backfill for one in told(line)[1:]} == {True}


def test_an_earlier_start_that_speaks_between_reports_of_the_present_one_stays_history(line: Line) -> None:
    for second in range(1, 20):
        line.settle(sent(BOOT, second, second), sent(BOOT - 5_000, second, second + 0.5))

    assert {one.report.boot for one in told(line) if not one.backfill} == {BOOT}


def test_what_is_known_of_a_clock_survives_a_restart_of_the_bridge(line: Line, tmp_path: Path) -> None:
    for number in range(1, 5):
        line.settle(sent(BOOT, number, number, off=-36_000))
    line.spool.close()

    again = Line(tmp_path)
    again.settle(sent(BOOT, 5, 5, off=-36_000))

    assert (told(again)[-1].made_at, told(again)[-1].clock_off_s) == (None, -36_000)


def test_the_number_of_a_refused_report_is_booked_as_refused_and_its_sender_may_forget_it(line: Line) -> None:
    line.fair(1)
    broken = fair_status(2, v=2)

    marks = line.settle(Arrival("mqtt", FAIR_TOPIC, broken, at(2)))
    line.fair(3)

    (ledger,) = line.spool.unsent_ledgers(9)
    assert [mark.seq for mark in marks] == [2]
    assert (ledger.stored, ledger.refused, ledger.missing, ledger.mark) == (2, 1, (), 3)
    assert [one.code for one in line.rejections()] == ["unsupported-version"]


@pytest.mark.parametrize("broken", [b"{", fair_status(2, robot="arm-1", v=2), fair_status(2, boot=BOOT + 1, v=2)])
def test_a_refused_message_that_does_not_say_which_report_it_is_changes_no_account(line: Line, broken: bytes) -> None:
    line.fair(1)

    line.settle(Arrival("mqtt", FAIR_TOPIC, broken, at(2)))

    (ledger,) = line.spool.unsent_ledgers(9)
    assert (ledger.high, ledger.refused) == (1, 0)
