"""What the suite's answer is: pure, from what failed in company and what failed again alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

MOST_TRIED_AGAIN = 12
"""With more failures than this, something is broken; trying each of them alone would tell nothing new."""


class Ending(IntEnum):
    """How pytest ends, as far as it matters here (its own exit codes)."""

    PASSED = 0
    FAILED = 1


@dataclass(frozen=True)
class Verdict:
    """The tests that passed when they were run alone, and those that failed twice or were not tried again."""

    unsteady: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    broken: int = 0
    """pytest's exit code where it could not run the tests at all."""

    @property
    def code(self) -> int:
        """What the program ends with."""
        return self.broken or (Ending.FAILED if self.failed else Ending.PASSED)

    def lines(self) -> list[str]:
        """What a reader is told, a line a test."""
        told = [f"failed twice: {name}" for name in self.failed]
        return told + [f"UNSTEADY, failed in company and passed alone: {name}" for name in self.unsteady]


def worth_a_second_try(ending: int, failures: Sequence[str]) -> bool:
    """Whether the failures are so few, and of tests, that each is tried alone."""
    return ending == Ending.FAILED and 0 < len(failures) <= MOST_TRIED_AGAIN


def judge(ending: int, failures: Sequence[str], failed_alone: Sequence[str]) -> Verdict:
    """The verdict on a run that ended with `ending`; `failed_alone` counts only where a second try was worth it."""
    if ending == Ending.PASSED:
        return Verdict()
    if ending != Ending.FAILED or not failures:
        return Verdict(broken=ending)
    again = frozenset(failed_alone if worth_a_second_try(ending, failures) else failures)
    return Verdict(
        unsteady=tuple(name for name in failures if name not in again),
        failed=tuple(name for name in failures if name in again),
    )
