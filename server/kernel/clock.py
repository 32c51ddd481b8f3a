"""Where the time comes from: a clock that is passed in, so that a test or a replay can hold its own."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

FAIR_ZONE = ZoneInfo("Asia/Shanghai")
"""Fair time. Stored times are UTC; this is for people."""


class Clock(Protocol):
    """Tells the time; every result is aware and in UTC."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...


class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        return datetime.now(UTC)


class FixedClock:
    """A clock that stands until it is moved: for replays and tests."""

    def __init__(self, moment: datetime) -> None:
        self._moment = moment.astimezone(UTC)

    def now(self) -> datetime:
        """The moment at which the clock stands."""
        return self._moment

    def move(self, shift: Callable[[datetime], datetime]) -> None:
        """Set the clock to `shift(now)`."""
        self._moment = shift(self._moment).astimezone(UTC)
