"""What the live pages are made of: the plan with its exhibitors, their robots as they are now, the demos to come."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, select

from server.features.floorplan.queries import find_booth, find_plan
from server.features.floorplan.schemas import BoothOut, PlanOut
from server.features.telemetry.models import LossGap
from server.features.telemetry.queries.robots import present_robots
from server.features.telemetry.rules.robots import PresentRobot
from server.features.timetable.queries import list_days, list_demos
from server.features.timetable.schemas import DayOut, DemoOut

MOST_DEMOS = 60


@dataclass(frozen=True)
class ZoneFacts:
    """Everything that the overview shows, as it stands; no plan before a fair is loaded."""

    plan: PlanOut | None
    robots: list[PresentRobot]
    demos: list[DemoOut]
    days: list[DayOut]
    gaps: int
    """How many gaps in the robots' reports have been counted."""


def read_zone(session: Session, now: datetime) -> ZoneFacts:
    """The zone, with the demos that run at `now` or start later, the next first; eight queries."""
    return ZoneFacts(
        plan=find_plan(session),
        robots=present_robots(session),
        demos=list_demos(session, since=now, limit=MOST_DEMOS),
        days=list_days(session),
        gaps=session.exec(select(func.count()).select_from(LossGap)).one(),
    )


def read_booth(
    session: Session, number: str, now: datetime
) -> tuple[BoothOut | None, list[PresentRobot], list[DemoOut]]:
    """The booth of that number with its exhibitor's robots and demos to come; nothing where there is none."""
    booth = find_booth(session, number)
    if booth is None or booth.occupant is None:
        return booth, [], []
    code = booth.occupant.code
    return booth, present_robots(session, code), list_demos(session, since=now, exhibitor=code, limit=MOST_DEMOS)
