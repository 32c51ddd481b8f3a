"""What the bridge has done since midnight, for the one line that the booth's engineer reads. Pure."""

from collections.abc import Iterable
from datetime import date, datetime

import msgspec

HEARD_S = 30.0
"""So long a robot counts as heard after its last report."""


class DayCounts(msgspec.Struct, frozen=True):
    """The figures of one day, in the machine's own time zone."""

    day: date
    stored: int = 0
    """Reports on disk."""
    refused: int = 0
    """Messages of a wrong form or a wrong sender."""
    dropped: int = 0
    """Reports that a full spool did not take, or let go; each stands in the loss ledger."""


class DayTally:
    """Belongs to one thread, which writes; others may read `counts` and `heard` at any time."""

    def __init__(self, known: DayCounts) -> None:
        self.counts = known
        self._heard: dict[str, datetime] = {}

    def add(self, now: datetime, *, stored: int = 0, refused: int = 0, dropped: int = 0) -> None:
        """Count what one batch brought; a new day starts at nothing."""
        old = today(self.counts, now)
        self.counts = DayCounts(old.day, old.stored + stored, old.refused + refused, old.dropped + dropped)

    def hear(self, robots: Iterable[str], now: datetime) -> None:
        """Note whose reports came."""
        self._heard.update(dict.fromkeys(robots, now))

    def heard(self, now: datetime) -> int:
        """How many robots were heard lately."""
        return sum((now - at).total_seconds() <= HEARD_S for at in self._heard.copy().values())


def today(counts: DayCounts, now: datetime) -> DayCounts:
    """The counts if they are today's, and nothing otherwise."""
    day = now.astimezone().date()
    return counts if counts.day == day else DayCounts(day)
