"""Demo buyers with a browser of their own, at the demo fair."""

from flask import Flask
from flask.testing import FlaskClient

from server.features.accounts.schemas import NewAccount
from server.features.accounts.service import create_account
from server.infra.db import Database
from server.kernel.permissions import Role
from tests.conftest import NOON
from tests.support.people import enter

GERMAN = "b001"
"""Three needs (exoskeleton, floor cleaning, indoor delivery), with CE certificates; speaks German and English."""


def buyer_account(database: Database, code: str = GERMAN) -> int:
    """An account for the demo buyer of that code; returns its key."""
    new = NewAccount(username=f"person.{code}", display_name=code, role=Role.BUYER, buyer=code)
    with database.write() as session:
        return create_account(session, new, NOON)


def buyer_browser(app: Flask, database: Database, code: str = GERMAN, language: str = "en") -> FlaskClient:
    """The browser of that demo buyer, logged in, in a language."""
    browser = app.test_client()
    browser.get(f"/language?lang={language}")
    enter(browser, buyer_account(database, code))
    return browser
