"""The use cases of the reservations: claim, move and release; who comes second is refused by the table's own key.

Every change inserts first, all its cells in one sorted statement, and deletes afterwards. Whoever waits for somebody
else's cells therefore holds none that sort behind them, and two units of work never wait for each other. A unit of work
that makes two such changes loses this promise: `settle` takes them together.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import TextClause, text
from sqlmodel import Session, col, delete, select, update

from server.features.reservations.models import Reservation
from server.features.reservations.queries import Holding, busy, holdings
from server.features.reservations.rules import CELL, Claim, Resource, Want
from server.kernel.errors import ConflictError

__all__ = ["Holding", "TakenError", "busy", "claim", "holdings", "keep_only", "move", "release", "settle", "shift_all"]

Row = tuple[str, int, str]
"""Resource key, cell, holder."""

# One text for any number of cells, so that neither SQLAlchemy nor the database has to read a new statement every time.
_INSERT: dict[str, TextClause] = {
    "sqlite": text(
        "INSERT INTO reservation (resource, cell, holder)"
        " SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]')"
        " FROM json_each(:rows) WHERE true ON CONFLICT DO NOTHING RETURNING resource, cell, holder"
    ),
    "postgresql": text(
        "INSERT INTO reservation (resource, cell, holder)"
        " SELECT * FROM unnest(CAST(:resources AS varchar[]), CAST(:cells AS bigint[]), CAST(:holders AS varchar[]))"
        " ON CONFLICT DO NOTHING RETURNING resource, cell, holder"
    ),
}


class TakenError(ConflictError):
    """Somebody else has some of what was wanted; `taken` are those resources, sorted."""

    code = "taken"

    def __init__(self, taken: Iterable[Resource]) -> None:
        self.taken = tuple(sorted(set(taken)))
        super().__init__(number=len(self.taken))


def claim(session: Session, holder: str, wants: Sequence[Want]) -> None:
    """Give a holder that owns nothing yet all that it wants, or nothing.

    Raises:
        TakenError: some of it is somebody else's. Nothing was claimed, but the unit of work has to end all the same.
    """
    wanted = Claim(holder, tuple(wants))
    missing = _insert(session, [(*pair, holder) for pair in wanted.cells()])
    if missing:
        release(session, holder)
        raise TakenError(Resource.of(key) for key, _, _ in missing)


def move(session: Session, holder: str, wants: Sequence[Want]) -> None:
    """Let a holder own exactly this from now on, whatever it owned before.

    Raises:
        TakenError: some of it is somebody else's; the unit of work has to be rolled back.
    """
    settle(session, [Claim(holder, tuple(wants))])


def release(session: Session, *holders: str) -> None:
    """Free everything that these holders own; owning nothing is no error."""
    if holders:
        session.connection().execute(delete(Reservation).where(col(Reservation.holder).in_(holders)))


def keep_only(session: Session, holder: str, resource: Resource) -> None:
    """Free everything that a holder owns but this one resource."""
    statement = delete(Reservation).where(col(Reservation.holder) == holder, col(Reservation.resource) != resource.key)
    session.connection().execute(statement)


def settle(
    session: Session, must: Sequence[Claim], may: Sequence[Claim] = (), free: Sequence[str] = ()
) -> frozenset[str]:
    """Several changes at once: holders that `must` own exactly this, that `may` get it, and that go `free`.

    A holder in `may` owns nothing before; it gets all of its claim or nothing, and an earlier one of the list comes
    before a later one that shares cells with it. Returns those of them that got it.

    Raises:
        TakenError: what a holder must have is somebody else's; the unit of work has to be rolled back.
    """
    owned = _owned(session, [claim.holder for claim in must])
    wanted = {(*pair, claim.holder) for claim in must for pair in claim.cells()}
    apart = _apart(may, {(resource, cell) for resource, cell, _ in wanted})
    missing = _insert(session, [*(wanted - owned), *(row for rows in apart.values() for row in rows)])
    if lost := missing & wanted:
        raise TakenError(Resource.of(key) for key, _, _ in lost)
    losers = {holder for _, _, holder in missing}
    release(session, *free, *sorted(losers))
    _delete(session, owned - wanted)
    return frozenset(apart.keys() - losers)


def _apart(claims: Sequence[Claim], seen: set[tuple[str, int]]) -> dict[str, list[Row]]:
    """The rows of those claims, by holder, that share no cell with `seen` nor with an earlier one of them."""
    found: dict[str, list[Row]] = {}
    for wanted in claims:
        pairs = wanted.cells()
        if seen.isdisjoint(pairs):
            seen |= pairs
            found[wanted.holder] = [(*pair, wanted.holder) for pair in pairs]
    return found


def shift_all(session: Session, delta: timedelta) -> None:
    """Move every reservation in time, by whole cells: for a fair whose days were moved."""
    # By way of the negative numbers: the key is checked row by row, and no row may meet the next one's cell.
    for cell in (-(col(Reservation.cell) + delta // CELL), -col(Reservation.cell)):
        session.connection().execute(update(Reservation).values(cell=cell))


def _owned(session: Session, holders: Sequence[str]) -> set[Row]:
    columns = select(Reservation.resource, Reservation.cell, Reservation.holder)
    found = session.exec(columns.where(col(Reservation.holder).in_(holders)))
    return {(resource, cell, holder) for resource, cell, holder in found}


def _insert(session: Session, rows: Iterable[Row]) -> set[Row]:
    """Insert the rows in the order of their cells and return those that were taken."""
    ordered = sorted(rows)
    if not ordered:
        return set()
    dialect = session.get_bind().dialect.name
    inserted = session.connection().execute(_INSERT[dialect], _values(dialect, ordered))
    return set(ordered) - {(resource, cell, holder) for resource, cell, holder in inserted}


def _values(dialect: str, rows: Sequence[Row]) -> dict[str, Any]:
    if dialect == "sqlite":
        return {"rows": json.dumps(rows)}
    resources, cells, holders = zip(*rows, strict=True)
    return {"resources": list(resources), "cells": list(cells), "holders": list(holders)}


def _delete(session: Session, rows: Iterable[Row]) -> None:
    by_resource: dict[tuple[str, str], list[int]] = {}
    for resource, cell, holder in rows:
        by_resource.setdefault((resource, holder), []).append(cell)
    for (resource, holder), cells in sorted(by_resource.items()):
        statement = delete(Reservation).where(
            col(Reservation.resource) == resource, col(Reservation.holder) == holder, col(Reservation.cell).in_(cells)
        )
        session.connection().execute(statement)
