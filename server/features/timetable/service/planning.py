"""Plan, change and cancel a demo: what the organiser does, written down and announced in the same unit of work."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any

from sqlmodel import Session

from server.features.reservations.service import release
from server.features.timetable.models import Demo
from server.features.timetable.queries import find_demo, live_demos, lock_demo, orphaned_demos
from server.features.timetable.schemas import DemoChange, DemoOut, DemoPlan
from server.features.timetable.service.demo_resources import (
    DemoResources,
    find_demo_resources,
    holder_of,
    require_time,
    take,
)
from server.features.timetable.service.news import tell_of_demo
from server.infra import audit
from server.infra.changes import announce
from server.infra.db import clock_of
from server.infra.identity import SYSTEM, Identity
from server.kernel.errors import InvalidError, NotFoundError
from server.kernel.spans import Span

TOPIC = "timetable"
THING = "demo"
ACTIONS = {"planned": "demo.plan", "changed": "demo.change", "cancelled": "demo.cancel"}
"""What the log calls the acts that live pages and notices tell of."""
_ABOUT_WORDS = frozenset({"title_en", "title_zh"})
"""Fields that need no other time, place, robot or person."""


def plan_demo(session: Session, by: Identity, plan: DemoPlan, now: datetime) -> DemoOut:
    """Put a demo into the timetable.

    Raises `NotFoundError` for an unknown exhibitor, `ForeignPartError` for what is not the exhibitor's, and a
    `DemoRefusedError`, with the nearest free times, when it cannot be then.
    """
    resources = find_demo_resources(session, plan.exhibitor, plan.model_dump())
    span = Span(plan.starts_at, plan.starts_at + timedelta(minutes=plan.minutes))
    code = f"d-{token_hex(4)}"
    require_time(session, resources, span, code=code, now=now, not_before=now)
    row = Demo(
        code=code,
        exhibitor_id=resources.choices.exhibitor_id,
        provenance=resources.choices.provenance,
        **_row(resources, span),
    )
    row.title_en, row.title_zh = plan.title_en, plan.title_zh
    take(session, code, resources, span, now)
    session.add(row)
    session.flush()
    demo = _known_demo(session, code)
    _tell(session, by, "planned", demo, {name: (None, value) for name, value in _facts(demo).items()})
    tell_of_demo(session, by, "planned", demo, None, now)
    return demo


def change_demo(
    session: Session, by: Identity, code: str, version: int, change: DemoChange, *, now: datetime
) -> DemoOut:
    """Change a demo that was seen in this `version`; a change that changes nothing is none.

    Raises `NotFoundError` for one that is not there, `StaleError` when somebody was faster, and what `plan_demo` does.
    """
    row = lock_demo(session, code)
    if row is None:
        raise NotFoundError(what=code)
    before = _known_demo(session, code)
    audit.require_version(session, THING, code, row.version, version)
    wanted = _wanted(before, change)
    changes = audit.differences(_facts(before), wanted)
    if not changes:
        return before
    if set(changes) - _ABOUT_WORDS:
        _recast(session, row, before, wanted, now)
    row.title_en, row.title_zh = wanted["title_en"], wanted["title_zh"]
    row.version += 1
    session.flush()
    after = _known_demo(session, code)
    _tell(session, by, "changed", after, changes)
    if set(changes) - _ABOUT_WORDS:
        tell_of_demo(session, by, "changed", after, before, now)
    return after


def cancel_demo(session: Session, by: Identity, code: str, version: int) -> DemoOut:
    """Take a demo that was seen in this `version` out of the timetable; its place, robot and person are free again.

    Raises `NotFoundError` for one that is not there and `StaleError` when somebody was faster.
    """
    row = lock_demo(session, code)
    if row is None:
        raise NotFoundError(what=code)
    demo = _known_demo(session, code)
    audit.require_version(session, THING, code, row.version, version)
    release(session, holder_of(code))
    session.delete(row)
    session.flush()
    gone = demo.model_copy(update={"version": version + 1})
    _tell(session, by, "cancelled", gone, {name: (value, None) for name, value in _facts(demo).items()})
    tell_of_demo(session, by, "cancelled", gone, None, clock_of(session).now())
    return gone


def cancel_orphans(session: Session, now: datetime) -> int:
    """Take the demos to come out whose robot, person or booth is no longer there; return how many."""
    orphans = orphaned_demos(session, now)
    for code, version in orphans:
        cancel_demo(session, SYSTEM, code, version)
    return len(orphans)


def _recast(session: Session, row: Demo, before: DemoOut, wanted: Mapping[str, Any], now: datetime) -> None:
    """Give a demo another time, place, robot or person, with what it owns."""
    if not wanted["robot"] or not wanted["staff"]:
        raise InvalidError(detail="robot, staff")
    resources = find_demo_resources(session, before.exhibitor, wanted)
    span = Span(wanted["starts_at"], wanted["starts_at"] + timedelta(minutes=wanted["minutes"]))
    # One that is on already may still get another end or another person.
    earliest = min(now, before.starts_at) if span.starts_at == before.starts_at else now
    require_time(session, resources, span, code=row.code, now=now, not_before=earliest)
    take(session, row.code, resources, span, now)
    for name, value in _row(resources, span).items():
        setattr(row, name, value)


def _row(resources: DemoResources, span: Span) -> dict[str, Any]:
    """The columns of a demo that its resources and its time decide."""
    return {
        "booth_id": resources.booth,
        "stage_id": resources.stage,
        "robot_id": resources.robot.id,
        "staff_id": resources.person.id,
        "starts_at": span.starts_at,
        "ends_at": span.ends_at,
    }


def _facts(demo: DemoOut) -> dict[str, Any]:
    """What of a demo may be changed, under the names that `DemoChange` has for it."""
    minutes = (demo.ends_at - demo.starts_at) // timedelta(minutes=1)
    kept = demo.model_dump(include={"booth", "stage", "robot", "title_en", "title_zh", "starts_at"})
    return {**kept, "staff": demo.staff_code, "minutes": minutes}


def _wanted(before: DemoOut, change: DemoChange) -> dict[str, Any]:
    """The facts of a demo after a change."""
    given = change.model_dump(exclude_none=True)
    if "robot" in given:
        given["robot"] = f"{before.exhibitor}/{given['robot'].removeprefix(before.exhibitor + '/')}"
    if "booth" in given or "stage" in given:
        given = {"booth": None, "stage": None, **given}
    return {**_facts(before), **given}


def _known_demo(session: Session, code: str) -> DemoOut:
    """The demo as it stands now. Raises `NotFoundError` for one that is not there."""
    demo = find_demo(session, code)
    if demo is None:
        raise NotFoundError(what=code)
    return demo


def _tell(session: Session, by: Identity, act: str, demo: DemoOut, changes: audit.Changes) -> None:
    """Write a change down, and announce it to the screens and pages that show the demo."""
    audit.record(session, by, ACTIONS[act], demo.code, changes, version=demo.version)
    announce(session, TOPIC, demo.code, live_demos(session, [demo], act)[0])
