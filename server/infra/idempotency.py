"""Requests that are sent twice: an `Idempotency-Key` makes the second one give the first one's answer.

The key is written in the unit of work that it guards, before anything else of it: of two that run at the same time the
second waits for the first, and then finds its answer. What was refused is not kept, so it may be tried again.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Text, delete, func, update
from sqlmodel import Field, Session, SQLModel, col, select

from server.infra.columns import UTCDateTime
from server.infra.db import clock_of, quotas_of
from server.infra.rows import insert_new
from server.kernel.errors import FairZoneError
from server.kernel.quotas import Quota, require_room

MAX_KEY_CHARS = 100
KEPT_KEYS = timedelta(days=1)
"""So long a repeated request is recognised by its key; one that is older is a new request, pruned or not."""


class IdempotencyKey(SQLModel, table=True):
    """The key of a request by an account, what was asked (its digest) and what was answered."""

    __tablename__ = "idempotency_key"

    account_id: int = Field(foreign_key="account.id", primary_key=True, ondelete="CASCADE")
    key: str = Field(primary_key=True, max_length=MAX_KEY_CHARS)
    digest: str = Field(max_length=64)
    answer: str = Field(default="", sa_type=Text)
    at: datetime = Field(sa_type=UTCDateTime, index=True)


class KeyReusedError(FairZoneError):
    """The same key came with another request before."""

    code = "key-reused"
    status = 422


def once(session: Session, account_id: int | None, key: str, digest: str, act: Callable[[], str]) -> tuple[str, bool]:
    """The answer of `act`, and whether it is one from before: for this account and key it runs once.

    Without either it runs each time.

    Raises:
        KeyReusedError: the key stands for a request with another digest.
        QuotaError: the account has sent as many as are kept.
    """
    if not key or account_id is None:
        return act(), False
    now = clock_of(session).now()
    row = {"account_id": account_id, "key": key, "digest": digest, "answer": "", "at": now}
    if not insert_new(session, IdempotencyKey, [row], ("account_id", "key")) and not _renewed(session, row):
        kept = session.exec(select(IdempotencyKey.digest, IdempotencyKey.answer).where(*_named(account_id, key))).one()
        if kept[0] != digest:
            raise KeyReusedError(key=key)
        return kept[1], True
    held = select(func.count()).where(col(IdempotencyKey.account_id) == account_id)
    require_room(quotas_of(session), Quota.REQUESTS, session.exec(held).one() - 1)
    answer = act()
    session.connection().execute(update(IdempotencyKey).where(*_named(account_id, key)).values(answer=answer))
    return answer, False


def answer_of(session: Session, key: str, account_id: int | None) -> str | None:
    """What this key was answered, for that account or, where nobody is logged in, for any; nothing for a new one."""
    found = select(IdempotencyKey.answer).where(IdempotencyKey.key == key)
    found = found.where(IdempotencyKey.account_id == account_id) if account_id is not None else found
    return session.exec(found.where(col(IdempotencyKey.at) > clock_of(session).now() - KEPT_KEYS)).first()


def _renewed(session: Session, row: dict[str, Any]) -> bool:
    """Whether the key that is there is too old to count, and stands for this request from now on."""
    named = _named(row["account_id"], row["key"])
    old = update(IdempotencyKey).where(*named, col(IdempotencyKey.at) <= row["at"] - KEPT_KEYS).values(**row)
    return bool(session.connection().execute(old).rowcount)


def prune_keys(session: Session, before: datetime) -> int:
    """Forget the keys from before `before` and return how many went."""
    return int(session.connection().execute(delete(IdempotencyKey).where(col(IdempotencyKey.at) < before)).rowcount)


def _named(account_id: int, key: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return col(IdempotencyKey.account_id) == account_id, col(IdempotencyKey.key) == key
