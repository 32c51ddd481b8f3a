"""A clock that a test sets."""

from collections.abc import Callable
from datetime import UTC, datetime


class FixedClock:
    """A clock that stands until it is moved."""

    def __init__(self, moment: datetime) -> None:
        self._moment = moment.astimezone(UTC)

    def now(self) -> datetime:
        """The moment at which the clock stands."""
        return self._moment

    def move(self, shift: Callable[[datetime], datetime]) -> None:
        """Set the clock to `shift(now)`."""
        self._moment = shift(self._moment).astimezone(UTC)
