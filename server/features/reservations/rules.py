"""Time in cells of five minutes, what can be reserved in it, and the search for the nearest free start; pure.

A span covers every cell that it touches. Sets of cells are searched as bits of one number, so that five days of a
whole booth's people cost microseconds.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from heapq import nsmallest

from server.kernel.spans import CELL, Span, cells, start_of, whole_cells


class ResourceKind(StrEnum):
    """What can be in one place only."""

    BUYER = "buyer"
    STAFF = "staff"
    TABLE = "table"
    ROBOT = "robot"
    STAGE = "stage"
    BOOTH = "booth"
    INTERPRETER = "interpreter"


@dataclass(frozen=True, order=True)
class Resource:
    """One person, robot or place, by its kind and its key in its own table."""

    kind: ResourceKind
    id: int

    @property
    def key(self) -> str:
        """The name under which its cells are kept: `staff:12`."""
        return f"{self.kind.value}:{self.id}"

    @classmethod
    def of(cls, key: str) -> "Resource":
        """The resource of a `key`. Raises `ValueError` for a text that is none."""
        kind, _, number = key.partition(":")
        return cls(ResourceKind(kind), int(number))


@dataclass(frozen=True)
class Want:
    """That a resource shall be reserved for a span, buffers included."""

    resource: Resource
    span: Span


@dataclass(frozen=True)
class Claim:
    """All that one holder shall own, until `expires_at` if it is only lent."""

    holder: str
    wants: tuple[Want, ...]
    expires_at: datetime | None = None

    def cells(self) -> set[tuple[str, int]]:
        """Its (resource key, cell) pairs."""
        return {(want.resource.key, cell) for want in self.wants for cell in cells(want.span)}


@dataclass(frozen=True)
class Choice:
    """One resource that could serve: when it may be used, which cells of it are taken, and its buffers in cells.

    The buffers have to be free, but not within `open`: walking to the next booth goes on after closing.
    """

    resource: Resource
    open: tuple[Span, ...]
    busy: frozenset[int] = frozenset()
    before: int = 0
    after: int = 0


Group = Sequence[Choice]
"""Resources of which any one will do."""


def first_free(group: Group, span: Span) -> Choice | None:
    """The first of a group that is open and free for a span with its buffers, if there is one."""
    return next((choice for choice in group if is_free(choice, span)), None)


def is_free(choice: Choice, span: Span) -> bool:
    """Whether a resource is open for the whole of a span, and free for it with its buffers."""
    wanted = cells(span)
    taken = range(wanted.start - choice.before, wanted.stop + choice.after)
    return any(span.within(window) for window in choice.open) and choice.busy.isdisjoint(taken)


def free_starts(groups: Sequence[Group], length: timedelta, within: Span) -> list[datetime]:
    """Every start on the grid at which one resource of each group is free for `length`, in order.

    The whole of the time lies `within`; buffers may stand out.
    """
    count = -(-length // CELL)
    first, stop = whole_cells(within)
    margin = count + max((choice.before + choice.after for group in groups for choice in group), default=0)
    board = _Board(first - margin, count)
    starts = board.bits(first, stop - count + 1)
    for group in groups:
        starts &= board.starts_of_any(group)
    return [start_of(board.origin + bit) for bit in _ones(starts)]


def nearest_free(groups: Sequence[Group], wanted: Span, within: Span, limit: int = 3) -> list[Span]:
    """The `limit` free spans as long as `wanted` that start nearest to it, the earlier of two equally near first."""
    length = wanted.ends_at - wanted.starts_at
    starts = free_starts(groups, length, within)
    nearest = nsmallest(limit, starts, key=lambda start: (abs(start - wanted.starts_at), start))
    return [Span(start, start + length) for start in nearest]


@dataclass(frozen=True)
class _Board:
    """Cells as bits, bit 0 for the cell `origin`; `count` is how many cells a start needs."""

    origin: int
    count: int

    def bits(self, first: int, stop: int) -> int:
        """The cells from `first` to before `stop`."""
        low, high = max(first - self.origin, 0), max(stop - self.origin, 0)
        return (1 << high) - (1 << low) if high > low else 0

    def starts_of_any(self, group: Group) -> int:
        """The starts that any of a group can serve."""
        found = 0
        for choice in group:
            found |= self._starts(choice)
        return found

    def _starts(self, choice: Choice) -> int:
        fitting = 0
        for window in choice.open:
            first, stop = whole_cells(window)
            fitting |= self.bits(first, stop - self.count + 1)
        busy = sum(1 << cell - self.origin for cell in choice.busy if cell >= self.origin)
        blocked = 0
        for shift in range(1 - self.count - choice.after, choice.before + 1):
            blocked |= busy << shift if shift >= 0 else busy >> -shift
        return fitting & ~blocked


def _ones(bits: int) -> Iterator[int]:
    while bits:
        low = bits & -bits
        yield low.bit_length() - 1
        bits ^= low
