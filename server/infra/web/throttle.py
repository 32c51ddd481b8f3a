"""How often somebody may try: a moving window over failures, by account and by address.

The counts live in the memory of one web process: with several, an attacker gets that many times the tries, and a
restart forgets. That is enough against guessing passwords, which argon2 slows down anyway.
"""

from dataclasses import dataclass

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from server.kernel.errors import TooManyTriesError

MINUTES = 15
BY_ACCOUNT = RateLimitItemPerMinute(8, MINUTES)
BY_ADDRESS = RateLimitItemPerMinute(40, MINUTES)


@dataclass(frozen=True)
class Attempt:
    """Who tries what from where."""

    account: str
    address: str


class Throttle:
    """Counts the failures of log-in attempts and says when it is enough."""

    def __init__(self) -> None:
        self._windows = MovingWindowRateLimiter(MemoryStorage())

    def check(self, attempt: Attempt) -> None:
        """Raise `TooManyTriesError` when this account or this address has failed too often lately."""
        if not all(self._windows.test(limit, name) for limit, name in _counters(attempt)):
            raise TooManyTriesError(minutes=MINUTES)

    def failed(self, attempt: Attempt) -> None:
        """Count one failure."""
        for limit, name in _counters(attempt):
            self._windows.hit(limit, name)


def _counters(attempt: Attempt) -> tuple[tuple[RateLimitItem, str], ...]:
    return (BY_ACCOUNT, f"account:{attempt.account.lower()}"), (BY_ADDRESS, f"address:{attempt.address}")
