"""Reads of the telemetry: the robots by key, what the live feed starts from, quarantine and loss ledger by page."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from server.features.exhibitors.models import Exhibitor, Robot
from server.features.floorplan.models import Booth, BoothAssignment
from server.features.telemetry.models import LossGap, LossLedger, QuarantinedMessage, RobotState, TelemetryReport
from server.features.telemetry.rules import RobotPlace


@dataclass(frozen=True)
class Enrolled:
    """One robot that may speak."""

    key: str
    protocol: str
    address: str
    source: str


@dataclass(frozen=True)
class RobotRow:
    """One enrolled robot with what was last heard of it; `state` is as the live feed sends it, unredacted."""

    key: str
    name_en: str
    name_zh: str
    exhibitor: str
    exhibitor_en: str
    exhibitor_zh: str
    booth: str | None
    kind: str
    protocol: str
    address: str
    source: str
    state: dict[str, Any] | None
    seen_at: datetime | None


@dataclass(frozen=True)
class QuarantineRow:
    """One refused message as a page shows it."""

    id: int
    at: datetime
    robot: str | None
    channel: str
    address: str
    code: str
    detail: dict[str, str]
    raw: bytes
    size: int
    copies: int


@dataclass(frozen=True)
class LedgerRow:
    """One robot's account over all its boots: `sent` = `stored` + `lost` + `open`."""

    robot: str
    exhibitor: str
    name_en: str
    name_zh: str
    protocol: str
    sent: int
    stored: int
    duplicates: int
    lost: int
    open: int
    refused: int
    gaps: int
    updated_at: datetime


@dataclass(frozen=True)
class GapRow:
    """A span of a robot's reports that was lost for good."""

    robot: str
    boot: int
    first: int
    last: int
    noticed_at: datetime


@dataclass(frozen=True)
class ZoneCounts:
    """The telemetry of the whole zone in a few figures."""

    reports: int
    lost: int
    gaps: int
    quarantined: int
    last_report_at: datetime | None


def robot_places(session: Session) -> dict[str, RobotPlace]:
    """Every active robot by key, with the first of its exhibitor's booths. Read for every batch: columns, no rows."""
    first_booths = (
        select(Exhibitor.code, func.min(Booth.number))
        .join(BoothAssignment, col(BoothAssignment.exhibitor_id) == col(Exhibitor.id))
        .join(Booth, col(Booth.id) == col(BoothAssignment.booth_id))
        .group_by(col(Exhibitor.code))
    )
    booths = {row[0]: row[1] for row in session.execute(first_booths)}
    robots = (
        select(Robot.id, Robot.code, Robot.protocol, Exhibitor.code)
        .join(Exhibitor, col(Exhibitor.id) == col(Robot.exhibitor_id))
        .where(col(Robot.active).is_(True))
    )
    return {
        f"{exhibitor}/{code}": RobotPlace(
            number or 0, f"{exhibitor}/{code}", exhibitor, protocol, booths.get(exhibitor)
        )
        for number, code, protocol, exhibitor in session.execute(robots)
    }


def enrolled_robots(session: Session) -> list[Enrolled]:
    """Every robot that may speak, by key."""
    query = (
        select(Robot, Exhibitor.code)
        .join(Exhibitor, col(Exhibitor.id) == col(Robot.exhibitor_id))
        .where(col(Robot.active).is_(True))
        .order_by(Exhibitor.code, Robot.code)
    )
    return [
        Enrolled(f"{exhibitor}/{robot.code}", robot.protocol, robot.address, robot.source)
        for robot, exhibitor in session.execute(query)
    ]


def present_cursors(session: Session, robot_ids: Iterable[int]) -> dict[int, tuple[int, int]]:
    """(boot, seq) of the present state of each of these robots."""
    query = select(RobotState.robot_id, RobotState.boot, RobotState.seq).where(
        col(RobotState.robot_id).in_(set(robot_ids))
    )
    return {row[0]: (row[1], row[2]) for row in session.execute(query)}


