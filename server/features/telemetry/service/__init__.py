"""The use cases of the telemetry, by their names."""

from server.features.telemetry.service.alarms import TOPIC as ALARM_TOPIC
from server.features.telemetry.service.batches import store_batch
from server.features.telemetry.service.enrolled import enrolments
from server.features.telemetry.service.https_reports import (
    MAX_BODY_BYTES,
    Answer,
    RobotTokenError,
    Status,
    TooManyReportsError,
    WrongProtocolError,
    robot_behind,
    take_reports,
)
from server.features.telemetry.service.ledger import RobotDay, robot_day
from server.features.telemetry.service.presences import TOPIC
from server.features.telemetry.service.refusals import TOPIC as REFUSAL_TOPIC
from server.features.telemetry.service.retention import forget_old_telemetry

__all__ = [
    "ALARM_TOPIC",
    "MAX_BODY_BYTES",
    "REFUSAL_TOPIC",
    "TOPIC",
    "Answer",
    "RobotDay",
    "RobotTokenError",
    "Status",
    "TooManyReportsError",
    "WrongProtocolError",
    "enrolments",
    "forget_old_telemetry",
    "robot_behind",
    "robot_day",
    "store_batch",
    "take_reports",
]
