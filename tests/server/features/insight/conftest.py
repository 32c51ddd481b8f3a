"""The demo fair with its organiser, for the tests of the insight."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import col, delete

from server.features.meetings.models import Meeting
from server.features.reservations.models import Reservation
from server.infra.audit import AuditEntry
from server.infra.db import Database
from server.infra.mail import MailMessage
from server.infra.outbox import OutboxDone, OutboxEvent, OutboxFailure
from server.kernel.permissions import Role
from tests.conftest import NOON
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
def organiser(fair_app: Flask, fair_database: Database) -> FlaskClient:
    """The organiser's browser, in English."""
    opened = fair_app.test_client()
    opened.get("/language?lang=en")
    enter(opened, make_account(fair_database, Role.ORGANISER, NOON))
    return opened
