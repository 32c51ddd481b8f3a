"""Reads of the floor plan: the whole plan, one booth and its use, who may get it, each robot's part of its booth."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Select
from sqlmodel import Session, col, select

from server.features.exhibitors.models import Exhibitor, Robot
from server.features.exhibitors.queries import bookings_of, exhibitor_ids
from server.features.exhibitors.rules import robot_key
from server.features.floorplan.models import Booth, BoothAssignment, Hall, MeetingTable, PlanFeature
from server.features.floorplan.rules import Rectangle, nearest, shares
from server.features.floorplan.schemas import (
    BoothOut,
    BoothUse,
    Candidate,
    HallOut,
    OccupantOut,
    PlanFeatureOut,
    PlanOut,
    RobotFloor,
)
from server.features.reservations.rules import Resource, ResourceKind
from server.kernel.folding import folded

NEAR = 3
"""So many vacant booths are offered instead of a taken one."""


def booth_ids(session: Session) -> dict[str, int]:
    """The key of every booth by its number."""
    return {number: key or 0 for number, key in session.exec(select(Booth.number, Booth.id))}


def stage_ids(session: Session) -> dict[str, int]:
    """The key of everything on the floor that is no booth, by its code; demos run on the stages."""
    return {code: key or 0 for code, key in session.exec(select(PlanFeature.code, PlanFeature.id))}


def assignment_keys(session: Session) -> tuple[dict[str, int], dict[str, int]]:
    """The keys of booths by number, and of exhibitors by code."""
    return booth_ids(session), exhibitor_ids(session)


def booths_by_exhibitor(session: Session, exhibitors: Iterable[str] | None = None) -> dict[str, list[str]]:
    """The numbers of the booths of each exhibitor (of all, or of these) that has any, by its code, in order."""
    query: Any = (
        select(Exhibitor.code, Booth.number)
        .join(BoothAssignment, col(BoothAssignment.exhibitor_id) == col(Exhibitor.id))
        .join(Booth, col(Booth.id) == col(BoothAssignment.booth_id))
        .order_by(Booth.number)
    )
    if exhibitors is not None:
        query = query.where(col(Exhibitor.code).in_(set(exhibitors)))
    found: dict[str, list[str]] = defaultdict(list)
    for code, number in session.execute(query):
        found[code].append(number)
    return found


def find_plan(session: Session) -> PlanOut | None:
    """The plan of the first hall, in three queries; nothing before a fair is loaded."""
    hall = session.exec(select(Hall).order_by(col(Hall.id)).limit(1)).first()
    if hall is None:
        return None
    features = session.exec(select(PlanFeature).where(PlanFeature.hall_id == hall.id).order_by(col(PlanFeature.id)))
    return PlanOut(
        hall=HallOut(**hall.model_dump(exclude={"id"})),
        booths=list_booths(session),
        features=[PlanFeatureOut(**row.model_dump(exclude={"id", "hall_id", "provenance"})) for row in features],
    )


def list_booths(session: Session, *, free: bool | None = None) -> list[BoothOut]:
    """All booths by number with who has them, in one query; only the free or the taken ones when asked so."""
    query = _booths()
    if free is not None:
        nobody = col(Exhibitor.id).is_(None)
        query = query.where(nobody if free else ~nobody)
    return [_booth(booth, exhibitor) for booth, exhibitor in session.execute(query)]


def find_booth(session: Session, number: str) -> BoothOut | None:
    """The booth with that number."""
    found = session.execute(_booths().where(col(Booth.number) == number)).first()
    return _booth(*found) if found else None


def find_occupant(session: Session, number: str) -> Exhibitor | None:
    """Who has the booth with that number now, whatever this session has read before."""
    query = (
        select(Exhibitor)
        .join(BoothAssignment, col(BoothAssignment.exhibitor_id) == Exhibitor.id)
        .join(Booth, col(Booth.id) == BoothAssignment.booth_id)
        .where(Booth.number == number)
    )
    return session.exec(query).first()


def booth_uses(session: Session, number: str, now: datetime) -> list[BoothUse]:
    """What a booth and its tables are reserved for from `now` on, by time, a line a demo or meeting."""
    found = session.execute(
        select(Booth.id, MeetingTable.id)
        .outerjoin(MeetingTable, col(MeetingTable.booth_id) == Booth.id)
        .where(Booth.number == number)
    ).all()
    resources = {Resource(ResourceKind.BOOTH, booth) for booth, _ in found}
    resources |= {Resource(ResourceKind.TABLE, one) for _, one in found if one is not None}
    held = bookings_of(session, resources, now)
    return [
        BoothUse(
            kind=one.kind,
            key=one.key,
            name_en=one.title_en or one.key,
            name_zh=one.title_zh or one.key,
            starts_at=one.starts_at,
            ends_at=one.ends_at,
        )
        for one in held
    ]


def candidates(session: Session, text: str = "") -> list[Candidate]:
    """Who may get a booth, in one query: those without one first, then by name; `text` is looked for in the names."""
    query = (
        select(Exhibitor, Booth.number)
        .outerjoin(BoothAssignment, col(BoothAssignment.exhibitor_id) == Exhibitor.id)
        .outerjoin(Booth, col(Booth.id) == BoothAssignment.booth_id)
        .order_by(Exhibitor.name_en, Booth.number)
    )
    found: dict[str, tuple[Exhibitor, list[str]]] = {}
    for who, number in session.execute(query):
        found.setdefault(who.code, (who, []))[1].extend([number] if number else [])
    fields = {"code", "name_en", "name_zh", "city", "city_zh"}
    everybody = [Candidate(**who.model_dump(include=fields), booths=booths) for who, booths in found.values()]
    wanted = [one for one in everybody if folded(text.strip()) in _words(one)]
    return sorted(wanted, key=lambda one: bool(one.booths))


def vacant_near(booths: list[BoothOut], number: str) -> list[BoothOut]:
    """The vacant booths nearest to the one with that number, those of its kind first."""
    by_number = {one.number: one for one in booths}
    here = by_number[number]
    free = {one.number: _rectangle(one) for one in booths if one.occupant is None and one.number != number}
    near = [by_number[name] for name in nearest(_rectangle(here), free, len(free))]
    return sorted(near, key=lambda one: one.kind is not here.kind)[:NEAR]


def robot_floors(session: Session) -> list[RobotFloor]:
    """Every active robot by key with its part of its exhibitor's first booth; robots without a booth are left out."""
    query = (
        select(Robot, Exhibitor, Booth)
        .join(Exhibitor, col(Exhibitor.id) == Robot.exhibitor_id)
        .join(BoothAssignment, col(BoothAssignment.exhibitor_id) == Exhibitor.id)
        .join(Booth, col(Booth.id) == BoothAssignment.booth_id)
        .where(col(Robot.active).is_(True))
        .order_by(Exhibitor.code, Robot.code, Booth.number)
    )
    by_exhibitor: dict[str, list[tuple[Robot, Exhibitor, Booth]]] = defaultdict(list)
    seen: set[int | None] = set()
    for robot, exhibitor, booth in session.exec(query):
        if robot.id not in seen:
            by_exhibitor[exhibitor.code].append((robot, exhibitor, booth))
            seen.add(robot.id)
    return [floor for rows in by_exhibitor.values() for floor in _floors(rows)]


