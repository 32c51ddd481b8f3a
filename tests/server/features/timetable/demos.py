"""Demos of the demo fair's exhibitor `nanling` on its second day, for the tests of the timetable."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlmodel import select

from server.features.exhibitors.models import Exhibitor, Robot, StaffMember
from server.features.reservations.models import Reservation
from server.features.reservations.rules import Resource, ResourceKind, Want
from server.features.reservations.service import claim
from server.features.timetable.schemas import DemoPlan
from server.infra.db import Database
from server.infra.identity import Identity
from server.kernel.permissions import Role
from server.kernel.spans import Span

OPENING = datetime(2026, 4, 16, 1, 0, tzinfo=UTC)
"""The fair opens at 09:00 on its second day."""
ORGANISER = Identity(role=Role.ORGANISER, username="organiser", display_name="Organiser")
BOOTH = "D19.2C05"


def at(minute: int) -> datetime:
    """So many minutes after the opening of the second day."""
    return OPENING + timedelta(minutes=minute)


def typed(**changes: Any) -> dict[str, Any]:
    """What a program sends for a demo at 14:00, with changes."""
    return {
        "exhibitor": "nanling",
        "booth": BOOTH,
        "robot": "walker-7",
        "staff": "jiang-mengjie",
        "title_en": "Soup up a ramp, again",
        "title_zh": "再次端汤上坡",
        "starts_at": at(300).isoformat(),
        "minutes": 20,
    } | changes


def a_plan(**changes: Any) -> DemoPlan:
    """The same, checked."""
    return DemoPlan.model_validate(typed(**changes))


def hold_for_meeting(database: Database, kind: ResourceKind, code: str, first: int, last: int) -> None:
    """Let a meeting have a robot or a person of `nanling`, from and to so many minutes after opening."""
    table = Robot if kind is ResourceKind.ROBOT else StaffMember
    with database.write() as session:
        query = select(table.id).join(Exhibitor).where(Exhibitor.code == "nanling", table.code == code)
        key = session.exec(query).one() or 0
        claim(session, "meeting:m-1", [Want(Resource(kind, key), Span(at(first), at(last)))])


def owned(database: Database, holder: str) -> dict[str, int]:
    """How many cells of each kind of thing a holder owns."""
    with database.read() as session:
        rows = session.exec(select(Reservation.resource).where(Reservation.holder == holder)).all()
    return {kind: sum(row.startswith(kind) for row in rows) for kind in sorted({row.split(":")[0] for row in rows})}
