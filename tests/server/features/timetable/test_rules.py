"""The days of the demo fair: whenever it is loaded, it is open, in its second day, with time left."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.features.timetable.rules import (
    SHIFTED_NOTE,
    SHIFTS,
    TIME_LEFT,
    TODAY,
    USUAL_NOTE,
    CurrentDay,
    Day,
    day_now,
    day_number,
    derive_days,
    is_open,
    running,
    shift_spans,
)
from server.kernel.clock import FAIR_ZONE

MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.timezones())  # noqa: DTZ001 - the strategy adds zones
"""Any moment, told in any zone."""


def fair_time(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=FAIR_ZONE)


@given(MOMENTS)
def test_the_fair_is_open_on_its_second_day_whenever_it_is_loaded(now: datetime) -> None:
    days = derive_days(now)

    assert (is_open(days, now), day_number(days, now)) == (True, TODAY)


@given(MOMENTS)
def test_the_date_of_the_second_day_is_today_in_fair_time(now: datetime) -> None:
    days = derive_days(now)

    assert days[TODAY - 1].date == now.astimezone(FAIR_ZONE).date()


@given(MOMENTS)
def test_the_fair_stays_open_for_some_hours_after_loading(now: datetime) -> None:
    days = derive_days(now)

    assert days[TODAY - 1].closes_at - now >= TIME_LEFT


@given(MOMENTS)
def test_the_days_follow_each_other_without_touching(now: datetime) -> None:
    days = derive_days(now)

    assert [day.date - days[0].date for day in days] == [timedelta(days=number) for number in range(5)]
    assert all(one.closes_at < other.opens_at for one, other in pairwise(days))


@given(MOMENTS)
def test_every_day_says_in_both_languages_where_its_hours_come_from(now: datetime) -> None:
    days = derive_days(now)

    usual = all(day.opens_at.astimezone(FAIR_ZONE).time() == time(9) for day in days)
    assert {(day.note_en, day.note_zh) for day in days} == {USUAL_NOTE if usual else SHIFTED_NOTE}


@pytest.mark.parametrize(
    ("now", "opens", "closes"),
    [
        ("2026-04-16T09:00", "2026-04-16T09:00", "2026-04-16T18:00"),
        ("2026-04-16T15:00", "2026-04-16T09:00", "2026-04-16T18:00"),
        ("2026-04-16T15:01", "2026-04-16T12:00", "2026-04-16T21:00"),
        ("2026-04-16T23:59", "2026-04-16T20:00", "2026-04-17T05:00"),
        ("2026-04-16T00:00", "2026-04-16T00:00", "2026-04-16T09:00"),
        ("2026-04-16T08:59", "2026-04-16T05:00", "2026-04-16T14:00"),
    ],
)
def test_the_hours_of_today_cover_the_moment_of_loading(now: str, opens: str, closes: str) -> None:
    today = derive_days(fair_time(now))[TODAY - 1]

    assert (today.opens_at, today.closes_at) == (fair_time(opens), fair_time(closes))


def test_the_last_day_ends_early() -> None:
    last = derive_days(fair_time("2026-04-16T12:00"))[-1]

    assert last == Day(date(2026, 4, 19), fair_time("2026-04-19T09:00"), fair_time("2026-04-19T16:00"), *USUAL_NOTE)


def test_the_fair_is_closed_at_its_closing_moment_and_at_night() -> None:
    days = derive_days(fair_time("2026-04-16T12:00"))

    moments = ("2026-04-16T08:59", "2026-04-16T09:00", "2026-04-16T17:59", "2026-04-16T18:00", "2026-04-17T02:00")
    assert [is_open(days, fair_time(moment)) for moment in moments] == [False, True, True, False, False]


def test_the_number_of_the_day_holds_until_the_next_opening_and_ends_with_the_fair() -> None:
    days = derive_days(fair_time("2026-04-16T12:00"))

    moments = ("2026-04-15T08:59", "2026-04-15T09:00", "2026-04-17T02:00", "2026-04-19T15:59", "2026-04-19T16:00")
    assert [day_number(days, fair_time(moment)) for moment in moments] == [None, 1, 2, 5, None]


@pytest.mark.parametrize("shift", sorted(SHIFTS))
def test_nobody_works_after_closing(shift: str) -> None:
    last = derive_days(fair_time("2026-04-16T12:00"))[-1]

    spans = shift_spans(shift, last.opens_at, last.closes_at)

    assert spans
    assert all(last.opens_at <= first < end <= last.closes_at for first, end in spans)


def item(start: int, end: int) -> SimpleNamespace:
    zero = datetime(2026, 4, 16, 1, 0, tzinfo=UTC)
    return SimpleNamespace(starts_at=zero + timedelta(minutes=start), ends_at=zero + timedelta(minutes=end))


def test_a_demo_runs_from_its_start_and_no_longer_at_its_end() -> None:
    first, second = item(0, 20), item(20, 40)

    assert running([first, second], item(20, 21).starts_at) == [second]


@pytest.mark.parametrize(
    ("hours", "number", "phase"),
    [(-1, 1, "before"), (0, 1, "open"), (8.9, 1, "open"), (9, 2, "before"), (33, 2, "closed")],
)
def test_the_day_is_the_one_that_is_not_over_yet_else_the_last(hours: float, number: int, phase: str) -> None:
    zero = datetime(2026, 4, 16, 1, 0, tzinfo=UTC)
    starts = [zero, zero + timedelta(days=1)]
    days = [SimpleNamespace(opens_at=start, closes_at=start + timedelta(hours=9)) for start in starts]

    found = day_now(days, zero + timedelta(hours=hours))

    opens_at = starts[number - 1]
    assert found == CurrentDay(number, 2, phase, opens_at, opens_at + timedelta(hours=9))
    assert day_now([], zero) is None
