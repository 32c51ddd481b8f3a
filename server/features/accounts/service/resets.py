"""The use cases of a forgotten password: ask for a link, hand one over, use one. Each works once and not for long."""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlmodel import Session, col, select

from server.features.accounts.events import PasswordResetAsked
from server.features.accounts.models import Account, AccountReset
from server.features.accounts.queries import accounts_of_address
from server.features.accounts.rules import is_machine
from server.features.accounts.schemas import MailRecipient
from server.features.accounts.service.sessions import end_sessions, take_token
from server.infra import audit
from server.infra.identity import Identity
from server.infra.outbox import emit
from server.infra.rows import upsert
from server.kernel.errors import ConflictError, FairZoneError, NotFoundError
from server.kernel.ids import new_token, token_digest
from server.kernel.passwords import weakness

THING = "account"
BY_MAIL = timedelta(hours=1)
"""So long a link holds that was sent by mail."""
BY_HAND = timedelta(hours=24)
"""So long one holds that the organiser has handed over."""
MOST_OF_ONE_ADDRESS = 5


class ResetOverError(FairZoneError):
    """The link was used, its time is over, a newer one was given out, or there never was one."""

    code = "reset-over"
    status = 404


class WeakPasswordError(FairZoneError):
    """The password is too easily guessed; `why` says in which way."""

    code = "weak-password"
    status = 422


class NoPasswordError(ConflictError):
    """A machine carries a token and has no password."""

    code = "no-password"


def ask_reset(session: Session, name: str) -> None:
    """Let whoever this is get a link by mail. Whether there is such an account is found out later, by the worker."""
    emit(session, PasswordResetAsked(name=name.strip().lower()[:80]))


def addressees(session: Session, name: str) -> list[MailRecipient]:
    """The people of that user name or address who can be written to, a few of those who share an address."""
    return accounts_of_address(session, name, MOST_OF_ONE_ADDRESS)


def issue_reset(session: Session, account_id: int, now: datetime, lifetime: timedelta, secret: str = "") -> str:
    """Let `secret`, or a new one, be the link's of an account; an earlier link of it ends."""
    secret = secret or new_token()
    row = {
        "account_id": account_id,
        "secret_hash": token_digest(secret),
        "issued_at": now,
        "ends_at": now + lifetime,
    }
    upsert(session, AccountReset, [row], ("account_id",))
    return secret


def hand_over_reset(session: Session, by: Identity, username: str, now: datetime, secret: str = "") -> str:
    """Make a link that the organiser hands over on paper; `secret` is what it holds, unless a new one shall be made.

    Raises:
        NotFoundError: there is no such account.
        NoPasswordError: it is a machine's.
    """
    account = session.exec(select(Account).where(Account.username == username)).first()
    if account is None or not account.active:
        raise NotFoundError(what=username)
    if is_machine(account.role):
        raise NoPasswordError
    audit.record(session, by, "account.reset.hand-over", username, {"ends_at": (None, now + BY_HAND)})
    return issue_reset(session, account.id or 0, now, BY_HAND, secret)


def reset_behind(session: Session, secret: str, now: datetime) -> Account:
    """The account whose password this link may set. Raises `ResetOverError`."""
    query = select(Account).join(AccountReset, col(AccountReset.account_id) == Account.id)
    holds = (AccountReset.secret_hash == token_digest(secret), col(AccountReset.ends_at) > now)
    account = session.exec(query.where(*holds, col(Account.active).is_(True))).first()
    if account is None:
        raise ResetOverError
    return account


def use_reset(session: Session, secret: str, password_hash: str, now: datetime) -> str:
    """Set a new password by a link, which ends with it, as do all sessions; the user name. Raises `ResetOverError`."""
    account = reset_behind(session, secret, now)
    used = (col(AccountReset.secret_hash) == token_digest(secret),)
    if not session.connection().execute(delete(AccountReset).where(*used)).rowcount:
        raise ResetOverError  # somebody else was quicker
    by = Identity(account.role, account.id, account.username, account.display_name)
    replace_password(session, account, password_hash)
    audit.record(session, by, "account.password.reset", account.username, {})
    return account.username


def replace_password(session: Session, account: Account, password_hash: str, but: int | None = None) -> None:
    """Let a new password hold; every session (but one), a person's token and an open link end."""
    account.password_hash = password_hash
    if not is_machine(account.role):
        take_token(session, account)
    end_reset(session, account.id or 0)
    end_sessions(session, account.id or 0, but)


def end_reset(session: Session, account_id: int) -> None:
    """Let the link of an account hold no more, if there is one."""
    session.connection().execute(delete(AccountReset).where(col(AccountReset.account_id) == account_id))


def prune_resets(session: Session, now: datetime) -> int:
    """Forget the links whose time is over, and return how many went."""
    return int(session.connection().execute(delete(AccountReset).where(col(AccountReset.ends_at) <= now)).rowcount)


def refuse_weak(account: Account, password: str, *also: str | None) -> None:
    """Raise `WeakPasswordError` for a password that follows from what others know of its owner."""
    why = weakness(password, (account.username, account.display_name, account.email, *also))
    if why:
        raise WeakPasswordError(why=why.value)
