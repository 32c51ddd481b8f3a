"""Whoever or whatever goes: what hangs on it is listed first, and goes with it only when somebody says so."""

import pytest
from flask import Flask

from server.features.accounts.models import Account
from server.features.exhibitors.models import Robot, StaffMember
from server.features.exhibitors.queries import find_exhibitor, list_robots
from server.features.exhibitors.schemas import RobotChange
from server.features.exhibitors.service import edit_robot, remove_person
from server.features.exhibitors.service.robots import RobotBookedError
from server.features.exhibitors.service.staff import StaffBookedError
from server.features.matchmaking.queries import read_fair
from server.features.meetings import service
from server.features.meetings.rules import Reason, State
from server.infra.db import Database
from server.infra.identity import Identity
from server.kernel.permissions import Role
from tests.server.features.meetings.acting import ONE, accepted, requested, seen
from tests.server.features.meetings.reading import Reader
from tests.support.small_fair import NOON, SmallFair, make_small_fair

ADMIN = Identity(Role.EXHIBITOR_ADMIN, account_id=1, username="kapok", exhibitor_id=1, exhibitor="kapok")
LATER = ONE.replace(hour=ONE.hour + 2)


def change_of(database: Database, **said: object) -> RobotChange:
    """What is said of the first robot, with changes."""
    with database.read() as session:
        row = session.get_one(Robot, 1)
        return RobotChange.model_validate({**row.model_dump(include=set(RobotChange.model_fields)), **said})


def test_a_robot_that_is_needed_is_not_switched_off_without_the_list_having_been_seen(database: Database) -> None:
    fair = make_small_fair(database)
    met, asked = accepted(fair, 1, robot="r1"), requested(fair, 2, at=LATER, robot="r1")
    accepted(fair, 3, at=LATER.replace(hour=LATER.hour + 1))

    with pytest.raises(RobotBookedError) as refused, database.write() as session:
        edit_robot(session, ADMIN, "kapok/r1", change_of(database, active=False), 1)
    with database.write() as session:
        edit_robot(session, ADMIN, "kapok/r1", change_of(database, name_en="R one", active=True), 1)
    with database.write() as session:
        edit_robot(session, ADMIN, "kapok/r1", change_of(database, active=False, release=True), 2)
    with database.write() as session:
        ended = service.end_orphans(session, NOON)

    with database.read() as session:
        page = find_exhibitor(session, "kapok")
        public = [one.key for one in list_robots(session)]
    assert [one.key for one in refused.value.bookings] == [met.uid, asked.uid]
    assert [seen(fair, fair.buyer(number), one).reason for number, one in ((1, met), (2, asked))] == [
        Reason.ROBOT_LEFT
    ] * 2
    assert (ended, public) == (2, ["lotus/r1"])
    assert page is not None
    assert page.exhibitor.robots == []


def test_a_person_who_is_asked_for_leaves_only_when_that_was_seen_and_is_named_nowhere_then(
    database: Database,
) -> None:
    fair = make_small_fair(database, staff=2, tables=2)
    asked = requested(fair, 1, staff="s1")

    with pytest.raises(StaffBookedError) as refused, database.write() as session:
        remove_person(session, ADMIN, "kapok/s1", 1, now=NOON)
    with database.write() as session:
        remove_person(session, ADMIN, "kapok/s1", 1, now=NOON, release=True)
    with database.write() as session:
        service.end_orphans(session, NOON)

    with database.read() as session:
        offers = read_fair(session, NOON).offers
        page = find_exhibitor(session, "kapok")
    assert [one.key for one in refused.value.bookings] == [asked.uid]
    assert (seen(fair, fair.buyer(1), asked).state, seen(fair, fair.buyer(1), asked).reason) == (
        State.DECLINED,
        Reason.PERSON_LEFT,
    )
    assert all("Person 1" not in str(one.speakers) for one in offers)
    assert page is not None
    assert [one.code for one in page.staff] == ["s2"]


def test_the_pages_list_what_ends_and_cancel_it_on_a_tick(app: Flask, small_fair: SmallFair) -> None:
    met = accepted(small_fair, robot="r1", staff="s1")
    with small_fair.database.write() as session:
        session.get_one(Account, small_fair.buyers + 1).role = Role.EXHIBITOR_ADMIN
    admin = Reader(app, small_fair.exhibitor())

    robot, person = admin.see("/desk/robots/r1/edit"), admin.see("/desk/staff/s1/remove")
    typed = {**robot.form("").fields, "kind": "delivery"}
    typed.pop("active", None)
    admin.client.set_cookie("fairzone_language", "en")
    refused = admin.client.post("/desk/robots/r1/edit", data=typed)
    again = admin.client.post("/desk/robots/r1/edit", data={**typed, "release": "yes", "idempotency_key": "2"})
    leaving = admin.client.post("/desk/staff/s1/remove", data=person.form("").fields)
    gone = admin.client.post(
        "/desk/staff/s1/remove", data={**person.form("").fields, "release": "yes", "idempotency_key": "3"}
    )

    for page in (refused, leaving):
        words = page.get_data(as_text=True)
        assert page.status_code == 409
        assert f'href="/meetings/{met.uid}"' in words
        assert "Cancel all of these; everybody concerned is told" in words
    assert (again.status_code, gone.status_code) == (303, 303)
    with small_fair.database.read() as session:
        assert (session.get_one(Robot, 1).active, session.get_one(StaffMember, 11).active) == (False, False)
