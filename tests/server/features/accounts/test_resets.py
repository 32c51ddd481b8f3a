"""One's own password: changed by whoever knows it, set anew by a link, and the organiser's page of accounts."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlmodel import col, select
from werkzeug.test import TestResponse

from server.commands.user import user as user_command
from server.features.accounts import service
from server.features.accounts.events import PasswordResetAsked
from server.features.accounts.handlers import handlers_of
from server.features.accounts.models import Account, AccountReset
from server.infra.audit import AuditEntry
from server.infra.db import Database
from server.infra.mail import MailMessage
from server.infra.outbox import OutboxEvent, dispatch
from server.kernel.permissions import Role
from server.settings import Settings
from tests.conftest import NOON
from tests.support.clock import FixedClock
from tests.support.people import PASSWORD, carried, csrf_token, enter, make_account
from tests.support.queries import same_number_of_queries

LoginAs = Callable[[Role], FlaskClient]
NEW = "tea in the harbour"


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """argon2 at its cheapest: its price is its purpose, and no test's."""
    monkeypatch.setattr(service, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def official(database: Database) -> int:
    """An official with a password and an address."""
    number = make_account(database, Role.OFFICIAL, NOON, password=PASSWORD)
    with database.write() as session:
        session.connection().execute(update(Account).values(email="wei@firm.example", locale="en"))
    return number


def send(browser: FlaskClient, path: str, **fields: str) -> TestResponse:
    return browser.post(path, data={"csrf_token": csrf_token(browser), **fields})


def logs_in(app: Flask, password: str, username: str = "official") -> bool:
    return send(app.test_client(), "/login", username=username, password=password).status_code == 303


def is_logged_in(client: FlaskClient) -> bool:
    return client.get("/api/v1/account").status_code == 200


def actions(database: Database) -> list[str]:
    with database.read() as session:
        return [entry.action for entry in session.exec(select(AuditEntry).order_by(col(AuditEntry.id)))]


def link_in_the_mail(database: Database, settings: Settings, clock: FixedClock) -> str:
    """The path of the link that the worker has posted last."""
    dispatch(database, handlers_of(replace(settings, public_url="https://zone.example")), clock.now())
    with database.read() as session:
        mail = session.exec(select(MailMessage).order_by(col(MailMessage.id).desc())).first()
    found = re.search(r"https://zone\.example(/reset/\S+)", mail.text if mail else "")
    assert found is not None
    return found.group(1)


def test_whoever_knows_the_old_password_sets_a_new_one_and_other_devices_are_logged_out(
    app: Flask, official: int, database: Database
) -> None:
    here, there = app.test_client(), app.test_client()
    for browser in (here, there):
        enter(browser, official)

    answer = send(here, "/account/password", old=PASSWORD, password=f"{NEW} ")

    assert (answer.status_code, answer.location) == (303, "/account?saved=1")
    assert (is_logged_in(here), is_logged_in(there)) == (True, False)
    assert [logs_in(app, word) for word in (PASSWORD, NEW, f"{NEW} ")] == [False, False, True]
    assert "account.password.change" in actions(database)


@pytest.mark.parametrize(
    ("old", "new", "status", "words"),
    [
        ("not this one", NEW, 401, "User name and password do not match."),
        (PASSWORD, "11111111", 422, "Repeated characters are easy to guess"),
        (PASSWORD, "official-1", 422, "one of the commonest"),
        (PASSWORD, "wei@firm.example", 422, "your own name"),
        (PASSWORD, "sh0rt9", 422, "at least 8 characters"),
    ],
)
def test_a_password_is_not_changed_by_a_stranger_and_not_to_a_weak_one(  # noqa: PLR0917 - fixtures and a table
    app: Flask, official: int, old: str, new: str, status: int, words: str
) -> None:
    browser = app.test_client()
    enter(browser, official)
    browser.get("/language?lang=en")

    refused = send(browser, "/account/password", old=old, password=new)

    page = refused.get_data(as_text=True)
    assert (refused.status_code, words in page, new in page and "@" not in new) == (status, True, False)
    assert logs_in(app, PASSWORD)


def test_guessing_at_the_old_password_costs_time(app: Flask, official: int) -> None:
    browser = app.test_client()
    enter(browser, official)

    answers = [send(browser, "/account/password", old="not this", password=NEW).status_code for _ in range(7)]

    assert answers == [401] * 5 + [429] * 2


@pytest.mark.parametrize("name", ["official", "Official ", "wei@firm.example"])
def test_a_link_by_mail_sets_a_new_password_once(  # noqa: PLR0917 - fixtures
    app: Flask, official: int, database: Database, settings: Settings, clock: FixedClock, name: str
) -> None:
    browser, open_before = app.test_client(), app.test_client()
    enter(open_before, official)
    send(browser, "/reset", name=name)
    link = link_in_the_mail(database, settings, clock)
    looked_at = browser.get(link)

    first = send(browser, link, password=NEW)
    second = send(browser, link, password="another harbour entirely")

    assert (looked_at.status_code, first.status_code, second.status_code) == (200, 303, 404)
    assert looked_at.headers["Cache-Control"] == "no-store"
    assert (logs_in(app, NEW), logs_in(app, PASSWORD), is_logged_in(open_before)) == (True, False, False)
    assert "account.password.reset" in actions(database)


def test_the_link_is_kept_nowhere_but_in_the_mail_and_ends_after_an_hour(
    app: Flask, official: int, database: Database, settings: Settings, clock: FixedClock
) -> None:
    send(app.test_client(), "/reset", name="official")
    link = link_in_the_mail(database, settings, clock)
    with database.read() as session:
        row = session.exec(select(AccountReset)).one()
    clock.move(lambda now: now + timedelta(hours=1))

    late = app.test_client().get(link)

    assert link.rpartition("/")[2] not in str(row.model_dump())
    assert late.status_code == 404


def test_a_newer_link_ends_the_older_one(
    app: Flask, official: int, database: Database, settings: Settings, clock: FixedClock
) -> None:
    browser = app.test_client()
    links = []
    for _ in range(2):
        send(browser, "/reset", name="official")
        links.append(link_in_the_mail(database, settings, clock))

    assert [browser.get(link).status_code for link in links] == [404, 200]


def test_the_answer_does_not_tell_whether_there_is_such_an_account(
    app: Flask, official: int, database: Database, settings: Settings, clock: FixedClock
) -> None:
    browser = app.test_client()
    pages = [
        re.sub(r'value="[^"]*"', "", send(browser, "/reset", name=name).get_data(as_text=True))
        for name in ("official", "nobody")
    ]

    dispatch(database, handlers_of(settings), clock.now())
    with database.read() as session:
        events = [event.kind for event in session.exec(select(OutboxEvent))]
        mails = [mail.to_address for mail in session.exec(select(MailMessage))]
    assert pages[0] == pages[1]
    assert events == [PasswordResetAsked.__name__] * 2
    assert mails == ["wei@firm.example"]


def test_nobody_is_flooded_with_links(app: Flask, official: int, database: Database) -> None:
    for _ in range(20):
        send(app.test_client(), "/reset", name="official")

    with database.read() as session:
        assert len(session.exec(select(OutboxEvent)).all()) == 4


def test_the_organiser_hands_over_a_link_on_paper(app: Flask, official: int, login_as: LoginAs) -> None:
    organiser = login_as(Role.ORGANISER)
    organiser.get("/language?lang=en")

    page = send(organiser, "/accounts/official/link")

    shown = page.get_data(as_text=True)
    link = re.search(r"<code[^>]*>http://[^/]+(/reset/[^<]+)</code>", shown)
    assert link is not None
    assert ('<svg role="img"' in shown, page.headers["Cache-Control"]) == (True, "no-store")
    assert send(app.test_client(), link.group(1), password=NEW).status_code == 303
    assert logs_in(app, NEW)


def test_the_command_sets_passwords_and_links_with_an_entry_in_the_audit_log(
    app: Flask, official: int, database: Database, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)

    def run(*words: str) -> tuple[int, str]:
        done = CliRunner().invoke(user_command, words)
        return done.exit_code, done.output.strip()

    weak = run("password", "official", "--password=official-2026")
    changed = run("password", "official", f"--password={NEW}")
    link = run("link", "official")

    assert (weak[0], changed[0], link[0]) == (1, 0, 0)
    assert "weak-password" in weak[1]
    assert re.fullmatch(r"/reset/\S{43}", link[1])
    assert actions(database) == ["account.password.set", "account.reset.hand-over"]


def test_the_organiser_finds_accounts_by_words_role_and_state(app: Flask, official: int, login_as: LoginAs) -> None:
    organiser = login_as(Role.ORGANISER)
    login_as(Role.BUYER)
    organiser.get("/language?lang=en")
    send(organiser, "/accounts/buyer/off")

    def names(query: str) -> list[str]:
        page = organiser.get(f"/accounts?{query}").get_data(as_text=True)
        return re.findall(r'<p class="muted">(\w+) · ', page)

    assert names("") == ["buyer", "official", "organiser"]
    assert (names("q=FIRM.example"), names("role=organiser"), names("state=off")) == (
        ["official"],
        ["organiser"],
        ["buyer"],
    )


def test_the_list_of_accounts_costs_the_same_for_few_and_for_many(login_as: LoginAs, database: Database) -> None:
    organiser = login_as(Role.ORGANISER)

    def more() -> None:
        for role in (Role.BUYER, Role.EXHIBITOR_ADMIN, Role.EXHIBITOR_STAFF, Role.OFFICIAL):
            make_account(database, role, NOON)

    same_number_of_queries(database, lambda: organiser.get("/accounts"), more)


def test_an_account_is_switched_off_and_on_again(
    app: Flask, official: int, login_as: LoginAs, database: Database
) -> None:
    organiser, theirs = login_as(Role.ORGANISER), app.test_client()
    enter(theirs, official)

    send(organiser, "/accounts/official/off")
    off = is_logged_in(theirs), logs_in(app, PASSWORD)
    send(organiser, "/accounts/official/on")

    assert (off, logs_in(app, PASSWORD)) == ((False, False), True)
    assert [one for one in actions(database) if one.endswith("able")] == ["account.disable", "account.enable"]


def test_a_role_changes_within_its_kind_and_ends_what_was_open(
    app: Flask, login_as: LoginAs, database: Database
) -> None:
    organiser, staff = login_as(Role.ORGANISER), login_as(Role.EXHIBITOR_STAFF)

    form = carried(organiser, "/accounts?q=exhibitor_staff", "/accounts/exhibitor_staff/role")

    changed = organiser.post("/accounts/exhibitor_staff/role", data={**form, "role": "exhibitor_admin"})
    refused = send(organiser, "/accounts/exhibitor_staff/role", role="organiser")

    with database.read() as session:
        found = session.exec(select(Account.role).where(Account.username == "exhibitor_staff")).one()
    assert (changed.status_code, refused.status_code, found) == (303, 409, Role.EXHIBITOR_ADMIN)
    assert not is_logged_in(staff)
    assert "account.role.change" in actions(database)


@pytest.mark.parametrize(("change", "role"), [("off", ""), ("role", "official")])
def test_the_last_organiser_stays_one(login_as: LoginAs, change: str, role: str) -> None:
    organiser = login_as(Role.ORGANISER)

    refused = send(organiser, f"/accounts/organiser/{change}", role=role)

    assert (refused.status_code, is_logged_in(organiser)) == (409, True)


def test_a_token_is_taken_back_by_the_organiser(app: Flask, login_as: LoginAs) -> None:
    organiser, buyer = login_as(Role.ORGANISER), login_as(Role.BUYER)
    token = buyer.post("/api/v1/account/token", headers={"X-CSRFToken": csrf_token(buyer)}).get_json()["token"]

    send(organiser, "/accounts/buyer/token")

    program = app.test_client().get("/api/v1/account", headers={"Authorization": f"Bearer {token}"})
    assert program.status_code == 401


@pytest.mark.parametrize("role", [Role.BUYER, Role.EXHIBITOR_ADMIN, Role.OFFICIAL, Role.VISITOR])
def test_nobody_else_sees_or_changes_accounts(login_as: LoginAs, role: Role) -> None:
    browser = login_as(role)

    found = {browser.get("/accounts").status_code, send(browser, "/accounts/buyer/off").status_code}

    assert found <= {401, 403}
