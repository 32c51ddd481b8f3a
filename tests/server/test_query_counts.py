"""Every list of the fair costs the same number of queries for one row and for many."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import Session, col, delete, select

from server.features.buyers.models import Buyer, BuyerConsent, BuyerNeed
from server.features.buyers.queries import list_buyers
from server.features.exhibitors.models import Exhibitor, Robot
from server.features.exhibitors.queries import desk_robots, desk_staff, list_exhibitors, list_products, list_robots
from server.features.floorplan.models import BoothAssignment
from server.features.floorplan.queries import find_plan, list_booths, robot_floors
from server.features.meetings.models import Meeting
from server.features.telemetry.queries.alarms import alarm_page
from server.features.telemetry.queries.rehearsals import rehearsals
from server.features.telemetry.queries.robots import enrolled_robots, present_robots
from server.features.timetable.models import Demo
from server.features.timetable.queries import list_demos, list_shown
from server.infra.db import Database
from server.infra.identity import Audience
from tests.conftest import NOON

LISTS: dict[str, Callable[[Session], Any]] = {
    "exhibitors": list_exhibitors,
    "robots": list_robots,
    "booths": list_booths,
    "plan": find_plan,
    "floors": robot_floors,
    "demos": list_demos,
    "who shows demos where": list_shown,
    "buyers": list_buyers,
    "an exhibitor's products": lambda session: list_products(session, "nanling"),
    "an exhibitor's people": lambda session: desk_staff(session, "nanling"),
    "alarms": lambda session: alarm_page(session, Audience(sees_all=True), NOON),
    "what is rehearsed": lambda session: rehearsals(session, "nanling"),
    "robots to check against": lambda session: enrolled_robots(session, Audience(sees_all=True)),
    "robots as they are now": present_robots,
    "an exhibitor's robots": lambda session: desk_robots(session, "nanling"),
}

MOST = 5
"""Four SELECTs, and the BEGIN that SQLite is told in words."""


@pytest.mark.parametrize("name", sorted(LISTS))
def test_a_list_costs_as_many_queries_for_one_row_as_for_many(fair_database: Database, name: str) -> None:
    ask = LISTS[name]
    with fair_database.read() as session, fair_database.count_statements() as many:
        ask(session)
    with fair_database.write() as session:
        _leave_one_of_each(session)

    with fair_database.read() as session, fair_database.count_statements() as one:
        ask(session)

    assert one.number == many.number <= MOST


def _leave_one_of_each(session: Session) -> None:
    keep = session.exec(select(Exhibitor.id).where(Exhibitor.code == "nanling")).one()
    robot = session.exec(select(Robot.id).where(Robot.exhibitor_id == keep)).first()
    buyer = session.exec(select(Buyer.id)).first()
    session.execute(delete(Meeting))
    session.execute(delete(Demo).where(col(Demo.code) != "d1-01"))
    session.execute(delete(BoothAssignment).where(col(BoothAssignment.exhibitor_id) != keep))
    session.execute(delete(BuyerConsent).where(col(BuyerConsent.buyer_id) != buyer))
    session.execute(delete(BuyerNeed).where(col(BuyerNeed.buyer_id) != buyer))
    session.execute(delete(Buyer).where(col(Buyer.id) != buyer))
    for row in session.exec(select(Robot).where(Robot.id != robot)):
        row.active = False
