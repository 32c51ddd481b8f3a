"""The application over the demo fair, with the organiser's program and browser."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.app import create_app
from server.infra.db import Database
from server.kernel.clock import FixedClock
from server.kernel.permissions import Role
from server.settings import Settings
from tests.support.browser import Browser
from tests.support.people import bearer_of


@pytest.fixture
def app(tmp_path: Path, fair_database: Database, clock: FixedClock) -> Flask:
    """The application over the demo fair, of both kinds of database in turn."""
    settings = Settings(
        data_dir=tmp_path,
        database_url=fair_database.url.render_as_string(hide_password=False),
        secret_key="only-for-tests-0123456789abcdefghij",
        strict_translations=True,
        testing=True,
    )
    made = create_app(settings, fair_database, clock)
    made.test_client_class = Browser
    return made


@pytest.fixture
def organiser(app: Flask, fair_database: Database) -> FlaskClient:
    """The organiser's program or browser: it has a token, and every page that a cookie would open."""
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = bearer_of(fair_database, Role.ORGANISER)["Authorization"]
    return client
