"""The use cases of the reservations: claim, move and release; who comes second is refused by the table's own key.

Every change inserts first, all its cells in one sorted statement, and deletes afterwards. Whoever waits for somebody
else's cells therefore holds none that sort behind them, and two units of work never wait for each other. A unit of work
that makes two such changes loses this promise: `settle` takes them together.

A cell that is only lent (a hold, the buyer's time behind a request) is free for everybody once its time is over: who
finds it in the way takes it, in the same statement that looks at its end, so that one of any number gets it.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import TextClause, text
from sqlmodel import Session, col, delete, select, update

from server.features.reservations.models import Reservation
from server.features.reservations.queries import Holding, busy, holdings
from server.features.reservations.rules import Claim, Resource, Want
from server.infra.db import clock_of
from server.kernel.errors import ConflictError
from server.kernel.spans import CELL

__all__ = ["Holding", "TakenError", "busy", "claim", "holdings", "move", "release", "settle", "shift_all"]

Row = tuple[str, int, str]
"""Resource key, cell, holder."""

# One text for any number of cells, so that neither SQLAlchemy nor the database has to read a new statement every time.
_INSERT: dict[str, TextClause] = {
    "sqlite": text(
        "INSERT INTO reservation (resource, cell, holder, expires_at)"
        " SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]'),"
        " json_extract(value, '$[3]')"
        " FROM json_each(:rows) WHERE true ON CONFLICT DO NOTHING RETURNING resource, cell, holder"
    ),
    "postgresql": text(
        "INSERT INTO reservation (resource, cell, holder, expires_at)"
        " SELECT * FROM unnest(CAST(:resources AS varchar[]), CAST(:cells AS bigint[]), CAST(:holders AS varchar[]),"
        " CAST(:ends AS timestamptz[]))"
        " ON CONFLICT DO NOTHING RETURNING resource, cell, holder"
    ),
}


class TakenError(ConflictError):
    """Somebody else has some of what was wanted; `taken` are those resources, sorted."""

    code = "taken"

    def __init__(self, taken: Iterable[Resource]) -> None:
        self.taken = tuple(sorted(set(taken)))
        super().__init__(number=len(self.taken))


def claim(
    session: Session,
    holder: str,
    wants: Sequence[Want],
    *,
    until: datetime | None = None,
    now: datetime | None = None,
) -> None:
    """Give a holder that owns nothing yet all that it wants, or nothing; `until` it ends, if it is only lent.

    `now`, here and below, is when that happens: by the clock of the database unless it is said.

    Raises:
        TakenError: some of it is somebody else's. Nothing was claimed, but the unit of work has to end all the same.
    """
    rows = {(*pair, holder) for pair in Claim(holder, tuple(wants)).cells()}
    missing = _take(session, rows, {holder: until}, now)
    if missing:
        release(session, holder)
        raise TakenError(Resource.of(key) for key, _, _ in missing)


def move(session: Session, holder: str, wants: Sequence[Want], now: datetime | None = None) -> None:
    """Let a holder own exactly this from now on, whatever it owned before.

    Raises:
        TakenError: some of it is somebody else's; the unit of work has to be rolled back.
    """
    settle(session, [Claim(holder, tuple(wants))], now=now)


def release(session: Session, *holders: str) -> None:
    """Free everything that these holders own; owning nothing is no error."""
    if holders:
        session.connection().execute(delete(Reservation).where(col(Reservation.holder).in_(holders)))


def settle(
    session: Session,
    must: Sequence[Claim],
    may: Sequence[Claim] = (),
    free: Sequence[str] = (),
    *,
    now: datetime | None = None,
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
    ends = {claim.holder: claim.expires_at for claim in (*must, *may)}
    missing = _take(session, [*(wanted - owned), *(row for rows in apart.values() for row in rows)], ends, now)
    if lost := missing & wanted:
        raise TakenError(Resource.of(key) for key, _, _ in lost)
    losers = {holder for _, _, holder in missing}
    release(session, *free, *sorted(losers))
    _delete(session, owned - wanted)
    for claim in must:
        _prolong(session, claim, owned & wanted)
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
    lent = select(Reservation.holder, Reservation.expires_at).where(col(Reservation.expires_at).is_not(None)).distinct()
    for holder, ends in session.exec(lent).all():
        _write_end(session, holder, ends and ends + delta)


def _owned(session: Session, holders: Sequence[str]) -> set[Row]:
    columns = select(Reservation.resource, Reservation.cell, Reservation.holder)
    found = session.exec(columns.where(col(Reservation.holder).in_(holders)))
    return {(resource, cell, holder) for resource, cell, holder in found}


def _take(session: Session, rows: Iterable[Row], ends: Mapping[str, datetime | None], now: datetime | None) -> set[Row]:
    """Insert the rows in the order of their cells, or take them from whose time is over; return what was not had."""
    ordered = sorted(rows)
    if not ordered:
        return set()
    dialect = session.get_bind().dialect.name
    inserted = session.connection().execute(_INSERT[dialect], _values(dialect, ordered, ends))
    missing = set(ordered) - {(resource, cell, holder) for resource, cell, holder in inserted}
    return missing - _taken_over(session, missing, ends, now or clock_of(session).now())


def _taken_over(session: Session, rows: Iterable[Row], ends: Mapping[str, datetime | None], now: datetime) -> set[Row]:
    """Those of the rows that belonged to somebody whose time is over, and have a new holder now."""
    found: set[Row] = set()
    for (resource, holder), cells in _grouped(rows):
        statement = (
            update(Reservation)
            .where(
                col(Reservation.resource) == resource,
                col(Reservation.cell).in_(cells),
                col(Reservation.expires_at) <= now,
            )
            .values(holder=holder, expires_at=ends[holder])
            .returning(col(Reservation.cell))
        )
        found |= {(resource, cell, holder) for cell in session.connection().execute(statement).scalars()}
    return found


def _prolong(session: Session, claim: Claim, kept: Iterable[Row]) -> None:
    """Let what a holder had before and keeps end when its claim does.

    Raises:
        TakenError: some of it has run out, and somebody else has just taken it.
    """
    if not any(holder == claim.holder for _, _, holder in kept):
        return
    if _write_end(session, claim.holder, claim.expires_at) < len(claim.cells()):
        raise TakenError(want.resource for want in claim.wants)


def _write_end(session: Session, holder: str, ends: datetime | None) -> int:
    """Let all of a holder's cells end then; return how many they are."""
    changed = update(Reservation).where(col(Reservation.holder) == holder).values(expires_at=ends)
    return int(session.connection().execute(changed).rowcount)


def _values(dialect: str, rows: Sequence[Row], ends: Mapping[str, datetime | None]) -> dict[str, Any]:
    if dialect == "sqlite":
        return {"rows": json.dumps([(*row, _in_sqlite(ends[row[2]])) for row in rows])}
    resources, cells, holders = zip(*rows, strict=True)
    untils = [ends[holder] for holder in holders]
    return {"resources": list(resources), "cells": list(cells), "holders": list(holders), "ends": untils}


def _in_sqlite(moment: datetime | None) -> str | None:
    """A moment as the column type keeps it there."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}" if moment else None


def _grouped(rows: Iterable[Row]) -> list[tuple[tuple[str, str], list[int]]]:
    """The cells by resource and holder, in order."""
    by_resource: dict[tuple[str, str], list[int]] = {}
    for resource, cell, holder in sorted(rows):
        by_resource.setdefault((resource, holder), []).append(cell)
    return sorted(by_resource.items())


def _delete(session: Session, rows: Iterable[Row]) -> None:
    for (resource, holder), cells in _grouped(rows):
        statement = delete(Reservation).where(
            col(Reservation.resource) == resource, col(Reservation.holder) == holder, col(Reservation.cell).in_(cells)
        )
        session.connection().execute(statement)
