"""The use cases of the inbox: tell somebody something, keep it, mark it as read, forget it."""

import hashlib
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, update
from sqlmodel import Session, col

from server.features.inbox.events import NoticeGiven
from server.features.inbox.models import Notice
from server.features.inbox.queries import is_active
from server.infra.news import announce_news
from server.infra.outbox import emit
from server.infra.rows import insert_new
from server.kernel.errors import NotFoundError

KEPT = timedelta(days=90)
"""So long a notice is kept, read or not."""
MAX_ID = 2**63 - 1


def tell(session: Session, notice: NoticeGiven) -> None:
    """Tell somebody something if and when this unit of work commits; who has neither account nor address hears none.

    A notice of the same `name` is told once, however often it is given.
    """
    if notice.to.account_id is not None or (notice.to.address and notice.by_mail):
        emit(session, notice, subject=_thread(notice))


def keep(session: Session, notice: NoticeGiven) -> None:
    """Put a notice into the inbox of its account; a second time it changes nothing."""
    account_id = notice.to.account_id
    if account_id is None or not is_active(session, account_id):
        return
    row = {
        **notice.model_dump(include={"name", "kind", "about", "link", "at"}),
        "account_id": account_id,
        "body": notice.model_dump_json(),
        "read_at": None,
    }
    if insert_new(session, Notice, [row], ("name",)):
        announce_news(session, "inbox", f"account:{account_id}")


def mark_read(session: Session, account_id: int, number: int, now: datetime) -> str:
    """Note that a notice was read, and say where it leads; read again, it keeps its time.

    Raises:
        NotFoundError: this account has no such notice.
    """
    own: Any = (col(Notice.id) == number, col(Notice.account_id) == account_id)
    found = session.get(Notice, number) if 0 < number <= MAX_ID else None
    if found is None or found.account_id != account_id:
        raise NotFoundError(what=str(number))
    session.connection().execute(update(Notice).where(*own, col(Notice.read_at).is_(None)).values(read_at=now))
    return found.link


def mark_all_read(session: Session, account_id: int, until: int, now: datetime) -> int:
    """Note that all notices up to the number `until` were read, those that came since not; return how many."""
    unread = (col(Notice.account_id) == account_id, col(Notice.id) <= min(until, MAX_ID), col(Notice.read_at).is_(None))
    return int(session.connection().execute(update(Notice).where(*unread).values(read_at=now)).rowcount)


def forget_about(session: Session, things: Collection[str], before: datetime | None = None) -> int:
    """Take what was told about these things (`meeting:<uid>`) out of every inbox: for data that must be gone.

    With `before`, what happened since is kept.
    """
    gone = delete(Notice).where(col(Notice.about).in_(things))
    if before is not None:
        gone = gone.where(col(Notice.at) < before)
    return int(session.connection().execute(gone).rowcount)


def forget_inbox(session: Session, account_id: int) -> int:
    """Empty somebody's inbox: for whoever erases the account."""
    return int(session.connection().execute(delete(Notice).where(col(Notice.account_id) == account_id)).rowcount)


def prune_notices(session: Session, now: datetime) -> int:
    """Forget what is older than `KEPT`, and return how many notices went."""
    return int(session.connection().execute(delete(Notice).where(col(Notice.at) < now - KEPT)).rowcount)


def _thread(notice: NoticeGiven) -> str:
    """What one person is told about one thing: that stays in order, and holds up nobody else."""
    who = f"{notice.to.account_id} {(notice.to.address or '').strip().lower()}"
    return f"{notice.about}/{hashlib.sha256(who.encode()).hexdigest()[:12]}"
