"""Browsers of the people of the small fair."""

from collections.abc import Callable

import pytest
from flask import Flask

from server.features.buyers.models import Buyer
from server.infra.db import Database
from server.infra.identity import Identity
from tests.server.features.meetings.reading import Reader
from tests.support.small_fair import SmallFair, make_small_fair


@pytest.fixture
def small_fair(database: Database) -> SmallFair:
    """Two exhibitors and three buyers, of whom the first lives in Berlin."""
    fair = make_small_fair(database)
    with database.write() as session:
        session.get_one(Buyer, 1).time_zone = "Europe/Berlin"
    return fair


@pytest.fixture
def reader(app: Flask) -> Callable[[Identity], Reader]:
    """A function that gives somebody's browser."""
    return lambda who: Reader(app, who)


@pytest.fixture
def buyer(app: Flask, small_fair: SmallFair) -> Reader:
    """The first buyer's browser."""
    return Reader(app, small_fair.buyer(1))


@pytest.fixture
def booth(app: Flask, small_fair: SmallFair) -> Reader:
    """The browser of the first exhibitor's people."""
    return Reader(app, small_fair.exhibitor())
