"""Reads of the timetable: days, the demos of a day, what comes next at a booth, and what a new demo may choose from."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import exists
from sqlmodel import Session, and_, col, or_, select

from server.features.exhibitors.models import Exhibitor, Robot, StaffHours, StaffMember
from server.features.exhibitors.rules import robot_key
from server.features.floorplan.models import Booth, BoothAssignment, PlanFeature
from server.features.floorplan.rules import FeatureKind
from server.features.timetable.models import Demo, FairDay
from server.features.timetable.rules import Moments
from server.features.timetable.schemas import BoothChoice, Choices, DayOut, DemoOut, NamedChoice, StaffChoice
from server.kernel.provenance import Provenance


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
    place: str = "",
    limit: int | None = None,
) -> list[DemoOut]:
    """Demos by start, in one query however many there are.

    `since` leaves out what has ended by then, `until` what starts then or later; `robot` is a key, `place` the number
    of a booth or the code of a stage.
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
    if place:
        query = query.where(or_(col(Booth.number) == place, col(PlanFeature.code) == place))
    return [_demo(row) for row in session.execute(query.limit(limit))]


def find_demo(session: Session, code: str) -> DemoOut | None:
    """The demo of that code."""
    found = session.execute(_demos().where(col(Demo.code) == code)).first()
    return _demo(found) if found else None


def demos_by_code(session: Session, codes: Iterable[str]) -> dict[str, DemoOut]:
    """The demos of these codes, in one query."""
    found = session.execute(_demos().where(col(Demo.code).in_(set(codes))))
    return {demo.code: demo for demo in map(_demo, found)}


def lock_demo(session: Session, code: str) -> Demo | None:
    """The demo of that code, which nobody else changes until this unit of work ends."""
    return session.exec(select(Demo).where(Demo.code == code).with_for_update()).first()


def lock_booth(session: Session, exhibitor: int, booth: int) -> bool:
    """Whether a booth is the exhibitor's, which stays so until this unit of work ends.

    The booth before its assignment: who vacates it locks them in this order too.
    """
    kept = select(Booth.id).where(Booth.id == booth).with_for_update(read=True, key_share=True)
    assigned = select(BoothAssignment.booth_id).where(
        BoothAssignment.booth_id == booth, BoothAssignment.exhibitor_id == exhibitor
    )
    return (
        session.exec(kept).first() is not None and session.exec(assigned.with_for_update(read=True)).first() is not None
    )


def lock_staff(session: Session, staff: int) -> list[Moments] | None:
    """The hours of a person, which stay so until this unit of work ends; nothing for one who has left."""
    person = select(StaffMember.id).where(StaffMember.id == staff, col(StaffMember.active).is_(True))
    if session.exec(person.with_for_update(read=True)).first() is None:
        return None
    return _hours(session, [staff])[staff]


def codes_of_demos(session: Session) -> set[str]:
    """The codes of all demos."""
    return set(session.exec(select(Demo.code)))


def demos_of_day(session: Session, day: DayOut) -> list[DemoOut]:
    """The demos that start within the opening hours of a day."""
    return list_demos(session, since=day.opens_at, until=day.closes_at)


def list_exhibitor_names(session: Session) -> list[NamedChoice]:
    """Every exhibitor, by its English name."""
    rows = session.exec(select(Exhibitor).order_by(Exhibitor.name_en))
    return [_named(row) for row in rows]


def list_stages(session: Session) -> list[NamedChoice]:
    """Every stage of the plan, in its order."""
    stages = select(PlanFeature).where(PlanFeature.kind == FeatureKind.STAGE).order_by(col(PlanFeature.id))
    return [_named(row) for row in session.exec(stages)]


def list_shown(session: Session) -> tuple[list[NamedChoice], list[NamedChoice]]:
    """Who shows demos, and where: the exhibitors, and the stages before the booths by name, each once."""
    columns: Any = (Exhibitor.id, Exhibitor.code, Exhibitor.name_en, Exhibitor.name_zh, Booth.number, PlanFeature)
    query = (
        select(*columns)
        .select_from(Demo)
        .join(Exhibitor, col(Exhibitor.id) == col(Demo.exhibitor_id))
        .outerjoin(Booth, col(Booth.id) == col(Demo.booth_id))
        .outerjoin(PlanFeature, col(PlanFeature.id) == col(Demo.stage_id))
        .distinct()
    )
    exhibitors: dict[str, NamedChoice] = {}
    stages: dict[str, NamedChoice] = {}
    booths: dict[str, NamedChoice] = {}
    for key, code, name_en, name_zh, number, stage in session.execute(query):
        exhibitors[code] = NamedChoice(id=key, code=code, name_en=name_en, name_zh=name_zh)
        if stage:
            stages[stage.code] = _named(stage)
        else:
            booths[number] = NamedChoice(id=0, code=number, name_en=number, name_zh=number)
    return list(exhibitors.values()), [found[code] for found in (stages, booths) for code in sorted(found)]


