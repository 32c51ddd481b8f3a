"""Reads of the timetable: days, the demos of a day, and what comes next at a booth."""

from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from server.features.exhibitors.models import Exhibitor, Robot, StaffMember
from server.features.exhibitors.rules import robot_key
from server.features.floorplan.models import Booth, BoothAssignment, PlanFeature
from server.features.timetable.models import Demo, FairDay
from server.features.timetable.schemas import DayOut, DemoOut


def list_days(session: Session) -> list[DayOut]:
    """The days of the fair in order."""
    rows = session.exec(select(FairDay).order_by(col(FairDay.opens_at))).all()
    return [DayOut(number=number, **row.model_dump(exclude={"id"})) for number, row in enumerate(rows, start=1)]


def keys_of_places(session: Session) -> tuple[dict[str, int], dict[str, int]]:
    """The keys of booths by number, and of stages by code."""
    booths = session.exec(select(Booth.number, Booth.id))
    stages = session.exec(select(PlanFeature.code, PlanFeature.id))
    return {name: key or 0 for name, key in booths}, {name: key or 0 for name, key in stages}


def keys_of_people_and_robots(session: Session) -> tuple[dict[str, int], dict[str, int], dict[str, int]]:
    """The keys of exhibitors by code, and of robots and staff by `<exhibitor>/<code>`."""
    exhibitors = {code: key or 0 for code, key in session.exec(select(Exhibitor.code, Exhibitor.id))}
    codes = {key: code for code, key in exhibitors.items()}
    robots = session.exec(select(Robot.exhibitor_id, Robot.code, Robot.id))
    staff = session.exec(select(StaffMember.exhibitor_id, StaffMember.code, StaffMember.id))
    return (
        exhibitors,
        {robot_key(codes[owner], code): key or 0 for owner, code, key in robots},
        {robot_key(codes[owner], code): key or 0 for owner, code, key in staff},
    )


def list_demos(
    session: Session,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    exhibitor: str = "",
    robot: str = "",
    limit: int | None = None,
) -> list[DemoOut]:
    """Demos by start, in one query however many there are.

    `since` leaves out what has ended by then, `until` what starts then or later; `robot` is a key.
    """
    query = _demos()
    if since is not None:
        query = query.where(col(Demo.ends_at) > since)
    if until is not None:
        query = query.where(col(Demo.starts_at) < until)
    if exhibitor:
        query = query.where(col(Exhibitor.code) == exhibitor)
    if robot:
        owner, _, code = robot.partition("/")
        query = query.where(col(Exhibitor.code) == owner, col(Robot.code) == code)
    return [_demo(row) for row in session.execute(query.limit(limit))]


def demos_of_day(session: Session, day: DayOut) -> list[DemoOut]:
    """The demos that start within the opening hours of a day."""
    return list_demos(session, since=day.opens_at, until=day.closes_at)


def next_demo_at(session: Session, booth: str, now: datetime) -> DemoOut | None:
    """The next or running demo of whoever has the booth with that number, at the booth itself or on a stage."""
    query = (
        _demos()
        .where(
            col(Demo.ends_at) > now,
            col(Demo.exhibitor_id).in_(
                select(BoothAssignment.exhibitor_id)
                .join(Booth, col(Booth.id) == BoothAssignment.booth_id)
                .where(Booth.number == booth)
            ),
        )
        .limit(1)
    )
    found = session.execute(query).first()
    return _demo(found) if found else None


def _demos() -> Any:
    """The query of all demos by start, with everything that a page names."""
    columns: Any = (Demo, Exhibitor, Booth.number, PlanFeature, Robot, StaffMember)
    return (
        select(*columns)
        .join(Exhibitor, col(Exhibitor.id) == col(Demo.exhibitor_id))
        .outerjoin(Booth, col(Booth.id) == col(Demo.booth_id))
        .outerjoin(PlanFeature, col(PlanFeature.id) == col(Demo.stage_id))
        .outerjoin(Robot, col(Robot.id) == col(Demo.robot_id))
        .outerjoin(StaffMember, col(StaffMember.id) == col(Demo.staff_id))
        .order_by(col(Demo.starts_at), Demo.code)
    )


def _demo(row: Any) -> DemoOut:
    demo, exhibitor, booth, stage, robot, staff = row
    return DemoOut(
        **demo.model_dump(include={"code", "title_en", "title_zh", "starts_at", "ends_at", "provenance"}),
        exhibitor=exhibitor.code,
        exhibitor_en=exhibitor.name_en,
        exhibitor_zh=exhibitor.name_zh,
        booth=booth,
        stage=stage.code if stage else None,
        place_en=booth or (stage.name_en if stage else ""),
        place_zh=booth or (stage.name_zh if stage else ""),
        robot=robot_key(exhibitor.code, robot.code) if robot else None,
        robot_en=robot.name_en if robot else None,
        robot_zh=robot.name_zh if robot else None,
        staff=staff.name if staff else None,
        staff_zh=staff.name_zh if staff else None,
    )
