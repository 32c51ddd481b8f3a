"""The demo fair with its organiser, for the tests of the insight."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import col, delete

from server.app import create_app
from server.features.meetings.models import Meeting
from server.features.reservations.models import Reservation
from server.infra.audit import AuditEntry
from server.infra.db import Database
from server.infra.mail import MailMessage
from server.infra.outbox import OutboxDone, OutboxEvent, OutboxFailure
from server.kernel.clock import FixedClock
from server.kernel.permissions import Role
from server.settings import Settings
from tests.conftest import NOON
from tests.support.browser import Browser
from tests.support.people import enter, make_account


@pytest.fixture
def fair_database(fair_database: Database) -> Database:
    """The demo fair before anybody met, wrote or changed anything, so that a test counts what it makes itself."""
    with fair_database.write() as session:
        session.execute(delete(Reservation).where(col(Reservation.holder).startswith("meeting:")))
        for table in (Meeting, MailMessage, OutboxDone, OutboxFailure, OutboxEvent, AuditEntry):
            session.execute(delete(table))
    return fair_database


@pytest.fixture
def fair_app(tmp_path: Path, fair_database: Database, clock: FixedClock) -> Flask:
    """The application over the demo fair."""
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
def organiser(fair_app: Flask, fair_database: Database) -> FlaskClient:
    """The organiser's browser, in English."""
    opened = fair_app.test_client()
    opened.get("/language?lang=en")
    enter(opened, make_account(fair_database, Role.ORGANISER, NOON))
    return opened
