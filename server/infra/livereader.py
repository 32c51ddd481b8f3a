"""What the live feed asks of the database: plain functions that block, called from the feed's threads."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import col, select

from server.infra.changes import Change, last_change, oldest_change
from server.infra.db import Database, Session
from server.infra.livehub import ChangeRow
from server.infra.livetopic import LiveScope, LiveTopic, Payload

POLL_LIMIT = 2_000
"""So many changes are read at a time."""
RESUME_LIMIT = 200
"""Who missed more than this gets a snapshot, which is shorter and shared with everybody else who comes back."""


@dataclass(frozen=True)
class Missed:
    """What a returning listener has missed, and up to where that goes."""

    rows: list[ChangeRow]
    cursor: int


def newest(database: Database) -> int:
    """The cursor of the feed: the id of the newest change."""
    with database.read() as session:
        return last_change(session)


def rows_after(database: Database, cursor: int, limit: int = POLL_LIMIT) -> list[ChangeRow]:
    """The changes behind `cursor`, oldest first."""
    with database.read() as session:
        return _rows(session, cursor, limit)


def missed_since(database: Database, cursor: int) -> Missed | None:
    """What came after `cursor`; None when that cannot be told any more, so that only a snapshot helps."""
    with database.read() as session:
        last = last_change(session)
        if cursor > last or cursor < oldest_change(session) - 1:
            return None  # of another database, or pruned
        rows = _rows(session, cursor, RESUME_LIMIT)
    if len(rows) == RESUME_LIMIT:
        return None
    return Missed(rows, max(last, rows[-1].id) if rows else last)


def states(database: Database, topics: Iterable[LiveTopic], scope: LiveScope) -> tuple[int, dict[str, list[Payload]]]:
    """The cursor, and the present states of every topic in `scope`, which are at least as new as the cursor."""
    with database.read() as session:
        cursor = last_change(session)
        return cursor, {topic.name: topic.snapshot(session, scope) for topic in topics}


def _rows(session: Session, cursor: int, limit: int) -> list[ChangeRow]:
    query = (
        select(col(Change.id), col(Change.topic), col(Change.key), col(Change.payload))
        .where(col(Change.id) > cursor)
        .order_by(col(Change.id))
        .limit(limit)
    )
    return [ChangeRow(number or 0, topic, key, payload) for number, topic, key, payload in session.exec(query)]
