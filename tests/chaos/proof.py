"""The proof of the ledger, pure: what each robot sent against what stands in the database.

`judge` returns the sentences that say what is wrong; none means proven.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

Span = tuple[int, int]
_SHOWN = 5


class Promise(StrEnum):
    """What a protocol can promise about its reports."""

    KEPT = "kept"
    """The sender holds a report until the durable mark covers it: all of them are stored."""
    COUNTED = "counted"
    """The sender forgets, but numbers: what is missing is a gap in the ledger."""
    HEARD = "heard"
    """The sender forgets, and its counter is too short to outlive a bridge: what is missing is a gap in the ledger as
    far as it is missing between two reports that the same bridge heard."""
    ASKED = "asked"
    """The robot only answers; the ledger numbers the questions, and each is a report or a gap. Which answer belongs to
    which question the protocol does not say, so a late one may stand under the next number, but never twice."""


@dataclass(frozen=True)
class Told:
    """What a robot did, by its own word."""

    robot: str
    protocol: str
    promise: Promise
    sent: frozenset[int]
    mark: int | None = None
    """The durable mark that it was given last, where its protocol has one."""
    frames: int = 1
    """So many frames a report has, where the protocol counts frames and not reports."""


@dataclass(frozen=True)
class Account:
    """A row of the server's ledger, which has to agree with the rows of reports and gaps."""

    boot: int
    first: int
    high: int
    stored: int
    lost: int
    open: int


@dataclass(frozen=True)
class Found:
    """What stands about a robot in the database: the number of every stored report, one entry a row."""

    stored: tuple[int, ...] = ()
    gaps: tuple[Span, ...] = ()
    accounts: tuple[Account, ...] = ()
    lives: tuple[tuple[tuple[int, int], ...], ...] = ()
    """By boot: the ledger's number and the sender's own of each report, in order; for those that are HEARD."""

    @property
    def missing(self) -> frozenset[int]:
        """Every number that the ledger calls lost."""
        return frozenset(number for first, last in self.gaps for number in range(first, last + 1))


def judge(told: Told, found: Found) -> list[str]:
    """Return what is wrong with a robot's account, in sentences that name the robot and the numbers."""
    complaints = [*_once(found), *_invented(told, found), *_beyond_the_mark(told, found), *_books(found)]
    if told.promise is Promise.KEPT:
        complaints += _complete(told, found)
    if told.promise is Promise.COUNTED:
        complaints += _gaps_as_made(told, found)
    if told.promise is Promise.HEARD:
        complaints += _steps_as_made(told, found)
    return [f"{told.robot} ({told.protocol}): {complaint}" for complaint in complaints]


def _once(found: Found) -> Iterable[str]:
    doubled = [number for number, copies in Counter(found.stored).items() if copies > 1]
    if doubled:
        yield f"{len(doubled)} reports are stored twice: {shown(doubled)}"


def _invented(told: Told, found: Found) -> Iterable[str]:
    invented = set(found.stored) - told.sent
    if invented:
        yield f"{len(invented)} stored reports were never sent: {shown(invented)}"


def _beyond_the_mark(told: Told, found: Found) -> Iterable[str]:
    broken = {number for number in told.sent if number <= (told.mark or 0)} - set(found.stored)
    if told.mark is not None and broken:
        yield f"{len(broken)} reports at or below its mark {told.mark} are not stored: {shown(broken)}"


def _complete(told: Told, found: Found) -> Iterable[str]:
    lost = told.sent - set(found.stored)
    if lost:
        yield f"{len(lost)} reports were sent and are not stored: {shown(lost)}"
    if told.mark is not None and told.mark < max(told.sent, default=0):
        yield f"its mark stands at {told.mark} of {max(told.sent)}"
    if found.missing:
        yield f"the ledger calls {len(found.missing)} reports lost: {shown(found.missing)}"


def _gaps_as_made(told: Told, found: Found) -> Iterable[str]:
    made = told.sent - set(found.stored)
    if unrecorded := made - found.missing:
        yield f"{len(unrecorded)} lost reports stand in no gap: {shown(unrecorded)}"
    if untrue := found.missing - made:
        yield f"{len(untrue)} reports stand in a gap and were stored or never sent: {shown(untrue)}"
    if sum(last - first + 1 for first, last in found.gaps) != len(found.missing):
        yield "two gaps overlap"


def _steps_as_made(told: Told, found: Found) -> Iterable[str]:
    """Compare how far the ledger's number goes from report to report with how far the sender's own went."""
    for life in found.lives:
        for (seq, number), (next_seq, next_number) in pairwise(life):
            made = 1 + told.frames * (next_number - number - 1)
            if next_seq - seq != made:
                yield f"from report {number} to {next_number} the ledger counts {next_seq - seq}, it should be {made}"


def _books(found: Found) -> Iterable[str]:
    """Check the ledger's figures against the rows that they are about."""
    for account in found.accounts:
        if account.high - account.first + 1 != account.stored + account.lost + account.open:
            yield f"the ledger of boot {account.boot} does not add up: {account}"
    booked = sum(account.stored for account in found.accounts)
    if booked != len(found.stored):
        yield f"the ledger counts {booked} stored reports, the database has {len(found.stored)}"
    lost, gaps = sum(account.lost for account in found.accounts), sum(last - first + 1 for first, last in found.gaps)
    if lost != gaps:
        yield f"the ledger counts {lost} lost reports, its gaps {gaps}"


def shown(numbers: Iterable[int]) -> str:
    """Return the lowest few numbers as text."""
    ordered = sorted(numbers)
    return ", ".join(map(str, ordered[:_SHOWN])) + (" ..." if len(ordered) > _SHOWN else "")
