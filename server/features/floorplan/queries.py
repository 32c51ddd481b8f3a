"""Reads of the floor plan: the whole plan, one booth, and each robot's part of its booth."""

from collections import defaultdict
from typing import Any

from sqlalchemy import Select
from sqlmodel import Session, col, select

from server.features.exhibitors.models import Exhibitor, Robot
from server.features.exhibitors.rules import robot_key
from server.features.floorplan.models import Booth, BoothAssignment, Hall, PlanFeature
from server.features.floorplan.rules import Rectangle, shares
from server.features.floorplan.schemas import BoothOut, HallOut, OccupantOut, PlanFeatureOut, PlanOut, RobotFloor


def booth_ids(session: Session) -> dict[str, int]:
    """The key of every booth by its number."""
    return {number: key or 0 for number, key in session.exec(select(Booth.number, Booth.id))}


def stage_ids(session: Session) -> dict[str, int]:
    """The key of everything on the floor that is no booth, by its code; demos run on the stages."""
    return {code: key or 0 for code, key in session.exec(select(PlanFeature.code, PlanFeature.id))}


def exhibitor_ids(session: Session) -> dict[str, int]:
    """The key of every exhibitor by its code."""
    return {code: key or 0 for code, key in session.exec(select(Exhibitor.code, Exhibitor.id))}


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
