"""Giving a robot its credential, a new one, and taking it back; each is in the log, and the broker is told."""

from datetime import datetime

from sqlmodel import Session, select

from server.features.enrolment.models import RobotCredential
from server.features.enrolment.queries import find_robot, list_credentials
from server.features.enrolment.rules.credentials import CredentialPurpose, Term, username_of
from server.features.enrolment.schemas import RobotCredentialOut
from server.features.enrolment.service.terms import end_now, end_of_term, renew, require_seen
from server.features.exhibitors.rules import parts_of
from server.features.exhibitors.service.owning import locked_exhibitor
from server.infra.identity import Identity
from server.kernel.errors import NotFoundError


def issue(session: Session, by: Identity, key: str, purpose: CredentialPurpose, now: datetime) -> RobotCredentialOut:
    """Give the robot with this key a credential, or the one that it has; after a revocation it is a new one.

    Raises:
        NotFoundError: there is no such robot, or it is somebody else's.
        ForbiddenError: the reader may not decide for the exhibitor.
        FairOverError: the fair has closed.
    """
    _, present = _locked(session, by, key, purpose)
    if present is None or not present.term.holds(now):
        return rotate(session, by, key, purpose, now)
    return _named(session, key, purpose)


def rotate(
    session: Session, by: Identity, key: str, purpose: CredentialPurpose, now: datetime, *, seen: int | None = None
) -> RobotCredentialOut:
    """Give a robot a new credential; what is connected with an older one is cut off.

    Raises as `issue` does, and `StaleError` when it is not the one that was `seen`.
    """
    robot_id, present = _locked(session, by, key, purpose)
    require_seen(session, present, seen)
    exhibitor, code = parts_of(key)
    name, term = username_of(exhibitor, code, purpose), Term(now, end_of_term(session, now))
    new = RobotCredential(
        robot_id=robot_id, purpose=purpose, version=0, issued_at=now, ends_at=now, username=name, client_id=name
    )
    renew(session, by, present or new, term)
    return _named(session, key, purpose)


def revoke(
    session: Session, by: Identity, key: str, purpose: CredentialPurpose, *, seen: int | None = None
) -> RobotCredentialOut:
    """Take a robot's credential back; what is connected with it is cut off. Repeating it changes nothing.

    Raises:
        StaleError: it is not the one that was `seen`.
        NotFoundError: there is no such robot or credential, or it is somebody else's.
        ForbiddenError: the reader may not decide for the exhibitor.
    """
    _, present = _locked(session, by, key, purpose)
    if present is None:
        raise NotFoundError(what=key)
    require_seen(session, present, seen)
    end_now(session, by, present)
    return _named(session, key, purpose)


def _locked(session: Session, by: Identity, key: str, purpose: CredentialPurpose) -> tuple[int, RobotCredential | None]:
    """The robot's row and its credential, if it has one, which nobody else changes meanwhile."""
    exhibitor, code = parts_of(key)
    locked_exhibitor(session, by, exhibitor)
    robot = find_robot(session, exhibitor, code)
    if robot is None:
        raise NotFoundError(what=key)
    own = select(RobotCredential).where(RobotCredential.robot_id == robot, RobotCredential.purpose == purpose)
    return robot, session.exec(own.execution_options(populate_existing=True)).first()


def _named(session: Session, key: str, purpose: CredentialPurpose) -> RobotCredentialOut:
    session.flush()
    exhibitor, code = parts_of(key)
    return list_credentials(session, username=username_of(exhibitor, code, purpose))[0]
