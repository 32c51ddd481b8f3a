"""The application over the demo fair, and browsers of a visitor and of a demo buyer."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.infra.db import Database
from server.kernel.clock import FixedClock
from tests.support.buyers import buyer_browser, open_fair


@pytest.fixture
def fair_app(fair_database: Database, clock: FixedClock, tmp_path: Path) -> Flask:
    """The application over the demo fair."""
    return open_fair(fair_database, clock, tmp_path)


@pytest.fixture
def fair_client(fair_app: Flask) -> FlaskClient:
    """A visitor's browser at the demo fair, in English."""
    browser = fair_app.test_client()
    browser.get("/language?lang=en")
    return browser


@pytest.fixture
def buyer(fair_app: Flask, fair_database: Database) -> FlaskClient:
    """The browser of a German demo buyer, in English."""
    return buyer_browser(fair_app, fair_database)
