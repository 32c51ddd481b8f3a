"""What of the telemetry is forgotten, and when."""

from datetime import datetime

from sqlalchemy import delete, func
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from server.features.telemetry.models import (
    LossCursor,
    LossGap,
    LossHour,
    LossLedger,
    QuarantinedMessage,
    RehearsalReport,
    RobotAlarm,
    TelemetryReport,
)
from server.features.telemetry.rules.hours import hour_of


def forget_old_telemetry(session: Session, before: datetime) -> int:
    """Remove reports, refusals, gaps, alarms, hours and accounts from before this moment; return how many.

    The present states stay, and each robot's newest account.
    """
    later, ahead = aliased(LossLedger), aliased(LossCursor)
    newest = select(func.max(later.boot)).where(later.robot_id == LossLedger.robot_id).scalar_subquery()
    furthest = select(func.max(ahead.boot)).where(ahead.robot_id == LossCursor.robot_id).scalar_subquery()
    statements = (
        delete(LossLedger).where(col(LossLedger.updated_at) < before, col(LossLedger.boot) < newest),
        delete(LossCursor).where(col(LossCursor.updated_at) < before, col(LossCursor.boot) < furthest),
        delete(LossHour).where(col(LossHour.hour) < hour_of(before)),
        delete(TelemetryReport).where(col(TelemetryReport.received_at) < before),
        delete(RehearsalReport).where(col(RehearsalReport.received_at) < before),
        delete(QuarantinedMessage).where(col(QuarantinedMessage.at) < before),
        delete(LossGap).where(col(LossGap.noticed_at) < before),
        delete(RobotAlarm).where(col(RobotAlarm.last_seen) < before),
    )
    return sum(int(session.connection().execute(statement).rowcount) for statement in statements)
