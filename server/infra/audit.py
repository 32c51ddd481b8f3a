"""The audit log: who changed what from what to what, written in the same unit of work as the change.

It is also the memory of versions: whoever edits an old one is told what has changed since.
"""

import json
import re
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

from sqlalchemy import Column, Index, Text, and_, func, or_, update
from sqlmodel import Field, Session, SQLModel, col, select

from server.infra.columns import BigId, UTCDateTime, holds
from server.infra.db import clock_of
from server.infra.identity import Identity
from server.infra.news import ORGANISER, announce_news
from server.kernel.errors import FairZoneError

ACTION = re.compile(r"[a-z]+(?:\.[a-z]+)*\.[a-z]+(?:-[a-z]+)*")
Changes = Mapping[str, tuple[Any, Any]]
"""What changed: by field, the old and the new value."""


class AuditEntry(SQLModel, table=True):
    """One change. `version` is the one that the thing has since; `changes` is JSON, `{field: [old, new]}`."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index(None, "thing", "key", "version"), Index(None, "at"), {"sqlite_autoincrement": True})

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True, autoincrement=True))
    at: datetime = Field(sa_type=UTCDateTime)
    account_id: int | None = Field(default=None, index=True)
    """Not a foreign key: the log outlives the account."""
    who: str = Field(max_length=120)
    role: str = Field(max_length=32)
    action: str = Field(max_length=60)
    thing: str = Field(max_length=40)
    key: str = Field(max_length=120)
    version: int | None = None
    changes: str = Field(sa_type=Text)

    @property
    def differences(self) -> list["Difference"]:
        """What changed, a line each."""
        return [Difference(field, old, new) for field, (old, new) in json.loads(self.changes).items()]


@dataclass(frozen=True)
class Difference:
    """One field's old and new value, as JSON has them."""

    field: str
    old: Any
    new: Any


@dataclass(frozen=True, kw_only=True)
class AuditFilter:
    """Which entries: empty means all. `text` is looked for in name, key and changes; `since`, `until` are moments."""

    thing: str = ""
    key: str = ""
    who: str = ""
    text: str = ""
    since: datetime | None = None
    until: datetime | None = None


class StaleError(FairZoneError):
    """Somebody else changed the thing after the reader saw it; `version` is the present one."""

    code = "stale"
    status = 412

    def __init__(self, version: int, differences: Iterable[Difference]) -> None:
        self.version = version
        self.differences = list(differences)
        super().__init__(version=version)

    def members(self) -> dict[str, Any]:
        """What has changed since the version that the reader saw."""
        changed = [{"field": one.field, "old": one.old, "new": one.new} for one in self.differences]
        return {"version": self.version, "changes": changed}


def record(
    session: Session, by: Identity, action: str, key: str, changes: Changes, *, version: int | None = None
) -> None:
    """Write down that `by` did `action` to the thing with this `key`; values may be anything that has a text.

    An action says which thing and what was done to it, from the large to the small, the verb last: `booth.assign`,
    `buyer.need.add`. Raises `ValueError` for one that does not.
    """
    if not ACTION.fullmatch(action):
        raise ValueError(f"An audit action is thing.verb, not {action}")
    session.add(
        AuditEntry(
            at=clock_of(session).now(),
            account_id=by.account_id,
            who=(by.display_name or by.username)[:120],
            role=by.role.value,
            action=action,
            thing=action.partition(".")[0],
            key=key,
            version=version,
            changes=json.dumps(
                {name: [_plain(old), _plain(new)] for name, (old, new) in changes.items()}, ensure_ascii=False
            ),
        )
    )
    announce_news(session, "changes", ORGANISER)


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """What `new` has otherwise than `old`, for `record`; fields that `new` does not name stay as they are."""
    return {name: (old.get(name), value) for name, value in new.items() if old.get(name) != value}


