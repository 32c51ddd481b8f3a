"""Lists of exhibitors and robots: what they show, and found by what."""

from typing import Any

from sqlmodel import select

from server.features.exhibitors.models import Robot
from server.features.exhibitors.queries import (
    count_exhibitors,
    find_exhibitor,
    list_categories,
    list_exhibitors,
    list_robots,
)
from server.features.exhibitors.rules import RobotKind, SourceClass
from server.features.exhibitors.schemas import RobotOut
from server.infra.db import Database
from server.kernel.pinyin import pinyin_key
from server.kernel.provenance import Provenance


def test_a_robot_is_listed_with_exhibitor_product_and_booth(fair_database: Database) -> None:
    with fair_database.read() as session:
        found = list_robots(session, key="nanling/walker-7")

    assert found == [
        RobotOut(
            key="nanling/walker-7",
            name_en="Walker Seven",
            name_zh="行者七号",
            kind=RobotKind.HUMANOID,
            protocol="fair-mqtt",
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


def test_a_robot_that_left_is_not_listed(fair_database: Database) -> None:
    with fair_database.write() as session:
        session.exec(select(Robot).where(Robot.code == "walker-7")).one().active = False

    with fair_database.read() as session:
        keys = [robot.key for robot in list_robots(session)]

    assert (len(keys), "nanling/walker-7" in keys) == (100, False)


def test_an_exhibitor_is_listed_with_categories_in_its_order_booth_and_robots(fair_database: Database) -> None:
    with fair_database.read() as session:
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


def test_exhibitors_are_counted_as_they_are_listed(fair_database: Database) -> None:
    choices: list[dict[str, Any]] = [
        {},
        {"guangdong": True},
        {"guangdong": False},
        {"category": "AP52"},
        {"text": "hangzhou"},
        {"text": "100%"},
    ]

    with fair_database.read() as session:
        listed = [len(list_exhibitors(session, **choice)) for choice in choices]
        counted = [count_exhibitors(session, **choice) for choice in choices]

    assert listed == counted == [46, 16, 30, 6, 7, 0]


def test_a_page_of_the_list_continues_where_the_one_before_ended(fair_database: Database) -> None:
    with fair_database.read() as session:
        whole = list_exhibitors(session)
        pages = list_exhibitors(session, limit=20) + list_exhibitors(session, offset=20, limit=40)

    assert pages == whole


def test_the_page_of_an_exhibitor_holds_its_products_and_people_without_their_hours(fair_database: Database) -> None:
    with fair_database.read() as session:
        found = find_exhibitor(session, "stillwater")
        nobody = find_exhibitor(session, "nobody")

    assert found is not None
    assert nobody is None
    assert [(one.code, one.category_en, one.markets) for one in found.products] == [
        ("reed-ent", "Surgery", ["DE", "IT", "TR"]),
        ("reed-sim", "Surgery", ["DE", "US", "IN", "TH"]),
    ]
    assert [hasattr(person, "hours") for person in found.staff] == [False, False]


def test_the_taxonomy_keeps_medical_robots_a_root_of_their_own(fair_database: Database) -> None:
    with fair_database.read() as session:
        roots = [category.code for category in list_categories(session) if category.parent is None]

    assert sorted(roots) == ["AP6", "SR", "XC", "XF"]


def test_chinese_readers_find_exhibitors_in_the_order_of_sound(fair_database: Database) -> None:
    with fair_database.read() as session:
        everybody = [one.name_zh for one in list_exhibitors(session, chinese=True)]
        paged = [one.name_zh for one in list_exhibitors(session, chinese=True, offset=3, limit=4)]
        english = {one.name_zh for one in list_exhibitors(session)}

    assert everybody == sorted(english, key=pinyin_key)
    assert paged == everybody[3:7]