def find_choices(session: Session, exhibitor: str) -> Choices | None:
    """What the exhibitor of that code may choose for a demo, in six queries; nothing for an unknown one."""
    found = session.exec(select(Exhibitor.id, Exhibitor.provenance).where(Exhibitor.code == exhibitor)).first()
    if found is None:
        return None
    key, provenance = found[0] or 0, Provenance(found[1])
    booths = (
        select(Booth.id, Booth.number)
        .join(BoothAssignment, col(BoothAssignment.booth_id) == col(Booth.id))
        .where(BoothAssignment.exhibitor_id == key)
        .order_by(Booth.number)
    )
    robots = select(Robot).where(Robot.exhibitor_id == key, col(Robot.active).is_(True)).order_by(Robot.code)
    return Choices(
        exhibitor_id=key,
        exhibitor=exhibitor,
        provenance=provenance,
        booths=[BoothChoice(id=booth or 0, number=number) for booth, number in session.exec(booths)],
        stages=list_stages(session),
        robots=[_named(row) for row in session.exec(robots)],
        staff=_staff(session, key),
    )


def demos_in_scope(session: Session, kind: str, value: str, since: datetime, limit: int) -> list[DemoOut]:
    """The next demos that have not ended by `since`: of the zone, of whoever has a booth, or of a robot by its key."""
    if kind == "robot":
        return list_demos(session, since=since, robot=value, limit=limit)
    query = _demos().where(col(Demo.ends_at) > since)
    if kind == "booth":
        query = query.where(col(Demo.exhibitor_id).in_(_holders_of(value)))
    return [_demo(row) for row in session.execute(query.limit(limit))]


def orphaned_demos(session: Session, now: datetime) -> list[tuple[str, int]]:
    """The demos to come, by code and version, whose robot or person has gone or whose booth is not their own."""
    own = (
        exists()
        .where(
            col(BoothAssignment.booth_id) == col(Demo.booth_id),
            col(BoothAssignment.exhibitor_id) == col(Demo.exhibitor_id),
        )
        .correlate(Demo)
    )
    query = (
        select(Demo.code, Demo.version)
        .outerjoin(Robot, col(Robot.id) == col(Demo.robot_id))
        .outerjoin(StaffMember, col(StaffMember.id) == col(Demo.staff_id))
        .where(
            col(Demo.starts_at) > now,
            or_(
                col(Robot.active).is_(False),
                col(StaffMember.active).is_(False),
                and_(col(Demo.booth_id).is_not(None), ~own),
            ),
        )
        .order_by(Demo.code)
    )
    return [(code, version) for code, version in session.exec(query)]


def booths_by_exhibitor(session: Session, exhibitors: Iterable[str]) -> dict[str, list[str]]:
    """The numbers of the booths of each of these exhibitors, by code."""
    query = (
        select(Exhibitor.code, Booth.number)
        .join(BoothAssignment, col(BoothAssignment.exhibitor_id) == col(Exhibitor.id))
        .join(Booth, col(Booth.id) == col(BoothAssignment.booth_id))
        .where(col(Exhibitor.code).in_(set(exhibitors)))
        .order_by(Booth.number)
    )
    found: dict[str, list[str]] = defaultdict(list)
    for exhibitor, number in session.exec(query):
        found[exhibitor].append(number)
    return found


def next_demo_at(session: Session, booth: str, now: datetime) -> DemoOut | None:
    """The next or running demo of whoever has the booth with that number, at the booth itself or on a stage."""
    query = (
        _demos()
        .where(
            col(Demo.ends_at) > now,
            col(Demo.exhibitor_id).in_(_holders_of(booth)),
        )
        .limit(1)
    )
    found = session.execute(query).first()
    return _demo(found) if found else None


def _holders_of(booth: str) -> Any:
    """The keys of who has the booth with that number."""
    return (
        select(BoothAssignment.exhibitor_id)
        .join(Booth, col(Booth.id) == BoothAssignment.booth_id)
        .where(Booth.number == booth)
    )


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
        **demo.model_dump(include={"code", "title_en", "title_zh", "starts_at", "ends_at", "version", "provenance"}),
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
        staff_code=staff.code if staff else None,
    )


def _named(row: Exhibitor | Robot | PlanFeature) -> NamedChoice:
    return NamedChoice(id=row.id or 0, code=row.code, name_en=row.name_en, name_zh=row.name_zh)


def _staff(session: Session, exhibitor: int) -> list[StaffChoice]:
    query = select(StaffMember).where(StaffMember.exhibitor_id == exhibitor, col(StaffMember.active).is_(True))
    people = session.exec(query.order_by(StaffMember.name)).all()
    hours = _hours(session, [row.id or 0 for row in people])
    return [
        StaffChoice(id=row.id or 0, code=row.code, name_en=row.name, name_zh=row.name_zh, hours=hours[row.id or 0])
        for row in people
    ]


def _hours(session: Session, staff: Iterable[int]) -> dict[int, list[Moments]]:
    found: dict[int, list[Moments]] = defaultdict(list)
    query = select(StaffHours).where(col(StaffHours.staff_id).in_(list(staff))).order_by(col(StaffHours.starts_at))
    for row in session.exec(query):
        found[row.staff_id].append((row.starts_at, row.ends_at))
    return found


def find_presenters(session: Session, exhibitor: str, codes: Iterable[str]) -> tuple[int | None, list[StaffMember]]:
    """The key of an exhibitor by its code, and those of its people with these codes; nothing of an unknown one."""
    key = session.exec(select(Exhibitor.id).where(Exhibitor.code == exhibitor)).first()
    people = select(StaffMember).where(StaffMember.exhibitor_id == key, col(StaffMember.code).in_(codes))
    return key, list(session.exec(people.order_by(col(StaffMember.id))))
