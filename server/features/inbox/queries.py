"""Reads of the inboxes: a person's notices, and how many of them are unread."""

from typing import Any

from sqlalchemy import Row, bindparam, func, select
from sqlmodel import Session, col

from server.features.accounts.models import Account
from server.features.inbox.models import Notice
from server.kernel.permissions import Role

MOST_COUNTED = 100
"""More unread notices than this are counted as so many."""


def unread_count(session: Session, account_id: int) -> int:
    """How many notices of an account are unread, `MOST_COUNTED` at the most: every page asks."""
    return int(session.connection().execute(_UNREAD, {"account": account_id}).scalar_one())


def list_notices(
    session: Session, account_id: int, *, unread: bool = False, offset: int = 0, limit: int = 50
) -> list[Notice]:
    """The notices of an account, the newest first; all, or the unread ones."""
    query: Any = _of(select(Notice), account_id, unread=unread).order_by(col(Notice.id).desc())
    return list(session.execute(query.offset(offset).limit(limit)).scalars())


def count_notices(session: Session, account_id: int, *, unread: bool = False) -> int:
    """How many notices `list_notices` would find without a limit."""
    query = _of(select(func.count()).select_from(Notice), account_id, unread=unread)
    return int(session.execute(query).scalar_one())


def is_active(session: Session, account_id: int) -> bool:
    """Whether there is such an account that may still log in."""
    query = select(col(Account.id)).where(col(Account.id) == account_id, col(Account.active).is_(True))
    return session.execute(query).scalar() is not None


def exhibitor_accounts(session: Session, exhibitor_id: int) -> list[Row[Any]]:
    """The log-ins of an exhibitor, its administrators first: id, name, role, address and chosen language."""
    query: Any = select(
        col(Account.id), col(Account.display_name), col(Account.role), col(Account.email), col(Account.locale)
    ).where(col(Account.exhibitor_id) == exhibitor_id, col(Account.active).is_(True))
    found = session.execute(query.order_by(col(Account.id))).all()
    return sorted(found, key=lambda row: row.role is not Role.EXHIBITOR_ADMIN)


def _of(query: Any, account_id: int, *, unread: bool) -> Any:
    query = query.where(col(Notice.account_id) == account_id)
    return query.where(col(Notice.read_at).is_(None)) if unread else query


# Made once: every page of whoever has logged in asks it.
_UNREAD: Any = select(func.count()).select_from(
    select(col(Notice.id))
    .where(col(Notice.account_id) == bindparam("account"), col(Notice.read_at).is_(None))
    .limit(MOST_COUNTED)
    .subquery()
)
