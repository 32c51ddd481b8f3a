"""The loss ledger by the hour: to which hour what belongs, and how far a counter has come; pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from server.kernel.clock import FAIR_ZONE

FIGURES = ("sent", "stored", "duplicates", "rejected", "lost", "gaps", "turned_away")
"""What is counted of a robot and an hour. `sent` is by how far its counter came forward."""


FIRST_YEAR, LAST_YEAR = 2000, 2199
"""A day outside these is nobody's."""


@dataclass(frozen=True)
class Reach:
    """From where to where (inclusive) the counter of one boot is accounted for."""

    first: int
    high: int


def hour_of(moment: datetime) -> datetime:
    """The beginning of the hour in which a moment lies; the same hour in UTC and in fair time."""
    return moment.replace(minute=0, second=0, microsecond=0)


def asked_day(text: str, now: datetime) -> date:
    """The day that an address asks for; today in fair time for none or nonsense."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return now.astimezone(FAIR_ZONE).date()
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else now.astimezone(FAIR_ZONE).date()


def day_span(day: date) -> tuple[datetime, datetime]:
    """From when to when a day of fair time lasts."""
    begins = datetime.combine(day, time(), FAIR_ZONE)
    return begins, datetime.combine(day + timedelta(days=1), time(), FAIR_ZONE)


@dataclass
class HourTally:
    """What one batch adds to the hours, by (robot's row, hour)."""

    hours: dict[tuple[int, datetime], dict[str, int]] = field(default_factory=dict)

    def add(self, robot_id: int, moment: datetime, figure: str, number: int = 1) -> None:
        """Count `number` more of a figure in the hour of this moment."""
        if number:
            of_hour = self.hours.setdefault((robot_id, hour_of(moment)), dict.fromkeys(FIGURES, 0))
            of_hour[figure] += number

    def count_forward(self, robot_id: int, reach: Reach | None, seen: Iterable[tuple[int, datetime]]) -> Reach | None:
        """Count what newly stored reports (number, receipt) say was sent, and give the reach with them.

        Everything between two numbers must have been sent as well.
        """
        first, high = (reach.first, reach.high) if reach else (0, -1)
        came: dict[datetime, int] = {}
        for seq, received_at in sorted(seen):
            if high < first:
                first, forward = seq, 1
            else:
                forward = max(0, seq - high) + max(0, first - seq)
                first = min(first, seq)
            high = max(high, seq)
            came[received_at] = came.get(received_at, 0) + forward
        for received_at, forward in came.items():
            self.add(robot_id, received_at, "sent", forward)
        return None if high < first else Reach(first, high)

    def count_back(self, robot_id: int, reach: Reach, first: int, moment: datetime) -> Reach:
        """Count what an account knows to lie before the first report that came."""
        wider = Reach(min(first, reach.first), reach.high)
        self.add(robot_id, moment, "sent", _length(wider) - _length(reach))
        return wider

    def count_on(self, robot_id: int, reach: Reach, high: int, moment: datetime) -> Reach:
        """Count what an account knows to lie behind the last report that was stored."""
        wider = Reach(reach.first, max(high, reach.high))
        self.add(robot_id, moment, "sent", _length(wider) - _length(reach))
        return wider


def _length(reach: Reach | None) -> int:
    return 0 if reach is None else reach.high - reach.first + 1
