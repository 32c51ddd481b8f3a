"""Until when credentials hold: from their issue to the close of the fair, also when the fair is moved or made longer.

What is issued, renewed or taken back is in the log; the worker tells the broker within a second.
"""

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlmodel import Session, col

from server.features.enrolment.models import BridgeCredential, RobotCredential
from server.features.enrolment.queries import close_of_fair
from server.features.enrolment.rules.credentials import Term
from server.infra.audit import record, require_version
from server.infra.db import clock_of
from server.infra.identity import Identity
from server.kernel.errors import ConflictError

WITHOUT_DATES = timedelta(days=90)
"""So long a credential holds while nobody has said when the fair is; it follows the fair as soon as somebody has."""

Credential = RobotCredential | BridgeCredential


class FairOverError(ConflictError):
    """The fair has closed: no credential would hold."""

    code = "fair-over"


def end_of_term(session: Session, now: datetime) -> datetime:
    """Until when a credential that is issued now holds. Raises `FairOverError` after the close of the fair."""
    closes = close_of_fair(session) or now + WITHOUT_DATES
    if closes <= now:
        raise FairOverError
    return closes


def renew(session: Session, by: Identity, row: Credential, term: Term) -> None:
    """Let the credential hold for this term, with a new secret; the one before it ends."""
    before = row.version or None
    row.version += 1
    row.issued_at, row.ends_at, row.revoked_at = term.issued_at, term.ends_at, None
    session.add(row)
    _tell(session, by, row, "rotate" if before else "issue", before)


def end_now(session: Session, by: Identity, row: Credential) -> None:
    """Take the credential back; one that was taken back before stays as it is."""
    if row.revoked_at is not None:
        return
    row.revoked_at = clock_of(session).now()
    session.add(row)
    _tell(session, by, row, "revoke", row.version)


def require_seen(session: Session, row: Credential | None, seen: int | None) -> None:
    """Raise `StaleError` unless the credential is the one that was `seen`; 0 is none, and nothing said is any."""
    if seen is not None:
        thing, name = (_thing(row), row.username) if row else ("credential", "")
        require_version(session, thing, name, row.version if row else 0, seen)


def follow_the_fair(session: Session) -> int:
    """Let every credential end when the fair closes now; return how many ended at another time before."""
    closes = close_of_fair(session)
    if closes is None:
        return 0
    moved = (
        update(table).where(col(table.ends_at) != closes).values(ends_at=closes)
        for table in (RobotCredential, BridgeCredential)
    )
    return sum(int(session.connection().execute(statement).rowcount) for statement in moved)


def _tell(session: Session, by: Identity, row: Credential, done: str, before: int | None) -> None:
    thing = _thing(row)
    changes = {"version": (before, row.version), "ends_at": (None, row.revoked_at or row.ends_at)}
    record(session, by, f"{thing}.{done}", row.username, changes, version=row.version)


def _thing(row: Credential) -> str:
    return "credential" if isinstance(row, RobotCredential) else "bridge"
