"""A booth that changes hands is announced to its own screen and to the overview, and to no other screen."""

import json

import pytest
from sqlmodel import select

from server.features.floorplan.live import BOOTHS
from server.features.floorplan.models import Booth
from server.features.floorplan.service import TOPIC, assign_booth, vacate_booth
from server.infra.audit import StaleError
from server.infra.changes import Change
from server.infra.db import Database
from server.infra.identity import Identity
from server.infra.livetopic import LiveScope
from server.kernel.permissions import Role
from tests.conftest import NOON

NINA = Identity(role=Role.ORGANISER, account_id=7, username="nina", display_name="Nina")
VACANT = "D19.2A04"


def version(database: Database) -> int:
    with database.read() as session:
        return session.exec(select(Booth.version).where(Booth.number == VACANT)).one()


def test_what_is_assigned_and_vacated_is_announced_with_who_has_it(fair_database: Database) -> None:
    before = version(fair_database)

    with fair_database.write() as session:
        assign_booth(session, NINA, VACANT, "nanling", version=before)
    with fair_database.write() as session:
        vacate_booth(session, NINA, VACANT, version=before + 1, now=NOON)

    with fair_database.read() as session:
        told = [json.loads(row.payload) for row in session.exec(select(Change).where(Change.topic == TOPIC))]
    assert told == [
        {"booth": VACANT, "exhibitor": "nanling", "version": before + 1},
        {"booth": VACANT, "exhibitor": None, "version": before + 2},
    ]


def test_a_refused_change_is_not_announced(fair_database: Database) -> None:
    with pytest.raises(StaleError), fair_database.write() as session:
        assign_booth(session, NINA, VACANT, "nanling", version=version(fair_database) + 1)

    with fair_database.read() as session:
        assert session.exec(select(Change).where(Change.topic == TOPIC)).all() == []


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [("booth", VACANT, True), ("booth", "D19.2C05", False), ("zone", "1", True), ("robot", "nanling/walker-7", False)],
)
def test_the_news_is_for_the_screen_of_that_booth_and_for_the_overview(
    kind: str, value: str, *, expected: bool
) -> None:
    payload = {"booth": VACANT, "exhibitor": "nanling", "version": 2}

    assert BOOTHS.matches(payload, LiveScope(kind, value)) is expected
