"""What raises an alarm: a wrong clock and two senders under one name; a backlog and a restart do not."""

from datetime import timedelta

import msgspec
import pytest

from device_bridge.alarms import REPEAT, TAKE_OVERS, SeenReport, Watched, look, taken_over
from device_bridge.wire.batch import Alarm
from tests.support.robots import BOOT, FAIR, VDA, at

HOUR = timedelta(hours=1)


def clocked(seconds: float, off: timedelta, *, seq: int = 0, **more: bool) -> SeenReport:
    """A report at so many seconds of the morning whose clock is off by that much."""
    return SeenReport(FAIR.robot, BOOT, seq or int(seconds * 10) + 1, at(seconds) + off, at(seconds), **more)


def started(boot: int, seq: int, seconds: float, made: float | None = None) -> SeenReport:
    """A report of one start, made when it came unless told otherwise."""
    return SeenReport(FAIR.robot, BOOT + boot, seq, at(seconds if made is None else made), at(seconds))


def raised(*reports: SeenReport) -> list[Alarm]:
    """All alarms of a robot that sends these."""
    watched = Watched()
    return [alarm for report in reports for alarm in look(watched, report)]


@pytest.mark.parametrize(
    ("off", "words"),
    [
        (2 * HOUR, ("The robot's clock is 2 h ahead.", "机器人时钟快了 2 小时。")),
        (timedelta(seconds=61), ("The robot's clock is 61 s ahead.", "机器人时钟快了 61 秒。")),
        (-timedelta(minutes=5), ("The robot's reports state times 5 min ago", "机器人报告的时间落后 5 分钟")),
        (-timedelta(days=20_000), ("The robot's reports state times 54 years ago", "机器人报告的时间落后 54 年")),
    ],
)
def test_a_clock_that_is_off_by_more_than_a_minute_raises_an_alarm(off: timedelta, words: tuple[str, str]) -> None:
    (alarm,) = raised(*(clocked(second, off) for second in range(6)))

    assert (alarm.robot, alarm.kind) == (FAIR.robot, "clock-skew")
    assert tuple(
        alarm.detail[language].startswith(text) for language, text in zip(("en", "zh"), words, strict=True)
    ) == (
        True,
        True,
    )


def test_a_clock_that_is_right_or_off_by_a_minute_raises_none() -> None:
    assert raised(*(clocked(second, timedelta(seconds=second % 3 * 30 - 30)) for second in range(20))) == []


def test_a_backlog_that_catches_up_is_no_wrong_clock() -> None:
    behind = [
        clocked(number * 0.05, timedelta(seconds=number - 600 - number * 0.05), seq=number) for number in range(1, 600)
    ]

    assert raised(*behind) == []


def test_what_is_late_or_has_no_clock_says_nothing_of_a_clock() -> None:
    late = [clocked(second, 2 * HOUR, live=False) for second in range(5)]
    without = [clocked(second, 2 * HOUR, states_time=False) for second in range(5)]

    assert raised(*late, *without) == []


def test_an_alarm_that_lasts_is_said_once_a_minute() -> None:
    found = raised(*(clocked(second, HOUR) for second in range(181)))

    assert [alarm.at for alarm in found] == [at(2) + number * REPEAT for number in range(3)]


def test_two_starts_that_report_in_turn_are_two_senders() -> None:
    turns = [started(0, 10 + turn, 2 * turn) for turn in range(4)]
    others = [started(5_000, 1 + turn, 2 * turn + 1) for turn in range(4)]

    (alarm,) = raised(*(report for pair in zip(turns, others, strict=True) for report in pair))

    assert (alarm.kind, alarm.at) == ("two-senders", at(4))
    assert f"({BOOT} and {BOOT + 5000})" in alarm.detail["en"]
    assert "有两个发送方使用同一身份" in alarm.detail["zh"]


