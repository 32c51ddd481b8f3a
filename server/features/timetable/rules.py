"""Days, hours and demos of the fair; pure: every moment is passed in and aware."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Protocol, TypeVar

from server.kernel.clock import FAIR_ZONE
from server.kernel.spans import joined

DAYS = 5
TODAY = 2
"""The demo fair is always in its second day."""
USUAL_OPENING = time(9)
"""Published: the halls open at 09:00."""
USUAL_LENGTH = timedelta(hours=9)
"""The closing time is not public; 18:00 is assumed."""
LAST_DAY_SHORTER = timedelta(hours=2)
TIME_LEFT = timedelta(hours=3)
"""The fair stays open at least so long after the demo was started."""
TIME_GONE = timedelta(hours=3)
"""With shifted hours, so much of the day has gone, so that there is something to look back on."""

SHORTEST_MIN = 5
LONGEST_MIN = 180

Moments = tuple[datetime, datetime]
MinuteSpan = tuple[int, int]
SHIFTS: dict[str, tuple[MinuteSpan, ...]] = {
    "early": ((0, 300),),
    "late": ((240, 540),),
    "long-a": ((0, 180), (240, 540)),
    "long-b": ((0, 240), (300, 540)),
}
"""When staff of the demo fair are at the booth, in minutes after opening."""

USUAL_NOTE = (
    "Demo: the date is derived from the moment at which the fair was loaded. Hours 09:00 to 18:00 are assumed.",
    "演示：日期由数据载入时刻推算；开放时间按 09:00 至 18:00 假定。",
)
SHIFTED_NOTE = (
    (
        "Demo: date and hours are derived from the moment at which the fair was loaded. The usual hours are shifted,"
        " so that the fair is open now."
    ),
    "演示：日期与开放时间均由数据载入时刻推算；为使展会此刻开放，已调整通常的开放时间。",
)


@dataclass(frozen=True)
class Day:
    """One day of the fair: its date in fair time, its hours in UTC, and where they come from."""

    date: date
    opens_at: datetime
    closes_at: datetime
    note_en: str
    note_zh: str


class Timed(Protocol):
    """Whatever starts and ends."""

    @property
    def starts_at(self) -> datetime:
        """The start, aware."""
        ...

    @property
    def ends_at(self) -> datetime:
        """The end, aware."""
        ...


class Opens(Protocol):
    """Whatever opens and closes."""

    @property
    def opens_at(self) -> datetime:
        """The opening, aware."""
        ...

    @property
    def closes_at(self) -> datetime:
        """The closing, aware."""
        ...


Item = TypeVar("Item", bound=Timed)
Hours = TypeVar("Hours", bound=Opens)


def derive_days(now: datetime) -> list[Day]:
    """The five days of a demo fair around `now`, which falls into the opening hours of the second.

    Usual hours where at least `TIME_LEFT` of them is left; else nine hours from a full hour on, the same on all days.
    At night the day may end after midnight; its date is the one on which it opened.
    """
    here = now.astimezone(FAIR_ZONE)
    opening = _opening(here)
    notes = USUAL_NOTE if opening.time() == USUAL_OPENING else SHIFTED_NOTE
    return [_day(opening + timedelta(days=number - TODAY), number, notes) for number in range(1, DAYS + 1)]


def _opening(here: datetime) -> datetime:
    usual = datetime.combine(here.date(), USUAL_OPENING, FAIR_ZONE)
    if usual <= here <= usual + USUAL_LENGTH - TIME_LEFT:
        return usual
    midnight = datetime.combine(here.date(), time(0), FAIR_ZONE)
    full_hour = here.replace(minute=0, second=0, microsecond=0)
    return max(midnight, full_hour - TIME_GONE)


def _day(opening: datetime, number: int, notes: tuple[str, str]) -> Day:
    length = USUAL_LENGTH - LAST_DAY_SHORTER if number == DAYS else USUAL_LENGTH
    return Day(opening.date(), opening, opening + length, *notes)


def is_open(days: Iterable[Opens], now: datetime) -> bool:
    """Whether the fair is open at `now`; at the closing moment it is closed."""
    return any(day.opens_at <= now < day.closes_at for day in days)


def day_number(days: Sequence[Opens], now: datetime) -> int | None:
    """Which day of the fair it is, from 1: the last that has opened; none before the first and after the last."""
    opened = sum(1 for day in days if day.opens_at <= now)
    return opened if opened and now < max(day.closes_at for day in days) else None


def current_day(days: Sequence[Hours], now: datetime) -> Hours | None:
    """The day that is not over yet, else the last; none where there are no days."""
    return next((day for day in days if now < day.closes_at), days[-1] if days else None)


@dataclass(frozen=True)
class CurrentDay:
    """Which day of the fair it is, or the next one to come; `phase` is before, open or closed."""

    number: int
    count: int
    phase: str
    opens_at: datetime
    closes_at: datetime


def day_now(days: Sequence[Opens], now: datetime) -> CurrentDay | None:
    """The day that is not over yet, else the last, with where `now` lies in it."""
    day = current_day(days, now)
    if day is None:
        return None
    phase = "before" if now < day.opens_at else "open" if now < day.closes_at else "closed"
    return CurrentDay(list(days).index(day) + 1, len(days), phase, day.opens_at, day.closes_at)


def shift_spans(shift: str, opens_at: datetime, closes_at: datetime) -> list[tuple[datetime, datetime]]:
    """When somebody with this shift is at the booth on a day, cut at closing."""
    spans = [(opens_at + timedelta(minutes=first), opens_at + timedelta(minutes=last)) for first, last in SHIFTS[shift]]
    return [(first, min(last, closes_at)) for first, last in spans if first < closes_at]


def running(items: Iterable[Item], now: datetime) -> list[Item]:
    """What runs at `now`, in the given order."""
    return [item for item in items if item.starts_at <= now < item.ends_at]


def day_of(days: Iterable[Hours], starts_at: datetime, ends_at: datetime) -> Hours | None:
    """The day in whose opening hours the whole span lies."""
    return next((day for day in days if day.opens_at <= starts_at and ends_at <= day.closes_at), None)


def nearest_day(days: Iterable[Hours], moment: datetime) -> Hours | None:
    """The day whose hours `moment` lies in or is nearest to; of two equally near the earlier."""
    return min(days, key=lambda day: max(day.opens_at - moment, moment - day.closes_at, timedelta(0)), default=None)


def moment_on(day: Hours, date_of_day: date, clock: time) -> datetime:
    """The moment that people call `clock` on a day of the fair, in fair time.

    A day that opens in the evening goes on after midnight, and so does its clock.
    """
    moment = datetime.combine(date_of_day, clock, FAIR_ZONE)
    after_midnight = moment + timedelta(days=1)
    return after_midnight if moment < day.opens_at and after_midnight < day.closes_at else moment


def covered(spans: Iterable[Moments], starts_at: datetime, ends_at: datetime) -> bool:
    """Whether the whole span lies within these, put together."""
    return any(first <= starts_at and ends_at <= last for first, last in joined(spans))


def cut(spans: Iterable[Moments], opens_at: datetime, closes_at: datetime) -> list[Moments]:
    """What of the spans lies within the opening hours, in order."""
    parts = ((max(first, opens_at), min(last, closes_at)) for first, last in joined(spans))
    return [(first, last) for first, last in parts if first < last]


def clock_words(starts_at: datetime, ends_at: datetime) -> str:
    """A span as both languages print it, in fair time: `10:00–10:20`."""
    return "–".join(f"{moment.astimezone(FAIR_ZONE):%H:%M}" for moment in (starts_at, ends_at))
