"""Reads of the alarms about robots."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from server.features.exhibitors.models import Exhibitor, Robot
from server.features.exhibitors.rules import robot_key
from server.features.telemetry.models import RobotAlarm
from server.features.telemetry.rules.alarms import QUIET, is_open
from server.features.telemetry.schemas import AlarmOut
from server.infra.identity import Audience


def newest_alarms(session: Session, robots: Collection[int]) -> dict[tuple[int, str], RobotAlarm]:
    """The newest alarm of each kind of these robots."""
    if not robots:
        return {}
    query = select(RobotAlarm).where(col(RobotAlarm.robot_id).in_(robots)).order_by(col(RobotAlarm.last_seen))
    return {(row.robot_id, row.kind): row for row in session.exec(query)}


def alarm_page(
    session: Session, audience: Audience, now: datetime, *, limit: int = 200, only_open: bool = False
) -> list[AlarmOut]:
    """The newest alarms of the robots whose troubles `audience` sees; `only_open`, of those that may speak."""
    columns: Any = (RobotAlarm, Robot.code, Robot.name_en, Robot.name_zh, Exhibitor.code)
    query: Any = (
        select(*columns)
        .join(Robot, col(Robot.id) == col(RobotAlarm.robot_id))
        .join(Exhibitor, col(Exhibitor.id) == col(Robot.exhibitor_id))
        .order_by(col(RobotAlarm.last_seen).desc(), col(RobotAlarm.id).desc())
        .limit(limit)
    )
    if not audience.sees_all:
        query = query.where(Exhibitor.code == (audience.exhibitor or ""))
    if only_open:
        query = query.where(col(RobotAlarm.last_seen) >= now - QUIET, col(Robot.active).is_(True))
    return [_row(row, now) for row in session.execute(query)]


def _row(found: Any, now: datetime) -> AlarmOut:
    alarm, robot, name_en, name_zh, exhibitor = found
    return AlarmOut(
        robot=robot_key(exhibitor, robot),
        exhibitor=exhibitor,
        name_en=name_en,
        name_zh=name_zh,
        kind=alarm.kind,
        opened_at=alarm.opened_at,
        last_seen=alarm.last_seen,
        detail=alarm.detail,
        open=is_open(alarm.last_seen, now),
    )
