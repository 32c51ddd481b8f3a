"""The robots against which a pasted message can be checked."""

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from server.features.exhibitors.models import Exhibitor, Robot
from server.infra.identity import Audience


@dataclass(frozen=True)
class CheckedRobot:
    """A robot as its messages have to name it."""

    key: str
    name_en: str
    name_zh: str
    protocol: str
    address: str
    options: dict[str, Any]


def checkable_robots(session: Session, audience: Audience) -> list[CheckedRobot]:
    """The robots whose troubles `audience` sees, by key."""
    query: Any = (
        select(Robot, Exhibitor.code)
        .join(Exhibitor, col(Exhibitor.id) == col(Robot.exhibitor_id))
        .where(col(Robot.active).is_(True))
        .order_by(Exhibitor.code, Robot.code)
    )
    if not audience.sees_all:
        query = query.where(Exhibitor.code == (audience.exhibitor or ""))
    return [
        CheckedRobot(
            f"{exhibitor}/{robot.code}", robot.name_en, robot.name_zh, robot.protocol, robot.address, robot.options
        )
        for robot, exhibitor in session.execute(query)
    ]
