"""Where the time comes from: a clock that is passed in, so that a test or a replay can hold its own."""

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