def present_states(session: Session, kind: str = "zone", value: str = "") -> list[dict[str, Any]]:
    """The present state of every robot in scope (`zone`, a `booth` by number, a `robot` by key), unredacted."""
    query = select(RobotState.body).order_by(col(RobotState.robot_id))
    if kind == "booth":
        query = (
            query.join(Robot, col(Robot.id) == col(RobotState.robot_id))
            .join(BoothAssignment, col(BoothAssignment.exhibitor_id) == col(Robot.exhibitor_id))
            .join(Booth, col(Booth.id) == col(BoothAssignment.booth_id))
            .where(Booth.number == value)
        )
    elif kind == "robot":
        exhibitor, _, robot = value.partition("/")
        query = (
            query.join(Robot, col(Robot.id) == col(RobotState.robot_id))
            .join(Exhibitor, col(Exhibitor.id) == col(Robot.exhibitor_id))
            .where(Exhibitor.code == exhibitor, Robot.code == robot)
        )
    return [json.loads(body) for (body,) in session.execute(query)]


def robots_live(session: Session, since: datetime) -> int:
    """How many robots have reported since then."""
    return session.exec(select(func.count()).select_from(RobotState).where(RobotState.received_at >= since)).one()


def robot_rows(session: Session) -> list[RobotRow]:
    """Every active robot by key with its present state, in two queries however many there are."""
    booths = {key: place.booth for key, place in robot_places(session).items()}
    query = (
        select(Robot, Exhibitor, RobotState)
        .join(Exhibitor, col(Exhibitor.id) == col(Robot.exhibitor_id))
        .outerjoin(RobotState, col(RobotState.robot_id) == col(Robot.id))
        .where(col(Robot.active).is_(True))
        .order_by(Exhibitor.code, Robot.code)
    )
    return [_robot_row(robot, who, heard, booths) for robot, who, heard in session.execute(query)]


def _robot_row(robot: Robot, who: Exhibitor, heard: RobotState | None, booths: dict[str, str | None]) -> RobotRow:
    key = f"{who.code}/{robot.code}"
    return RobotRow(
        key=key,
        name_en=robot.name_en,
        name_zh=robot.name_zh,
        exhibitor=who.code,
        exhibitor_en=who.name_en,
        exhibitor_zh=who.name_zh,
        booth=booths.get(key),
        kind=robot.kind,
        protocol=robot.protocol,
        address=robot.address,
        source=robot.source,
        state=json.loads(heard.body) if heard else None,
        seen_at=heard.received_at if heard else None,
    )


def last_report_at(session: Session) -> datetime | None:
    """When the newest report of any robot came in."""
    return session.exec(select(func.max(RobotState.received_at))).one()


def zone_counts(session: Session) -> ZoneCounts:
    """Stored, lost and refused over all robots."""
    stored, lost = session.execute(select(func.sum(LossLedger.stored), func.sum(LossLedger.lost))).one()
    gaps = session.exec(select(func.count()).select_from(LossGap)).one()
    quarantined = session.exec(select(func.sum(QuarantinedMessage.copies))).one() or 0
    return ZoneCounts(int(stored or 0), int(lost or 0), gaps, quarantined, last_report_at(session))


def quarantine_page(
    session: Session, *, exhibitor_id: int | None = None, limit: int = 50, before: int | None = None
) -> list[QuarantineRow]:
    """The newest refused messages, those of one exhibitor's robots only where it is given; `before` pages by id."""
    query = (
        select(QuarantinedMessage, Exhibitor.code, Robot.code)
        .outerjoin(Robot, col(Robot.id) == col(QuarantinedMessage.robot_id))
        .outerjoin(Exhibitor, col(Exhibitor.id) == col(Robot.exhibitor_id))
        .order_by(col(QuarantinedMessage.id).desc())
        .limit(limit)
    )
    if exhibitor_id is not None:
        query = query.where(col(Robot.exhibitor_id) == exhibitor_id)
    if before is not None:
        query = query.where(col(QuarantinedMessage.id) < before)
    return [_quarantine_row(*row) for row in session.execute(query)]


