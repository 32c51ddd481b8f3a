"""Reads of what robots rehearse: for their exhibitor alone."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from server.features.exhibitors.models import Exhibitor, Robot
from server.features.exhibitors.rules import robot_key
from server.features.telemetry.models import QuarantinedMessage, RehearsalReport
from server.features.telemetry.rules import FIELD_NOT_TAKEN
from server.infra.sums import Total


@dataclass(frozen=True)
class RehearsalRow:
    """What was heard of one robot under its rehearsal credential; `report` is the newest one, as the wire has it."""

    robot: str
    name_en: str
    name_zh: str
    reports: int
    refused: int
    heard_at: datetime | None
    report: dict[str, Any] | None


def rehearsals(session: Session, exhibitor: str) -> list[RehearsalRow]:
    """The robots of an exhibitor that were heard or refused in rehearsal, in three queries."""
    newest = (
        select(RehearsalReport.robot_id, func.max(RehearsalReport.received_at).label("at"), func.count().label("n"))
        .group_by(col(RehearsalReport.robot_id))
        .subquery()
    )
    refused = (
        select(QuarantinedMessage.robot_id, Total(QuarantinedMessage.copies).label("n"))
        .where(col(QuarantinedMessage.rehearsal).is_(True), col(QuarantinedMessage.code) != FIELD_NOT_TAKEN)
        .group_by(col(QuarantinedMessage.robot_id))
        .subquery()
    )
    query: Any = (
        select(Robot, newest.c.n, newest.c.at, refused.c.n)
        .join(Exhibitor, col(Exhibitor.id) == col(Robot.exhibitor_id))
        .outerjoin(newest, newest.c.robot_id == col(Robot.id))
        .outerjoin(refused, refused.c.robot_id == col(Robot.id))
        .where(Exhibitor.code == exhibitor, newest.c.n.is_not(None) | refused.c.n.is_not(None))
        .order_by(col(Robot.code))
    )
    found = session.execute(query).all()
    bodies = _newest_bodies(session, {robot.id: at for robot, _, at, _ in found if at is not None})
    return [
        RehearsalRow(
            *(robot_key(exhibitor, robot.code), robot.name_en, robot.name_zh, int(reports or 0), int(refused or 0), at),
            bodies.get(robot.id),
        )
        for robot, reports, at, refused in found
    ]


def _newest_bodies(session: Session, heard: dict[int, datetime]) -> dict[int, dict[str, Any]]:
    query = (
        select(RehearsalReport.robot_id, RehearsalReport.body)
        .where(
            col(RehearsalReport.robot_id).in_(heard.keys()),
            col(RehearsalReport.received_at).in_(set(heard.values())),
        )
        .order_by(col(RehearsalReport.received_at), col(RehearsalReport.boot), col(RehearsalReport.seq))
    )
    return {robot_id: json.loads(body) for robot_id, body in session.execute(query)}
