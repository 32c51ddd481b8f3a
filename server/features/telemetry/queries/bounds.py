"""Reads of how much was taken of somebody lately, so that it can be bounded."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from server.features.exhibitors.queries import find_owner
from server.features.telemetry.models import LossCursor, LossLedger, QuarantinedMessage
from server.features.telemetry.rules.bounds import Starts

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class RefusalsKept:
    """How many refusals of an exhibitor's bridges were kept: in a day, in this minute, and of each kind in it."""

    day: int
    minute: int
    kinds: dict[tuple[int | None, str], int]
    """By robot's row and reason."""


def starts_of(session: Session, robots: Collection[int], now: datetime) -> Starts:
    """The starts of these robots that are accounted for."""
    known: dict[int, set[int]] = {robot: set() for robot in robots}
    recent: dict[int, set[int]] = {robot: set() for robot in robots}
    counted: Any = (LossCursor.robot_id, LossCursor.boot, LossCursor.opened_at)
    ledgers: Any = (LossLedger.robot_id, LossLedger.boot, LossLedger.updated_at)
    for columns in (counted, ledgers) if robots else ():
        for robot, boot, since in session.execute(select(*columns).where(columns[0].in_(robots))):
            if boot not in known[robot] and since is not None and since > now - HOUR:
                recent[robot].add(boot)
            known[robot].add(boot)
    return Starts(
        {robot: frozenset(boots) for robot, boots in known.items()},
        {robot: len(boots) for robot, boots in recent.items()},
    )


def refusals_kept(session: Session, exhibitor_id: int, now: datetime) -> RefusalsKept:
    """What was kept of this exhibitor's bridges, by the server's clock."""
    of_bridge = col(QuarantinedMessage.exhibitor_id) == exhibitor_id
    minute = now.replace(second=0, microsecond=0)
    columns: Any = (QuarantinedMessage.robot_id, QuarantinedMessage.code, func.count())
    query = select(*columns).where(of_bridge, col(QuarantinedMessage.kept_at) >= minute)
    kinds = {
        (robot, code): int(number)
        for robot, code, number in session.execute(
            query.group_by(col(QuarantinedMessage.robot_id), col(QuarantinedMessage.code))
        )
    }
    day = select(func.count()).where(of_bridge, col(QuarantinedMessage.kept_at) > now - DAY)
    return RefusalsKept(session.exec(day).one(), sum(kinds.values()), kinds)


def exhibitor_of(session: Session, code: str) -> int | None:
    """The row of the exhibitor with that code."""
    owner = find_owner(session, code)
    return owner.id if owner else None
