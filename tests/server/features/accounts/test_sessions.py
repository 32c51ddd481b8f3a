"""Sessions: each is a row that its person sees and ends, and it has an end of its own."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import select

from server.app import create_app
from server.features.accounts import service
from server.features.accounts.jobs import JOBS
from server.features.accounts.models import Account, AccountSession
from server.features.accounts.service.sessions import MOST_SESSIONS, PERSONS_TOKEN
from server.infra.changes import Change
from server.infra.db import Database
from server.infra.web.session import device_of
from server.kernel.permissions import Role
from server.settings import Settings, read_settings
from tests.conftest import NOON
from tests.support.browser import Browser
from tests.support.clock import FixedClock
from tests.support.people import PASSWORD, csrf_token, enter, make_account

LoginAs = Callable[[Role], FlaskClient]
COOKIE = "fairzone_session"


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """argon2 at its cheapest: its price is its purpose, and no test's."""
    monkeypatch.setattr(service, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


def is_logged_in(client: FlaskClient) -> bool:
    return client.get("/api/v1/account").status_code == 200


def copy_of(app: Flask, browser: FlaskClient) -> FlaskClient:
    """Somebody who has copied the cookie."""
    thief = app.test_client()
    cookie = browser.get_cookie(COOKIE)
    assert cookie is not None
    thief.set_cookie(COOKIE, cookie.value)
    return thief


def move(clock: FixedClock, **by: float) -> None:
    clock.move(lambda now: now + timedelta(**by))


def test_logging_out_ends_the_session_for_whoever_has_copied_its_cookie(app: Flask, login_as: LoginAs) -> None:
    browser = login_as(Role.ORGANISER)
    thief = copy_of(app, browser)
    before = is_logged_in(thief)

    browser.post("/logout", data={"csrf_token": csrf_token(browser)})

    assert (before, is_logged_in(thief), is_logged_in(browser)) == (True, False, False)


def test_logging_out_here_leaves_the_other_devices_alone(app: Flask, login_as: LoginAs) -> None:
    desk, phone = login_as(Role.ORGANISER), app.test_client()
    enter(phone, 1)

    phone.post("/logout", data={"csrf_token": csrf_token(phone)})

    assert (is_logged_in(desk), is_logged_in(phone)) == (True, False)


def test_the_cookie_alone_opens_nothing_without_the_row_and_the_row_holds_no_secret(
    login_as: LoginAs, database: Database
) -> None:
    browser = login_as(Role.BUYER)
    with browser.session_transaction() as kept:
        secret = kept["_user_id"]

    with database.write() as session:
        row = session.exec(select(AccountSession)).one()
        assert secret not in str(row.model_dump())
        session.delete(row)

    assert not is_logged_in(browser)


def test_a_session_survives_a_restart_of_the_server(
    login_as: LoginAs, settings: Settings, database: Database, clock: FixedClock
) -> None:
    cookie = login_as(Role.OFFICIAL).get_cookie(COOKIE)

    again = create_app(settings, database, clock).test_client()
    again.set_cookie(COOKIE, cookie.value if cookie else "")

    assert is_logged_in(again)


def test_whoever_does_nothing_for_twelve_hours_is_logged_out_and_whoever_does_something_is_not(
    app: Flask, login_as: LoginAs, clock: FixedClock
) -> None:
    busy, quiet = login_as(Role.ORGANISER), app.test_client()
    enter(quiet, 1)

    for _ in range(3):
        move(clock, hours=5)
        busy.get("/today")

    assert (is_logged_in(busy), is_logged_in(quiet)) == (True, False)


def test_a_session_ends_after_a_week_whatever_its_person_does(login_as: LoginAs, clock: FixedClock) -> None:
    browser = login_as(Role.ORGANISER)

    still = []
    for _ in range(17):
        move(clock, hours=10)
        still.append(is_logged_in(browser))

    assert still == [True] * 16 + [False]


def test_how_long_a_session_lasts_is_a_setting(tmp_path: object) -> None:
    environ = {"FAIRZONE_SECRET_KEY": "x" * 32, "FAIRZONE_SESSION_IDLE_HOURS": "2", "FAIRZONE_SESSION_HOURS": "24"}

    found = read_settings(environ)

    assert (found.session_idle_hours, found.session_hours) == (2.0, 24.0)


def test_a_person_sees_where_they_are_logged_in_and_ends_any_of_it(
    app: Flask, client: FlaskClient, database: Database, clock: FixedClock
) -> None:
    make_account(database, Role.ORGANISER, NOON, password=PASSWORD)
    phone = app.test_client()
    for browser, agent in ((client, "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"), (phone, "iPhone Safari/604")):
        form = {"csrf_token": csrf_token(browser), "username": "organiser", "password": PASSWORD}
        browser.post("/login", data=form, headers={"User-Agent": agent})
        move(clock, minutes=1)
    page = client.get("/account?lang=en").get_data(as_text=True)
    found = client.get("/api/v1/account/sessions").get_json()

    ended = client.post(f"/account/sessions/{found[0]['id']}/end", data={"csrf_token": csrf_token(client)})

    assert [(one["device"], one["here"]) for one in found] == [("Safari, iPhone", False), ("Firefox, Linux", True)]
    assert ("Safari, iPhone" in page, "Firefox, Linux" in page, "this device" in page) == (True, True, True)
    assert (ended.status_code, is_logged_in(client), is_logged_in(phone)) == (303, True, False)


def test_all_other_devices_are_logged_out_at_once(app: Flask, login_as: LoginAs) -> None:
    here, there = login_as(Role.ORGANISER), app.test_client()
    enter(there, 1)

    here.post("/account/sessions/end", data={"csrf_token": csrf_token(here)})

    assert (is_logged_in(here), is_logged_in(there)) == (True, False)


@pytest.mark.parametrize("number", ["2", "99", "99999999999999999999999"])
def test_nobody_ends_the_session_of_somebody_else(login_as: LoginAs, number: str) -> None:
    mine, theirs = login_as(Role.ORGANISER), login_as(Role.BUYER)

    refused = mine.delete(f"/api/v1/account/sessions/{number}", headers={"X-CSRFToken": csrf_token(mine)})

    assert (refused.status_code, is_logged_in(theirs), is_logged_in(mine)) == (404, True, True)


def test_logging_in_again_ends_the_session_that_was_open_here(client: FlaskClient, database: Database) -> None:
    make_account(database, Role.ORGANISER, NOON, password=PASSWORD)
    for _ in range(3):
        form = {"csrf_token": csrf_token(client), "username": "organiser", "password": PASSWORD}
        client.post("/login", data=form)

    with database.read() as session:
        assert len(session.exec(select(AccountSession)).all()) == 1


def test_one_account_has_only_so_many_sessions(app: Flask, login_as: LoginAs, database: Database) -> None:
    oldest = login_as(Role.ORGANISER)
    for _ in range(MOST_SESSIONS):
        enter(app.test_client(), 1)

    with database.read() as session:
        assert len(session.exec(select(AccountSession)).all()) == MOST_SESSIONS
    assert not is_logged_in(oldest)


def test_asking_who_is_there_costs_one_query_and_no_write_within_ten_minutes(
    login_as: LoginAs, database: Database, clock: FixedClock
) -> None:
    browser = login_as(Role.OFFICIAL)
    move(clock, minutes=9)

    with database.count_statements() as count:
        browser.get("/api/v1/accounts")

    asked = [one for one in count.statements if one.startswith(("SELECT", "UPDATE", "INSERT"))]
    assert len(asked) == 1


def test_what_has_ended_by_itself_is_forgotten(login_as: LoginAs, database: Database, clock: FixedClock) -> None:
    login_as(Role.OFFICIAL)
    move(clock, days=8)

    with database.write() as session:
        first = JOBS[0].work(session, clock.now())
        second = JOBS[0].work(session, clock.now())

    assert (first, second) == (1, 0)


def test_a_token_is_made_listed_and_taken_back_by_its_owner(app: Flask, login_as: LoginAs) -> None:
    browser = login_as(Role.EXHIBITOR_ADMIN)
    csrf = {"X-CSRFToken": csrf_token(browser)}
    made = browser.post("/api/v1/account/token", headers=csrf).get_json()
    bearer = {"Authorization": f"Bearer {made['token']}"}
    program = app.test_client()
    first = program.get("/api/v1/account", headers=bearer)

    taken = browser.delete("/api/v1/account/token", headers=csrf)

    assert (first.status_code, taken.status_code) == (200, 204)
    assert first.get_json()["token_ends_at"] == made["ends_at"]
    assert program.get("/api/v1/account", headers=bearer).status_code == 401
    assert browser.delete("/api/v1/account/token", headers=csrf).status_code == 404


def test_a_token_ends_when_its_time_is_over(app: Flask, login_as: LoginAs, clock: FixedClock) -> None:
    browser = login_as(Role.BUYER)
    made = browser.post("/api/v1/account/token", headers={"X-CSRFToken": csrf_token(browser)}).get_json()
    bearer, program = {"Authorization": f"Bearer {made['token']}"}, app.test_client()

    clock.move(lambda now: now + PERSONS_TOKEN - timedelta(seconds=1))
    before = program.get("/api/v1/account", headers=bearer).status_code
    move(clock, seconds=1)

    assert (before, program.get("/api/v1/account", headers=bearer).status_code) == (200, 401)


def test_a_token_is_shown_once_on_a_page_that_nobody_keeps(login_as: LoginAs, database: Database) -> None:
    browser = login_as(Role.ORGANISER)

    shown = browser.post("/account/token?lang=en", data={"csrf_token": csrf_token(browser)})
    later = browser.get("/account?lang=en").get_data(as_text=True)

    token = shown.get_data(as_text=True).partition("<code>")[2].partition("</code>")[0]
    with database.read() as session:
        account = session.exec(select(Account)).one()
    assert (len(token) > 40, token in later, shown.headers["Cache-Control"]) == (True, False, "no-store")
    assert account.token_hash not in {None, token}


def test_a_header_beside_a_cookie_excuses_no_forged_form(login_as: LoginAs) -> None:
    browser = login_as(Role.ORGANISER)

    for header in ({"Authorization": "Bearer nonsense"}, {"Authorization": "Bearer fz_a.b.c"}):
        forged = browser.put("/api/v1/account", json={"email": "x@evil.example"}, headers=header)
        foreign = browser.post("/logout", headers={**header, "Sec-Fetch-Site": "cross-site"})
        assert (forged.status_code, foreign.status_code) == (400, 403)

    assert browser.get("/api/v1/account").get_json()["email"] is None


def test_a_true_token_beside_the_cookie_of_somebody_else_excuses_nothing_either(app: Flask, login_as: LoginAs) -> None:
    mine, theirs = login_as(Role.ORGANISER), login_as(Role.BUYER)
    token = mine.post("/api/v1/account/token", headers={"X-CSRFToken": csrf_token(mine)}).get_json()["token"]

    forged = theirs.put(
        "/api/v1/account", json={"email": "x@evil.example"}, headers={"Authorization": f"Bearer {token}"}
    )

    assert (forged.status_code, mine.get("/api/v1/account").get_json()["email"]) == (400, None)


def test_a_token_without_a_cookie_needs_no_form(app: Flask, login_as: LoginAs) -> None:
    mine = login_as(Role.ORGANISER)
    token = mine.post("/api/v1/account/token", headers={"X-CSRFToken": csrf_token(mine)}).get_json()["token"]

    changed = app.test_client().put(
        "/api/v1/account", json={"email": "wei@firm.example"}, headers={"Authorization": f"Bearer {token}"}
    )

    assert (changed.status_code, changed.get_json()["email"]) == (200, "wei@firm.example")


def test_behind_https_the_cookie_is_this_hosts_alone(settings: Settings, database: Database, clock: FixedClock) -> None:
    app = create_app(replace(settings, secure_cookies=True), database, clock)
    app.test_client_class = Browser
    make_account(database, Role.ORGANISER, NOON, password=PASSWORD)
    browser = app.test_client()
    page = browser.get("/login", base_url="https://zone.example")
    csrf = page.get_data(as_text=True).partition('name="csrf_token" value="')[2].partition('"')[0]

    form = {"csrf_token": csrf, "username": "organiser", "password": PASSWORD}
    home = {"base_url": "https://zone.example", "headers": {"Referer": "https://zone.example/login"}}
    answer = browser.post("/login", data=form, **home)

    cookies = {cookie.partition("=")[0]: cookie.split(";")[1:] for cookie in answer.headers.getlist("Set-Cookie")}
    assert set(cookies) == {"__Host-fairzone_session", "__Host-fairzone_device"}
    for parts in cookies.values():
        assert {part.strip() for part in parts} >= {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"}
        assert not [part for part in parts if "Domain" in part]
    assert browser.get("/api/v1/account", base_url="https://zone.example").status_code == 200


def test_ending_a_session_is_told_to_the_live_feed(login_as: LoginAs, database: Database) -> None:
    browser = login_as(Role.ORGANISER)

    browser.post("/logout", data={"csrf_token": csrf_token(browser)})

    with database.read() as session:
        told = [(change.topic, change.key) for change in session.exec(select(Change))]
    assert told == [("session", "1/1")]


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36", "Chrome, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/130 Safari MicroMessenger/8.0.50", "WeChat, Android"),
        ("curl/8.5.0", "curl/8.5.0"),
        ("", ""),
        ("x\x07" * 100, "x" * 40),
    ],
)
def test_a_device_is_named_in_few_words(agent: str, device: str) -> None:
    assert device_of(agent) == device
