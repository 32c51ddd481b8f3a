"""Demos are planned, changed and cancelled; what is in the way is named, with the nearest free times."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from server.features.exhibitors.models import Robot
from server.features.reservations.models import Reservation
from server.features.reservations.rules import ResourceKind
from server.features.timetable.queries import find_demo, list_demos
from server.features.timetable.schemas import DemoChange, DemoOut
from server.features.timetable.service import (
    DemoOutsideHoursError,
    DemoPastError,
    DemoRefusedError,
    DemoStaffAwayError,
    DemoTakenError,
    ForeignPartError,
    cancel_demo,
    cancel_orphans,
    change_demo,
    plan_demo,
)
from server.infra.audit import AuditFilter, StaleError, list_entries
from server.infra.changes import Change
from server.infra.db import Database
from server.kernel.errors import NotFoundError
from tests.conftest import NOON
from tests.server.features.timetable.demos import BOOTH, ORGANISER, a_plan, at, hold_for_meeting, owned


def plan(database: Database, **changes: Any) -> DemoOut:
    with database.write() as session:
        return plan_demo(session, ORGANISER, a_plan(**changes), NOON)


def change(database: Database, code: str, version: int = 1, **changes: Any) -> DemoOut:
    with database.write() as session:
        return change_demo(session, ORGANISER, code, version, DemoChange.model_validate(changes), now=NOON)


def refusal_of(database: Database, **changes: Any) -> DemoRefusedError:
    with pytest.raises(DemoRefusedError) as refused:
        plan(database, **changes)
    return refused.value


def starts(refusal: DemoRefusedError) -> list[int]:
    """The alternatives, as minutes after the opening of the second day."""
    return [(one.starts_at - at(0)) // timedelta(minutes=1) for one in refusal.alternatives]


def test_a_planned_demo_stands_in_the_timetable_and_owns_what_it_needs(fair_database: Database) -> None:
    planned = plan(fair_database)

    with fair_database.read() as session:
        found = find_demo(session, planned.code)
    assert found == planned
    assert (planned.booth, planned.stage, planned.robot, planned.staff_code, planned.ends_at, planned.version) == (
        BOOTH,
        None,
        "nanling/walker-7",
        "jiang-mengjie",
        at(320),
        1,
    )
    assert owned(fair_database, f"demo:{planned.code}") == {"booth": 4, "robot": 4, "staff": 4}


def test_a_demo_may_be_on_a_stage_with_a_robot_named_by_its_key(fair_database: Database) -> None:
    planned = plan(fair_database, booth=None, stage="stage-1", robot="nanling/walker-8", starts_at=at(400))

    assert (planned.booth, planned.stage, planned.robot) == (None, "stage-1", "nanling/walker-8")
    assert owned(fair_database, f"demo:{planned.code}") == {"robot": 4, "staff": 4, "stage": 4}


def test_every_demo_of_the_demo_fair_owns_its_place_robot_and_person(fair_database: Database) -> None:
    with fair_database.read() as session:
        demos = list_demos(session)
        cells = session.exec(select(Reservation).where(col(Reservation.holder).startswith("demo:"))).all()

    wanted = sum((demo.ends_at - demo.starts_at) // timedelta(minutes=5) * 3 for demo in demos)
    assert (len(demos), len(cells)) == (207, wanted)


def test_another_demo_in_the_way_is_named_with_the_nearest_free_times(fair_database: Database) -> None:
    first = plan(fair_database)

    refusal = refusal_of(fair_database, staff="tong-yanzhi", starts_at=at(310))

    assert isinstance(refusal, DemoTakenError)
    assert [
        (one.kind, one.taken_by, one.demo, one.title_en, one.starts_at, one.ends_at) for one in refusal.obstacles
    ] == [
        ("booth", "demo", first.code, "Soup up a ramp, again", at(300), at(320)),
        ("robot", "demo", first.code, "Soup up a ramp, again", at(300), at(320)),
    ]
    assert refusal.params["what"] == (
        f"D19.2C05 14:00–14:20 ({first.code}), Walker Seven 行者七号 14:00–14:20 ({first.code})"
    )
    assert starts(refusal) == [320, 335, 350, 365, 380]


@pytest.mark.parametrize(
    ("kind", "code", "name"),
    [(ResourceKind.ROBOT, "walker-7", "Walker Seven"), (ResourceKind.STAFF, "jiang-mengjie", "Jiang Mengjie")],
)
def test_a_meeting_in_the_way_is_told_by_its_time_alone(
    fair_database: Database, kind: ResourceKind, code: str, name: str
) -> None:
    hold_for_meeting(fair_database, kind, code, 300, 330)

    refusal = refusal_of(fair_database)

    assert [one.model_dump(exclude={"name_zh"}) for one in refusal.obstacles] == [
        {
            "kind": kind.value,
            "name_en": name,
            "starts_at": at(300),
            "ends_at": at(330),
            "taken_by": "meeting",
            "demo": None,
            "title_en": None,
            "title_zh": None,
        }
    ]
    assert "m-1" not in str(refusal.members())
    assert starts(refusal) == [280, 330, 265, 345, 250]


def test_a_demo_outside_the_opening_hours_is_refused_with_the_hours_of_that_day(fair_database: Database) -> None:
    refusal = refusal_of(fair_database, starts_at=at(530))

    assert isinstance(refusal, DemoOutsideHoursError)
    assert refusal.params == {"opens": "09:00", "closes": "18:00"}
    assert starts(refusal) == [520, 505, 490, 475, 460]


def test_a_demo_that_would_have_begun_already_is_refused(fair_database: Database) -> None:
    refusal = refusal_of(fair_database, starts_at=at(60))

    assert isinstance(refusal, DemoPastError)
    assert starts(refusal)[0] == 240


def test_a_demo_is_refused_when_its_person_is_not_there(fair_database: Database) -> None:
    refusal = refusal_of(fair_database, starts_at=at(200))

    assert isinstance(refusal, DemoStaffAwayError)
    assert refusal.params == {"name": "Jiang Mengjie 蒋梦洁", "hours": "09:00–12:00, 13:00–18:00"}
    assert starts(refusal) == [240, 255, 270, 285, 300]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"booth": "D19.2A04"}, "booth"),
        ({"booth": None, "stage": "aisle-1"}, "stage"),
        ({"robot": "paw-a"}, "robot"),
        ({"robot": "cedarpaw/paw-a"}, "robot"),
        ({"staff": "hao-yunfei"}, "staff"),
    ],
)
def test_what_is_not_the_exhibitors_own_is_refused(fair_database: Database, wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(ForeignPartError) as refused:
        plan(fair_database, **wrong)

    assert refused.value.params["field"] == field


def test_a_moved_demo_owns_its_new_time_and_frees_the_old_one(fair_database: Database) -> None:
    first = plan(fair_database)

    moved = change(fair_database, first.code, starts_at=at(310), minutes=30)
    second = plan(fair_database, robot="walker-8", staff="tong-yanzhi", starts_at=at(300), minutes=10)

    assert (moved.starts_at, moved.ends_at, moved.version) == (at(310), at(340), 2)
    assert owned(fair_database, f"demo:{first.code}") == {"booth": 6, "robot": 6, "staff": 6}
    assert second.booth == BOOTH


def test_a_demo_is_not_in_its_own_way(fair_database: Database) -> None:
    first = plan(fair_database)
    plan(fair_database, booth=None, stage="stage-1", robot="walker-8", starts_at=at(345), minutes=5)

    with pytest.raises(DemoTakenError) as refused:
        change(fair_database, first.code, starts_at=at(340))

    assert [one.kind for one in refused.value.obstacles] == ["staff"]
    assert starts(refused.value)[0] == 350
    assert owned(fair_database, f"demo:{first.code}") == {"booth": 4, "robot": 4, "staff": 4}


def test_a_demo_goes_from_the_booth_to_a_stage(fair_database: Database) -> None:
    first = plan(fair_database)

    moved = change(fair_database, first.code, stage="stage-1")

    assert (moved.booth, moved.stage, moved.place_zh) == (None, "stage-1", "一号演示台")
    assert owned(fair_database, f"demo:{first.code}") == {"robot": 4, "staff": 4, "stage": 4}


def test_the_words_of_a_demo_that_is_over_may_still_be_mended(fair_database: Database) -> None:
    mended = change(fair_database, "d2-19", title_en="Soup up a steep ramp")

    assert (mended.title_en, mended.title_zh, mended.version) == ("Soup up a steep ramp", "端汤上坡", 2)


def test_a_change_that_changes_nothing_is_none(fair_database: Database) -> None:
    first = plan(fair_database)

    same = change(fair_database, first.code, robot="walker-7", title_en=first.title_en, minutes=20)

    assert same == first


def test_an_edit_of_an_old_version_is_told_what_has_changed(fair_database: Database) -> None:
    first = plan(fair_database)
    change(fair_database, first.code, title_en="Soup up two ramps")

    with pytest.raises(StaleError) as refused:
        change(fair_database, first.code, title_zh="端汤")

    assert refused.value.members() == {
        "version": 2,
        "changes": [{"field": "title_en", "old": "Soup up a ramp, again", "new": "Soup up two ramps"}],
    }


def test_a_cancelled_demo_frees_what_it_owned(fair_database: Database) -> None:
    first = plan(fair_database)

    with fair_database.write() as session:
        cancel_demo(session, ORGANISER, first.code, 1)

    assert owned(fair_database, f"demo:{first.code}") == {}
    assert plan(fair_database).code != first.code


def test_neither_an_old_version_nor_an_unknown_demo_is_cancelled(fair_database: Database) -> None:
    with fair_database.write() as session, pytest.raises(StaleError):
        cancel_demo(session, ORGANISER, "d2-19", 7)
    with fair_database.write() as session, pytest.raises(NotFoundError):
        cancel_demo(session, ORGANISER, "d9-99", 1)
    with pytest.raises(NotFoundError):
        change(fair_database, "d9-99", title_en="Nothing")


def test_every_change_is_written_down_and_announced(fair_database: Database) -> None:
    code = plan(fair_database).code
    change(fair_database, code, starts_at=at(330))
    with fair_database.write() as session:
        cancel_demo(session, ORGANISER, code, 2)

    with fair_database.read() as session:
        entries = list_entries(session, AuditFilter(thing="demo", key=code))
        announced = session.exec(
            select(Change.payload).where(Change.topic == "timetable").order_by(col(Change.id))
        ).all()
    assert [(one.action, one.version, one.who) for one in entries] == [
        ("demo.cancel", 3, "Organiser"),
        ("demo.change", 2, "Organiser"),
        ("demo.plan", 1, "Organiser"),
    ]
    assert [(one.field, one.old, one.new) for one in entries[1].differences] == [
        ("starts_at", at(300).isoformat(), at(330).isoformat())
    ]
    assert [f'"act":"{act}"' in text for act, text in zip(("planned", "changed", "cancelled"), announced, strict=True)]


def others(refusal: DemoRefusedError) -> list[tuple[str, str]]:
    """With whom or what else it could be then."""
    return [(one.field, one.code) for one in refusal.substitutes]


def test_a_demo_without_its_person_is_offered_another_one_who_is_free_at_that_time(fair_database: Database) -> None:
    refusal = refusal_of(fair_database, starts_at=at(200))

    assert ("staff", "tong-yanzhi") in others(refusal)
    assert {field for field, _ in others(refusal)} == {"staff"}
    code = plan(fair_database, starts_at=at(200), staff="tong-yanzhi").code
    assert code


def test_a_demo_whose_robot_is_taken_is_offered_another_robot_and_other_times(fair_database: Database) -> None:
    plan(fair_database, starts_at=at(300))

    refusal = refusal_of(fair_database, starts_at=at(300), staff="tong-yanzhi", booth=None, stage="stage-1")

    assert isinstance(refusal, DemoTakenError)
    assert {field for field, _ in others(refusal)} == {"robot"}
    assert ("robot", "walker-7") not in others(refusal)
    assert refusal.alternatives


def test_nothing_is_offered_where_two_parts_are_in_the_way_at_once(fair_database: Database) -> None:
    plan(fair_database, starts_at=at(300))

    refusal = refusal_of(fair_database, starts_at=at(300))

    assert others(refusal) == []
    assert refusal.alternatives


def test_a_demo_goes_with_its_robot_and_only_then(fair_database: Database) -> None:
    first = plan(fair_database, starts_at=at(300))
    with fair_database.write() as session:
        before = cancel_orphans(session, at(0))
        robot = session.exec(select(Robot).where(Robot.code == "walker-7")).one()
        robot.active = False

    with fair_database.write() as session:
        gone = cancel_orphans(session, at(0))
    with fair_database.write() as session:
        again = cancel_orphans(session, at(0))

    with fair_database.read() as session:
        assert find_demo(session, first.code) is None
        assert [one for one in list_demos(session, since=at(0)) if one.robot == "nanling/walker-7"] == []
    assert (before, gone > 0, again) == (0, True, 0)
