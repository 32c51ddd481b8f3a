"""Meetings as their people may see them: in one query however many there are."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta
from enum import Enum
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, Row, and_, bindparam, exists, false, func, literal, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from server.features.buyers.models import Buyer, BuyerConsent
from server.features.buyers.rules import Purpose
from server.features.exhibitors.models import Exhibitor, Robot, StaffMember
from server.features.exhibitors.rules import robot_key
from server.features.floorplan.models import Booth, MeetingTable
from server.features.meetings.models import Meeting, state_now
from server.features.meetings.rules import (
    ENDED_BY_CLOCK,
    QUEUED,
    Side,
    Standing,
    State,
    acts_of,
    has_lapsed,
    is_proposed,
    state_at,
)
from server.features.meetings.schemas import Invited, MeetingOut, ProposalOut
from server.infra.columns import UTCDateTime
from server.infra.identity import SYSTEM, Identity
from server.kernel.clock import FAIR_ZONE
from server.kernel.errors import NotFoundError

MOMENT = "moment"
"""The parameter of the prepared queries: at what time one looks."""
CONTACT_STATES = frozenset({State.REQUESTED, State.WAITING, State.ACCEPTED, State.DONE, State.NO_SHOW})
"""In which a buyer's contact reaches the exhibitor, with consent; who withdrew has taken it back."""


class When(Enum):
    """Instead of a day: those that are not over."""

    COMING = "coming"


def find_meeting(session: Session, by: Identity, uid: str, now: datetime) -> MeetingOut:
    """The meeting, as `by` may see it. Raises `NotFoundError` when there is none, or it is other people's."""
    said = {"wanted": uid, "reader": by.buyer_id or by.exhibitor_id, MOMENT: now}
    found = session.execute(_one(_seen_as(by)), said).first()
    if found is None:
        raise NotFoundError(what=uid)
    return _out(found, by, now)


def diary(
    session: Session,
    by: Identity,
    now: datetime,
    *,
    day: date | When | None = None,
    states: Collection[State] | None = None,
    staff: str | None = None,
    offset: int = 0,
    limit: int = 50,
) -> list[MeetingOut]:
    """The meetings of `by` by start, all for the organiser; `day` is a date in fair time, `staff` a code."""
    query = _chosen(_meetings(), by, now, day=day, states=states, staff=staff)
    query = query.order_by(col(Meeting.starts_at), col(Meeting.id))
    return [_out(row, by, now) for row in session.execute(query.offset(offset).limit(limit), {MOMENT: now})]


def count_diary(
    session: Session,
    by: Identity,
    now: datetime,
    *,
    day: date | When | None = None,
    states: Collection[State] | None = None,
    staff: str | None = None,
) -> int:
    """How many meetings `diary` would find without a limit."""
    counted = select(func.count()).select_from(Meeting)
    query = _chosen(counted, by, now, day=day, states=states, staff=staff)
    return int(session.execute(query).scalar_one())


def count_days(
    session: Session,
    by: Identity,
    now: datetime,
    days: Sequence[date],
    *,
    states: Collection[State] | None = None,
    staff: str | None = None,
) -> list[int]:
    """How many meetings `diary` would find on each of these days, then how many are coming; in one query."""
    columns = (*(_on(day) for day in days), col(Meeting.ends_at) > now)
    counted = select(*(func.count().filter(one) for one in columns)).select_from(Meeting)
    query = _chosen(counted, by, now, day=None, states=states, staff=staff)
    return [int(number) for number in session.execute(query).one()]


def count_open(session: Session, buyer_id: int, now: datetime) -> tuple[int, int]:
    """How many holds and how many requests of a buyer have not run out yet."""
    held, queued = session.connection().execute(_OPEN, {"buyer": buyer_id, "moment": now}).one()
    return int(held), int(queued)


def open_requests(session: Session, by: Identity, now: datetime, limit: int = 200) -> list[MeetingOut]:
    """What waits for an answer of the exhibitor or is queued behind it, the longest waiting first.

    An accepted meeting to come for which the buyer proposes another time waits for an answer, too.
    """
    asked_to_move = and_(
        col(Meeting.state) == State.ACCEPTED,
        col(Meeting.proposed_by) == Side.BUYER,
        col(Meeting.proposed_starts_at) > now,
        col(Meeting.ends_at) > now,
    )
    query = _meetings().where(visible(by), or_(state_now(now).in_(QUEUED), asked_to_move))
    query = query.order_by(col(Meeting.requested_at), col(Meeting.id)).limit(limit)
    return [_out(row, by, now) for row in session.execute(query, {MOMENT: now})]


