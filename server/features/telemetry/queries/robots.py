"""Reads of the robots that may speak: how they are enrolled, and what was last heard of each."""

import json
from typing import Any

from sqlmodel import Session, col, select

from server.features.exhibitors.models import Exhibitor, Robot
from server.features.exhibitors.rules import robot_key
from server.features.floorplan.queries import booths_by_exhibitor
from server.features.telemetry.models import RobotHearing, RobotState
from server.features.telemetry.rules.hearing import Hearing
from server.features.telemetry.rules.robots import EnrolledRobot, PresentRobot
from server.infra.identity import Audience

_ROW = ("protocol", "address", "source", "options", "kind", "name_en", "name_zh", "product_id")
_HEARD = (
    *(RobotHearing.aside_at, RobotHearing.aside_made_at, RobotHearing.aside_why),
    *(RobotHearing.refused_at, RobotHearing.refused_code, RobotHearing.refused_detail),
)


def enrolled_robots(session: Session, audience: Audience) -> list[EnrolledRobot]:
    """The robots that may speak and are the audience's own, by key."""
    query = _enrolled(Robot, Exhibitor.code)
    if not audience.sees_all:
        query = query.where(Exhibitor.code == (audience.exhibitor or ""))
    return [EnrolledRobot(**_facts(robot, code)) for robot, code in session.execute(query)]


def present_robots(session: Session, exhibitor: str = "") -> list[PresentRobot]:
    """Every robot that may speak (or those of one exhibitor) by key with what was last heard of it; two queries."""
    booths = booths_by_exhibitor(session)
    query = (
        _enrolled(Robot, Exhibitor, RobotState, *_HEARD)
        .outerjoin(RobotState, col(RobotState.robot_id) == col(Robot.id))
        .outerjoin(RobotHearing, col(RobotHearing.robot_id) == col(Robot.id))
    )
    if exhibitor:
        query = query.where(Exhibitor.code == exhibitor)
    return [
        PresentRobot(
            **_facts(robot, who.code),
            exhibitor_en=who.name_en,
            exhibitor_zh=who.name_zh,
            booth=next(iter(booths.get(who.code, ())), None),
            state=json.loads(state.body) if state else None,
            seen_at=state.received_at if state else None,
            hearing=Hearing(*heard),
        )
        for robot, who, state, *heard in session.execute(query)
    ]


def _enrolled(*columns: Any) -> Any:
    query = select(*columns).select_from(Robot).join(Exhibitor, col(Exhibitor.id) == col(Robot.exhibitor_id))
    return query.where(col(Robot.active).is_(True)).order_by(Exhibitor.code, Robot.code)


def _facts(robot: Robot, exhibitor: str) -> dict[str, Any]:
    row = {name: getattr(robot, name) for name in _ROW}
    return {**row, "key": robot_key(exhibitor, robot.code), "exhibitor": exhibitor}
