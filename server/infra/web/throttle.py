"""How often somebody may try: a moving window over tries, by account and address together, and each by itself.

A try is counted before it is verified, so that many in parallel cannot overrun the limit, and forgotten when it
succeeds. The tight limit is on the account at one address: a stranger elsewhere does not lock its owner out. A hall
is one address for everybody in it, so the limit of an address alone is wide.

The counts live in the memory of one web process: with several, an attacker gets that many times the tries, and a
restart forgets. That is enough against guessing passwords, which argon2 slows down anyway.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from server.kernel.errors import TooManyTriesError

MINUTES = 15
BY_PAIR = RateLimitItemPerMinute(8, MINUTES)
BY_ACCOUNT = RateLimitItemPerMinute(100, MINUTES)
BY_ADDRESS = RateLimitItemPerMinute(400, MINUTES)
VERIFIED_AT_A_TIME = 4
"""Each takes 64 MiB and a core: more at a time would only starve the pages."""
MAX_NAME_CHARS = 80
"""Longer names are no accounts; they must not fill the memory."""


@dataclass(frozen=True)
class Attempt:
    """Who tries what from where."""

    account: str
    address: str


class Throttle:
    """Counts log-in attempts, says when it is enough, and bounds how many are verified at a time."""

    def __init__(self) -> None:
        self._windows = MovingWindowRateLimiter(MemoryStorage())
        self._verifiers = threading.BoundedSemaphore(VERIFIED_AT_A_TIME)

    @contextmanager
    def verifying(self, attempt: Attempt) -> Iterator[None]:
        """Verify one attempt inside the block; a block that raises has failed, one that ends has succeeded.

        Raises:
            TooManyTriesError: this account or this address has tried too often lately; the block does not run.
        """
        self._count(attempt)
        with self._verifiers:
            yield
        # Not the address's: who has an account of their own could guess at others for ever.
        for limit, name in _counters(attempt)[:2]:
            self._windows.clear(limit, name)

    def allows(self, name: str, requests_a_minute: int) -> bool:
        """Count a request of somebody who is known; False when it is one too many in the last minute."""
        return self._windows.hit(RateLimitItemPerMinute(requests_a_minute), name)

    def _count(self, attempt: Attempt) -> None:
        if not all(self._windows.hit(limit, name) for limit, name in _counters(attempt)):
            raise TooManyTriesError(minutes=MINUTES)


def _counters(attempt: Attempt) -> tuple[tuple[RateLimitItem, str], ...]:
    account = attempt.account.lower()[:MAX_NAME_CHARS]
    return (
        (BY_PAIR, f"pair:{account}@{attempt.address}"),
        (BY_ACCOUNT, f"account:{account}"),
        (BY_ADDRESS, f"address:{attempt.address}"),
    )
