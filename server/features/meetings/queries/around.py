"""What the meetings' pages name beside the meetings: the fair's days, the reader's zone, people, places, demos."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from server.features.buyers.models import Buyer, BuyerNeed
from server.features.exhibitors.models import Category, Exhibitor, Robot, StaffMember
from server.features.floorplan.models import Booth, BoothAssignment, PlanFeature
from server.features.meetings.queries.availability import Participants, look, tables_of
from server.features.meetings.rules import WALKING_M_S
from server.features.reservations.rules import Span, free_starts
from server.features.timetable.models import Demo, FairDay
from server.infra.identity import Identity
from server.kernel.clock import FAIR_ZONE


@dataclass(frozen=True)
class DiaryDay:
    """A day of the fair, counted from 1; `date` is its date in fair time."""

    number: int
    date: date
    opens_at: datetime
    closes_at: datetime


@dataclass(frozen=True)
class Calendar:
    """The days of the fair in order, and the zone in which the reader lives."""

    days: tuple[DiaryDay, ...]
    zone: str

    def current(self, now: datetime) -> DiaryDay | None:
        """The day that is not over yet, else the last."""
        ahead = [day for day in self.days if now < day.closes_at]
        return ahead[0] if ahead else next(reversed(self.days), None)


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


@dataclass(frozen=True)
class ShownDemo:
    """A demo of an exhibitor's, and where it is."""

    title_en: str
    title_zh: str
    place_en: str
    place_zh: str
    starts_at: datetime
    ends_at: datetime


def find_calendar(session: Session, by: Identity) -> Calendar:
    """The days of the fair and the zone of a buyer; everybody else lives in fair time. One query."""
    zone = select(col(Buyer.time_zone)).where(col(Buyer.id) == by.buyer_id).scalar_subquery()
    rows = session.execute(select(FairDay, zone).order_by(col(FairDay.opens_at))).all()
    days = (
        DiaryDay(number, row[0].date, row[0].opens_at, row[0].closes_at) for number, row in enumerate(rows, start=1)
    )
    return Calendar(tuple(days), next((row[1] for row in rows if row[1]), FAIR_ZONE.key))


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
    query = (
        select(col(Exhibitor.code), col(Booth.number))
        .join(BoothAssignment, col(BoothAssignment.exhibitor_id) == col(Exhibitor.id))
        .join(Booth, col(Booth.id) == col(BoothAssignment.booth_id))
        .where(col(Exhibitor.code).in_(exhibitors))
        .order_by(col(Booth.number))
    )
    found: dict[str, list[str]] = defaultdict(list)
    for code, number in session.execute(query):
        found[code].append(number)
    return found


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


def shows_of(session: Session, exhibitor_id: int, since: datetime, until: datetime) -> list[ShownDemo]:
    """The demos of an exhibitor that touch a stretch of time, by start."""
    query = (
        select(Demo, col(Booth.number), col(PlanFeature.name_en), col(PlanFeature.name_zh))
        .outerjoin(Booth, col(Booth.id) == col(Demo.booth_id))
        .outerjoin(PlanFeature, col(PlanFeature.id) == col(Demo.stage_id))
        .where(col(Demo.exhibitor_id) == exhibitor_id, col(Demo.ends_at) > since, col(Demo.starts_at) < until)
        .order_by(col(Demo.starts_at), col(Demo.id))
    )
    return [
        ShownDemo(demo.title_en, demo.title_zh, booth or place_en, booth or place_zh, demo.starts_at, demo.ends_at)
        for demo, booth, place_en, place_zh in session.execute(query)
    ]


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
