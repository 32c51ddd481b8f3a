"""Lists of exhibitors and robots: what they show, found by what, and in how many queries."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import Session, col, delete, select

from server.demo_fair import load_demo_fair
from server.features.buyers.models import Buyer, BuyerNeed
from server.features.buyers.queries import list_buyers
from server.features.exhibitors.models import Exhibitor, Robot
from server.features.exhibitors.queries import (
    count_exhibitors,
    find_exhibitor,
    list_categories,
    list_exhibitors,
    list_robots,
)
from server.features.exhibitors.rules import Protocol, RobotKind, SourceClass
from server.features.exhibitors.schemas import RobotOut
from server.features.floorplan.models import BoothAssignment
from server.features.floorplan.queries import find_plan, list_booths, robot_floors
from server.features.timetable.models import Demo
from server.features.timetable.queries import list_demos
from server.infra.db import Database
from server.kernel.provenance import Provenance
from tests.conftest import NOON


@pytest.fixture(autouse=True)
def fair(database: Database) -> None:
    """The demo fair."""
    load_demo_fair(database, NOON)


def test_a_robot_is_listed_with_exhibitor_product_and_booth(database: Database) -> None:
    with database.read() as session:
        found = list_robots(session, key="nanling/walker-7")

    assert found == [
        RobotOut(
            key="nanling/walker-7",
            name_en="Walker Seven",
            name_zh="行者七号",
            kind=RobotKind.HUMANOID,
            protocol=Protocol.FAIR_MQTT,
            source=SourceClass.SIMULATED,
            active=True,
            exhibitor="nanling",
            exhibitor_en="Nanling Walker Robotics",
            exhibitor_zh="南岭行者机器人",
            product_en="Walker H Humanoid",
            product_zh="行者H人形",
            booths=["D19.2C05"],
            provenance=Provenance.INVENTED,
        )
    ]


def test_a_robot_that_left_is_not_listed(database: Database) -> None:
    with database.write() as session:
        session.exec(select(Robot).where(Robot.code == "walker-7")).one().active = False

    with database.read() as session:
        keys = [robot.key for robot in list_robots(session)]

    assert (len(keys), "nanling/walker-7" in keys) == (100, False)


def test_an_exhibitor_is_listed_with_categories_in_its_order_booth_and_robots(database: Database) -> None:
    with database.read() as session:
        found = list_exhibitors(session, text="南岭")

    assert [
        (one.code, [c.code for c in one.categories], one.booths, [robot.key for robot in one.robots]) for one in found
    ] == [
        (
            "nanling",
            ["XF1", "AC22", "AP82"],
            ["D19.2C05"],
            ["nanling/edu-2", "nanling/walker-7", "nanling/walker-8"],
        )
    ]


def test_exhibitors_are_counted_as_they_are_listed(database: Database) -> None:
    choices: list[dict[str, Any]] = [
        {},
        {"guangdong": True},
        {"guangdong": False},
        {"category": "AP52"},
        {"text": "hangzhou"},
        {"text": "100%"},
    ]

    with database.read() as session:
        listed = [len(list_exhibitors(session, **choice)) for choice in choices]
        counted = [count_exhibitors(session, **choice) for choice in choices]

    assert listed == counted == [46, 16, 30, 7, 6, 0]


def test_a_page_of_the_list_continues_where_the_one_before_ended(database: Database) -> None:
    with database.read() as session:
        whole = list_exhibitors(session)
        pages = list_exhibitors(session, limit=20) + list_exhibitors(session, offset=20, limit=40)

    assert pages == whole


def test_the_page_of_an_exhibitor_holds_its_products_and_people_with_their_hours(database: Database) -> None:
    with database.read() as session:
        found = find_exhibitor(session, "stillwater")
        nobody = find_exhibitor(session, "nobody")

    assert found is not None
    assert nobody is None
    assert [(one.code, one.category_en, one.markets) for one in found.products] == [
        ("reed-ent", "Surgery", ["DE", "IT", "TR"]),
        ("reed-sim", "Surgery", ["DE", "US", "IN", "TH"]),
    ]
    assert [len(person.hours) for person in found.staff] == [10, 10]


def test_the_taxonomy_keeps_medical_robots_a_root_of_their_own(database: Database) -> None:
    with database.read() as session:
        roots = [category.code for category in list_categories(session) if category.parent is None]

    assert sorted(roots) == ["AP6", "SR", "XC", "XF"]


LISTS: dict[str, Callable[[Session], Any]] = {
    "exhibitors": list_exhibitors,
    "robots": list_robots,
    "booths": list_booths,
    "plan": find_plan,
    "floors": robot_floors,
    "demos": list_demos,
    "buyers": list_buyers,
}


@pytest.mark.parametrize("name", sorted(LISTS))
def test_a_list_costs_as_many_queries_for_one_row_as_for_many(database: Database, name: str) -> None:
    ask = LISTS[name]
    with database.read() as session, database.count_statements() as many:
        ask(session)
    with database.write() as session:
        _leave_one_of_each(session)

    with database.read() as session, database.count_statements() as one:
        ask(session)

    assert one.number == many.number <= 4


def _leave_one_of_each(session: Session) -> None:
    keep = session.exec(select(Exhibitor.id).where(Exhibitor.code == "nanling")).one()
    robot = session.exec(select(Robot.id).where(Robot.exhibitor_id == keep)).first()
    buyer = session.exec(select(Buyer.id)).first()
    session.execute(delete(Demo).where(col(Demo.code) != "d1-01"))
    session.execute(delete(BoothAssignment).where(col(BoothAssignment.exhibitor_id) != keep))
    session.execute(delete(BuyerNeed).where(col(BuyerNeed.buyer_id) != buyer))
    session.execute(delete(Buyer).where(col(Buyer.id) != buyer))
    session.exec(select(Exhibitor).where(Exhibitor.id == keep)).one()
    for row in session.exec(select(Robot).where(Robot.id != robot)):
        row.active = False
