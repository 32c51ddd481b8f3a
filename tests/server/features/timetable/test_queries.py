"""The timetable as pages ask for it: days, demos of a day, and what comes next at a booth."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from server.features.floorplan.queries import find_plan, robot_floors
from server.features.floorplan.rules import Rectangle, inside, overlapping
from server.features.timetable.queries import demos_in_scope, list_days, list_demos
from server.features.timetable.schemas import DemoIn
from server.features.timetable.service import add_demos
from server.infra.db import Database
from server.kernel.errors import NotFoundError
from server.kernel.provenance import Provenance

OPENING = datetime(2026, 4, 16, 1, 0, tzinfo=UTC)


def a_demo(**changes: Any) -> DemoIn:
    demo = {
        "code": "extra-1",
        "exhibitor": "nanling",
        "stage": "stage-1",
        "robot": "walker-8",
        "title_en": "Extra",
        "title_zh": "加演",
        "starts_at": OPENING + timedelta(hours=8),
        "ends_at": OPENING + timedelta(hours=8, minutes=20),
        "provenance": "invented",
    }
    return DemoIn.model_validate(demo | changes)


def test_the_days_are_numbered_dated_and_marked_as_derived(fair_database: Database) -> None:
    with fair_database.read() as session:
        days = list_days(session)

    assert [(day.number, day.date.isoformat(), day.provenance) for day in days] == [
        (number, f"2026-04-{14 + number}", Provenance.DERIVED) for number in range(1, 6)
    ]
    assert days[1].opens_at == OPENING


def test_every_demo_belongs_to_one_day(fair_database: Database) -> None:
    with fair_database.read() as session:
        by_day = [list_demos(session, since=day.opens_at, until=day.closes_at) for day in list_days(session)]
        everything = list_demos(session)

    assert [demo for demos in by_day for demo in demos] == everything
    assert all(len(demos) > 30 for demos in by_day)


def test_the_next_demo_of_a_booth_may_be_on_a_stage(fair_database: Database) -> None:
    late = OPENING + timedelta(hours=8, minutes=5)
    with fair_database.write() as session:
        add_demos(session, [a_demo()])

    with fair_database.read() as session:
        (found,) = demos_in_scope(session, "booth", "D19.2C05", late, 1)
        nothing = demos_in_scope(session, "booth", "D19.2A04", late, 1)

    assert (found.code, found.place_en, found.place_zh, found.booth, found.stage, found.robot_zh) == (
        "extra-1",
        "Stage 1",
        "一号演示台",
        None,
        "stage-1",
        "行者八号",
    )
    assert nothing == []


def test_the_demos_of_a_robot_are_found_by_its_key(fair_database: Database) -> None:
    with fair_database.read() as session:
        found = list_demos(session, robot="nanling/walker-7")

    assert {demo.title_en for demo in found} == {"Soup up a ramp", "Steps of granite, cut to size"}
    assert {(demo.exhibitor, demo.robot) for demo in found} == {("nanling", "nanling/walker-7")}


@pytest.mark.parametrize(
    "wrong", [{"stage": "stage-9"}, {"robot": "paw-a"}, {"staff": "nobody"}, {"exhibitor": "nobody"}]
)
def test_a_demo_with_an_unknown_place_robot_or_person_is_refused(
    fair_database: Database, wrong: dict[str, str]
) -> None:
    with fair_database.write() as session, pytest.raises(NotFoundError):
        add_demos(session, [a_demo(**wrong)])


@pytest.mark.parametrize("wrong", [{"stage": None}, {"booth": "D19.2C05"}, {"ends_at": OPENING}, {"title_zh": " "}])
def test_a_demo_without_one_place_a_span_and_both_titles_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        a_demo(**wrong)


def test_every_robot_has_its_own_part_of_its_booth(fair_database: Database) -> None:
    with fair_database.read() as session:
        floors, plan = robot_floors(session), find_plan(session)

    assert plan is not None
    booths = {one.number: Rectangle(one.x, one.y, one.width_m, one.depth_m) for one in plan.booths}
    parts = [(one.robot, Rectangle(one.x, one.y, one.width_m, one.depth_m)) for one in floors]
    assert len(parts) == 101
    assert overlapping(parts) == []
    assert [
        one.robot for one, (_, part) in zip(floors, parts, strict=True) if not inside(part, booths[one.booth])
    ] == []
