"""What a list, a day of free times and a booking cost in statements: the same for one row as for many."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import Session

from server.features.meetings import service
from server.features.meetings.queries import diary, open_requests, slots
from server.features.meetings.schemas import HoldIn
from server.infra.db import Database
from tests.server.features.meetings.acting import ONE, accepted, requested
from tests.support.queries import same_number_of_queries
from tests.support.small_fair import NOON, SmallFair, make_small_fair

READS: dict[str, Callable[[Session, SmallFair], Any]] = {
    "diary": lambda session, fair: diary(session, fair.exhibitor(), NOON),
    "requests": lambda session, fair: open_requests(session, fair.exhibitor(), NOON),
    "slots": lambda session, fair: slots(session, fair.buyer(), "kapok", NOON.date(), minutes=30, now=NOON),
}
MOST_OF_A_HOLD = 11
"""The lock, what the buyer has open, tables, days, people and what is taken; cells, meeting and log; the answer; and
SQLite's BEGIN."""


@pytest.mark.parametrize("name", sorted(READS))
def test_a_read_costs_the_same_for_one_meeting_as_for_many(database: Database, name: str) -> None:
    fair = make_small_fair(database, buyers=4, staff=2, tables=2)
    accepted(fair, 1)

    def visit() -> None:
        with database.read() as session:
            READS[name](session, fair)

    def add() -> None:
        for number in (2, 3, 4):
            requested(fair, number)

    same_number_of_queries(database, visit, add)


def test_a_hold_costs_few_statements(database: Database) -> None:
    fair = make_small_fair(database)
    wanted = HoldIn(exhibitor="kapok", starts_at=ONE)

    with database.write() as session, database.count_statements() as cost:
        service.hold(session, fair.buyer(), wanted, NOON)

    assert cost.number <= MOST_OF_A_HOLD