def visible(by: Identity) -> ColumnElement[bool]:
    """Which meetings somebody may see: a buyer all of its own, the others what was asked for: theirs, or every one."""
    return _visible_to(_seen_as(by), literal(by.buyer_id or by.exhibitor_id, Integer))


def side_of(by: Identity, meeting: Meeting) -> Side | None:
    """On which side of a meeting somebody is."""
    if by.buyer_id == meeting.buyer_id:
        return Side.BUYER
    if by.exhibitor_id == meeting.exhibitor_id:
        return Side.EXHIBITOR
    return Side.ORGANISER if by.may("meeting.end") and by != SYSTEM else None


def standing_of(meeting: Meeting) -> Standing:
    """What decides on what may happen to a meeting."""
    return Standing(
        meeting.state,
        meeting.starts_at,
        meeting.ends_at,
        meeting.expires_at,
        meeting.proposed_by,
        meeting.proposed_starts_at,
    )


def _seen_as(by: Identity) -> str:
    if by.buyer_id is not None:
        return "buyer"
    if by.exhibitor_id is not None:
        return "exhibitor"
    return "all" if by.may("dashboard.view") else "none"


def _visible_to(seen_as: str, reader: ColumnElement[int]) -> ColumnElement[bool]:
    asked = col(Meeting.requested_at).is_not(None)
    return {
        "buyer": col(Meeting.buyer_id) == reader,
        "exhibitor": and_(col(Meeting.exhibitor_id) == reader, asked),
        "all": asked,
        "none": false(),
    }[seen_as]


@cache
def _one(seen_as: str) -> Any:
    """The query of one meeting. Made once: putting it together costs more than the database needs to answer it."""
    return _meetings().where(
        col(Meeting.uid) == bindparam("wanted"), _visible_to(seen_as, bindparam("reader", type_=Integer))
    )


def _chosen(
    query: Any,
    by: Identity,
    now: datetime,
    *,
    day: date | When | None,
    states: Collection[State] | None,
    staff: str | None,
) -> Any:
    query = query.where(visible(by))
    if staff is not None:
        person = select(col(StaffMember.id)).where(
            col(StaffMember.code) == staff, col(StaffMember.exhibitor_id) == by.exhibitor_id
        )
        query = query.where(func.coalesce(Meeting.staff_id, Meeting.asked_staff_id).in_(person))
    if states is not None:
        query = query.where(state_now(now).in_(states))
    if isinstance(day, When):
        return query.where(col(Meeting.ends_at) > now)
    return query if day is None else query.where(_on(day))


def _on(day: date) -> ColumnElement[bool]:
    """Which meetings start on a day in fair time."""
    midnight = datetime.combine(day, time(0), FAIR_ZONE)
    return and_(col(Meeting.starts_at) >= midnight, col(Meeting.starts_at) < midnight + timedelta(days=1))


def _queued() -> Any:
    other = aliased(Meeting)
    return (
        select(func.count())
        .select_from(other)
        .where(
            col(other.exhibitor_id) == col(Meeting.exhibitor_id),
            col(other.id) != col(Meeting.id),
            col(other.state).in_(QUEUED),
            col(other.expires_at) > bindparam(MOMENT, type_=UTCDateTime()),
            col(other.starts_at) < col(Meeting.ends_at),
            col(other.ends_at) > col(Meeting.starts_at),
        )
        .correlate(Meeting)
        .scalar_subquery()
    )


def _consents(purpose: Purpose) -> Any:
    return (
        exists()
        .where(
            col(BuyerConsent.buyer_id) == col(Meeting.buyer_id),
            col(BuyerConsent.purpose) == purpose,
            col(BuyerConsent.withdrawn_at).is_(None),
        )
        .correlate(Meeting)
    )


