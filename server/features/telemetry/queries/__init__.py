"""Reads of the telemetry: the robots by key, what the live feed starts from, quarantine and loss ledger by page."""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from server.features.exhibitors.models import Exhibitor, Robot
from server.features.exhibitors.rules import parts_of, robot_key
from server.features.floorplan.models import Booth, BoothAssignment, Hall
from server.features.floorplan.queries import booths_by_exhibitor
from server.features.telemetry.models import LossGap, LossLedger, QuarantinedMessage, RobotState, TelemetryReport
from server.features.telemetry.rules import FIELD_NOT_TAKEN, RobotPlace
from server.features.telemetry.rules.freshness import Opening
from server.features.telemetry.schemas import LedgerOut
from server.features.timetable.queries import list_days
from server.infra.identity import Audience
from server.infra.sums import Total


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
    rehearsal: bool = False
    exhibitor: str | None = None
    """Whose robot it was, or whose bridge brought it."""


def robot_places(session: Session) -> dict[str, RobotPlace]:
    """Every active robot by key, with the booths of its exhibitor."""
    return {key: place for key, place in all_robot_places(session).items() if place.active}


def all_robot_places(session: Session) -> dict[str, RobotPlace]:
    """Every robot by key, also those that may not speak any more. Read for every batch: columns, no rows."""
    booths = {code: tuple(numbers) for code, numbers in booths_by_exhibitor(session).items()}
    columns: Any = (Robot.id, Robot.code, Robot.protocol, Robot.active, Robot.source, Exhibitor.code)
    robots: Any = select(*columns).join(Exhibitor, col(Exhibitor.id) == col(Robot.exhibitor_id))
    places = (
        RobotPlace(number, robot_key(who, code), who, protocol, booths.get(who, ()), active, source)
        for number, code, protocol, active, source, who in session.execute(robots)
    )
    return {place.key: place for place in places}


def lock_robots(session: Session, robots: Collection[int]) -> None:
    """Let nobody else add to the accounts of these robots before this unit of work ends; in the order of their rows."""
    query = select(Robot.id).where(col(Robot.id).in_(robots)).order_by(col(Robot.id)).with_for_update(key_share=True)
    if robots:
        session.execute(query).all()


def openings(session: Session) -> list[Opening]:
    """(opens at, closes at) of each day of the fair, in order."""
    return [(day.opens_at, day.closes_at) for day in list_days(session)]


def plan_size(session: Session) -> tuple[float, float] | None:
    """Width and depth of the zone's plan in metres; None while there is none."""
    columns: Any = (Hall.width_m, Hall.depth_m)
    row = session.execute(select(*columns).order_by(col(Hall.id)).limit(1)).first()
    return (row[0], row[1]) if row else None


def present_cursors(session: Session, robot_ids: Iterable[int]) -> dict[int, tuple[int, int]]:
    """(boot, seq) of the present state of each of these robots."""
    query = select(RobotState.robot_id, RobotState.boot, RobotState.seq).where(
        col(RobotState.robot_id).in_(set(robot_ids))
    )
    return {row[0]: (row[1], row[2]) for row in session.execute(query)}


def present_states(
    session: Session, kind: str = "zone", value: str = "", since: datetime | None = None
) -> list[dict[str, Any]]:
    """The present state of every active robot in scope (`zone`, a `booth` by number, a `robot` by key), unredacted.

    With `since`, of those heard since then.
    """
    query = (
        select(RobotState.robot_id, RobotState.body)
        .join(Robot, col(Robot.id) == col(RobotState.robot_id))
        .where(col(Robot.active).is_(True))
        .order_by(col(RobotState.robot_id))
    )
    if since is not None:
        query = query.where(col(RobotState.received_at) >= since)
    if kind == "booth":
        query = (
            query.join(BoothAssignment, col(BoothAssignment.exhibitor_id) == col(Robot.exhibitor_id))
            .join(Booth, col(Booth.id) == col(BoothAssignment.booth_id))
            .where(Booth.number == value)
        )
    elif kind == "robot":
        exhibitor, robot = parts_of(value)
        query = query.join(Exhibitor, col(Exhibitor.id) == col(Robot.exhibitor_id)).where(
            Exhibitor.code == exhibitor, Robot.code == robot
        )
    return [{**json.loads(body), "number": number} for number, body in session.execute(query)]


def last_report_at(session: Session) -> datetime | None:
    """When the newest report of any robot came in."""
    return session.exec(select(func.max(RobotState.received_at))).one()


def whole() -> Any:
    """Of what the quarantine keeps the messages that were refused, not the single fields that were."""
    return col(QuarantinedMessage.code) != FIELD_NOT_TAKEN