def test_a_restart_is_no_second_sender_and_neither_is_what_the_old_start_still_held() -> None:
    before = [started(0, seq, seq) for seq in range(1, 5)]
    after = [started(60_000, 1 + turn, 60 + turn) for turn in range(5)]
    kept = [started(0, 5 + turn, 60.5 + turn, made=5 + turn) for turn in range(5)]

    assert raised(*before, *(report for pair in zip(after, kept, strict=True) for report in pair)) == []


def test_a_serial_number_used_twice_shows_by_a_counter_that_keeps_falling_back() -> None:
    def state(boot: int, seq: int, seconds: float) -> SeenReport:
        return SeenReport(VDA.robot, boot, seq, at(seconds), at(seconds), states_boot=False)

    # As the accounts record two vehicles that count 100, 101, … and 5, 6, …: each fall is taken for a restart.
    found = raised(
        *(state(BOOT + second // 2 * 2_000, (100, 5)[second % 2] + second, second) for second in range(1, 9))
    )

    assert [(alarm.kind, alarm.at) for alarm in found] == [("two-senders", at(6))]
    assert "fell back 3 times in 5 minutes" in found[0].detail["en"]


def test_what_is_remembered_of_a_robot_survives_being_written_down() -> None:
    reports = [clocked(second, HOUR) for second in range(2)]
    watched = Watched()
    for report in reports:
        look(watched, report)

    restored = msgspec.json.decode(msgspec.json.encode(watched), type=Watched)

    assert restored == watched
    assert [alarm.kind for alarm in look(restored, clocked(2, HOUR))] == ["clock-skew"]


@pytest.mark.parametrize(("apart", "alarms"), [(20, ["take-over"]), (200, [])])
def test_a_connection_that_is_fought_for_raises_an_alarm_and_one_that_breaks_now_and_then_does_not(
    apart: float, alarms: list[str]
) -> None:
    watched = Watched()

    found = [alarm for time in range(TAKE_OVERS) for alarm in taken_over(watched, FAIR.robot, at(time * apart))]

    assert [alarm.kind for alarm in found] == alarms
    assert all("3 times in 5 minutes" in alarm.detail["en"] and "3 次" in alarm.detail["zh"] for alarm in found)


def charged(seconds: float, battery: float | None, **more: bool) -> SeenReport:
    """A report with this battery."""
    return SeenReport(FAIR.robot, BOOT, int(seconds) + 1, at(seconds), at(seconds), battery=battery, **more)


def test_a_battery_that_stays_below_one_percent_for_minutes_looks_like_a_part_of_one() -> None:
    found = raised(*(charged(second, 0.87 - second / 10_000) for second in range(0, 240, 10)))

    assert [(alarm.kind, alarm.at) for alarm in found] == [
        ("battery-fraction", at(120)),
        ("battery-fraction", at(180)),
    ]
    assert "scales = { battery = 100 }" in found[0].detail["en"]
    assert "scales = { battery = 100 }" in found[0].detail["zh"]


@pytest.mark.parametrize("battery", [0.0, 1.0, 1.5, 87.0, None])
def test_a_battery_that_is_no_part_of_one_raises_nothing(battery: float | None) -> None:
    assert raised(*(charged(second, battery) for second in range(0, 600, 10))) == []


def test_a_battery_that_runs_empty_and_is_charged_again_raises_nothing() -> None:
    empty = [charged(second, 0.9) for second in range(0, 110, 10)]

    assert raised(*empty, charged(110, 5.0), *(charged(second, 0.5) for second in range(120, 230, 10))) == []


@pytest.mark.parametrize("full", [255, 65_535, 2**32 - 1])
def test_a_counter_that_goes_round_is_no_second_sender(full: int) -> None:
    watched = Watched()
    found: list[Alarm] = []
    for start in range(8):
        for seq in (full - 1, full, 0, 1):
            boot = BOOT + start * 2 + (seq < full - 1)
            seen = SeenReport(VDA.robot, boot, seq, at(start * 5), at(start * 5), states_boot=False)
            found += look(watched, seen) if seq < full - 1 or not start else []
            if watched.present is not None:
                watched.present.high = full if seq < full - 1 else watched.present.high

    assert found == []
