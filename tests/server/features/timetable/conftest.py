"""The application over the demo fair, with the organiser's program and browser."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.infra.db import Database
from server.kernel.permissions import Role
from tests.support.people import bearer_of


@pytest.fixture
def app(fair_app: Flask) -> Flask:
    """The application over the demo fair, of both kinds of database in turn."""
    return fair_app


@pytest.fixture
def organiser(app: Flask, fair_database: Database) -> FlaskClient:
    """The organiser's program or browser: it has a token, and every page that a cookie would open."""
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = bearer_of(fair_database, Role.ORGANISER)["Authorization"]
    return client
