"""Whom or what a meeting needs that is no longer at the fair: buyers, people and robots that were switched off, tables.

One place, whichever way they went: what is gone is read from where it is written down, not from who took it away.
"""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlmodel import Session, col

from server.features.accounts.models import Account
from server.features.exhibitors.models import Robot, StaffMember
from server.features.floorplan.models import BoothAssignment, MeetingTable
from server.features.meetings.models import Meeting
from server.features.meetings.rules import OPEN, Reason, State


def _buyer_left() -> ColumnElement[bool]:
    """Every log-in of the buyer is switched off; a buyer who never had one comes all the same."""
    mine = col(Account.buyer_id) == col(Meeting.buyer_id)
    return and_(exists().where(mine), ~exists().where(mine, col(Account.active).is_(True)))


def _person_left() -> ColumnElement[bool]:
    who = func.coalesce(Meeting.staff_id, Meeting.asked_staff_id)
    return exists().where(col(StaffMember.id) == who, col(StaffMember.active).is_(False))


def _robot_left() -> ColumnElement[bool]:
    return exists().where(col(Robot.id) == col(Meeting.robot_id), col(Robot.active).is_(False))


def _place_left() -> ColumnElement[bool]:
    """The table is at a booth that the exhibitor does not have any more."""
    own = exists().where(
        col(MeetingTable.id) == col(Meeting.table_id),
        col(BoothAssignment.booth_id) == col(MeetingTable.booth_id),
        col(BoothAssignment.exhibitor_id) == col(Meeting.exhibitor_id),
    )
    return and_(col(Meeting.table_id).is_not(None), ~own)


LEFT: Mapping[Reason, ColumnElement[bool]] = MappingProxyType(
    {
        Reason.BUYER_LEFT: _buyer_left(),
        Reason.PERSON_LEFT: _person_left(),
        Reason.ROBOT_LEFT: _robot_left(),
        Reason.PLACE_LEFT: _place_left(),
    }
)
"""Every way in which somebody or something can be gone, and how it is seen."""


def is_orphaned(now: datetime) -> ColumnElement[bool]:
    """Which meetings are still to come and can no longer take place."""
    return and_(is_ahead(now), or_(*LEFT.values()))


def is_ahead(now: datetime) -> ColumnElement[bool]:
    """Which meetings, holds and requests are still to come."""
    alive = and_(col(Meeting.state).in_(OPEN), col(Meeting.expires_at) > now)
    return and_(or_(alive, col(Meeting.state) == State.ACCEPTED), col(Meeting.ends_at) > now)


def reason_to_end(session: Session, meeting: Meeting) -> Reason | None:
    """Why a meeting can no longer take place, if it cannot; one query."""
    query: Any = select(*LEFT.values()).select_from(Meeting).where(col(Meeting.id) == meeting.id)
    gone = session.execute(query).one()
    return next((reason for reason, is_gone in zip(LEFT, gone, strict=True) if is_gone), None)
