"""Logging in and out, as a person sees it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from pydantic import SecretStr
from sqlmodel import select
from werkzeug.test import TestResponse

from server.features.accounts import service
from server.features.accounts.service import disable, log_out_everywhere, set_password
from server.infra.audit import AuditEntry
from server.infra.db import Database
from server.infra.web.devices import attempt_of
from server.kernel.permissions import Role
from server.kernel.tries import FREE
from tests.conftest import NOON
from tests.support.clock import FixedClock
from tests.support.people import PASSWORD, csrf_token, make_account


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """argon2 at its cheapest: its price is its purpose, and no test's."""
    monkeypatch.setattr(service, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def organiser(database: Database) -> int:
    """The organiser's account, with a password; its key."""
    return make_account(database, Role.ORGANISER, NOON, password=PASSWORD)


def log_in(client: FlaskClient, password: str = PASSWORD, username: str = "organiser", **fields: str) -> TestResponse:
    form = {"csrf_token": csrf_token(client), "username": username, "password": password, **fields}
    return client.post("/login?lang=en", data=form)


def is_logged_in(client: FlaskClient) -> bool:
    return client.get("/api/v1/account").status_code == 200


def test_the_right_password_leads_to_where_the_reader_wanted_to_go(client: FlaskClient, organiser: int) -> None:
    response = log_in(client, next="/ledger?robot=nanling/walker-7")

    assert (response.status_code, response.location) == (303, "/ledger?robot=nanling/walker-7")
    assert client.get("/api/v1/account").get_json() == {
        "username": "organiser",
        "display_name": "Organiser",
        "role": "organiser",
        "exhibitor": None,
        "buyer": None,
        "email": None,
        "locale": None,
        "token_issued_at": None,
        "token_ends_at": None,
    }


def test_case_and_spaces_around_a_name_do_not_matter(client: FlaskClient, organiser: int) -> None:
    assert log_in(client, username=" Organiser ").status_code == 303


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "/\t/evil.example", "/a\\b", "/a\r\nSet-Cookie: b"],
)
def test_logging_in_never_leads_to_another_site(client: FlaskClient, organiser: int, target: str) -> None:
    assert log_in(client, next=target).location == "/today"


def test_a_wrong_password_keeps_the_name_and_says_what_to_do(client: FlaskClient, organiser: int) -> None:
    response = log_in(client, "wrong password", next="/ledger")

    shown = response.get_data(as_text=True)
    assert (response.status_code, is_logged_in(client)) == (401, False)
    assert "User name and password do not match." in shown
    assert 'value="organiser"' in shown
    assert 'name="next" value="/ledger"' in shown
    assert "wrong password" not in shown


def test_an_unknown_name_gets_the_same_answer_as_a_wrong_password(client: FlaskClient, organiser: int) -> None:
    unknown, wrong = log_in(client, username="nobody"), log_in(client, "wrong password")

    answers = [response.get_data(as_text=True) for response in (unknown, wrong)]
    assert unknown.status_code == wrong.status_code
    assert ["User name and password do not match." in answer for answer in answers] == [True, True]


def test_a_machine_without_a_password_cannot_log_in_with_none(client: FlaskClient, database: Database) -> None:
    make_account(database, Role.BRIDGE, NOON)

    assert [log_in(client, password, "bridge").status_code for password in ("", "x")] == [401, 401]


def at(app: Flask, address: str) -> FlaskClient:
    """A browser at that address."""
    browser = app.test_client()
    browser.environ_base["REMOTE_ADDR"] = address
    return browser


def test_too_many_mistakes_make_a_browser_wait_and_say_how_long(client: FlaskClient, organiser: int) -> None:
    for _ in range(FREE):
        log_in(client, "wrong password")

    response = log_in(client)

    assert (response.status_code, response.headers["Retry-After"]) == (429, "1")
    assert "Wait one second, then try again." in response.get_data(as_text=True)


def test_four_hundred_empty_tries_cost_nobody_anything(app: Flask, organiser: int) -> None:
    empty = {log_in(app.test_client(), "", name).status_code for name in ("organiser", "", "nobody") for _ in range(40)}

    assert empty == {401}
    assert log_in(app.test_client()).status_code == 303


def test_the_right_password_again_and_again_is_never_too_often(app: Flask, organiser: int) -> None:
    answers = {log_in(app.test_client()).status_code for _ in range(60)}

    assert answers == {303}


def test_a_stranger_does_not_lock_the_owner_out(app: Flask, organiser: int) -> None:
    own = app.test_client()
    log_in(own)
    own.post("/logout", data={"csrf_token": csrf_token(own)})
    answers = [log_in(at(app, "192.0.2.7"), "wrong password").status_code for _ in range(97)]

    assert set(answers) == {401, 429}
    assert log_in(own).status_code == 303


