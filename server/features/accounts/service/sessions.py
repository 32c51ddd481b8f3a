"""The use cases of sessions: open one, keep it open, end one or all; and the tokens that programs carry instead."""

from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from server.features.accounts.models import Account, AccountSession
from server.features.accounts.queries import open_sessions
from server.features.accounts.rules import is_machine
from server.features.accounts.schemas import SessionOut
from server.infra.changes import announce
from server.infra.db import clock_of
from server.infra.livetopic import SESSION_TOPIC
from server.kernel.errors import NotFoundError
from server.kernel.ids import new_token, token_digest

MOST_SESSIONS = 50
"""Of one account; with one more the one that was used longest ago ends."""
_MOST = 2**31 - 1
"""A number from an address may be longer than a column takes."""
PERSONS_TOKEN = timedelta(days=30)
MACHINES_TOKEN = timedelta(days=400)
"""A screen or bridge is set up long before the fair, and nobody renews it while it runs."""


def open_session(
    session: Session, account_id: int, *, device: str, address: str, now: datetime, lifetime: timedelta
) -> str:
    """Open a session for an account and return its secret, which the cookie holds and nothing here stores."""
    secret = new_token()
    session.add(
        AccountSession(
            account_id=account_id,
            secret_hash=token_digest(secret),
            device=device[:80],
            address=address[:45],
            opened_at=now,
            seen_at=now,
            ends_at=now + lifetime,
        )
    )
    session.connection().execute(update(Account).where(col(Account.id) == account_id).values(last_login_at=now))
    session.flush()
    _end_the_oldest(session, account_id)
    return secret


def keep_session(session: Session, session_id: int, now: datetime) -> None:
    """Write down that somebody is still there."""
    row = update(AccountSession).where(col(AccountSession.id) == session_id, col(AccountSession.seen_at) < now)
    session.connection().execute(row.values(seen_at=now))


def sessions_of(
    session: Session, account_id: int, here: int | None, now: datetime, idle: timedelta
) -> list[SessionOut]:
    """The open sessions of an account; `here` is the one that asks."""
    return [
        SessionOut(
            id=row.id or 0,
            device=row.device,
            address=row.address,
            opened_at=row.opened_at,
            seen_at=row.seen_at,
            ends_at=row.ends_at,
            here=row.id == here,
        )
        for row in open_sessions(session, account_id, now, idle)
    ]


def end_session(session: Session, account_id: int, session_id: int) -> None:
    """End one session of an account, and the live streams that were opened in it.

    Raises:
        NotFoundError: the account has no such session.
    """
    if session_id > _MOST:
        raise NotFoundError(what=str(session_id))
    own = (col(AccountSession.id) == session_id, col(AccountSession.account_id) == account_id)
    if not session.connection().execute(delete(AccountSession).where(*own)).rowcount:
        raise NotFoundError(what=str(session_id))
    announce(session, SESSION_TOPIC, f"{account_id}/{session_id}", {})


def end_sessions(session: Session, account_id: int, but: int | None = None) -> None:
    """End every session of an account, also on devices that are out of reach; the one `but` stays."""
    rows = select(AccountSession.id).where(AccountSession.account_id == account_id)
    ended = [int(number or 0) for number in session.exec(rows) if number != but]
    session.connection().execute(delete(AccountSession).where(col(AccountSession.id).in_(ended)))
    # What carries a token has no session, and its streams end as well; the session that stays opens its own again.
    announce(session, SESSION_TOPIC, str(account_id), {})


def prune_sessions(session: Session, now: datetime, idle: timedelta) -> int:
    """Forget the sessions that have ended by themselves, and return how many went."""
    over = (col(AccountSession.ends_at) <= now) | (col(AccountSession.seen_at) <= now - idle)
    return int(session.connection().execute(delete(AccountSession).where(over)).rowcount)


def give_token(session: Session, account: Account, token: str, lifetime: timedelta | None) -> None:
    """Let `token` stand for an account until its time is over; an earlier one ends, and what was opened with it."""
    digest, now = token_digest(token), clock_of(session).now()
    replaced = account.token_hash not in {None, digest}
    account.token_hash, account.token_issued_at = digest, now
    account.token_ends_at = None if lifetime is None else now + lifetime
    if replaced:
        end_sessions(session, account.id or 0)


def usual_lifetime(account: Account) -> timedelta:
    """How long a token of such an account holds."""
    return MACHINES_TOKEN if is_machine(account.role) else PERSONS_TOKEN


def take_token(session: Session, account: Account) -> bool:
    """Take an account's token back, with what was opened with it; whether there was one."""
    if account.token_hash is None:
        return False
    account.token_hash = account.token_issued_at = account.token_ends_at = None
    announce(session, SESSION_TOPIC, f"{account.id}/", {})
    return True


def _end_the_oldest(session: Session, account_id: int) -> None:
    query = select(AccountSession.id).where(AccountSession.account_id == account_id)
    query = query.order_by(col(AccountSession.seen_at).desc(), col(AccountSession.id).desc()).offset(MOST_SESSIONS)
    for number in session.exec(query).all():
        end_session(session, account_id, int(number or 0))
