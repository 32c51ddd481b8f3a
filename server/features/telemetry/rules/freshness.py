"""What is today's: a fair starts fresh every morning, and what was kept overnight is history; pure."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from server.kernel.clock import FAIR_ZONE

BEFORE_OPENING = timedelta(hours=6)
"""A fair day begins so long before its halls open, and not before the middle of the night since the last closing."""
PLAIN_DAY_BEGINS = time(4)
"""Where no hall opens, a day begins then, in fair time."""
LONGEST_DAY = timedelta(hours=30)
"""A day of the fair is over then at the latest, when no other follows it."""
KEPT_AT_MOST = timedelta(days=7)
"""What claims to be older comes from a wrong clock, not from a robot that kept it."""
GRACE = timedelta(minutes=1)
"""A robot's clock may be off by that much without a word."""
SURELY_FRESH = timedelta(minutes=10)
"""Nothing that is younger is worth asking the calendar."""

Opening = tuple[datetime, datetime]
"""(opens at, closes at) of a fair day."""


def day_began(now: datetime, openings: Sequence[Opening]) -> datetime:
    """When the present day of the fair began; `openings` in their order. The night belongs to the day before it."""
    plain = datetime.combine(now.astimezone(FAIR_ZONE).date(), PLAIN_DAY_BEGINS, FAIR_ZONE)
    plain = plain if plain <= now else plain - timedelta(days=1)
    begun = [moment for moment in _beginnings(openings) if moment <= now]
    return begun[-1] if begun and now - begun[-1] < LONGEST_DAY else plain


def _beginnings(openings: Sequence[Opening]) -> list[datetime]:
    closings = [None, *(closes for _, closes in openings)]
    earliest = [opens - BEFORE_OPENING for opens, _ in openings]
    return [
        begins if closed is None else max(begins, closed + (opens - closed) / 2)
        for begins, closed, (opens, _) in zip(earliest, closings, openings, strict=False)
    ]


def may_be_history(report_time: datetime, received_at: datetime, now: datetime) -> bool:
    """Whether the calendar has to be asked about a report at all."""
    return min(report_time, received_at) < now - SURELY_FRESH


def is_history(report_time: datetime, received_at: datetime, began: datetime) -> bool:
    """Whether a report belongs to a day before the one that `began`: it may be kept, but must not be shown as live.

    Either it came before, and the bridge has held it since; or it came today, and its robot had kept it overnight.
    """
    kept_by_robot = began - KEPT_AT_MOST <= report_time < began - GRACE
    return received_at < began or kept_by_robot
