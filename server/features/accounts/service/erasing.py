"""Erasing an account: what names a person goes, what history needs keeps a neutral word, and nobody logs in again.

The user name is free again. It is mostly an e-mail address, and a digest of one is found by trying addresses: keeping
it back would be keeping it.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Session, col, select

from server.features.accounts.events import PasswordResetAsked
from server.features.accounts.models import Account, AccountErasure
from server.features.accounts.service.managing import keep_an_organiser, others_of_role
from server.features.accounts.service.resets import end_reset
from server.features.accounts.service.sessions import end_sessions, take_token
from server.infra import audit
from server.infra.idempotency import IdempotencyKey
from server.infra.identity import Identity
from server.infra.outbox import forget_payloads
from server.kernel.errors import ConflictError, NotFoundError
from server.kernel.ids import new_token, token_digest
from server.kernel.permissions import Role

THING = "account"
FORMER = "Former user / 已注销的用户"
"""What a person is called who has erased the account."""


class LastAdministratorError(ConflictError):
    """Nobody would be left who looks after the exhibitor's desk."""

    code = "last-administrator"


@dataclass(frozen=True)
class Erased:
    """What became of an account: its neutral user name, by which the log knows it from now on."""

    account_id: int
    username: str
    by: Identity


def refuse_last(session: Session, by: Identity, *, lock: bool) -> None:
    """Refuse to let the last one go who can do their work; with `lock`, two cannot go at once.

    Raises:
        LastOrganiserError: it is the last organiser.
        LastAdministratorError: it is the exhibitor's last administrator.
    """
    account = session.get_one(Account, by.account_id or 0)
    keep_an_organiser(session, account, lock=lock)
    if account.role is Role.EXHIBITOR_ADMIN and not others_of_role(session, account, lock=lock):
        raise LastAdministratorError


def erase_account(session: Session, by: Identity, address: str | None, now: datetime) -> Erased:
    """Empty an account of its person and end all that was opened with it; `address` is where mail went.

    Raises:
        NotFoundError: it was switched off or erased meanwhile.
        LastOrganiserError: it is the last organiser's.
        LastAdministratorError: it is the last one of the exhibitor's administrators.
    """
    refuse_last(session, by, lock=True)
    account = session.get_one(Account, by.account_id or 0, with_for_update=True)
    if not account.active:
        raise NotFoundError(what=by.username)
    key, before = account.id or 0, account.username
    take_token(session, account)
    end_reset(session, key)
    end_sessions(session, key)
    session.connection().execute(delete(IdempotencyKey).where(col(IdempotencyKey.account_id) == key))
    asked = (PasswordResetAsked(name=name.lower()) for name in (before, address or ""))
    forget_payloads(session, asked)
    account.username = f"former.{token_digest(new_token())[:12]}"
    account.display_name, account.active = FORMER, False
    account.password_hash = account.email = account.locale = account.last_login_at = None
    session.add(AccountErasure(account_id=key, address_digest=address_digest(address), erased_at=now))
    audit.forget_person(session, key, FORMER, words=account.buyer_id is not None)
    audit.forget_thing(session, THING, before, account.username)
    gone = Identity(account.role, key, account.username, FORMER, account.exhibitor_id, by.exhibitor)
    audit.record(session, gone, "account.erase", account.username, {})
    session.flush()
    return Erased(key, account.username, gone)


def erasures_under_way(session: Session) -> list[tuple[AccountErasure, int | None]]:
    """Those of which something is still kept since a mail has not left, each with the key of its buyer."""
    query = select(AccountErasure, Account.buyer_id).join(Account, col(Account.id) == AccountErasure.account_id)
    return list(session.exec(query.where(col(AccountErasure.done_at).is_(None)).with_for_update(of=AccountErasure)))


def erasure_of(session: Session, account_id: int) -> AccountErasure:
    """What is known of an erased account."""
    return session.get_one(AccountErasure, account_id)


def finish_erasure(erasure: AccountErasure, now: datetime) -> None:
    """Note that nothing of the person is kept any more."""
    erasure.address_digest, erasure.done_at = "", now


def address_digest(address: str | None) -> str:
    """By what the threads of mails know an address; empty for none."""
    return hashlib.sha256(address.strip().lower().encode()).hexdigest()[:12] if address else ""
