"""The organiser's use cases of accounts: find them, switch them off and on, change roles, take back what was given."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists
from sqlmodel import Session, col, func, or_, select

from server.features.accounts.models import Account, AccountErasure
from server.features.accounts.queries import account_rows
from server.features.accounts.rules import CHANGES_OF_ROLE
from server.features.accounts.schemas import AccountOut
from server.features.accounts.service.resets import end_reset
from server.features.accounts.service.sessions import end_sessions, take_token
from server.infra import audit
from server.infra.identity import Identity
from server.kernel.errors import ConflictError, NotFoundError
from server.kernel.permissions import Role

THING = "account"


@dataclass(frozen=True)
class AccountFilter:
    """Which accounts: by words in name or address, by role, and `on` or `off`; empty means all."""

    text: str = ""
    role: Role | None = None
    state: str = ""


class LastOrganiserError(ConflictError):
    """Nobody would be left who may do this again."""

    code = "last-organiser"


class RoleNotPossibleError(ConflictError):
    """An account of this kind cannot become one of that kind."""

    code = "role-not-possible"


def find_accounts(session: Session, wanted: AccountFilter, offset: int, limit: int) -> tuple[list[AccountOut], int]:
    """The accounts that are wanted, by name, and how many there are in all."""
    conditions = _conditions(wanted)
    total = session.exec(select(func.count()).select_from(Account).where(*conditions)).one()
    return account_rows(session, conditions, offset, limit), total


def switch_off(session: Session, by: Identity, username: str) -> None:
    """Switch an account off, with its sessions, token and link; a buyer's meetings are ended by the meetings' work.

    Raises:
        NotFoundError: there is no such account.
        LastOrganiserError: it is the last organiser's.
    """
    account = _named(session, username)
    if not account.active:
        return
    keep_an_organiser(session, account)
    account.active = False
    end_reset(session, account.id or 0)
    end_sessions(session, account.id or 0)
    audit.record(session, by, "account.disable", username, {"active": (True, False)})


def switch_on(session: Session, by: Identity, username: str) -> None:
    """Switch an account on again. Raises `NotFoundError`."""
    account = _named(session, username)
    if not account.active:
        account.active = True
        audit.record(session, by, "account.enable", username, {"active": (False, True)})


def change_role(session: Session, by: Identity, username: str, role: Role | None, seen: int | None = None) -> None:
    """Give an account another role of its kind; its sessions end, so that it holds everywhere at once.

    Raises:
        StaleError: it has another role than was `seen` (the fingerprint of it).
        NotFoundError: there is no such account.
        RoleNotPossibleError: no account of this kind has that role.
        LastOrganiserError: it is the last organiser's.
    """
    account = _named(session, username)
    if role is account.role:
        return
    if role is None or role not in CHANGES_OF_ROLE.get(account.role, ()):
        raise RoleNotPossibleError
    keep_an_organiser(session, account)
    audit.require_seen({"role": account.role}, seen)
    audit.record(session, by, "account.role.change", username, {"role": (account.role, role)})
    account.role = role
    end_sessions(session, account.id or 0)


def take_back_token(session: Session, by: Identity, username: str) -> None:
    """Take the token of an account back. Raises `NotFoundError` where there is neither."""
    if not take_token(session, _named(session, username)):
        raise NotFoundError(what="token")
    audit.record(session, by, "account.token.revoke", username, {})


def log_out(session: Session, by: Identity, username: str) -> None:
    """End all sessions of an account. Raises `NotFoundError`."""
    end_sessions(session, _named(session, username).id or 0)
    audit.record(session, by, "account.session.end-all", username, {})


def keep_an_organiser(session: Session, account: Account, *, lock: bool = True) -> None:
    """Raise `LastOrganiserError` where this account is the last one that may do the organiser's work."""
    if account.role is Role.ORGANISER and not others_of_role(session, account, lock=lock):
        raise LastOrganiserError


def others_of_role(session: Session, account: Account, *, lock: bool) -> int:
    """How many more there are who do the same work for the same exhibitor; with `lock`, two do not leave at once."""
    query = select(Account.id).where(Account.role == account.role, col(Account.active))
    if account.exhibitor_id is not None:
        query = query.where(Account.exhibitor_id == account.exhibitor_id)
    query = query.order_by(col(Account.id))
    rows = session.exec(query.with_for_update() if lock else query).all()
    return len([number for number in rows if number != account.id])


def _conditions(wanted: AccountFilter) -> list[Any]:
    found: list[Any] = [~_erased()]
    if wanted.text:
        columns: tuple[Any, ...] = (Account.username, Account.display_name, Account.email)
        found.append(or_(*(column.icontains(wanted.text, autoescape=True) for column in columns)))
    if wanted.role:
        found.append(Account.role == wanted.role)
    if wanted.state in {"on", "off"}:
        found.append(col(Account.active).is_(wanted.state == "on"))
    return found


def _erased() -> Any:
    return exists().where(col(AccountErasure.account_id) == col(Account.id))


def _named(session: Session, username: str) -> Account:
    account = session.exec(select(Account).where(Account.username == username, ~_erased())).first()
    if account is None:
        raise NotFoundError(what=username)
    return account