def require_version(session: Session, thing: str, key: str, current: int, expected: int) -> None:
    """Refuse an edit of an old version. Raises `StaleError`, which says what has changed since."""
    if current == expected:
        return
    entries = session.exec(
        select(AuditEntry)
        .where(AuditEntry.thing == thing, AuditEntry.key == key, col(AuditEntry.version) > expected)
        .order_by(col(AuditEntry.id))
    )
    latest: dict[str, Difference] = {}
    for difference in (one for entry in entries for one in entry.differences):
        before = latest.get(difference.field, difference)
        latest[difference.field] = Difference(difference.field, before.old, difference.new)
    raise StaleError(current, latest.values())


def fingerprint(values: Mapping[str, Any]) -> int:
    """A version of what counts none: another number for other values."""
    said = {name: _plain(value) for name, value in values.items()}
    return zlib.crc32(json.dumps(said, sort_keys=True).encode()) % 999_999_999 + 1


def require_seen(values: Mapping[str, Any], seen: int | None) -> None:
    """Refuse an edit of values that are others than those `seen`, by their fingerprint; nothing said is any.

    Raises `StaleError`.
    """
    present = fingerprint(values)
    if seen not in {None, present}:
        raise StaleError(present, ())


def list_entries(session: Session, wanted: AuditFilter, offset: int = 0, limit: int = 50) -> list[AuditEntry]:
    """The entries, newest first."""
    query = _chosen(select(AuditEntry), wanted).order_by(col(AuditEntry.id).desc()).offset(offset).limit(limit)
    return list(session.scalars(query))


def count_entries(session: Session, wanted: AuditFilter) -> int:
    """How many entries `list_entries` would find without a limit."""
    return session.exec(select(func.count()).select_from(_chosen(select(AuditEntry.id), wanted).subquery())).one()


def forget_person(session: Session, account_id: int, name: str, *, words: bool) -> None:
    """Call whoever acted with this account `name` from now on; with `words`, what they changed is emptied, too."""
    values = {"who": name, **({"changes": "{}"} if words else {})}
    acted = update(AuditEntry).where(col(AuditEntry.account_id) == account_id)
    session.flush()
    session.connection().execute(acted.values(**values))


def forget_thing(session: Session, thing: str, key: str, renamed: str) -> None:
    """Keep that a thing was changed, and no longer from what to what, under another key."""
    about = update(AuditEntry).where(col(AuditEntry.thing) == thing, col(AuditEntry.key) == key)
    session.flush()
    session.connection().execute(about.values(key=renamed, changes="{}"))


def forget_words(session: Session, thing: str, keys: Iterable[str]) -> None:
    """Empty those changes of these things that hold what somebody wrote in their own words."""
    about = update(AuditEntry).where(col(AuditEntry.thing) == thing, col(AuditEntry.key).in_(list(keys)))
    written = or_(*(col(AuditEntry.changes).contains(f'"{word}"') for word in ("topic", "reason_text")))
    session.flush()
    session.connection().execute(about.where(written).values(changes="{}"))


def entries_about(session: Session, account_id: int, things: Iterable[tuple[str, str]]) -> list[AuditEntry]:
    """What somebody did with this account, and what was done to these things, the oldest first."""
    about = (and_(col(AuditEntry.thing) == thing, col(AuditEntry.key) == key) for thing, key in things)
    query = select(AuditEntry).where(or_(col(AuditEntry.account_id) == account_id, *about))
    return list(session.exec(query.order_by(col(AuditEntry.id))))


def _chosen(query: Any, wanted: AuditFilter) -> Any:
    for column, value in ((AuditEntry.thing, wanted.thing), (AuditEntry.key, wanted.key), (AuditEntry.who, wanted.who)):
        if value:
            query = query.where(col(column) == value)
    if wanted.text:
        fields = (AuditEntry.who, AuditEntry.key, AuditEntry.action, AuditEntry.changes)
        query = query.where(or_(*(holds(field, wanted.text) for field in fields)))
    if wanted.since:
        query = query.where(col(AuditEntry.at) >= wanted.since)
    return query.where(col(AuditEntry.at) < wanted.until) if wanted.until else query


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    return value if value is None or isinstance(value, bool | int | float | dict) else str(value)