def _quarantine_row(message: QuarantinedMessage, exhibitor: str | None, robot: str | None) -> QuarantineRow:
    return QuarantineRow(
        id=message.id or 0,
        at=message.at,
        robot=f"{exhibitor}/{robot}" if exhibitor else None,
        channel=message.channel,
        address=message.address,
        code=message.code,
        detail=message.detail,
        raw=message.raw,
        size=message.size,
        copies=message.copies,
    )


def ledger_page(session: Session, *, exhibitor_id: int | None = None) -> list[LedgerRow]:
    """One row a robot, in three queries however many robots there are."""
    query = (
        select(LossLedger, Robot, Exhibitor.code)
        .join(Robot, col(Robot.id) == col(LossLedger.robot_id))
        .join(Exhibitor, col(Exhibitor.id) == col(Robot.exhibitor_id))
        .order_by(Exhibitor.code, Robot.code, col(LossLedger.boot))
    )
    if exhibitor_id is not None:
        query = query.where(col(Robot.exhibitor_id) == exhibitor_id)
    by_robot: dict[int, list[tuple[LossLedger, Robot, str]]] = {}
    for ledger, robot, exhibitor in session.execute(query):
        by_robot.setdefault(ledger.robot_id, []).append((ledger, robot, exhibitor))
    refused = _by_robot(session, select(QuarantinedMessage.robot_id, func.sum(QuarantinedMessage.copies)))
    gaps = _by_robot(session, select(LossGap.robot_id, func.count()))
    return [_ledger_row(rows, refused.get(number, 0), gaps.get(number, 0)) for number, rows in by_robot.items()]


def _by_robot(session: Session, figures: Any) -> dict[int, int]:
    """A figure by robot; `figures` selects (robot, figure) and is grouped here."""
    robot = figures.selected_columns[0]
    return {row[0]: int(row[1]) for row in session.execute(figures.group_by(robot).where(robot.is_not(None)))}


def _ledger_row(rows: list[tuple[LossLedger, Robot, str]], refused: int, gaps: int) -> LedgerRow:
    ledgers = [row[0] for row in rows]
    _, robot, exhibitor = rows[0]
    return LedgerRow(
        robot=f"{exhibitor}/{robot.code}",
        exhibitor=exhibitor,
        name_en=robot.name_en,
        name_zh=robot.name_zh,
        protocol=robot.protocol,
        sent=sum(ledger.high - ledger.first + 1 for ledger in ledgers),
        stored=sum(ledger.stored for ledger in ledgers),
        duplicates=sum(ledger.duplicates for ledger in ledgers),
        lost=sum(ledger.lost for ledger in ledgers),
        open=sum(last - first + 1 for ledger in ledgers for first, last in ledger.missing),
        refused=refused,
        gaps=gaps,
        updated_at=max(ledger.updated_at for ledger in ledgers),
    )


def gap_page(session: Session, robot_id: int, limit: int = 200) -> list[LossGap]:
    """The newest gaps of one robot."""
    query = select(LossGap).where(LossGap.robot_id == robot_id).order_by(col(LossGap.noticed_at).desc()).limit(limit)
    return list(session.exec(query).all())


def reports_stored(session: Session) -> int:
    """How many reports are in the database now; retention removes old ones."""
    return session.exec(select(func.count()).select_from(TelemetryReport)).one()


def recent_reports(session: Session, robot_id: int, until: datetime, minutes: int = 60) -> list[str]:
    """The reports of one robot in the last minutes, newest first, as the wire has them."""
    query = (
        select(TelemetryReport.body)
        .where(TelemetryReport.robot_id == robot_id, TelemetryReport.received_at >= until - timedelta(minutes=minutes))
        .order_by(col(TelemetryReport.boot).desc(), col(TelemetryReport.seq).desc())
        .limit(3600)
    )
    return list(session.exec(query).all())
