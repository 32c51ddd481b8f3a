"""Reads of accounts. Exhibitors and buyers come later in the feature order: only keys and codes are known here."""

from typing import Any

from sqlalchemy import ColumnElement, column, table
from sqlmodel import Session, col, select

from server.features.accounts.models import Account
from server.features.accounts.schemas import AccountOut
from server.infra.identity import Identity

_EXHIBITOR = table("exhibitor", column("id"), column("code"))
_BUYER = table("buyer", column("id"), column("code"))


def find_account(session: Session, username: str) -> Account | None:
    """The account of that name (in lower case), if there is one."""
    return session.exec(select(Account).where(Account.username == username)).first()


def find_identity(session: Session, *conditions: ColumnElement[bool]) -> Identity | None:
    """Who the one active account is that meets `conditions`."""
    query = _with_codes(Account, _EXHIBITOR.c.code, _BUYER.c.code).where(col(Account.active).is_(True), *conditions)
    found = session.exec(query).first()
    return _identity(*found) if found else None


def list_accounts(session: Session, offset: int, limit: int) -> list[AccountOut]:
    """Accounts by name."""
    query = _with_codes(Account, _EXHIBITOR.c.code, _BUYER.c.code).order_by(col(Account.username))
    return [_out(*row) for row in session.exec(query.offset(offset).limit(limit))]


def find_exhibitor(session: Session, code: str) -> int | None:
    """The key of the exhibitor with that code."""
    query: Any = select(_EXHIBITOR.c.id).where(_EXHIBITOR.c.code == code)
    found: int | None = session.exec(query).first()
    return found


def find_buyer(session: Session, code: str) -> int | None:
    """The key of the buyer with that code."""
    query: Any = select(_BUYER.c.id).where(_BUYER.c.code == code)
    found: int | None = session.exec(query).first()
    return found


def _with_codes(*columns: Any) -> Any:
    query = select(*columns).outerjoin(_EXHIBITOR, _EXHIBITOR.c.id == Account.exhibitor_id)
    return query.outerjoin(_BUYER, _BUYER.c.id == Account.buyer_id)


def _identity(account: Account, exhibitor: str | None, buyer: str | None) -> Identity:
    return Identity(
        role=account.role,
        account_id=account.id,
        username=account.username,
        display_name=account.display_name,
        exhibitor_id=account.exhibitor_id,
        exhibitor=exhibitor,
        buyer_id=account.buyer_id,
        buyer=buyer,
        locale=account.locale,
        epoch=account.session_epoch,
    )


def _out(account: Account, exhibitor: str | None, buyer: str | None) -> AccountOut:
    return AccountOut.model_validate({**account.model_dump(), "exhibitor": exhibitor, "buyer": buyer})
