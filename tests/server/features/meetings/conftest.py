"""Browsers of the people of the small fair."""

from collections.abc import Callable

import pytest
from flask import Flask

from server.features.accounts.models import Account
from server.features.buyers.models import Buyer
from server.infra.db import Database
from server.infra.identity import Identity
from server.kernel.permissions import Role
from tests.server.features.meetings.reading import Reader
from tests.support.small_fair import OPENS, SmallFair, make_small_fair


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
def join(app: Flask, small_fair: SmallFair) -> Callable[[Role], Reader]:
    """A function that gives the browser of somebody new in a role, who is nobody's buyer or staff."""

    def joined(role: Role) -> Reader:
        account = Account(id=90, username="new", display_name="New", role=role, created_at=OPENS)
        with small_fair.database.write() as session:
            session.add(account)
        return Reader(app, Identity(role, account_id=90))

    return joined


@pytest.fixture
def buyer(app: Flask, small_fair: SmallFair) -> Reader:
    """The first buyer's browser."""
    return Reader(app, small_fair.buyer(1))


@pytest.fixture
def booth(app: Flask, small_fair: SmallFair) -> Reader:
    """The browser of the first exhibitor's people."""
    return Reader(app, small_fair.exhibitor())
