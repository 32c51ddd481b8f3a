"""Reads of what robots send that no screen shows."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from server.features.exhibitors.models import Exhibitor, Robot
from server.features.exhibitors.rules import robot_key
from server.features.telemetry.models import RobotHearing


@dataclass(frozen=True)
class RefusedRobot:
    """A robot of which a message was refused lately."""

    key: str
    exhibitor: str
    at: datetime
    detail: dict[str, str]
    """The sentence per language."""


def refused_robots(session: Session, since: datetime) -> list[RefusedRobot]:
    """The active robots of which a message was refused since then, by key; rehearsals are nobody's."""
    columns: Any = (Exhibitor.code, Robot.code, RobotHearing.refused_at, RobotHearing.refused_detail)
    query: Any = (
        select(*columns)
        .join(Robot, col(Robot.id) == col(RobotHearing.robot_id))
        .join(Exhibitor, col(Exhibitor.id) == col(Robot.exhibitor_id))
        .where(col(Robot.active).is_(True), col(RobotHearing.refused_at) >= since)
        .order_by(Exhibitor.code, Robot.code)
    )
    return [
        RefusedRobot(robot_key(who, robot), who, at, detail or {}) for who, robot, at, detail in session.execute(query)
    ]
