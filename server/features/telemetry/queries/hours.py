"""Reads of the loss ledger by the hour, and of what the next batch has to be compared with."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from server.features.exhibitors.models import Exhibitor, Robot
from server.features.exhibitors.rules import robot_key
from server.features.telemetry.models import LossCursor, LossGap, LossHour, LossLedger
from server.features.telemetry.rules.hours import FIGURES, Reach
from server.infra.identity import Audience

Boot = tuple[int, int]
"""(robot's row, boot)."""


@dataclass(frozen=True)
class KnownLedger:
    """What of an account has to be known before its next revision is taken."""

    revision: int
    first: int
    duplicates: int
    refused: int = 0


def ledgers_known(session: Session, boots: Collection[Boot]) -> dict[Boot, KnownLedger]:
    """The accounts of these boots, as far as there are any."""
    if not boots:
        return {}
    columns: Any = (
        *(LossLedger.robot_id, LossLedger.boot, LossLedger.revision),
        *(LossLedger.first, LossLedger.duplicates, LossLedger.refused),
    )
    query = select(*columns).where(col(LossLedger.robot_id).in_({robot_id for robot_id, _ in boots}))
    return {(row[0], row[1]): KnownLedger(*row[2:]) for row in session.execute(query) if (row[0], row[1]) in boots}


def reaches(session: Session, boots: Collection[Boot]) -> dict[Boot, Reach]:
    """How much of these boots' counters is in the hours already."""
    if not boots:
        return {}
    columns: Any = (LossCursor.robot_id, LossCursor.boot, LossCursor.first, LossCursor.high)
    query = select(*columns).where(col(LossCursor.robot_id).in_({robot_id for robot_id, _ in boots}))
    return {(row[0], row[1]): Reach(row[2], row[3]) for row in session.execute(query) if (row[0], row[1]) in boots}


def gaps_known(session: Session, robots: Collection[int]) -> set[tuple[int, int, int]]:
    """(robot, boot, first number) of every gap of these robots."""
    if not robots:
        return set()
    columns: Any = (LossGap.robot_id, LossGap.boot, LossGap.first)
    return {
        (row[0], row[1], row[2]) for row in session.execute(select(*columns).where(col(LossGap.robot_id).in_(robots)))
    }


@dataclass(frozen=True)
class OwnRobot:
    """A robot whose troubles somebody may see."""

    id: int
    key: str
    name_en: str
    name_zh: str
    protocol: str


@dataclass(frozen=True)
class HourRow:
    """One robot's hour: `received` = `stored` + `duplicates` + `rejected`.

    `awaited` = `sent` - `stored` - `lost` - `turned_away`, the numbers whose messages were refused.
    """

    hour: datetime
    sent: int
    stored: int
    duplicates: int
    rejected: int
    lost: int
    gaps: int
    turned_away: int = 0

    @property
    def received(self) -> int:
        """How many messages came, whatever became of them."""
        return self.stored + self.duplicates + self.rejected

    @property
    def awaited(self) -> int:
        """By how much more is awaited after this hour; negative where late reports have filled older holes."""
        return self.sent - self.stored - self.lost - self.turned_away


@dataclass(frozen=True)
class SpanRow:
    """A span of a robot's reports, both ends inclusive; `noticed_at` is empty while it may still come."""

    boot: int
    first: int
    last: int
    noticed_at: datetime | None

    @property
    def count(self) -> int:
        """How many reports that is."""
        return self.last - self.first + 1


def find_own_robot(session: Session, audience: Audience, exhibitor: str, robot: str) -> OwnRobot | None:
    """The robot of that key, if `audience` sees its troubles; switched-off ones too, since their past counts."""
    if not audience.sees(exhibitor):
        return None
    query: Any = (
        select(Robot.id, Robot.name_en, Robot.name_zh, Robot.protocol)
        .join(Exhibitor, col(Exhibitor.id) == col(Robot.exhibitor_id))
        .where(Exhibitor.code == exhibitor, Robot.code == robot)
    )
    row = session.execute(query).first()
    return OwnRobot(row[0], robot_key(exhibitor, robot), *row[1:]) if row else None


def robot_hours(session: Session, robot_id: int, since: datetime, until: datetime) -> list[HourRow]:
    """The hours of a robot in which anything happened, from `since` to before `until`."""
    columns: Any = (LossHour.hour, *(getattr(LossHour, name) for name in FIGURES))
    query = (
        select(*columns)
        .where(col(LossHour.robot_id) == robot_id, col(LossHour.hour) >= since, col(LossHour.hour) < until)
        .order_by(col(LossHour.hour))
    )
    return [HourRow(row[0], **dict(zip(FIGURES, row[1:], strict=True))) for row in session.execute(query)]


def lost_spans(session: Session, robot_id: int, since: datetime, until: datetime, limit: int) -> list[SpanRow]:
    """What was lost for good and noticed from `since` to before `until`, the newest first."""
    query = (
        select(LossGap)
        .where(LossGap.robot_id == robot_id, col(LossGap.noticed_at) >= since, col(LossGap.noticed_at) < until)
        .order_by(col(LossGap.noticed_at).desc(), col(LossGap.first).desc())
        .limit(limit)
    )
    return [SpanRow(gap.boot, gap.first, gap.last, gap.noticed_at) for gap in session.exec(query)]


def awaited_spans(session: Session, robot_id: int, limit: int) -> list[SpanRow]:
    """What may still come, by boot and number."""
    query = select(LossLedger).where(LossLedger.robot_id == robot_id, col(LossLedger.open) > 0).order_by("boot")
    found = [SpanRow(one.boot, first, last, None) for one in session.exec(query) for first, last in one.missing]
    return found[:limit]
