"""Reads of accounts. Exhibitors and buyers come later in the feature order: only keys and codes are known here."""

from functools import cache
from typing import Any

from sqlalchemy import bindparam, column, table
from sqlmodel import Session, col, select

from server.features.accounts.models import Account
from server.features.accounts.schemas import AccountOut, SelfOut
from server.infra.identity import Identity

_EXHIBITOR = table("exhibitor", column("id"), column("code"))
_BUYER = table("buyer", column("id"), column("code"), column("email"))


def find_account(session: Session, username: str) -> Account | None:
    """The account of that name (in lower case), if there is one."""
    return session.exec(select(Account).where(Account.username == username)).first()


def identity_of(session: Session, account_id: int) -> Identity | None:
    """Who an active account is."""
    return _identified(session, "id", id=account_id)


def identity_in_session(session: Session, account_id: int, epoch: int) -> Identity | None:
    """Who an active account is, in a session that was opened in this epoch."""
    return _identified(session, "id", "session_epoch", id=account_id, session_epoch=epoch)


def identity_by_token(session: Session, digest: str) -> Identity | None:
    """Who the active account is whose token has this digest."""
    return _identified(session, "token_hash", token_hash=digest)


def _identified(session: Session, *names: str, **values: Any) -> Identity | None:
    found = session.connection().execute(_identities(*names), values).mappings().first()
    return Identity(**found) if found else None


@cache
def _identities(*names: str) -> Any:
    """The query of an active account by these columns. Asked with every request, so it is put together once."""
    shown = (
        *(
            getattr(Account, name)
            for name in ("role", "username", "display_name", "exhibitor_id", "buyer_id", "locale")
        ),
        col(Account.id).label("account_id"),
        col(Account.session_epoch).label("epoch"),
        _EXHIBITOR.c.code.label("exhibitor"),
        _BUYER.c.code.label("buyer"),
    )
    given = (getattr(Account, name) == bindparam(name) for name in names)
    return _with_codes(*shown).where(col(Account.active).is_(True), *given)


def find_self(session: Session, account_id: int) -> SelfOut | None:
    """What a person sees of their own account."""
    query = _with_codes(Account, *_CODES).where(Account.id == account_id)
    found = session.exec(query).first()
    return SelfOut.model_validate(_out(*found)) if found else None


def list_accounts(session: Session, offset: int, limit: int) -> list[AccountOut]:
    """Accounts by name."""
    query = _with_codes(Account, *_CODES).order_by(col(Account.username))
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


_CODES = (_EXHIBITOR.c.code, _BUYER.c.code, _BUYER.c.email)


def _with_codes(*columns: Any) -> Any:
    query = select(*columns).outerjoin(_EXHIBITOR, _EXHIBITOR.c.id == Account.exhibitor_id)
    return query.outerjoin(_BUYER, _BUYER.c.id == Account.buyer_id)


def _out(account: Account, exhibitor: str | None, buyer: str | None, profile_email: str | None) -> AccountOut:
    email = account.email if buyer is None else profile_email
    return AccountOut.model_validate({**account.model_dump(), "exhibitor": exhibitor, "buyer": buyer, "email": email})
