"""Reads of what robots send that no screen shows."""

from collections.abc import Collection
from typing import Any

from sqlmodel import Session, col, select

from server.features.telemetry.models import RobotHearing
from server.features.telemetry.rules.hearing import Hearing


def hearings(session: Session, robots: Collection[int] | None = None) -> dict[int, Hearing]:
    """What each of these robots (of all when none are named) last sent that no screen shows, by its row."""
    columns: Any = (
        *(RobotHearing.robot_id, RobotHearing.aside_at, RobotHearing.aside_made_at, RobotHearing.aside_why),
        *(RobotHearing.refused_at, RobotHearing.refused_code, RobotHearing.refused_detail),
    )
    query = select(*columns)
    if robots is not None:
        query = query.where(col(RobotHearing.robot_id).in_(robots))
    return {robot: Hearing(*row) for robot, *row in session.execute(query)}
