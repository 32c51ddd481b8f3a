"""Spans of time and the grid of five minutes on which everything in the fair begins and ends; pure.

The grid divides time into cells, numbered from 1970. A span covers every cell that it touches.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

CELL = timedelta(minutes=5)
"""The grid: demos, meetings and working hours begin and end on it."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


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


def next_on_grid(moment: datetime) -> datetime:
    """The first moment of the grid at `moment` or after it."""
    return moment + -(moment - _EPOCH) % CELL


def joined(spans: Iterable[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    """The (start, end) pairs in order, those that touch or overlap made one."""
    found: list[tuple[datetime, datetime]] = []
    for starts_at, ends_at in sorted(spans):
        if found and starts_at <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], ends_at))
        else:
            found.append((starts_at, ends_at))
    return found


def whole_cells(span: Span) -> tuple[int, int]:
    """The first cell that lies wholly in a span, and the one behind the last."""
    return -((_EPOCH - span.starts_at) // CELL), cell_at(span.ends_at)


def runs(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    """The stretches of neighbouring cells among `numbers`, each as (first, last), in order."""
    ordered = sorted(set(numbers))
    first = 0
    for index, number in enumerate(ordered, start=1):
        if index == len(ordered) or ordered[index] != number + 1:
            yield ordered[first], number
            first = index
