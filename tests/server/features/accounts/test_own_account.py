"""One's own account: how a person is written to, on the page and by the interface."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from server.features.accounts.models import Account
from server.infra.audit import AuditEntry
from server.infra.db import Database
from server.kernel.permissions import MACHINES, PEOPLE, Role
from tests.conftest import NOON
from tests.support.buyers import GERMAN, buyer_browser
from tests.support.people import carried, csrf_token, make_account

LoginAs = Callable[[Role], FlaskClient]


@pytest.mark.parametrize("role", sorted(PEOPLE))
def test_every_person_may_say_where_they_are_written_to(login_as: LoginAs, role: Role) -> None:
    browser = login_as(role)

    form = carried(browser, "/account", "/account")

    sent = browser.post("/account", data={**form, "email": " Wei@Firm.Example ", "locale": "en"})

    assert (sent.status_code, sent.location) == (303, "/account?saved=1")
    told = browser.get("/api/v1/account").get_json()
    assert (told["email"], told["locale"]) == ("wei@firm.example", "en")
    assert 'value="wei@firm.example"' in browser.get("/account").get_data(as_text=True)


@pytest.mark.parametrize("role", sorted(MACHINES))
def test_machines_are_written_to_by_nobody(login_as: LoginAs, role: Role) -> None:
    assert login_as(role).get("/account").status_code == 403


def test_what_is_no_address_is_refused_beside_its_field_and_kept_there(login_as: LoginAs) -> None:
    browser = login_as(Role.EXHIBITOR_ADMIN)

    refused = browser.post("/account?lang=en", data={"csrf_token": csrf_token(browser), "email": "wei at firm"})

    page = refused.get_data(as_text=True)
    assert (refused.status_code, 'value="wei at firm"' in page) == (422, True)
    assert "This is no e-mail address." in page
    assert browser.get("/api/v1/account").get_json()["email"] is None


@pytest.mark.parametrize(
    "body", [{"email": "wei at firm"}, {"email": "wei@firm.example", "locale": "xx"}, {"mail": "x"}]
)
def test_the_interface_refuses_the_same_by_name(login_as: LoginAs, body: dict[str, str]) -> None:
    browser = login_as(Role.EXHIBITOR_STAFF)

    refused = browser.put("/api/v1/account", json=body, headers={"X-CSRFToken": csrf_token(browser)})

    assert (refused.status_code, browser.get("/api/v1/account").get_json()["email"]) == (422, None)


def test_an_address_can_be_taken_back_and_every_change_is_written_down(login_as: LoginAs, database: Database) -> None:
    browser = login_as(Role.ORGANISER)
    token = {"X-CSRFToken": csrf_token(browser)}

    for body in ({"email": "wei@firm.example"}, {"email": "wei@firm.example"}, {}):
        browser.put("/api/v1/account", json=body, headers=token)

    with database.read() as session:
        written = [(entry.action, entry.key, entry.changes) for entry in session.exec(select(AuditEntry))]
    assert written == [
        ("account.contact.edit", "organiser", '{"email": [null, "wei@firm.example"]}'),
        ("account.contact.edit", "organiser", '{"email": ["wei@firm.example", null]}'),
    ]


def test_a_buyer_reads_the_address_of_the_profile_and_changes_it_there(
    fair_app: Flask, fair_database: Database
) -> None:
    browser = buyer_browser(fair_app, fair_database, GERMAN)
    before = browser.get("/api/v1/account").get_json()["email"]
    token = {"X-CSRFToken": csrf_token(browser)}

    refused = browser.put("/api/v1/account", json={"email": "other@firm.example"}, headers=token)
    form = carried(browser, "/account", "/account")
    browser.post("/account", data={**form, "email": "other@firm.example", "locale": "en"})

    assert (refused.status_code, refused.get_json()["code"]) == (409, "address-in-profile")
    told = browser.get("/api/v1/account").get_json()
    assert (told["email"], told["locale"]) == (before, "en")
    assert 'href="/me/profile"' in browser.get("/account").get_data(as_text=True)


def test_two_people_of_a_booth_may_share_an_address(database: Database) -> None:
    make_account(database, Role.EXHIBITOR_ADMIN, NOON)
    make_account(database, Role.EXHIBITOR_STAFF, NOON)

    with database.write() as session:
        session.connection().execute(update(Account).values(email="booth@firm.example"))

    with database.read() as session:
        assert session.exec(select(Account.email)).all() == ["booth@firm.example"] * 2


def test_the_database_refuses_an_address_in_capitals(database: Database) -> None:
    make_account(database, Role.OFFICIAL, NOON)

    with pytest.raises(IntegrityError), database.write() as session:
        session.connection().execute(update(Account).where(col(Account.id) == 1).values(email="Wei@Firm.Example"))
