"""How often somebody may guess: pure. Wrong tries cost time, right ones nothing; nobody is locked out for good.

Who guesses is an account together with a device. A few mistakes are free; then each costs twice the time of the one
before, up to a few minutes. What all devices together that an account does not know may guess at it is bounded by a
budget that fills again by itself. A device on which somebody has logged in before is not held up by what others do.
"""

from dataclasses import dataclass

FREE = 5
"""So many mistakes cost nothing."""
FIRST_S, LAST_S = 1.0, 240.0
"""The wait after the first mistake that costs something, and the longest."""
FORGOTTEN_S = 3600.0
"""So long after the last mistake all of them are forgotten."""


@dataclass(frozen=True)
class Tries:
    """The mistakes of one device at one account, and when the last was made, in seconds."""

    mistakes: int = 0
    last: float = 0.0


def wait_s(tries: Tries, now: float) -> float:
    """How long this device has to wait before it may try again; 0 when it may."""
    if tries.mistakes < FREE or now - tries.last >= FORGOTTEN_S:
        return 0.0
    # 2.0 ** 1100 overflows, and nobody waits that long.
    doublings = min(tries.mistakes - FREE, 20)
    delay = min(FIRST_S * 2.0**doublings, LAST_S)
    return min(delay, max(0.0, tries.last + delay - now))  # not longer where somebody has set the clock back


def mistaken(tries: Tries, now: float) -> Tries:
    """The tries after one more mistake."""
    before = 0 if now - tries.last >= FORGOTTEN_S else tries.mistakes
    return Tries(before + 1, now)


@dataclass(frozen=True)
class Rate:
    """How much a budget holds when it is full, and how much of it comes back each second."""

    most: float
    each_s: float


@dataclass(frozen=True)
class Budget:
    """What is left of a budget, as it was at a moment."""

    left: float
    at: float


def refilled(budget: Budget | None, rate: Rate, now: float) -> Budget:
    """The budget at this moment; one that nobody has used is full."""
    if budget is None:
        return Budget(rate.most, now)
    return Budget(min(rate.most, budget.left + max(0.0, now - budget.at) * rate.each_s), now)


def short_s(budget: Budget, rate: Rate) -> float:
    """How long until there is one more to spend; 0 when there is one."""
    return max(0.0, (1.0 - budget.left) / rate.each_s)


def spent(budget: Budget, by: float = 1.0) -> Budget:
    """The budget with one less in it, or one more for what need not have been counted."""
    return Budget(budget.left - by, budget.at)
