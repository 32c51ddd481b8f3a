"""The demo fair, loaded once and copied: for tests that read it, where loading itself is not the point."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.demo.fair import load_demo_fair
from server.infra.db import Database
from server.infra.migrate import upgrade
from tests.conftest import NOON
from tests.support.applications import Applications
from tests.support.buyers import buyer_browser
from tests.support.clock import FixedClock
from tests.support.postgres import PostgresCluster


@pytest.fixture(scope="session")
def loaded_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the demo fair, to be copied."""
    path = tmp_path_factory.mktemp("loaded") / "fair.db"
    _load(f"sqlite:///{path}")
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def fair_database(request: pytest.FixtureRequest, tmp_path: Path, clock: FixedClock) -> Iterator[Database]:
    """A database of its own with the demo fair, loaded at noon, of both kinds in turn."""
    if request.param == "sqlite":
        path = tmp_path / "loaded.db"
        shutil.copy(request.getfixturevalue("loaded_sqlite"), path)
        opened = Database(f"sqlite:///{path}", clock)
        yield opened
        opened.close()
        return
    cluster: PostgresCluster = request.getfixturevalue("postgres_cluster")
    url = cluster.create_database(cluster.create_template("loaded", _load))
    opened = Database(url, clock)
    yield opened
    opened.close()
    cluster.drop_database(url)


@pytest.fixture
def fair_app(applications: Applications, fair_database: Database, clock: FixedClock) -> Flask:
    """The application over the demo fair."""
    return applications.over(fair_database, clock)


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


def _load(url: str) -> None:
    database = Database(url)
    upgrade(database)
    load_demo_fair(database, NOON)
    database.close()
