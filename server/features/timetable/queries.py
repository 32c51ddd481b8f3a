"""Reads of the timetable: days, the demos of a day, what comes next at a booth, and what a new demo may choose from."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import exists
from sqlmodel import Session, and_, col, or_, select

from server.features.exhibitors.models import Exhibitor, Robot, StaffMember
from server.features.exhibitors.queries import exhibitor_ids, find_owner, hours_of, list_owners, owned_ids, staff_of
from server.features.exhibitors.rules import parts_of, robot_key
from server.features.floorplan.models import Booth, BoothAssignment, PlanFeature
from server.features.floorplan.queries import booth_ids, booths_by_exhibitor, stage_ids
from server.features.floorplan.rules import FeatureKind
from server.features.timetable.models import Demo, FairDay
from server.features.timetable.rules import Moments
from server.features.timetable.schemas import (
    BoothChoice,
    Choices,
    DayOut,
    DemoOut,
    NamedChoice,
    StaffChoice,
    live_state,
)


def list_days(session: Session) -> list[DayOut]:
    """The days of the fair in order."""
    rows = session.exec(select(FairDay).order_by(col(FairDay.opens_at))).all()
    return [DayOut(number=number, **row.model_dump(exclude={"id"})) for number, row in enumerate(rows, start=1)]


def keys_of_parts(session: Session) -> dict[str, dict[str, int]]:
    """The keys of what a demo is made of, by kind and name: a robot and a person as `<exhibitor>/<code>`."""
    return {
        "exhibitor": exhibitor_ids(session),
        "booth": booth_ids(session),
        "stage": stage_ids(session),
        "robot": owned_ids(session, Robot),
        "staff": owned_ids(session, StaffMember),
    }


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
        owner, code = parts_of(robot)
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
    return hours_of(session, [staff])[staff]


def codes_of_demos(session: Session) -> set[str]:
    """The codes of all demos."""
    return set(session.exec(select(Demo.code)))


def list_exhibitor_names(session: Session) -> list[NamedChoice]:
    """Every exhibitor, by its English name."""
    return [_named(row) for row in sorted(list_owners(session), key=lambda row: row.name_en)]


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
    owner = find_owner(session, exhibitor)
    if owner is None:
        return None
    key = owner.id or 0
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
        provenance=owner.provenance,
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
    people = sorted(staff_of(session, exhibitor), key=lambda row: row.name)
    hours = hours_of(session, [row.id or 0 for row in people])
    return [
        StaffChoice(id=row.id or 0, code=row.code, name_en=row.name, name_zh=row.name_zh, hours=hours[row.id or 0])
        for row in people
    ]


def find_presenters(session: Session, demo: DemoOut, codes: Iterable[str]) -> tuple[int, list[StaffMember]]:
    """The key of the exhibitor of a demo, and those of its people with these codes."""
    owner = find_owner(session, demo.exhibitor)
    key = owner.id or 0 if owner else 0
    people = select(StaffMember).where(StaffMember.exhibitor_id == key, col(StaffMember.code).in_(codes))
    return key, list(session.exec(people.order_by(col(StaffMember.id))))


def live_demos(session: Session, demos: Sequence[DemoOut], act: str = "planned") -> list[dict[str, Any]]:
    """Demos as the live feed tells them, with what became of them."""
    booths = booths_by_exhibitor(session, (demo.exhibitor for demo in demos))
    return [live_state(demo, booths.get(demo.exhibitor, ()), act) for demo in demos]
