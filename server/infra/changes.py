"""The change feed: what happened, in commit order, for the live screens. A feature announces; `infra.live` reads.

On PostgreSQL ids are drawn before commit, so that a reader would skip a row that commits late. Therefore changes are
written last in their transaction, under a lock that is held until the commit.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index, Text, delete, func, text
from sqlmodel import Field, Session, SQLModel, select

from server.infra.columns import BigId, UTCDateTime
from server.infra.db import clock_of, last_in_transaction

_ORDER_LOCK = 0x_FA17_C0DE
"""The advisory lock of PostgreSQL under which changes get their ids."""
_ANNOUNCED = "fairzone.announced"


class Change(SQLModel, table=True):
    """One announced change. `id` is the cursor of the feed: it rises in commit order and is never used again."""

    __tablename__ = "change"
    __table_args__ = (Index(None, "at"), {"sqlite_autoincrement": True})

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True, autoincrement=True))
    topic: str = Field(max_length=40)
    key: str = Field(max_length=120)
    payload: str = Field(sa_type=Text)
    at: datetime = Field(sa_type=UTCDateTime)


def announce(session: Session, topic: str, key: str, payload: Mapping[str, Any] | str) -> None:
    """Tell everybody who listens to `topic` that `key` has changed, if and when this unit of work commits.

    `payload` is the full, unredacted state as a mapping or as ready-made JSON; the topic redacts it per audience.

    Raises:
        ValueError: a figure is infinite or not a number, which JSON has no word for and no browser reads.
    """
    body = payload if isinstance(payload, str) else _json(payload)
    waiting: list[dict[str, Any]] = session.info.setdefault(_ANNOUNCED, [])
    waiting.append({"topic": topic, "key": key, "payload": body})
    last_in_transaction(session, "changes", _write)


def _json(payload: Mapping[str, Any]) -> str:
    return json.dumps(payload, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _write(session: Session) -> None:
    rows = session.info.pop(_ANNOUNCED)
    now = clock_of(session).now()
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _ORDER_LOCK})
    session.connection().execute(Change.__table__.insert(), [{**row, "at": now} for row in rows])  # type: ignore[attr-defined]  # SQLModel hides __table__


def last_change(session: Session) -> int:
    """The id of the newest change, 0 when there is none."""
    return session.exec(select(func.max(Change.id))).one() or 0


def oldest_change(session: Session) -> int:
    """The id of the oldest change that is still kept, 0 when there is none."""
    return session.exec(select(func.min(Change.id))).one() or 0


def prune_changes(session: Session, before: datetime) -> int:
    """Forget the changes from before `before`, except the newest one of all, and return how many went.

    The newest stays so that the cursor of a screen which saw everything is never taken for one that is too old.
    """
    newest = last_change(session)
    statement = delete(Change).where(Change.at < before, Change.id != newest)  # type: ignore[arg-type]  # columns, to SQLModel's types values
    return int(session.connection().execute(statement).rowcount)