@cache
def _meetings() -> Any:
    """The query of all meetings with everything that a page names."""
    asked = aliased(StaffMember)
    return (
        select(
            Meeting,
            col(Exhibitor.code),
            col(Exhibitor.name_en),
            col(Exhibitor.name_zh),
            col(Buyer.code).label("buyer"),
            col(Buyer.name).label("buyer_name"),
            col(Buyer.name_zh).label("buyer_zh"),
            col(Buyer.company).label("buyer_company"),
            col(Buyer.country).label("buyer_country"),
            col(Buyer.email).label("buyer_email"),
            func.coalesce(StaffMember.code, asked.code).label("staff"),
            func.coalesce(StaffMember.name, asked.name).label("staff_name"),
            func.coalesce(StaffMember.name_zh, asked.name_zh).label("staff_zh"),
            col(Booth.number).label("booth"),
            col(MeetingTable.number).label("table"),
            col(Robot.code).label("robot"),
            col(Robot.name_en).label("robot_en"),
            col(Robot.name_zh).label("robot_zh"),
            _queued().label("waiting"),
            _consents(Purpose.CONTACT).label("consents"),
            _consents(Purpose.MAIL).label("mailed"),
            func.coalesce(StaffMember.email, asked.email).label("staff_email"),
        )
        .select_from(Meeting)
        .join(Exhibitor, col(Exhibitor.id) == col(Meeting.exhibitor_id))
        .join(Buyer, col(Buyer.id) == col(Meeting.buyer_id))
        .outerjoin(StaffMember, col(StaffMember.id) == col(Meeting.staff_id))
        .outerjoin(asked, col(asked.id) == col(Meeting.asked_staff_id))
        .outerjoin(MeetingTable, col(MeetingTable.id) == col(Meeting.table_id))
        .outerjoin(Booth, col(Booth.id) == col(MeetingTable.booth_id))
        .outerjoin(Robot, col(Robot.id) == col(Meeting.robot_id))
    )


# Made once: every hold asks it.
_OPEN: Any = select(
    func.count().filter(col(Meeting.state) == State.HELD), func.count().filter(col(Meeting.state).in_(QUEUED))
).where(col(Meeting.buyer_id) == bindparam("buyer"), col(Meeting.expires_at) > bindparam("moment"))

_PLAIN = ("uid", "version", "sequence", "starts_at", "ends_at", "expires_at", "requested_at", "topic")
_NAMED = (
    *("buyer", "buyer_name", "buyer_zh", "buyer_company", "buyer_country"),
    *("staff", "staff_name", "staff_zh", "booth", "table"),
)


def _out(row: Row[Any], by: Identity, now: datetime) -> MeetingOut:
    meeting: Meeting = row.Meeting
    side, standing = side_of(by, meeting), standing_of(meeting)
    return MeetingOut(
        **{name: getattr(meeting, name) for name in _PLAIN},
        state=state_at(standing, now),
        **{name: getattr(row, name) for name in _NAMED},
        exhibitor=row.code,
        exhibitor_en=row.name_en,
        exhibitor_zh=row.name_zh,
        buyer_email=row.buyer_email if _shows_contact(meeting, side, consents=row.consents) else None,
        robot=robot_key(row.code, row.robot) if row.robot else None,
        robot_en=row.robot_en,
        robot_zh=row.robot_zh,
        ended_by=meeting.ended_by,
        buyer_invited=_buyer_invited(row, side),
        staff_invited=_staff_invited(row, side),
        waiting=row.waiting,
        proposal=_proposal(meeting) if is_proposed(standing, now) else None,
        reason=ENDED_BY_CLOCK[meeting.state] if has_lapsed(standing, now) else meeting.reason,
        reason_text=meeting.reason_text,
        acts=acts_of(standing, side, now) if side else [],
    )


def _shows_contact(meeting: Meeting, side: Side | None, *, consents: bool) -> bool:
    return side is Side.BUYER or (side is Side.EXHIBITOR and consents and meeting.state in CONTACT_STATES)


def _proposal(meeting: Meeting) -> ProposalOut | None:
    if meeting.proposed_by is None or meeting.proposed_starts_at is None or meeting.proposed_ends_at is None:
        return None
    return ProposalOut(by=meeting.proposed_by, starts_at=meeting.proposed_starts_at, ends_at=meeting.proposed_ends_at)


def _buyer_invited(row: Row[Any], side: Side | None) -> Invited:
    if row.buyer_email and row.mailed:
        return Invited.YES
    if side is not Side.BUYER:
        return Invited.NO
    return Invited.NO_CONSENT if row.buyer_email else Invited.NO_ADDRESS


def _staff_invited(row: Row[Any], side: Side | None) -> Invited | None:
    if side is Side.BUYER or row.staff is None:
        return None
    return Invited.YES if row.staff_email else Invited.NO_ADDRESS
