"""The demo fair with its application, and people of its exhibitors at their desks."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.infra.db import Database
from server.kernel.permissions import Role
from tests.conftest import NOON
from tests.support.people import enter, make_account


@pytest.fixture
def at_fair(fair_app: Flask, fair_database: Database) -> Callable[[Role], FlaskClient]:
    """A function that gives the browser of somebody in a role; an exhibitor's people work for Nanling."""

    def log_in(role: Role) -> FlaskClient:
        browser = fair_app.test_client()
        account_id = make_account(fair_database, role, NOON)
        enter(browser, account_id)
        return browser

    return log_in


@pytest.fixture
def lead(at_fair: Callable[[Role], FlaskClient]) -> FlaskClient:
    """The browser of Nanling's administrator."""
    return at_fair(Role.EXHIBITOR_ADMIN)
