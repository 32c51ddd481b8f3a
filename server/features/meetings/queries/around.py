"""What the meetings' pages name beside the meetings: the fair's days, the reader's zone, people, places, demos."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from server.features.buyers.models import Buyer, BuyerNeed
from server.features.exhibitors.models import Category, Exhibitor, Robot, StaffMember
from server.features.floorplan.models import Booth
from server.features.floorplan.queries import booths_by_exhibitor
from server.features.meetings.queries.availability import Participants, look, tables_of
from server.features.meetings.rules import WALKING_M_S
from server.features.reservations.rules import free_starts
from server.features.timetable.queries import list_days, list_demos
from server.features.timetable.rules import current_day
from server.features.timetable.schemas import DayOut, DemoOut
from server.infra.identity import Identity
from server.kernel.clock import FAIR_ZONE
from server.kernel.spans import Span

DiaryDay = DayOut
"""A day of the fair, counted from 1."""


@dataclass(frozen=True)
class Calendar:
    """The days of the fair in order, and the zone in which the reader lives."""

    days: list[DiaryDay]
    zone: str

    def current(self, now: datetime) -> DiaryDay | None:
        """The day that is not over yet, else the last."""
        return current_day(self.days, now)


@dataclass(frozen=True)
class NamedRow:
    """A person, a robot or a kind of robot by its code and its key, with its name in both scripts."""

    id: int
    code: str
    name_en: str
    name_zh: str


@dataclass(frozen=True)
class HostChoices:
    """Whom and what one may ask for at an exhibitor."""

    staff: tuple[NamedRow, ...]
    robots: tuple[NamedRow, ...]


def find_calendar(session: Session, by: Identity) -> Calendar:
    """The days of the fair and the zone of a buyer; everybody else lives in fair time."""
    own = select(col(Buyer.time_zone)).where(col(Buyer.id) == by.buyer_id)
    zone = session.scalar(own) if by.buyer_id is not None else None
    return Calendar(list_days(session), zone or FAIR_ZONE.key)


def find_host(session: Session, exhibitor: str) -> HostChoices:
    """The people and robots of an exhibitor by its code; nothing of one that is not there. Two queries."""
    staff = _of(
        select(col(StaffMember.id), col(StaffMember.code), col(StaffMember.name), col(StaffMember.name_zh)).where(
            col(StaffMember.active).is_(True)
        ),
        StaffMember.exhibitor_id,
        exhibitor,
    )
    robots = _of(
        select(col(Robot.id), col(Robot.code), col(Robot.name_en), col(Robot.name_zh)).where(
            col(Robot.active).is_(True)
        ),
        Robot.exhibitor_id,
        exhibitor,
    )
    return HostChoices(
        tuple(NamedRow(*row) for row in session.execute(staff.order_by(col(StaffMember.id)))),
        tuple(NamedRow(*row) for row in session.execute(robots.order_by(col(Robot.id)))),
    )


def needs_of(session: Session, buyers: Collection[str]) -> dict[str, list[NamedRow]]:
    """What these buyers (codes) look for, in their own order; one query however many they are."""
    query = (
        select(col(Buyer.code), col(BuyerNeed.id), col(Category.code), col(Category.name_en), col(Category.name_zh))
        .join(BuyerNeed, col(BuyerNeed.buyer_id) == col(Buyer.id))
        .join(Category, col(Category.code) == col(BuyerNeed.category))
        .where(col(Buyer.code).in_(buyers))
        .order_by(col(BuyerNeed.id))
    )
    found: dict[str, list[NamedRow]] = defaultdict(list)
    for buyer, *named in session.execute(query):
        found[buyer].append(NamedRow(*named))
    return found


def booths_of(session: Session, exhibitors: Collection[str]) -> dict[str, list[str]]:
    """The booths of these exhibitors (codes), for meetings that have no table yet."""
    return booths_by_exhibitor(session, exhibitors)


def demos_of(session: Session, exhibitor: str, day: DiaryDay) -> list[DemoOut]:
    """The demos of an exhibitor (code) on a day, by start."""
    return list_demos(session, since=day.opens_at, until=day.closes_at, exhibitor=exhibitor)


def middles_of(session: Session, booths: Collection[str]) -> dict[str, tuple[float, float]]:
    """Where these booths are: the metres of their middle on the zone's plan."""
    query = select(
        col(Booth.number), col(Booth.x) + col(Booth.width_m) / 2, col(Booth.y) + col(Booth.depth_m) / 2
    ).where(col(Booth.number).in_(booths))
    return {number: (x, y) for number, x, y in session.execute(query)}


def walk_minutes(here: tuple[float, float], there: tuple[float, float]) -> int:
    """About so long one walks along the aisles of the zone; at least a minute."""
    metres = abs(here[0] - there[0]) + abs(here[1] - there[1])
    return max(1, round(metres / WALKING_M_S / 60))


def next_free(session: Session, exhibitor_id: int, now: datetime, day: DiaryDay, minutes: int = 30) -> datetime | None:
    """When somebody of an exhibitor and a table are free next on a day for that long, if they are at all."""
    since = max(now, day.opens_at)
    if since >= day.closes_at:
        return None
    within, nobody = Span(since, day.closes_at), Participants(buyer_id=0)
    availability = look(session, exhibitor_id, [nobody], within, tables=tables_of(session, exhibitor_id), now=now)
    return next(iter(free_starts(availability.groups(nobody), timedelta(minutes=minutes), within)), None)


def _of(query: Any, owner: Any, exhibitor: str) -> Any:
    return query.join(Exhibitor, col(Exhibitor.id) == col(owner)).where(col(Exhibitor.code) == exhibitor)
