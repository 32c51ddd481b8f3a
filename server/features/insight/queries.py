"""Reads of the organiser's dashboard: each of its figures in one query over the tables of the other features."""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, literal, or_, union, union_all
from sqlalchemy import select as sql_select
from sqlmodel import Session, col, select

from server.features.buyers.models import Buyer
from server.features.exhibitors.models import Category, Exhibitor, Product, Robot, StaffMember
from server.features.floorplan.models import Booth, BoothAssignment, PlanFeature
from server.features.meetings.models import Meeting, state_now
from server.features.meetings.rules import State
from server.features.telemetry.models import RobotAlarm, RobotHearing, RobotState
from server.features.telemetry.rules.alarms import QUIET
from server.features.telemetry.rules.hearing import Hearing
from server.features.timetable.models import Demo, FairDay


@dataclass(frozen=True)
class AlarmNow:
    """An alarm about a robot that stands."""

    robot: str
    name_en: str
    name_zh: str
    exhibitor: str
    kind: str
    opened_at: datetime
    last_seen: datetime
    detail: dict[str, str]


@dataclass(frozen=True)
class RobotNow:
    """An active robot with its exhibitor's code, its last report, unredacted, if it was ever heard, and its alarms."""

    id: int
    exhibitor: str
    protocol: str
    report: Mapping[str, Any] | None
    hearing: Hearing | None = None
    alarms: tuple[AlarmNow, ...] = ()


@dataclass(frozen=True)
class MeetingCount:
    """How many meetings are in a state, how many of them start within the asked time, and the oldest's request."""

    state: State
    all: int
    within: int
    oldest_request_at: datetime | None


def fair_days(session: Session) -> list[tuple[datetime, datetime]]:
    """(opens at, closes at) of each day of the fair, in order."""
    return [(day.opens_at, day.closes_at) for day in session.exec(select(FairDay).order_by(col(FairDay.opens_at)))]


def robots_now(session: Session, now: datetime) -> list[RobotNow]:
    """Every active robot with its last report and the alarms about it that stand, in one query."""
    stands = and_(col(RobotAlarm.robot_id) == col(Robot.id), col(RobotAlarm.last_seen) >= now - QUIET)
    columns: Any = (Robot, Exhibitor.code, RobotState.body, RobotHearing.refused_at, RobotAlarm)
    query: Any = (
        select(*columns)
        .join(Exhibitor, col(Exhibitor.id) == Robot.exhibitor_id)
        .outerjoin(RobotState, col(RobotState.robot_id) == Robot.id)
        .outerjoin(RobotHearing, col(RobotHearing.robot_id) == Robot.id)
        .outerjoin(RobotAlarm, stands)
        .where(col(Robot.active).is_(True))
        .order_by(Exhibitor.code, Robot.code, col(RobotAlarm.id))
    )
    found: dict[int, RobotNow] = {}
    for robot, exhibitor, body, refused_at, alarm in session.execute(query):
        known = found.get(robot.id) or RobotNow(
            robot.id, exhibitor, robot.protocol, json.loads(body) if body else None, Hearing(refused_at=refused_at)
        )
        more = (_alarm(alarm, robot, exhibitor),) if alarm else ()
        found[robot.id] = replace(known, alarms=(*known.alarms, *more))
    return list(found.values())


def _alarm(alarm: RobotAlarm, robot: Robot, exhibitor: str) -> AlarmNow:
    return AlarmNow(
        *(f"{exhibitor}/{robot.code}", robot.name_en, robot.name_zh, exhibitor),
        *(alarm.kind, alarm.opened_at, alarm.last_seen, alarm.detail),
    )


def booth_occupants(session: Session) -> list[str | None]:
    """For every booth the code of the exhibitor that has it."""
    query: Any = (
        select(Booth.id, Exhibitor.code)
        .outerjoin(BoothAssignment, col(BoothAssignment.booth_id) == Booth.id)
        .outerjoin(Exhibitor, col(Exhibitor.id) == BoothAssignment.exhibitor_id)
    )
    return [code for _, code in session.execute(query)]


@dataclass(frozen=True)
class NamedThing:
    """What a changed thing is called; of a meeting the exhibitor's names, and `buyer` is who meets it."""

    name_en: str
    name_zh: str
    buyer: str = ""
    buyer_zh: str = ""


