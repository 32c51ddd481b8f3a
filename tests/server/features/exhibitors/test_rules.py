"""Names of robots, the order of a taxonomy, made codes, and the hours of people."""

from datetime import date, datetime, time, timedelta

import pytest

from server.features.exhibitors.rules import (
    CODE,
    Booking,
    BookingKind,
    HoursFault,
    HoursSpan,
    Opening,
    clock_on,
    code_from,
    fitted,
    generations,
    hours_fault,
    is_guangdong,
    orphans,
    overlapping,
    robot_key,
    split_robot_key,
)
from server.kernel.clock import FAIR_ZONE


def fair_moment(hours: float) -> datetime:
    """So many hours after midnight of the second fair day, in fair time."""
    return datetime(2026, 4, 16, tzinfo=FAIR_ZONE) + timedelta(hours=hours)


def test_a_robot_key_is_made_of_two_codes_and_falls_into_them_again() -> None:
    key = robot_key("nanling", "walker-7")

    assert (key, split_robot_key(key)) == ("nanling/walker-7", ("nanling", "walker-7"))


@pytest.mark.parametrize(
    "key", ["", "nanling", "nanling/", "/walker-7", "Nanling/walker-7", "nanling/walker-7/x", "a/b-"]
)
def test_what_is_no_robot_key_is_not_split(key: str) -> None:
    assert split_robot_key(key) is None


def test_a_taxonomy_is_ordered_parents_first() -> None:
    assert generations({"AC11": "AC1", "SR": None, "AC1": "SR", "AP6": None}) == [["AP6", "SR"], ["AC1"], ["AC11"]]


def test_a_category_without_its_parent_and_a_circle_are_in_no_generation() -> None:
    assert generations({"A": "missing", "B": "C", "C": "B"}) == []


def test_only_firms_of_the_home_province_are_from_guangdong() -> None:
    assert [is_guangdong(province) for province in ("Guangdong", "Zhejiang", "guangdong")] == [True, False, False]


def test_a_code_is_made_of_a_name_and_is_nobody_elses() -> None:
    taken = {"yan-haotian", "yan-haotian-2"}

    made = [code_from(name, taken, "staff") for name in ("Wu Guoqiang", "Yan  Haotian!", "José Núñez", "颜昊天", "--")]

    assert made == ["wu-guoqiang", "yan-haotian-3", "jose-nunez", "staff", "staff"]


def test_a_made_code_is_a_code_however_long_the_name() -> None:
    assert CODE.fullmatch(code_from("x" * 39 + " y" * 200, {"x" * 39}, "staff"))


DAY = Opening(date(2026, 4, 16), fair_moment(9), fair_moment(18))
LATE = Opening(date(2026, 4, 16), fair_moment(17), fair_moment(26))
"""A day that ends at two in the night."""


@pytest.mark.parametrize(
    ("first", "last", "fault"),
    [
        (9, 18, None),
        (12, 12, HoursFault.BACKWARD),
        (13, 12, HoursFault.BACKWARD),
        (8, 12, HoursFault.OUTSIDE),
        (12, 18.5, HoursFault.OUTSIDE),
        (9.02, 12, HoursFault.OFF_GRID),
    ],
)
def test_hours_lie_within_the_opening_and_on_the_grid(first: float, last: float, fault: HoursFault | None) -> None:
    assert hours_fault(HoursSpan(fair_moment(first), fair_moment(last)), DAY) is fault


def test_hours_on_a_day_without_a_fair_are_a_fault() -> None:
    assert hours_fault(HoursSpan(fair_moment(9), fair_moment(12)), None) is HoursFault.NO_DAY


def test_stretches_that_overlap_are_found_and_those_that_touch_are_not() -> None:
    morning, noon, early = (
        HoursSpan(fair_moment(9), fair_moment(12)),
        HoursSpan(fair_moment(12), fair_moment(14)),
        HoursSpan(fair_moment(11), fair_moment(12)),
    )

    assert overlapping([noon, morning]) == []
    assert overlapping([noon, morning, early]) == [early]


def test_a_clock_after_midnight_belongs_to_the_day_that_goes_on_so_long() -> None:
    shown = [clock_on(time(hour), opening) for opening in (DAY, LATE) for hour in (1, 20)]

    assert shown == [fair_moment(1), fair_moment(20), fair_moment(25), fair_moment(20)]


def test_hours_copied_to_another_day_keep_the_clock_and_end_when_that_day_does() -> None:
    shorter = Opening(date(2026, 4, 19), fair_moment(9 + 72), fair_moment(16 + 72))
    stretches = [HoursSpan(fair_moment(9), fair_moment(12)), HoursSpan(fair_moment(13), fair_moment(18))]
    evening = [HoursSpan(fair_moment(17), fair_moment(18))]

    assert fitted(stretches, DAY, shorter) == [
        HoursSpan(fair_moment(9 + 72), fair_moment(12 + 72)),
        HoursSpan(fair_moment(13 + 72), fair_moment(16 + 72)),
    ]
    assert fitted(evening, DAY, shorter) == []


def booking(first: float, last: float) -> Booking:
    """A meeting at that time."""
    return Booking(fair_moment(first), fair_moment(last), BookingKind.MEETING, "m", "Anna", "安娜")


def test_only_bookings_that_lose_their_hours_are_orphans() -> None:
    before = [HoursSpan(fair_moment(9), fair_moment(12)), HoursSpan(fair_moment(12), fair_moment(18))]
    after = [HoursSpan(fair_moment(9), fair_moment(14))]
    across, kept, lost, cut, never = (
        booking(11.5, 12.5),
        booking(9, 9.5),
        booking(16, 16.5),
        booking(13.75, 14.25),
        booking(19, 20),
    )

    assert orphans([lost, never, across, kept, cut], before, after) == [cut, lost]
