"""The one outbox: events written with the change that they report, and dispatched by the worker until each is done.

An event reaches every handler of its class at least once. What a handler does through its session happens exactly
once, since it commits together with the mark "done"; what it does elsewhere must be repeatable.

Events that share a subject reach a handler in the order in which they were committed, one only after the one before it
is done; an event that fails holds up those of its own subject and nobody else.
"""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel
from sqlalchemy import Column, Index, Text, and_, delete, exists, func, or_, text
from sqlalchemy.orm import aliased
from sqlmodel import Field, Session, SQLModel, col, select

from server.infra.columns import BigId, UTCDateTime
from server.infra.db import Database, clock_of
from server.infra.news import ORGANISER, announce_news
from server.infra.rows import insert_new, upsert

log = logging.getLogger(__name__)

FIRST_RETRY = timedelta(seconds=5)
LAST_RETRY = timedelta(hours=1)
BATCH = 200
ROUNDS = 20
"""So often one dispatch asks again what is due: an event of a subject is, once the one before it is done."""
PRUNED_AT_ONCE = 5000
_LOCK_SUBJECT = text("SELECT pg_advisory_xact_lock(hashtext(:kind), hashtext(:subject))")


class OutboxEvent(SQLModel, table=True):
    """Something that happened, past tense in `kind`, to whom or what (`subject`, where order matters), and its data."""

    __tablename__ = "outbox_event"
    __table_args__ = (
        Index(None, "kind", "subject", "id"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True, autoincrement=True))
    kind: str = Field(max_length=80, index=True)
    subject: str | None = Field(default=None, max_length=80)
    payload: str = Field(sa_type=Text)
    at: datetime = Field(sa_type=UTCDateTime, index=True)


class OutboxDone(SQLModel, table=True):
    """That a handler has dealt with an event."""

    __tablename__ = "outbox_done"

    event_id: int = Field(sa_type=BigId, foreign_key="outbox_event.id", primary_key=True)
    handler: str = Field(max_length=80, primary_key=True)
    at: datetime = Field(sa_type=UTCDateTime)


class OutboxFailure(SQLModel, table=True):
    """That a handler has failed, how often, why, and when it is tried again. It goes when the handler succeeds."""

    __tablename__ = "outbox_failure"

    event_id: int = Field(sa_type=BigId, foreign_key="outbox_event.id", primary_key=True)
    handler: str = Field(max_length=80, primary_key=True)
    attempts: int
    error: str = Field(sa_type=Text)
    failed_at: datetime = Field(sa_type=UTCDateTime)
    retry_at: datetime = Field(sa_type=UTCDateTime)


@dataclass(frozen=True)
class Handler:
    """What has to follow from an event: `handle(session, event)` in a unit of work of its own."""

    name: str
    event: type[BaseModel]
    handle: Callable[[Session, Any], None]


def emit(session: Session, event: BaseModel, subject: str | None = None) -> None:
    """Put `event` into the outbox, to be dispatched if and when this unit of work commits.

    With a `subject`, two units of work that emit the same kind for it do so one after the other: the numbers of such
    events are in the order of their commits.
    """
    kind = type(event).__name__
    if subject is not None and session.get_bind().dialect.name == "postgresql":
        session.connection().execute(_LOCK_SUBJECT, {"kind": kind, "subject": subject})
    session.add(OutboxEvent(kind=kind, subject=subject, payload=event.model_dump_json(), at=clock_of(session).now()))


def dispatch(database: Database, handlers: Sequence[Handler], now: datetime) -> int:
    """Hand what is due to its handlers and return how many (event, handler) pairs were done; failures are kept."""
    total = 0
    for handler in handlers:
        for _ in range(ROUNDS):
            before = total
            for event in _due(database, handler, now):
                total += _attempt(database, handler, event, now)
            if total == before:
                break
    return total


def _due(database: Database, handler: Handler, now: datetime) -> list[tuple[int, str]]:
    """The next events for this handler as (id, payload), oldest first; of a subject the first that is not done."""
    done = and_(col(OutboxDone.event_id) == OutboxEvent.id, col(OutboxDone.handler) == handler.name)
    failed = and_(col(OutboxFailure.event_id) == OutboxEvent.id, col(OutboxFailure.handler) == handler.name)
    query = (
        select(col(OutboxEvent.id), col(OutboxEvent.payload))
        .outerjoin(OutboxDone, done)
        .outerjoin(OutboxFailure, failed)
        .where(OutboxEvent.kind == handler.event.__name__, col(OutboxDone.event_id).is_(None))
        .where(or_(col(OutboxFailure.retry_at).is_(None), col(OutboxFailure.retry_at) <= now))
        .where(or_(col(OutboxEvent.subject).is_(None), ~_earlier_waits(handler)))
        .order_by(col(OutboxEvent.id))
        .limit(BATCH)
    )
    with database.read() as session:
        return [(int(event_id or 0), payload) for event_id, payload in session.exec(query)]


