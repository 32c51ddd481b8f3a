"""One robot's day in the loss ledger."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from server.features.telemetry.queries.hours import (
    HourRow,
    OwnRobot,
    SpanRow,
    awaited_spans,
    find_own_robot,
    lost_spans,
    robot_hours,
)
from server.features.telemetry.rules.hours import day_span
from server.infra.identity import Audience
from server.kernel.errors import NotFoundError

SHOWN_SPANS = 200


@dataclass(frozen=True)
class RobotDay:
    """A robot's day by the hour, the spans that were lost in it for good, and those that are awaited now."""

    robot: OwnRobot
    date: date
    starts_at: datetime
    ends_at: datetime
    hours: tuple[HourRow, ...]
    lost: tuple[SpanRow, ...]
    awaited: tuple[SpanRow, ...]


def robot_day(session: Session, audience: Audience, robot: tuple[str, str], day: date) -> RobotDay:
    """The day (of fair time) of the robot with these codes, in four queries.

    Raises `NotFoundError` for a robot that is not there, or whose troubles are not for `audience`.
    """
    found = find_own_robot(session, audience, *robot)
    if found is None:
        raise NotFoundError(what="/".join(robot))
    since, until = day_span(day)
    return RobotDay(
        found,
        day,
        since,
        until,
        tuple(robot_hours(session, found.id, since, until)),
        tuple(lost_spans(session, found.id, since, until, SHOWN_SPANS)),
        tuple(awaited_spans(session, found.id, SHOWN_SPANS)),
    )
