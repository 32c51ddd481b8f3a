"""How often somebody may try, kept in the memory of the web process; the rule itself is `server.kernel.tries`.

A try is counted as a mistake before it is verified, so that many in parallel cannot overrun the rule, and forgiven when
it was right. What is no guess at all, such as a form without a password, is not counted. No count hangs on an address
alone: a whole hall stands behind one.

The counts are forgotten at a restart: they only slow guesses down for minutes, argon2 slows them down for good, and a
table that every wrong guess writes to would be a way to occupy the database.
"""

import math
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Generic, TypeVar

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from server.kernel.errors import TooManyTriesError
from server.kernel.tries import Budget, Rate, Tries, mistaken, refilled, short_s, spent, wait_s

UNKNOWN = Rate(most=40, each_s=0.5)
"""What all devices together that an account does not know may guess at it: 40 at once, then one in two seconds."""
REQUESTS = Rate(most=4, each_s=1 / 900)
"""What may be asked for about one account without a password, such as a mail: four, then one in 15 minutes."""
MOST_KEPT = 50_000
"""So many counts are kept; the one that was used longest ago goes first."""
MAX_NAME_CHARS = 80
"""Longer names are no accounts; they must not fill the memory."""
Count = TypeVar("Count")


@dataclass(frozen=True)
class Attempt:
    """Who tries what from where. `device` is what the browser's own cookie says, empty without one."""

    account: str
    address: str
    device: str = ""
    known: bool = False
    """Whether this account was opened on this device before."""


class _Counts(Generic[Count]):
    """Counts by name, the last used ones."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, ...], Count] = OrderedDict()

    def get(self, name: tuple[str, ...]) -> Count | None:
        """The count of that name, if one is kept."""
        return self._kept.get(name)

    def put(self, name: tuple[str, ...], count: Count) -> None:
        """Keep a count; with too many the one that was used longest ago goes."""
        self._kept[name] = count
        self._kept.move_to_end(name)
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)

    def forget(self, name: tuple[str, ...]) -> None:
        """Keep no count of that name any more."""
        self._kept.pop(name, None)


class Throttle:
    """Counts what guesses, and says how long to wait."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._tries: _Counts[Tries] = _Counts()
        self._budgets: _Counts[Budget] = _Counts()
        self._windows = MovingWindowRateLimiter(MemoryStorage())

    @contextmanager
    def verifying(self, attempt: Attempt) -> Iterator[None]:
        """Verify one attempt inside the block; a block that raises was a mistake, one that ends was right.

        Raises:
            TooManyTriesError: this device, or all strange devices together, must wait; the block does not run.
        """
        self._count(attempt)
        yield
        self._forgive(attempt)

    def mistakes(self, attempt: Attempt) -> int:
        """How many mistakes in a row this device has made at this account."""
        with self._lock:
            return (self._tries.get(_pair(attempt)) or Tries()).mistakes

    def ask(self, name: str) -> bool:
        """Count a request that anybody may make about an account; False when there were too many lately."""
        with self._lock:
            left = refilled(self._budgets.get(("ask", name)), REQUESTS, self._clock())
            fits = short_s(left, REQUESTS) <= 0
            self._budgets.put(("ask", name), spent(left) if fits else left)
        return fits

    def allows(self, name: str, requests_a_minute: int) -> bool:
        """Count a request of somebody who is known; False when it is one too many in the last minute."""
        return self._windows.hit(RateLimitItemPerMinute(requests_a_minute), name)

    def _count(self, attempt: Attempt) -> None:
        with self._lock:
            now = self._clock()
            tries = self._tries.get(_pair(attempt)) or Tries()
            wait = wait_s(tries, now)
            strange = None if attempt.known else refilled(self._budgets.get(_all(attempt)), UNKNOWN, now)
            if strange is not None:
                wait = max(wait, short_s(strange, UNKNOWN))
            if wait > 0:
                raise TooManyTriesError(seconds=math.ceil(wait))
            self._tries.put(_pair(attempt), mistaken(tries, now))
            if strange is not None:
                self._budgets.put(_all(attempt), spent(strange))

    def _forgive(self, attempt: Attempt) -> None:
        with self._lock:
            self._tries.forget(_pair(attempt))
            if not attempt.known:
                left = refilled(self._budgets.get(_all(attempt)), UNKNOWN, self._clock())
                self._budgets.put(_all(attempt), spent(left, -1.0))


def _account(attempt: Attempt) -> str:
    return attempt.account.lower()[:MAX_NAME_CHARS]


def _pair(attempt: Attempt) -> tuple[str, ...]:
    # Without a cookie of its own a device is told from others by its address: whoever has none shares one count there.
    return ("pair", _account(attempt), attempt.device or f"at {attempt.address}")


def _all(attempt: Attempt) -> tuple[str, ...]:
    return ("all", _account(attempt))