def _words(one: Candidate) -> str:
    return folded(f"{one.code} {one.name_en} {one.name_zh} {one.city} {one.city_zh}")


def _rectangle(booth: BoothOut) -> Rectangle:
    return Rectangle(booth.x, booth.y, booth.width_m, booth.depth_m)


def _booths() -> Select[tuple[Booth, Exhibitor | None]]:
    query: Any = (
        select(Booth, Exhibitor)
        .outerjoin(BoothAssignment, col(BoothAssignment.booth_id) == Booth.id)
        .outerjoin(Exhibitor, col(Exhibitor.id) == BoothAssignment.exhibitor_id)
        .order_by(Booth.number)
    )
    chosen: Select[tuple[Booth, Exhibitor | None]] = query
    return chosen


def _booth(booth: Booth, exhibitor: Exhibitor | None) -> BoothOut:
    shown = booth.model_dump(exclude={"id", "hall_id"})
    return BoothOut(**shown, area_m2=booth.width_m * booth.depth_m, occupant=_occupant(exhibitor))


def _occupant(exhibitor: Exhibitor | None) -> OccupantOut | None:
    if exhibitor is None:
        return None
    shown = exhibitor.model_dump(include={"code", "name_en", "name_zh", "province", "city", "city_zh"})
    return OccupantOut(**shown, guangdong=exhibitor.is_guangdong)


def _floors(rows: list[tuple[Robot, Exhibitor, Booth]]) -> list[RobotFloor]:
    booth = rows[0][2]
    parts = shares(Rectangle(booth.x, booth.y, booth.width_m, booth.depth_m), len(rows))
    return [
        RobotFloor(
            robot=robot_key(exhibitor.code, robot.code),
            booth=booth.number,
            **robot.model_dump(include={"protocol", "address", "source", "kind", "name_en", "name_zh"}),
            x=part.x,
            y=part.y,
            width_m=part.width_m,
            depth_m=part.depth_m,
        )
        for (robot, exhibitor, _), part in zip(rows, parts, strict=True)
    ]
