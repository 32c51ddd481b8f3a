"""Reads of the reservations: what is taken, and by whom."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from server.features.reservations.models import Reservation, in_force
from server.features.reservations.rules import Resource
from server.kernel.spans import Span, cells, runs, span_of


@dataclass(frozen=True)
class Holding:
    """That a holder has a resource for a span without a gap, buffers included."""

    resource: Resource
    holder: str
    span: Span


def busy(
    session: Session, resources: Iterable[Resource], span: Span, but: str | None = None, *, now: datetime | None = None
) -> dict[Resource, set[int]]:
    """The taken cells of each of these resources that `span` touches, leaving out what the holder `but` has.

    What has run out by `now` is taken no more, here and below; where no moment is said, everything counts.
    """
    found: dict[Resource, set[int]] = {resource: set() for resource in resources}
    for key, cell, holder in _rows(session, found, span, now):
        if holder != but:
            found[Resource.of(key)].add(cell)
    return found


def holdings(
    session: Session, resources: Iterable[Resource], span: Span, *, now: datetime | None = None
) -> list[Holding]:
    """Who has these resources in the cells that `span` touches, by resource and time; cut at its ends."""
    found: dict[tuple[Resource, str], list[int]] = defaultdict(list)
    for key, cell, holder in _rows(session, resources, span, now):
        found[Resource.of(key), holder].append(cell)
    listed = [
        Holding(resource, holder, span_of(first, last))
        for (resource, holder), numbers in found.items()
        for first, last in runs(numbers)
    ]
    return sorted(listed, key=lambda holding: (holding.resource, holding.span))


def _rows(
    session: Session, resources: Iterable[Resource], span: Span, now: datetime | None
) -> list[tuple[str, int, str]]:
    wanted = cells(span)
    query = select(Reservation.resource, Reservation.cell, Reservation.holder).where(
        col(Reservation.resource).in_({resource.key for resource in resources}),
        col(Reservation.cell) >= wanted.start,
        col(Reservation.cell) < wanted.stop,
    )
    query = query if now is None else query.where(in_force(now))
    return list(session.exec(query))
