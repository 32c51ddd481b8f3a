"""Giving the bridge on a booth's own machine its credential, a new one, and taking it back."""

from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from server.features.enrolment.models import BridgeCredential
from server.features.enrolment.queries import list_bridges
from server.features.enrolment.rules.credentials import Term
from server.features.enrolment.schemas import BridgeCredentialOut
from server.features.enrolment.service.terms import end_now, end_of_term, renew, require_seen
from server.features.exhibitors.rules import CODE
from server.features.exhibitors.service.owning import locked_exhibitor
from server.infra.db import quotas_of
from server.infra.identity import Identity
from server.kernel.errors import InvalidError, NotFoundError
from server.kernel.quotas import Quota, require_room


def issue_bridge(session: Session, by: Identity, exhibitor: str, name: str, now: datetime) -> BridgeCredentialOut:
    """Give the bridge of that name at the exhibitor's booth a credential, or the one that it has.

    Raises:
        InvalidError: the name is no code.
        QuotaError: the exhibitor has as many as one may have.
        NotFoundError: there is no such exhibitor, or it is somebody else's.
        ForbiddenError: the reader may not decide for the exhibitor.
        FairOverError: the fair has closed.
    """
    if CODE.fullmatch(name) is None:
        raise InvalidError(detail=name[:48])
    owner, present = _locked(session, by, exhibitor, name)
    if present is None:
        held = select(func.count()).where(col(BridgeCredential.exhibitor_id) == owner)
        require_room(quotas_of(session), Quota.BRIDGES, session.exec(held).one())
    if present is None or not present.term.holds(now):
        new = BridgeCredential(
            exhibitor_id=owner, name=name, version=0, issued_at=now, ends_at=now, username=f"{exhibitor}.{name}"
        )
        renew(session, by, present or new, Term(now, end_of_term(session, now)))
    return _named(session, exhibitor, name)


def rotate_bridge(
    session: Session, by: Identity, exhibitor: str, name: str, now: datetime, *, seen: int | None = None
) -> BridgeCredentialOut:
    """Give a bridge that has a credential a new one.

    Raises as `issue_bridge`, `NotFoundError` when it has none, and `StaleError` when it is not the one that was `seen`.
    """
    present = _present(session, by, exhibitor, name, seen)
    renew(session, by, present, Term(now, end_of_term(session, now)))
    return _named(session, exhibitor, name)


def revoke_bridge(
    session: Session, by: Identity, exhibitor: str, name: str, *, seen: int | None = None
) -> BridgeCredentialOut:
    """Take a bridge's credential back. Repeating it changes nothing.

    Raises:
        StaleError: it is not the one that was `seen`.
        NotFoundError: there is no such exhibitor or credential, or it is somebody else's.
        ForbiddenError: the reader may not decide for the exhibitor.
    """
    end_now(session, by, _present(session, by, exhibitor, name, seen))
    return _named(session, exhibitor, name)


def _present(session: Session, by: Identity, exhibitor: str, name: str, seen: int | None) -> BridgeCredential:
    _, present = _locked(session, by, exhibitor, name)
    if present is None:
        raise NotFoundError(what=name)
    require_seen(session, present, seen)
    return present


def _locked(session: Session, by: Identity, exhibitor: str, name: str) -> tuple[int, BridgeCredential | None]:
    """The exhibitor's row and the credential, if there is one, which nobody else changes meanwhile."""
    owner = locked_exhibitor(session, by, exhibitor).id or 0
    own = select(BridgeCredential).where(BridgeCredential.exhibitor_id == owner, BridgeCredential.name == name)
    return owner, session.exec(own.execution_options(populate_existing=True)).first()


def _named(session: Session, exhibitor: str, name: str) -> BridgeCredentialOut:
    session.flush()
    return list_bridges(session, username=f"{exhibitor}.{name}")[0]
