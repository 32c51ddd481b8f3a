"""Reads of the live pages: the plan with its exhibitors, their robots and present states, and the demos to come."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func
from sqlmodel import Session, col, select

from server.features.exhibitors.models import Exhibitor, Robot
from server.features.floorplan.models import Booth, BoothAssignment, Hall, PlanFeature
from server.features.screens.schemas import BoothCard, DemoCard, ExhibitorTile, FeatureCard, HallCard, RobotCard
from server.features.telemetry.models import LossGap, RobotHearing, RobotState
from server.features.timetable.models import Demo, FairDay


def the_hall(session: Session) -> HallCard | None:
    """The hall of the zone, if the fair is loaded."""
    hall = session.exec(select(Hall).order_by(col(Hall.id)).limit(1)).first()
    return HallCard(hall.name_en, hall.name_zh, hall.width_m, hall.depth_m) if hall else None


def plan_features(session: Session) -> list[FeatureCard]:
    """Aisles, stages, services and entrances."""
    return [
        FeatureCard(row.kind, row.name_en, row.name_zh, row.x, row.y, row.width_m, row.depth_m)
        for row in session.exec(select(PlanFeature).order_by(col(PlanFeature.id)))
    ]


def booth_cards(session: Session, number: str | None = None) -> list[BoothCard]:
    """Every booth by number with who has it, or the one with that number."""
    query = (
        select(Booth, Exhibitor)
        .outerjoin(BoothAssignment, col(BoothAssignment.booth_id) == col(Booth.id))
        .outerjoin(Exhibitor, col(Exhibitor.id) == col(BoothAssignment.exhibitor_id))
        .order_by(Booth.number)
    )
    if number is not None:
        query = query.where(Booth.number == number)
    return [_booth_card(booth, exhibitor) for booth, exhibitor in session.execute(query)]


def _booth_card(booth: Booth, exhibitor: Exhibitor | None) -> BoothCard:
    return BoothCard(booth.number, booth.x, booth.y, booth.width_m, booth.depth_m, _exhibitor_card(exhibitor))


def _exhibitor_card(who: Exhibitor | None) -> ExhibitorTile | None:
    return ExhibitorTile(who.code, who.name_en, who.name_zh, who.city, who.city_zh, who.is_guangdong) if who else None


def robot_cards(session: Session, exhibitor: str | None = None) -> list[RobotCard]:
    """The active robots by key, of all exhibitors or of one."""
    query = (
        select(Robot, Exhibitor.code)
        .join(Exhibitor, col(Exhibitor.id) == col(Robot.exhibitor_id))
        .where(col(Robot.active).is_(True))
        .order_by(Exhibitor.code, Robot.code)
    )
    if exhibitor is not None:
        query = query.where(Exhibitor.code == exhibitor)
    return [
        RobotCard(f"{code}/{robot.code}", code, robot.name_en, robot.name_zh, robot.kind, robot.source)
        for robot, code in session.execute(query)
    ]


def present_reports(session: Session) -> list[dict[str, Any]]:
    """The present state of every active robot as the live feed sends it, unredacted."""
    query = select(RobotState.body).join(Robot, col(Robot.id) == col(RobotState.robot_id))
    return [json.loads(body) for body in session.exec(query.where(col(Robot.active).is_(True)))]


def refused_since(session: Session, since: datetime) -> list[tuple[str, str, datetime]]:
    """(robot's key, exhibitor's code, when) of the active robots of which a message was refused since then."""
    query: Any = (
        select(Exhibitor.code, Robot.code, RobotHearing.refused_at)
        .join(Robot, col(Robot.exhibitor_id) == col(Exhibitor.id))
        .join(RobotHearing, col(RobotHearing.robot_id) == col(Robot.id))
        .where(col(Robot.active).is_(True), col(RobotHearing.refused_at) >= since)
    )
    return [(f"{code}/{robot}", code, at) for code, robot, at in session.execute(query)]


def demo_cards(session: Session, since: datetime, *, exhibitor: str | None = None, limit: int = 60) -> list[DemoCard]:
    """The demos that run at `since` or start later, the next first; of all exhibitors or of one."""
    columns: Any = (Demo, Exhibitor, Booth.number, PlanFeature.name_en, PlanFeature.name_zh, Robot.code)
    query: Select[Any] = (
        select(*columns)
        .join(Exhibitor, col(Exhibitor.id) == col(Demo.exhibitor_id))
        .outerjoin(Booth, col(Booth.id) == col(Demo.booth_id))
        .outerjoin(PlanFeature, col(PlanFeature.id) == col(Demo.stage_id))
        .outerjoin(Robot, col(Robot.id) == col(Demo.robot_id))
        .where(col(Demo.ends_at) > since)
        .order_by(col(Demo.starts_at), Demo.code)
        .limit(limit)
    )
    if exhibitor is not None:
        query = query.where(col(Exhibitor.code) == exhibitor)
    return [_demo_card(row, since) for row in session.execute(query)]


def _demo_card(row: Any, since: datetime) -> DemoCard:
    demo, who, booth, stage_en, stage_zh, robot = row
    return DemoCard(
        code=demo.code,
        title_en=demo.title_en,
        title_zh=demo.title_zh,
        starts_at=demo.starts_at,
        ends_at=demo.ends_at,
        exhibitor=who.code,
        exhibitor_en=who.name_en,
        exhibitor_zh=who.name_zh,
        place_en=booth or stage_en or "",
        place_zh=booth or stage_zh or "",
        robot=f"{who.code}/{robot}" if robot else "",
        scheduled=demo.starts_at <= since,
    )


def fair_days(session: Session) -> list[tuple[datetime, datetime]]:
    """(opens at, closes at) of each day of the fair, in order."""
    return [(day.opens_at, day.closes_at) for day in session.exec(select(FairDay).order_by(col(FairDay.opens_at)))]


def counted_gaps(session: Session) -> int:
    """How many gaps in the robots' reports have been counted."""
    return session.exec(select(func.count()).select_from(LossGap)).one()