def _earlier_waits(handler: Handler) -> Any:
    """Whether an earlier event of the same kind and subject is not yet done by this handler."""
    earlier = aliased(OutboxEvent)
    dealt_with = exists().where(col(OutboxDone.event_id) == earlier.id, col(OutboxDone.handler) == handler.name)
    return exists().where(
        col(earlier.kind) == OutboxEvent.kind,
        col(earlier.subject) == OutboxEvent.subject,
        col(earlier.id) < col(OutboxEvent.id),
        ~dealt_with.correlate(earlier),
    )


def _attempt(database: Database, handler: Handler, event: tuple[int, str], now: datetime) -> int:
    """Let `handler` deal with one event; 1 when it did, 0 when another worker had or when it failed."""
    event_id, payload = event
    try:
        with database.write() as session:
            mark = {"event_id": event_id, "handler": handler.name, "at": now}
            if not insert_new(session, OutboxDone, [mark], ("event_id", "handler")):
                return 0
            handler.handle(session, handler.event.model_validate_json(payload))
            session.connection().execute(delete(OutboxFailure).where(*_pair(event_id, handler)))
    except Exception as error:
        # Whatever a handler raises is kept with its event, shown and retried; it must not stop the others.
        log.exception("handler %s failed on event %s", handler.name, event_id)
        _note_failure(database, handler, event_id, error, now)
        return 0
    return 1


def _note_failure(database: Database, handler: Handler, event_id: int, error: Exception, now: datetime) -> None:
    with database.write() as session:
        before = session.exec(select(OutboxFailure).where(*_pair(event_id, handler))).first()
        attempts = before.attempts + 1 if before else 1
        row = {
            "event_id": event_id,
            "handler": handler.name,
            "attempts": attempts,
            "error": f"{type(error).__name__}: {error}"[:2000],
            "failed_at": now,
            "retry_at": now + retry_delay(attempts),
        }
        upsert(session, OutboxFailure, [row], ("event_id", "handler"))
        announce_news(session, "failures", ORGANISER)


def retry_delay(attempts: int) -> timedelta:
    """How long to wait after so many failures: doubling from 5 seconds, an hour at the most."""
    doublings = min(attempts - 1, 20)
    return min(FIRST_RETRY * (1 << doublings), LAST_RETRY)


def _pair(event_id: int, handler: Handler) -> tuple[Any, Any]:
    return OutboxFailure.event_id == event_id, OutboxFailure.handler == handler.name


def failures(session: Session) -> list[OutboxFailure]:
    """What failed and has not succeeded since, oldest event first."""
    return list(session.exec(select(OutboxFailure).order_by(col(OutboxFailure.event_id))).all())


def prune_events(session: Session, before: datetime, handlers: Sequence[Handler]) -> int:
    """Forget events from before `before` that all their `handlers` have dealt with; return how many went.

    An event that failed, that waits for one of its handlers, or that no handler has ever taken stays.
    """
    failed = select(OutboxFailure.event_id)
    taken = select(OutboxDone.event_id)
    query = select(col(OutboxEvent.id)).where(OutboxEvent.at < before)
    query = query.where(col(OutboxEvent.id).not_in(failed), col(OutboxEvent.id).in_(taken))
    for handler in handlers:
        done = taken.where(OutboxDone.handler == handler.name)
        query = query.where(or_(col(OutboxEvent.kind) != handler.event.__name__, col(OutboxEvent.id).in_(done)))
    old = list(session.exec(query.order_by(col(OutboxEvent.id)).limit(PRUNED_AT_ONCE)))
    session.connection().execute(delete(OutboxDone).where(col(OutboxDone.event_id).in_(old)))
    return int(session.connection().execute(delete(OutboxEvent).where(col(OutboxEvent.id).in_(old))).rowcount)


def forget_payloads(session: Session, events: Iterable[BaseModel]) -> None:
    """Forget every event that says exactly this, whether it has been dealt with or not."""
    for event in events:
        same = (OutboxEvent.kind == type(event).__name__, OutboxEvent.payload == event.model_dump_json())
        _forget(session, list(session.exec(select(OutboxEvent.id).where(*same))))


def forget_subject(session: Session, subject: str, part: str, handlers: Mapping[str, int]) -> list[str]:
    """Forget what happened to `subject` and to the parts whose subject begins with `part`, as far as it is dealt with.

    `handlers` says how many handlers each kind of event has; the kinds of those that still wait are returned.
    """
    done = select(func.count()).where(col(OutboxDone.event_id) == OutboxEvent.id).scalar_subquery()
    mine = or_(col(OutboxEvent.subject) == subject, col(OutboxEvent.subject).startswith(part, autoescape=True))
    query = select(OutboxEvent.id, OutboxEvent.kind, done).where(mine, col(OutboxEvent.kind).in_(handlers))
    found = session.exec(query).all()
    _forget(session, [number for number, kind, count in found if count >= handlers[kind]])
    return [kind for _, kind, count in found if count < handlers[kind]]


def _forget(session: Session, numbers: Sequence[int | None]) -> None:
    for table in (OutboxDone, OutboxFailure):
        session.connection().execute(delete(table).where(col(table.event_id).in_(numbers)))
    session.connection().execute(delete(OutboxEvent).where(col(OutboxEvent.id).in_(numbers)))
