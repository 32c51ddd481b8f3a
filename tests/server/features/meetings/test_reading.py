"""A day's times as the pages show them: before noon and after, each once and in order, however late the fair closes."""

from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from server.features.meetings.schemas import SlotOut, SlotsOut
from server.features.meetings.views.reading import halves
from server.kernel.clock import FAIR_ZONE

DAY = date(2026, 11, 24)
QUARTER = timedelta(minutes=15)


def times_of_a_day(opening: datetime, count: int) -> SlotsOut:
    slots = [
        SlotOut(starts_at=start, ends_at=start + 2 * QUARTER, free=True, waiting=0)
        for start in (opening + number * QUARTER for number in range(count))
    ]
    return SlotsOut(
        exhibitor="kapok",
        exhibitor_en="Kapok",
        exhibitor_zh="木棉",
        date=DAY,
        minutes=30,
        opens_at=opening,
        closes_at=opening + (count + 1) * QUARTER,
        slots=slots,
    )


@given(opens_at=st.integers(0, 95), count=st.integers(0, 60))
def test_every_time_stands_once_and_in_order_even_after_midnight(opens_at: int, count: int) -> None:
    midnight = datetime(DAY.year, DAY.month, DAY.day, tzinfo=FAIR_ZONE)
    found = times_of_a_day(midnight + opens_at * QUARTER, count)

    (_, morning), (_, afternoon) = halves(found)

    assert [one.slot for one in (*morning, *afternoon)] == found.slots
    assert all(one.slot.starts_at < midnight + timedelta(hours=12) for one in morning)
    assert all(one.slot.starts_at >= midnight + timedelta(hours=12) for one in afternoon)


def test_without_a_day_there_are_no_times() -> None:
    assert halves(None) == []
