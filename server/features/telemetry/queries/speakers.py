"""Reads of the robots that speak over HTTPS: who they are, their accounts, and how often they were refused lately."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from server.features.exhibitors.models import Exhibitor, Robot
from server.features.telemetry.models import QuarantinedMessage, RobotAccount, RobotWatch
from server.infra.sums import Total


@dataclass(frozen=True)
class Speaker:
    """An enrolled robot that speaks over HTTPS, as far as its reports need it."""

    id: int
    key: str
    protocol: str
    source: str
    rehearsal: bool
    options: dict[str, Any] = field(default_factory=dict)
    """What is told of its numbers."""


@dataclass(frozen=True)
class Kept:
    """What is kept of a robot between two requests, JSON."""

    accounts: list[str]
    watched: str | None


def find_speaker(session: Session, robot_id: int, *, rehearsal: bool) -> Speaker | None:
    """The robot of that row, while it may speak."""
    columns: Any = (Exhibitor.code, Robot.code, Robot.protocol, Robot.source, Robot.options)
    query = (
        select(*columns)
        .join(Robot, col(Robot.exhibitor_id) == col(Exhibitor.id))
        .where(col(Robot.id) == robot_id, col(Robot.active).is_(True))
    )
    row = session.execute(query).first()
    return Speaker(robot_id, f"{row[0]}/{row[1]}", row[2], row[3], rehearsal, row[4]) if row else None


def accounts_of(session: Session, speaker: Speaker) -> Kept:
    """The robot's accounts and what is remembered of it. Ask with its row locked."""
    own = (col(RobotAccount.robot_id) == speaker.id, col(RobotAccount.rehearsal) == speaker.rehearsal)
    bodies = session.exec(select(RobotAccount.body).where(*own).order_by(col(RobotAccount.boot))).all()
    watch = select(RobotWatch.body).where(col(RobotWatch.robot_id) == speaker.id)
    return Kept(list(bodies), None if speaker.rehearsal else session.exec(watch).first())


def refused_this_minute(session: Session, speaker: Speaker, now: datetime) -> dict[str, int]:
    """How many messages of this robot were refused in the present minute, by code."""
    minute = now.replace(second=0, microsecond=0)
    query: Any = (
        select(QuarantinedMessage.code, Total(QuarantinedMessage.copies))
        .where(
            col(QuarantinedMessage.robot_id) == speaker.id,
            col(QuarantinedMessage.channel) == "https",
            col(QuarantinedMessage.rehearsal) == speaker.rehearsal,
            col(QuarantinedMessage.at) >= minute,
            col(QuarantinedMessage.at) < minute + timedelta(minutes=1),
        )
        .group_by(col(QuarantinedMessage.code))
    )
    return {code: int(copies) for code, copies in session.execute(query)}
