"""Many at once at one place, robot or person: one wins, the others are told; never two, never a fault of the server."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlmodel import Session, select

from server.features.exhibitors.models import Exhibitor, Robot
from server.features.reservations.models import Reservation
from server.features.reservations.rules import Resource, ResourceKind, Want
from server.features.reservations.service import TakenError, claim
from server.features.timetable.queries import find_demo, list_demos
from server.features.timetable.schemas import DemoChange
from server.features.timetable.service import cancel_demo, change_demo, plan_demo
from server.infra.db import Database
from server.kernel.errors import FairZoneError
from server.kernel.spans import Span
from tests.conftest import NOON
from tests.server.features.timetable.demos import ORGANISER, a_plan, at, owned

pytestmark = pytest.mark.slow

MANY = 50
Act = Callable[[Session], Any]


def at_once(database: Database, *acts: Act) -> list[str]:
    """Do everything at the same moment, each in a unit of work of its own; `done` or the code of the refusal."""
    start = Barrier(len(acts))

    def run(act: Act) -> str:
        start.wait(30)
        try:
            with database.write() as session:
                act(session)
        except FairZoneError as refusal:
            return refusal.code
        return "done"

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))


def planning(**changes: Any) -> Act:
    plan = a_plan(**changes)
    return lambda session: plan_demo(session, ORGANISER, plan, NOON)


def changing(code: str, **changes: Any) -> Act:
    change = DemoChange.model_validate(changes)
    return lambda session: change_demo(session, ORGANISER, code, 1, change, now=NOON)


def a_demo(database: Database, **changes: Any) -> str:
    with database.write() as session:
        return plan_demo(session, ORGANISER, a_plan(**changes), NOON).code


def consistent(database: Database) -> bool:
    """Whether every demo owns exactly what it needs, and nothing is owned by one that is not there."""
    with database.read() as session:
        codes = [f"demo:{demo.code}" for demo in list_demos(session) for _ in range(3 * cells(demo))]
        holders = [holder for holder in session.exec(select(Reservation.holder)) if holder.startswith("demo:")]
    return Counter(codes) == Counter(holders)


def cells(demo: Any) -> int:
    return int((demo.ends_at - demo.starts_at).total_seconds() // 300)


def test_of_fifty_demos_at_one_booth_with_one_robot_one_is_planned(fair_database: Database) -> None:
    answers = at_once(fair_database, *[planning(starts_at=at(300 + 5 * (number % 3))) for number in range(MANY)])

    assert Counter(answers) == {"done": 1, "demo-taken": MANY - 1}
    assert consistent(fair_database)


def test_of_fifty_demos_that_share_only_a_stage_or_only_a_robot_no_two_overlap(fair_database: Database) -> None:
    robots, people = ("walker-7", "walker-8", "edu-2"), ("jiang-mengjie", "tong-yanzhi", "gong-yifan")
    acts = [
        planning(
            booth=None if number % 2 else "D19.2C05",
            stage="stage-1" if number % 2 else None,
            robot=robots[number % 3],
            staff=people[number // 3 % 3],
            starts_at=at(300),
        )
        for number in range(MANY)
    ]

    answers = at_once(fair_database, *acts)

    assert set(answers) == {"done", "demo-taken"}
    assert 1 <= answers.count("done") <= 2
    assert consistent(fair_database)


def test_a_demo_against_a_meeting_for_the_same_robot_one_wins(fair_database: Database) -> None:
    with fair_database.read() as session:
        query = select(Robot.id).join(Exhibitor).where(Exhibitor.code == "nanling", Robot.code == "walker-7")
        robot = Resource(ResourceKind.ROBOT, session.exec(query).one() or 0)

    def meet(number: int) -> Act:
        wants = [Want(robot, Span(at(310), at(340)))]
        return lambda session: claim(session, f"meeting:m-{number}", wants)

    answers = at_once(fair_database, *[act for number in range(10) for act in (planning(), meet(number))])

    assert Counter(answers)["done"] == 1
    assert set(answers) == {"done", "demo-taken", TakenError.code}


def test_edit_against_edit_one_wins_and_the_others_are_told(fair_database: Database) -> None:
    code = a_demo(fair_database)

    answers = at_once(fair_database, *[changing(code, starts_at=at(330 + 5 * number)) for number in range(10)])

    assert Counter(answers) == {"done": 1, "stale": 9}
    assert consistent(fair_database)


def test_two_demos_that_change_places_never_wait_for_each_other(fair_database: Database) -> None:
    first, second = a_demo(fair_database), a_demo(fair_database, starts_at=at(330))

    answers = at_once(fair_database, changing(first, starts_at=at(330)), changing(second, starts_at=at(300)))

    assert set(answers) <= {"done", "demo-taken"}
    assert consistent(fair_database)


def test_a_cancellation_against_an_edit_leaves_no_trace_of_the_loser(fair_database: Database) -> None:
    code = a_demo(fair_database)

    answers = at_once(
        fair_database,
        changing(code, starts_at=at(400)),
        lambda session: cancel_demo(session, ORGANISER, code, 1),
    )

    with fair_database.read() as session:
        there = find_demo(session, code) is not None
    assert sorted(answers) == (["done", "stale"] if there else ["done", "not-found"])
    assert owned(fair_database, f"demo:{code}") == ({"booth": 4, "robot": 4, "staff": 4} if there else {})
