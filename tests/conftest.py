"""What every test of the server stands on: a migrated database of each kind, an application, and people in it."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.infra.db import Database
from server.infra.migrate import upgrade
from server.kernel.permissions import Role
from server.settings import Settings
from tests.support import compiled
from tests.support.applications import Applications, settings_over
from tests.support.clock import FixedClock
from tests.support.people import enter, make_account
from tests.support.postgres import PostgresCluster

NOON = datetime(2026, 4, 16, 4, 0, tzinfo=UTC)
"""Noon in fair time, on the second day of a fair."""


compiled.share()


@pytest.fixture
def clock() -> FixedClock:
    """A clock that stands at noon, fair time."""
    return FixedClock(NOON)


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the whole schema, made by the migrations once, to be copied."""
    path = tmp_path_factory.mktemp("migrated") / "fair.db"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh database with the whole schema, of both kinds in turn."""
    if request.param == "sqlite":
        path = tmp_path / "fair.db"
        shutil.copy(request.getfixturevalue("migrated_sqlite"), path)
        yield f"sqlite:///{path}"
        return
    cluster: PostgresCluster = request.getfixturevalue("postgres_cluster")
    url = cluster.create_database(cluster.create_template("migrated", _migrate))
    yield url
    cluster.drop_database(url)


@pytest.fixture
def database(database_url: str, clock: FixedClock) -> Iterator[Database]:
    """A fresh database with the whole schema, of both kinds in turn."""
    opened = Database(database_url, clock)
    yield opened
    opened.close()


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    """Settings under which every fault shows."""
    return settings_over(database_url, tmp_path)


@pytest.fixture
def app(applications: Applications, settings: Settings, database: Database, clock: FixedClock) -> Flask:
    """The whole application over the fresh database."""
    return applications.over(database, clock, settings)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor's browser."""
    return app.test_client()


@pytest.fixture
def login_as(app: Flask, database: Database) -> Callable[[Role], FlaskClient]:
    """A function that gives the browser of somebody in a role; for `VISITOR`, of somebody who has not logged in."""

    def log_in(role: Role) -> FlaskClient:
        browser = app.test_client()
        if role is not Role.VISITOR:
            account_id = make_account(database, role, NOON)
            enter(browser, account_id)
        return browser

    return log_in


def _migrate(url: str) -> None:
    database = Database(url)
    upgrade(database)
    database.close()
