"""The use cases of privacy: what is kept about a person, and erasing it in one unit of work.

What is not erased at once is what has to leave first: the cancellations of meetings that were agreed. As soon as they
have left, or after `rules.LONGEST`, they are emptied as well.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlmodel import Session

from server.features.accounts.service import WrongPasswordError, own_account, own_sessions
from server.features.accounts.service import require_password as checked_password
from server.features.accounts.service.erasing import (
    erase_account,
    erasure_of,
    erasures_under_way,
    finish_erasure,
    refuse_last,
)
from server.features.buyers.service import forget_buyer, own_buyer
from server.features.inbox.service import forget_about, forget_inbox, shown
from server.features.meetings.service import end_of_buyer
from server.features.privacy.queries import (
    address_of,
    ending_with,
    meeting_names,
    meetings_of,
    notices_of,
)
from server.features.privacy.rules import HANDLERS, LONGEST
from server.features.privacy.schemas import EndingOut, ErasedOut, ErasureIn, LogEntryOut, OwnData
from server.infra import audit
from server.infra.db import clock_of
from server.infra.i18n import Catalogues
from server.infra.identity import Identity
from server.infra.mail import forget_mails, own_mails
from server.infra.outbox import forget_subject
from server.kernel.errors import NotFoundError


def preview(session: Session, by: Identity) -> EndingOut:
    """All that would end with the account of whoever asks.

    Raises:
        LastOrganiserError: it is the last organiser, who cannot go.
        LastAdministratorError: it is the exhibitor's last administrator.
    """
    refuse_last(session, by, lock=False)
    return hanging_on(session, by.username)


def hanging_on(session: Session, username: str) -> EndingOut:
    """All that ends with an account. Raises `NotFoundError`."""
    found = ending_with(session, username, clock_of(session).now())
    if found is None:
        raise NotFoundError(what=username)
    return found


def require_password(session: Session, by: Identity, given: ErasureIn) -> str | None:
    """The hash of the person's password, when this is it. Slow by design. Raises `WrongPasswordError`."""
    return checked_password(session, by, given.password)


def erase(session: Session, by: Identity, now: datetime) -> ErasedOut:
    """Erase whoever asks: end what is to come, empty what is kept, and leave a neutral word where history needs one.

    Raises:
        NotFoundError: the account was switched off or erased meanwhile.
        LastOrganiserError: it is the last organiser's.
        LastAdministratorError: it is the last one of the exhibitor's administrators.
    """
    account, address = by.account_id or 0, address_of(session, by.account_id or 0)
    refuse_last(session, by, lock=True)
    ended = end_of_buyer(session, by.buyer_id, now) if by.buyer_id is not None else 0
    forget_buyer(session, by, now)
    erase_account(session, by, address, now)
    forget_inbox(session, account)
    if by.buyer_id is not None:
        audit.forget_words(session, "meeting", meeting_names(session, by.buyer_id))
    _empty(session, account, by.buyer_id, now)
    return ErasedOut(meetings=ended)


def finish_erasures(session: Session, now: datetime) -> int:
    """Empty what has left since of those who have erased their accounts; how many are erased for good now."""
    under_way = [(one.account_id, buyer) for one, buyer in erasures_under_way(session)]
    return sum(_empty(session, account, buyer, now) for account, buyer in under_way)


def _empty(session: Session, account_id: int, buyer_id: int | None, now: datetime) -> bool:
    """Empty events, notices and mails, but for what has still to leave; whether nothing is left."""
    erasure = erasure_of(session, account_id)
    forced = now >= erasure.erased_at + LONGEST
    uids = meeting_names(session, buyer_id) if buyer_id is not None else []
    session.flush()
    waiting = [uid for uid in uids if forget_subject(session, uid, f"meeting:{uid}/", HANDLERS) and not forced]
    settled = _about(uid for uid in uids if uid not in set(waiting))
    person = f"buyer:{buyer_id}" if buyer_id is not None else ""
    own = own_mails(person, erasure.address_digest, f"account:{account_id}", but=_about(waiting))
    kept = forget_mails(session, settled, own, erasure.erased_at if forced else now - LONGEST)
    forget_about(session, [f"meeting:{uid}" for uid in uids], before=erasure.erased_at)
    if waiting or (kept and not forced):
        return False
    finish_erasure(erasure, now)
    return True


def _about(uids: Iterable[str]) -> list[str]:
    """Under which names mails say which meeting they are about."""
    return [name for uid in uids for name in (uid, f"meeting:{uid}")]


def own_data(session: Session, by: Identity, catalogues: Catalogues, language: str, idle: timedelta) -> OwnData:
    """Everything that is kept about whoever asks."""
    account, is_buyer = by.account_id or 0, by.buyer_id is not None
    things = [("account", by.username), *([("buyer", by.buyer or "")] if is_buyer else [])]
    return OwnData(
        made_at=clock_of(session).now(),
        account=own_account(session, by).model_dump(mode="json"),
        buyer=own_buyer(session, by).model_dump(mode="json") if is_buyer else None,
        meetings=meetings_of(session, by.buyer_id) if by.buyer_id is not None else [],
        inbox=[shown(catalogues, row, language).model_dump(mode="json") for row in notices_of(session, account)],
        sessions=[one.model_dump(mode="json") for one in own_sessions(session, by, idle)],
        log=[
            LogEntryOut(
                at=entry.at,
                by="self" if entry.account_id == account else entry.role,
                action=entry.action,
                thing=entry.thing,
                key=entry.key,
                changes={one.field: [one.old, one.new] for one in entry.differences},
            )
            for entry in audit.entries_about(session, account, things)
        ],
    )


__all__ = [
    "WrongPasswordError",
    "erase",
    "finish_erasures",
    "hanging_on",
    "own_data",
    "preview",
    "require_password",
]
