"""Time in cells of five minutes, what can be reserved in it, and the search for the nearest free start; pure.

A span covers every cell that it touches. Sets of cells are searched as bits of one number, so that five days of a
whole booth's people cost microseconds.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from heapq import nsmallest

CELL = timedelta(minutes=5)
CELL_S = 300
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


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


@dataclass(frozen=True, order=True)
class Span:
    """A stretch of time, aware, its end not included."""

    starts_at: datetime
    ends_at: datetime

    def __post_init__(self) -> None:
        """Refuse a span that ends before it starts. Raises `ValueError`."""
        if self.ends_at <= self.starts_at:
            raise ValueError(f"a span ends after it starts: {self.starts_at} to {self.ends_at}")

    def overlaps(self, other: "Span") -> bool:
        """Whether both share time; touching ends do not."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at

    def within(self, other: "Span") -> bool:
        """Whether this one lies wholly in the other; ends may touch."""
        return other.starts_at <= self.starts_at and self.ends_at <= other.ends_at

    def shared(self, other: "Span") -> "Span | None":
        """The time that both have, if they share any."""
        if not self.overlaps(other):
            return None
        return Span(max(self.starts_at, other.starts_at), min(self.ends_at, other.ends_at))

    def longer(self, *, before: timedelta = timedelta(0), after: timedelta = timedelta(0)) -> "Span":
        """The span with time to spare before and after."""
        return Span(self.starts_at - before, self.ends_at + after)


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


def cell_at(moment: datetime) -> int:
    """The cell in which a moment lies."""
    return (moment - _EPOCH) // CELL


def start_of(cell: int) -> datetime:
    """The moment at which a cell starts, UTC."""
    return _EPOCH + cell * CELL


def cells(span: Span) -> range:
    """Every cell that a span touches."""
    return range(cell_at(span.starts_at), -((_EPOCH - span.ends_at) // CELL))


def span_of(first: int, last: int) -> Span:
    """The span from the start of cell `first` to the end of cell `last`."""
    return Span(start_of(first), start_of(last + 1))


def on_grid(moment: datetime) -> bool:
    """Whether a moment is the start of a cell."""
    return (moment - _EPOCH) % CELL == timedelta(0)


def runs(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    """The stretches of neighbouring cells among `numbers`, each as (first, last), in order."""
    ordered = sorted(set(numbers))
    first = 0
    for index, number in enumerate(ordered, start=1):
        if index == len(ordered) or ordered[index] != number + 1:
            yield ordered[first], number
            first = index


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
    first, stop = _whole_cells(within)
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
            first, stop = _whole_cells(window)
            fitting |= self.bits(first, stop - self.count + 1)
        busy = sum(1 << cell - self.origin for cell in choice.busy if cell >= self.origin)
        blocked = 0
        for shift in range(1 - self.count - choice.after, choice.before + 1):
            blocked |= busy << shift if shift >= 0 else busy >> -shift
        return fitting & ~blocked


def _whole_cells(span: Span) -> tuple[int, int]:
    """The first cell that lies wholly in a span, and the one behind the last."""
    return -((_EPOCH - span.starts_at) // CELL), cell_at(span.ends_at)


def _ones(bits: int) -> Iterator[int]:
    while bits:
        low = bits & -bits
        yield low.bit_length() - 1
        bits ^= low