def quarantine_page(
    session: Session, audience: Audience, *, limit: int = 50, before: int | None = None, robot: str = ""
) -> list[QuarantineRow]:
    """The newest refused messages of the robots whose troubles `audience` sees; `before` pages by id.

    With the key of a `robot`, of that one alone.
    """
    query: Any = (
        select(QuarantinedMessage, Exhibitor.code, Robot.code)
        .outerjoin(Robot, col(Robot.id) == col(QuarantinedMessage.robot_id))
        .outerjoin(
            Exhibitor,
            col(Exhibitor.id) == func.coalesce(col(Robot.exhibitor_id), col(QuarantinedMessage.exhibitor_id)),
        )
        .order_by(col(QuarantinedMessage.id).desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(col(QuarantinedMessage.id) < before)
    return [_quarantine_row(*row) for row in session.execute(_of_robot(robot, _seen_by(audience, query)))]


def _of_robot(key: str, query: Any) -> Any:
    """`query`, which names exhibitor and robot, for the robot with that key alone; for all when it is empty."""
    exhibitor, robot = parts_of(key)
    return query.where(col(Exhibitor.code) == exhibitor, col(Robot.code) == robot) if key else query


def _seen_by(audience: Audience, query: Any) -> Any:
    """`query`, which names the exhibitor, without the rows that `audience` must not see."""
    return query if audience.sees_all else query.where(col(Exhibitor.code) == (audience.exhibitor or ""))


def _quarantine_row(message: QuarantinedMessage, exhibitor: str | None, robot: str | None) -> QuarantineRow:
    return QuarantineRow(
        id=message.id or 0,
        at=message.at,
        robot=robot_key(exhibitor, robot) if exhibitor and robot else None,
        exhibitor=exhibitor,
        channel=message.channel,
        address=message.address,
        code=message.code,
        detail=message.detail,
        raw=message.raw,
        size=message.size,
        copies=message.copies,
        rehearsal=message.rehearsal,
    )


def ledger_page(session: Session, audience: Audience, robot: str = "") -> list[LedgerOut]:
    """One row a robot whose troubles `audience` sees (or that one), in three queries however many boots there are."""
    columns: Any = (
        *(Robot, Exhibitor.code),
        *(Total(col(LossLedger.high) - col(LossLedger.first) + 1), Total(LossLedger.stored)),
        *(Total(LossLedger.duplicates), Total(LossLedger.lost), Total(LossLedger.open)),
        func.max(LossLedger.updated_at),
    )
    query: Any = (
        select(*columns)
        .join(LossLedger, col(LossLedger.robot_id) == col(Robot.id))
        .join(Exhibitor, col(Exhibitor.id) == col(Robot.exhibitor_id))
        .group_by(col(Robot.id), col(Exhibitor.id))
        .order_by(col(Exhibitor.code), col(Robot.code))
    )
    copies = select(QuarantinedMessage.robot_id, Total(QuarantinedMessage.copies))
    refused = _by_robot(session, copies.where(col(QuarantinedMessage.rehearsal).is_(False), whole()))
    gaps = _by_robot(session, select(LossGap.robot_id, func.count()))
    return [
        _ledger_row(row, refused.get(row[0].id, 0), gaps.get(row[0].id, 0))
        for row in session.execute(_of_robot(robot, _seen_by(audience, query)))
    ]


def _by_robot(session: Session, figures: Any) -> dict[int, int]:
    """A figure by robot; `figures` selects (robot, figure) and is grouped here."""
    robot = figures.selected_columns[0]
    return {row[0]: int(row[1]) for row in session.execute(figures.group_by(robot).where(robot.is_not(None)))}


def _ledger_row(row: Any, refused: int, gaps: int) -> LedgerOut:
    robot, exhibitor, sent, stored, duplicates, lost, still_open, updated_at = row
    return LedgerOut(
        robot=robot_key(exhibitor, robot.code),
        exhibitor=exhibitor,
        name_en=robot.name_en,
        name_zh=robot.name_zh,
        protocol=robot.protocol,
        sent=int(sent),
        stored=int(stored),
        duplicates=int(duplicates),
        lost=int(lost),
        open=int(still_open),
        refused=refused,
        gaps=gaps,
        updated_at=updated_at,
    )


def reports_stored(session: Session) -> int:
    """How many reports are in the database now; retention removes old ones."""
    return session.exec(select(func.count()).select_from(TelemetryReport)).one()


def reports_since(session: Session, last: int, robots: Collection[int]) -> set[tuple[int, int, int]]:
    """(robot, boot, number) of the reports of these robots behind the row `last`."""
    columns: Any = (TelemetryReport.robot_id, TelemetryReport.boot, TelemetryReport.seq)
    query = select(*columns).where(col(TelemetryReport.id) > last, col(TelemetryReport.robot_id).in_(robots))
    return {(row[0], row[1], row[2]) for row in session.execute(query)}


def copies_kept(session: Session, names: Collection[str]) -> dict[str, int]:
    """For how many messages each of these refusals stands already."""
    if not names:
        return {}
    query = select(QuarantinedMessage.rejection_id, QuarantinedMessage.copies).where(
        col(QuarantinedMessage.rejection_id).in_(names)
    )
    return {row[0]: row[1] for row in session.execute(query)}
