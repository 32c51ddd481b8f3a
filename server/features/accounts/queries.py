"""Reads of accounts. Exhibitors and buyers come later in the feature order: only keys and codes are known here."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import bindparam, column, func, or_, table
from sqlmodel import Session, col, select

from server.features.accounts.models import Account, AccountSession
from server.features.accounts.schemas import AccountOut, MailRecipient, SelfOut
from server.infra.columns import UTCDateTime
from server.infra.identity import Identity
from server.kernel.permissions import MACHINES

_EXHIBITOR = table("exhibitor", column("id"), column("code"))
_BUYER = table("buyer", column("id"), column("code"), column("email"))


def find_account(session: Session, username: str) -> Account | None:
    """The account of that name (in lower case), if there is one."""
    return session.exec(select(Account).where(Account.username == username)).first()


def identity_of(session: Session, account_id: int) -> Identity | None:
    """Who an active account is."""
    found = session.connection().execute(_identities(), {"id": account_id}).mappings().first()
    return Identity(**found) if found else None


def identity_in_session(session: Session, digest: str, now: datetime, idle: timedelta) -> Identity | None:
    """Who the active account is whose open session has this digest, and until when it stays open by itself."""
    given = {"digest": digest, "now": now, "quiet_since": now - idle}
    found = session.connection().execute(_identities("session"), given).mappings().first()
    if found is None:
        return None
    plain = dict(found)
    return Identity(**plain | {"until": min(plain["until"], plain.pop("seen_at") + idle)})


def identity_by_token(session: Session, digest: str, now: datetime) -> Identity | None:
    """Who the active account is whose token has this digest and has not ended."""
    found = session.connection().execute(_identities("token"), {"digest": digest, "now": now}).mappings().first()
    return Identity(**found) if found else None


@cache
def _identities(by: str = "") -> Any:
    """The query of an active account by its key, its session or its token. Made once."""
    shown = (
        *(
            getattr(Account, name)
            for name in ("role", "username", "display_name", "exhibitor_id", "buyer_id", "locale")
        ),
        col(Account.id).label("account_id"),
        _EXHIBITOR.c.code.label("exhibitor"),
        _BUYER.c.code.label("buyer"),
    )
    if by == "session":
        opened: tuple[Any, ...] = (col(AccountSession.id).label("session_id"), AccountSession.seen_at)
        query = _with_codes(*shown, *opened, col(AccountSession.ends_at).label("until")).join(
            AccountSession, col(AccountSession.account_id) == Account.id
        )
        query = query.where(
            AccountSession.secret_hash == bindparam("digest"),
            col(AccountSession.ends_at) > bindparam("now", type_=UTCDateTime),
            col(AccountSession.seen_at) > bindparam("quiet_since", type_=UTCDateTime),
        )
    elif by == "token":
        ends = col(Account.token_ends_at)
        query = _with_codes(*shown, ends.label("until")).where(Account.token_hash == bindparam("digest"))
        query = query.where(or_(ends.is_(None), ends > bindparam("now", type_=UTCDateTime)))
    else:
        query = _with_codes(*shown).where(Account.id == bindparam("id"))
    return query.where(col(Account.active).is_(True))


def open_sessions(session: Session, account_id: int, now: datetime, idle: timedelta) -> list[AccountSession]:
    """The sessions of an account that are open, the one that was used last first."""
    query = select(AccountSession).where(
        AccountSession.account_id == account_id,
        col(AccountSession.ends_at) > now,
        col(AccountSession.seen_at) > now - idle,
    )
    return list(session.exec(query.order_by(col(AccountSession.seen_at).desc(), col(AccountSession.id).desc())))


def find_self(session: Session, account_id: int) -> SelfOut | None:
    """What a person sees of their own account."""
    query = _with_codes(Account, *_CODES).where(Account.id == account_id)
    found = session.exec(query).first()
    return SelfOut.model_validate(_out(*found)) if found else None


def accounts_of_address(session: Session, name: str, limit: int) -> list[MailRecipient]:
    """The people of that user name or address who can be written to; a buyer's address is the profile's."""
    address = func.coalesce(_BUYER.c.email, Account.email)
    shown: tuple[Any, ...] = (Account.username, Account.display_name, Account.locale)
    query = _with_codes(*shown, col(Account.id).label("account_id"), address.label("email")).where(
        or_(col(Account.username) == name, address == name),
        address.is_not(None),
        col(Account.active).is_(True),
        col(Account.role).not_in(MACHINES),
    )
    rows = session.connection().execute(query.order_by(col(Account.id)).limit(limit)).mappings()
    return [MailRecipient(**row) for row in rows]


def list_accounts(session: Session, offset: int, limit: int) -> list[AccountOut]:
    """Accounts by name."""
    return account_rows(session, (), offset, limit)


def account_rows(session: Session, conditions: Iterable[Any], offset: int, limit: int) -> list[AccountOut]:
    """The accounts for which these conditions hold, by name."""
    query = _with_codes(Account, *_CODES).where(*conditions).order_by(col(Account.username))
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
