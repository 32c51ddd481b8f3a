"""Reads of the organiser's dashboard: the facts as it stands now, and what the things of the audit log are called."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, literal, or_, union, union_all
from sqlalchemy import select as sql_select
from sqlmodel import Session, col, select

from server.features.buyers.models import Buyer
from server.features.exhibitors.models import Exhibitor, Product, Robot, StaffMember
from server.features.exhibitors.queries import categories_by_code, exhibitor_ids
from server.features.floorplan.queries import list_booths
from server.features.floorplan.schemas import BoothOut
from server.features.meetings.models import Meeting, state_now
from server.features.meetings.rules import State
from server.features.telemetry.queries.alarms import alarm_page
from server.features.telemetry.queries.bridges import TroubleNow, standing_troubles
from server.features.telemetry.queries.robots import present_robots
from server.features.telemetry.rules.robots import PresentRobot
from server.features.telemetry.schemas import AlarmOut
from server.features.timetable.models import Demo
from server.features.timetable.queries import list_days, list_demos
from server.features.timetable.rules import CurrentDay, day_now
from server.features.timetable.schemas import DemoOut
from server.infra.identity import Audience


@dataclass(frozen=True)
class MeetingCount:
    """How many meetings are in a state, how many of them start within the asked time, and the oldest's request."""

    state: State
    all: int
    within: int
    oldest_request_at: datetime | None


@dataclass(frozen=True)
class TodayFacts:
    """What the organiser's day is made of, as it stands now."""

    day: CurrentDay | None
    robots: list[PresentRobot]
    alarms: list[AlarmOut]
    """Those that stand, the newest first."""
    troubles: list[TroubleNow]
    demos: list[DemoOut]
    """Those that run or start before the day closes."""
    booths: list[BoothOut]
    exhibitors: int
    meetings: list[MeetingCount]


def read_today(session: Session, now: datetime, most_alarms: int) -> TodayFacts:
    """The facts at `now`, in nine queries."""
    day = day_now(list_days(session), now)
    until = day.closes_at if day else now
    return TodayFacts(
        day=day,
        robots=present_robots(session),
        alarms=alarm_page(session, Audience(sees_all=True), now, limit=most_alarms, only_open=True),
        troubles=standing_troubles(session, now),
        demos=list_demos(session, since=now, until=until),
        booths=list_booths(session),
        exhibitors=len(exhibitor_ids(session)),
        meetings=_meeting_counts(session, day.opens_at if day else now, until, now),
    )


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


def names_of_kinds(session: Session) -> dict[str, tuple[str, str]]:
    """The English and the Chinese name of each kind of thing that is shown, by its code."""
    return {code: (row.name_en, row.name_zh) for code, row in categories_by_code(session).items()}


def exhibitor_names(session: Session) -> dict[str, tuple[str, str]]:
    """The English and the Chinese name of every exhibitor by its code."""
    query: Any = select(Exhibitor.code, Exhibitor.name_en, Exhibitor.name_zh)
    return {code: (name_en, name_zh) for code, name_en, name_zh in session.execute(query)}


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


def _meeting_counts(session: Session, since: datetime, until: datetime, now: datetime) -> list[MeetingCount]:
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