def named_things(session: Session, keys: Iterable[str]) -> dict[tuple[str, str], NamedThing]:
    """The names of the things with those keys, by kind and key as the audit log has them, in one query."""
    wanted, nobody = set(keys), (literal(""), literal(""))
    of_exhibitor: Any = col(Exhibitor.code) + "/"
    meeting: Any = (literal("meeting"), col(Meeting.uid), *_both(Exhibitor), *_buyer())
    product: Any = (literal("product"), of_exhibitor + Product.code, *_both(Product), *nobody)
    staff: Any = (literal("staff"), of_exhibitor + StaffMember.code, *_both(StaffMember), *nobody)
    robot: Any = (literal("robot"), of_exhibitor + Robot.code, *_both(Robot), *nobody)
    kinds: list[tuple[Any, Any]] = [
        (meeting, sql_select(*meeting).select_from(Meeting).join(Exhibitor).join(Buyer)),
        (product, sql_select(*product).select_from(Product).join(Exhibitor)),
        (staff, sql_select(*staff).select_from(StaffMember).join(Exhibitor)),
        (robot, sql_select(*robot).select_from(Robot).join(Exhibitor)),
        *((row, sql_select(*row)) for row in _named_by_code()),
    ]
    query: Any = union_all(*(chosen.where(row[1].in_(wanted)) for row, chosen in kinds))
    return {(thing, key): NamedThing(*names) for thing, key, *names in session.execute(query)}


def _named_by_code() -> list[Any]:
    nobody = (literal(""), literal(""))
    return [
        (literal("demo"), col(Demo.code), col(Demo.title_en), col(Demo.title_zh), *nobody),
        (literal("exhibitor"), col(Exhibitor.code), *_both(Exhibitor), *nobody),
        (literal("buyer"), col(Buyer.code), *_buyer(), *nobody),
    ]


def _both(table: Any) -> tuple[Any, Any]:
    return col(table.name if table is StaffMember else table.name_en), col(table.name_zh)


def _buyer() -> tuple[Any, Any]:
    return col(Buyer.name), func.coalesce(func.nullif(Buyer.name_zh, ""), Buyer.name)


def exhibitor_names(session: Session) -> dict[str, tuple[str, str]]:
    """The English and the Chinese name of every exhibitor by its code."""
    query: Any = select(Exhibitor.code, Exhibitor.name_en, Exhibitor.name_zh)
    return {code: (name_en, name_zh) for code, name_en, name_zh in session.execute(query)}


def category_names(session: Session) -> dict[str, tuple[str, str]]:
    """The English and the Chinese name of each category, by its code."""
    query = sql_select(col(Category.code), col(Category.name_en), col(Category.name_zh))
    return {code: (english, chinese) for code, english, chinese in session.execute(query)}


def chinese_names(session: Session, names: Collection[str]) -> dict[str, str]:
    """What people and firms with these names in Latin letters are called in Chinese, where only one of them is."""
    known: tuple[tuple[Any, Any], ...] = (
        (col(StaffMember.name), col(StaffMember.name_zh)),
        (col(Buyer.name), col(Buyer.name_zh)),
        (col(Exhibitor.name_en), col(Exhibitor.name_zh)),
    )
    query: Any = union(*(sql_select(*pair).where(pair[0].in_(set(names)), pair[1] != "") for pair in known))
    pairs = session.execute(query).all()
    often = Counter(name for name, _ in pairs)
    return {name: chinese for name, chinese in pairs if often[name] == 1}


def exhibitors_without_booth(session: Session) -> int:
    """How many exhibitors have no booth."""
    housed = select(BoothAssignment.exhibitor_id)
    return session.exec(select(func.count()).select_from(Exhibitor).where(col(Exhibitor.id).not_in(housed))).one()


def demos_of_today(session: Session, now: datetime, until: datetime) -> list[Any]:
    """The demos that run at `now` or start before `until`, by start: (demo, exhibitor, booth's number, stage)."""
    columns: Any = (Demo, Exhibitor, Booth.number, PlanFeature)
    query: Any = (
        select(*columns)
        .join(Exhibitor, col(Exhibitor.id) == col(Demo.exhibitor_id))
        .outerjoin(Booth, col(Booth.id) == col(Demo.booth_id))
        .outerjoin(PlanFeature, col(PlanFeature.id) == col(Demo.stage_id))
        .where(col(Demo.ends_at) > now, col(Demo.starts_at) < until)
        .order_by(col(Demo.starts_at), Demo.code)
    )
    return list(session.execute(query))


def meeting_counts(session: Session, since: datetime, until: datetime, now: datetime) -> list[MeetingCount]:
    """The meetings by state: all, and those that start from `since` to before `until`."""
    within = (col(Meeting.starts_at) >= since) & (col(Meeting.starts_at) < until)
    chosen = select(
        state_now(now).label("stands"), within.label("within"), col(Meeting.requested_at).label("asked")
    ).subquery()
    query: Any = (
        sql_select(chosen.c.stands, func.count(), func.count().filter(chosen.c.within), func.min(chosen.c.asked))
        .where(or_(chosen.c.within, chosen.c.stands.in_([State.REQUESTED, State.WAITING])))
        .group_by(chosen.c.stands)
    )
    return [MeetingCount(*row) for row in session.execute(query)]