def test_a_browser_is_known_by_a_cookie_that_nobody_can_make_up(app: Flask, organiser: int) -> None:
    browser = app.test_client()
    log_in(browser)
    kept = browser.get_cookie("fairzone_device")
    assert kept is not None
    with app.test_request_context(headers={"Cookie": f"fairzone_device={kept.value}"}):
        mine = attempt_of("organiser"), attempt_of("buyer")
    with app.test_request_context(headers={"Cookie": f"fairzone_device={kept.value[:-2]}xx"}):
        forged = attempt_of("organiser")

    assert [attempt.known for attempt in (*mine, forged)] == [True, False, False]
    assert mine[0].device == mine[1].device != ""
    assert "organiser" not in kept.value


def test_log_ins_and_refusals_are_in_the_log_and_in_the_audit_without_any_secret(
    client: FlaskClient, organiser: int, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    for password in ("wrong-secret-1", "wrong-secret-2", "wrong-secret-3", PASSWORD):
        log_in(client, password)
    log_in(client, "wrong-secret-4", "my password in the wrong field")

    with database.read() as session:
        entries = [(entry.action, entry.key, entry.who) for entry in session.exec(select(AuditEntry))]
        changes = " ".join(entry.changes for entry in session.exec(select(AuditEntry)))
    assert entries == [
        ("account.session.refuse", "organiser", ""),
        ("account.session.refuse", "organiser", ""),
        ("account.session.start", "organiser", "Organiser"),
    ]
    said = caplog.text
    assert "log-in: organiser from 127.0.0.1" in said
    assert "log-in refused (wrong-password): organiser from 127.0.0.1, 3 in a row" in said
    assert "an unknown name" in said
    for secret in ("wrong-secret", PASSWORD, "my password in the wrong field"):
        assert secret not in said + changes


def test_a_person_stays_logged_in_for_twelve_hours_after_their_last_request(
    client: FlaskClient, organiser: int, clock: FixedClock
) -> None:
    opened = log_in(client)
    clock.move(lambda now: now + timedelta(minutes=5))
    soon = client.get("/api/v1/account")
    clock.move(lambda now: now + timedelta(hours=1))
    later = client.get("/api/v1/account")

    assert client.application.config["PERMANENT_SESSION_LIFETIME"] == timedelta(hours=12)
    assert ["Set-Cookie" in answer.headers for answer in (opened, soon, later)] == [True, False, True]


def test_logging_out_ends_the_session_here(client: FlaskClient, organiser: int) -> None:
    log_in(client)

    client.post("/logout", data={"csrf_token": csrf_token(client)})

    assert not is_logged_in(client)


def test_logging_out_everywhere_ends_the_sessions_of_all_devices(app: Flask, organiser: int) -> None:
    phone, desk = app.test_client(), app.test_client()
    for device in (phone, desk):
        log_in(device)

    phone.post("/logout", data={"csrf_token": csrf_token(phone), "everywhere": "1"})

    assert not is_logged_in(desk)


@pytest.mark.parametrize(
    "end",
    [
        lambda session: log_out_everywhere(session, 1),
        lambda session: disable(session, "organiser"),
        lambda session: set_password(session, "organiser", _secret("another pass phrase")),
    ],
)
def test_sessions_end_with_the_account_and_with_its_password(
    client: FlaskClient, database: Database, organiser: int, end: Callable[..., None]
) -> None:
    log_in(client)

    with database.write() as session:
        end(session)

    assert not is_logged_in(client)


def test_a_forged_session_cookie_is_nobody(client: FlaskClient, organiser: int) -> None:
    client.set_cookie("fairzone_session", "eyJfdXNlcl9pZCI6IjE6MCJ9.aaaaaa.forged")

    assert not is_logged_in(client)


def test_what_was_typed_survives_logging_in_again(client: FlaskClient, organiser: int) -> None:
    kept = {"kept.note": "三号门集合 <b>", "kept.booth": "D19.2C05"}

    response = log_in(client, next="/language", **kept)

    shown = response.get_data(as_text=True)
    assert response.status_code == 200
    assert '<input type="hidden" name="note" value="三号门集合 &lt;b&gt;">' in shown
    assert '<form method="post" action="/language">' in shown
    assert is_logged_in(client)


def test_a_wrong_password_on_the_way_does_not_lose_what_was_typed(client: FlaskClient, organiser: int) -> None:
    response = log_in(client, "wrong password", next="/language", **{"kept.note": "三号门集合"})

    assert 'name="kept.note" value="三号门集合"' in response.get_data(as_text=True)


def test_a_page_for_people_who_have_logged_in_asks_and_then_continues(client: FlaskClient, organiser: int) -> None:
    page = client.get("/ledger?lang=en")

    shown = page.get_data(as_text=True)
    assert page.status_code == 401
    assert "This is for people who have logged in." in shown
    assert 'name="next" value="/ledger?lang=en"' in shown


def _secret(text: str) -> SecretStr:
    return SecretStr(text)


def test_who_asks_for_what_they_may_not_is_in_the_log(
    login_as: Callable[[Role], FlaskClient], caplog: pytest.LogCaptureFixture
) -> None:
    refused = login_as(Role.OFFICIAL).get("/accounts")

    assert refused.status_code == 403
    assert "refused: official (official) may not account.list, from 127.0.0.1" in caplog.text
