"""The locks of a booking, always in this order: the exhibitor, its meetings by id, and then the cells.

All that changes the meetings of an exhibitor happens under its lock, one after the other; only the cells of buyers and
robots are fought for beyond it. SQLite has one writer at a time and ignores the locks.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, or_, select
from sqlmodel import Session, col

from server.features.exhibitors.models import Exhibitor, Robot, StaffMember
from server.features.meetings.models import Meeting
from server.features.meetings.queries.leaving import is_ahead, is_orphaned
from server.features.meetings.queries.listing import visible
from server.features.meetings.rules import FINISH_GRACE, OPEN, QUEUED, State
from server.infra.identity import Identity
from server.kernel.spans import Span

BATCH = 500
"""So many meetings the clock changes in one unit of work."""


def locked_exhibitor(session: Session, code: str) -> int | None:
    """The key of an exhibitor, locked."""
    key: int | None = session.connection().execute(_EXHIBITOR, {"code": code}).scalar()
    return key


def locked_meeting(session: Session, by: Identity, uid: str) -> Meeting | None:
    """A meeting that `by` may see, its exhibitor and itself locked; nothing when there is none."""
    owner = select(col(Exhibitor.id)).join(Meeting, col(Meeting.exhibitor_id) == col(Exhibitor.id))
    owner = owner.where(col(Meeting.uid) == uid, visible(by)).with_for_update(key_share=True, of=Exhibitor)
    if session.execute(owner).scalar() is None:
        return None
    return session.execute(_fresh(select(Meeting).where(col(Meeting.uid) == uid, visible(by)))).scalar()


def locked_queue(
    session: Session, exhibitor_ids: Collection[int], now: datetime, within: Span | None = None
) -> list[Meeting]:
    """The queued meetings of these exhibitors, which are locked already, the longest waiting first."""
    query = select(Meeting).where(
        col(Meeting.exhibitor_id).in_(exhibitor_ids), col(Meeting.state).in_(QUEUED), col(Meeting.expires_at) > now
    )
    if within is not None:
        query = query.where(col(Meeting.starts_at) < within.ends_at, col(Meeting.ends_at) > within.starts_at)
    found = session.execute(_fresh(query.order_by(col(Meeting.id)))).scalars()
    return sorted(found, key=lambda meeting: (meeting.requested_at or meeting.created_at, meeting.id or 0))


def locked_lapsed(session: Session, now: datetime) -> list[Meeting]:
    """Open meetings whose time has come, and all that wait; their exhibitors and themselves locked."""
    lapsed = (col(Meeting.state).in_(OPEN)) & (col(Meeting.expires_at) <= now)
    return _locked(session, or_(lapsed, col(Meeting.state) == State.WAITING))


def locked_lapsing(session: Session, now: datetime, until: datetime) -> list[Meeting]:
    """Queued meetings that run out until then and were not said to; their exhibitors and themselves locked."""
    soon = (col(Meeting.expires_at) > now) & (col(Meeting.expires_at) <= until)
    unsaid = or_(col(Meeting.warned_of).is_(None), col(Meeting.warned_of) != col(Meeting.expires_at))
    return _locked(session, col(Meeting.state).in_(QUEUED) & soon & unsaid)


def locked_over(session: Session, now: datetime) -> list[Meeting]:
    """Accepted meetings that are over, their exhibitors and themselves locked."""
    return _locked(session, (col(Meeting.state) == State.ACCEPTED) & (col(Meeting.ends_at) <= now - FINISH_GRACE))


def locked_agreed(
    session: Session, now: datetime, *, buyer_id: int | None = None, staff_id: int | None = None
) -> list[Meeting]:
    """Accepted meetings to come of a buyer or of somebody at a booth, their exhibitors and themselves locked."""
    whose = col(Meeting.buyer_id) == buyer_id if buyer_id is not None else col(Meeting.staff_id) == staff_id
    return _locked(session, (col(Meeting.state) == State.ACCEPTED) & (col(Meeting.ends_at) > now) & whose)


def locked_orphans(session: Session, now: datetime) -> list[Meeting]:
    """Meetings to come whose buyer, person, robot or table is gone, their exhibitors and themselves locked."""
    return _locked(session, is_orphaned(now))


def locked_of_buyer(session: Session, now: datetime, buyer_id: int) -> list[Meeting]:
    """All that a buyer has to come, its exhibitors and itself locked."""
    return _locked(session, is_ahead(now) & (col(Meeting.buyer_id) == buyer_id))


def find_staff(session: Session, exhibitor_id: int, code: str) -> int | None:
    """The key of somebody who works for an exhibitor."""
    key: int | None = session.execute(
        select(col(StaffMember.id)).where(
            col(StaffMember.exhibitor_id) == exhibitor_id,
            col(StaffMember.code) == code,
            col(StaffMember.active).is_(True),
        )
    ).scalar()
    return key


def find_robot(session: Session, exhibitor_id: int, code: str) -> int | None:
    """The key of an active robot of an exhibitor."""
    key: int | None = session.execute(
        select(col(Robot.id)).where(
            col(Robot.exhibitor_id) == exhibitor_id, col(Robot.code) == code, col(Robot.active).is_(True)
        )
    ).scalar()
    return key


def _locked(session: Session, condition: Any) -> list[Meeting]:
    # What ran out first: many who only wait must not keep the clock from it.
    owners = select(col(Meeting.exhibitor_id)).where(condition).order_by(col(Meeting.expires_at), col(Meeting.id))
    owners = owners.limit(BATCH)
    exhibitors = sorted(set(session.execute(owners).scalars()))
    if not exhibitors:
        return []
    query = select(col(Exhibitor.id)).where(col(Exhibitor.id).in_(exhibitors)).order_by(col(Exhibitor.id))
    session.execute(query.with_for_update(key_share=True)).all()
    mine = select(Meeting).where(col(Meeting.exhibitor_id).in_(exhibitors), condition)
    return list(session.execute(_fresh(mine.order_by(col(Meeting.id)))).scalars())


def _fresh(query: Select[Any]) -> Select[Any]:
    """Lock what is found, and forget what this session knew of it."""
    return query.with_for_update(of=Meeting).execution_options(populate_existing=True)


_EXHIBITOR: Select[Any] = (
    select(col(Exhibitor.id)).where(col(Exhibitor.code) == bindparam("code")).with_for_update(key_share=True)
)
