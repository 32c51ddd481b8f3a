"""Erasing one's own account: what is to come ends and is told, and nothing in the house names the person any more."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from pydantic import SecretStr
from sqlalchemy import text, update
from sqlmodel import Session, SQLModel, col, select

from server.features import load_features
from server.features.accounts import service as accounts
from server.features.accounts.models import Account, AccountErasure
from server.features.accounts.queries import find_account
from server.features.buyers.models import Buyer, BuyerConsent, BuyerNeed
from server.features.buyers.rules import Purpose
from server.features.exhibitors.models import Category, StaffMember
from server.features.meetings.models import Meeting
from server.features.meetings.rules import Reason, State
from server.features.privacy import service
from server.features.privacy.rules import HANDLERS, LONGEST
from server.infra.audit import AuditEntry
from server.infra.db import Database
from server.infra.mail import MailMessage
from server.infra.mail_delivery import MailRelay, deliver
from server.infra.outbox import dispatch
from server.kernel.permissions import Role
from server.kernel.provenance import Provenance
from server.settings import MailAddress, Settings
from tests.server.features.meetings.acting import ONE, accepted, assert_cells_fit_states, held, requested
from tests.support.clock import FixedClock
from tests.support.people import PASSWORD, csrf_token, enter, make_account
from tests.support.small_fair import NOON, SmallFair, make_small_fair

NAME, COMPANY, ADDRESS, TOPIC = "Zaunkoenig", "Wagtail", "zaunkoenig@wagtail.example", "a quiet cleaner"
THEIRS = (NAME, COMPANY, ADDRESS, TOPIC, "鹪鹩")
BEARER = {"Authorization": "Bearer token-of-b1"}


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """argon2 at its cheapest: its price is its purpose, and no test's."""
    monkeypatch.setattr(accounts, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def fair(database: Database) -> SmallFair:
    """A fair whose first buyer has a name, an address, a need, every consent and a password."""
    made = make_small_fair(database, staff=2, tables=2)
    with database.write() as session:
        words = {"name_en": "Cleaning", "name_zh": "清洁", "name_de": "Reinigung", "scheme": "IFR"}
        session.add(Category(code="CLEAN", **words, provenance=Provenance.INVENTED))
        person = session.get_one(Buyer, 1)
        person.name, person.name_zh, person.call_me = NAME, "鹪鹩", NAME
        person.company, person.email = COMPANY, ADDRESS
        session.flush()
        session.add(BuyerNeed(buyer_id=1, category="CLEAN", note=TOPIC, provenance=Provenance.FACT))
        session.add_all(BuyerConsent(buyer_id=1, purpose=one, given_at=NOON) for one in Purpose)
        account = session.get_one(Account, 1)
        account.display_name, account.username = NAME, ADDRESS
        account.password_hash = accounts.hash_password(SecretStr(PASSWORD))
        for member in session.exec(select(StaffMember)):
            member.email = f"{member.code}@kapok.example"
    return made


@pytest.fixture
def organiser(app: Flask, fair: SmallFair) -> FlaskClient:
    """The organiser's browser."""
    account = Account(id=90, username="host", display_name="Host", role=Role.ORGANISER, created_at=NOON)
    with fair.database.write() as session:
        session.add(account)
    browser = app.test_client()
    enter(browser, 90)
    return browser


@pytest.fixture
def work(database: Database, settings: Settings, clock: FixedClock) -> Callable[[], None]:
    """What the worker does: handle every event, and send or keep every mail."""
    handlers = [one for feature in load_features() for one in feature.all_handlers(settings)]

    def done() -> None:
        while dispatch(database, handlers, clock.now()):
            pass
        deliver(database, MailRelay(None, MailAddress("Zone", "zone@zone.example")), clock)

    return done


def everything(database: Database) -> str:
    """All that the database holds, as text."""
    with database.read() as session:
        rows = [session.execute(text(f'SELECT * FROM "{name}"')).all() for name in SQLModel.metadata.tables]  # noqa: S608 - names of our own tables
    return str(rows)


def erase(client: FlaskClient, password: str = PASSWORD) -> Any:
    return client.post("/api/v1/account/erasure", json={"password": password}, headers=BEARER)


def mails(session: Session) -> list[MailMessage]:
    return list(session.exec(select(MailMessage).order_by(col(MailMessage.id))))


def test_nothing_in_the_house_names_a_buyer_who_has_erased_the_account(
    client: FlaskClient, fair: SmallFair, work: Callable[[], None], clock: FixedClock
) -> None:
    met = accepted(fair, topic=TOPIC)
    asked = requested(fair, at=ONE + timedelta(hours=1), topic=TOPIC)
    kept = held(fair, at=ONE + timedelta(hours=2))
    work()
    before = [word for word in THEIRS if word in everything(fair.database)]

    answer = erase(client)

    with fair.database.read() as session:
        ended = {one.uid: (one.state, one.reason) for one in session.exec(select(Meeting))}
    work()
    with fair.database.read() as session:
        cancelled = [mail.to_address for mail in mails(session) if mail.method == "CANCEL"]
    with fair.database.write() as session:
        finished = service.finish_erasures(session, clock.now())
    left = [word for word in THEIRS if word in everything(fair.database)]
    assert (answer.status_code, answer.get_json()) == (200, {"meetings": 3})
    assert ended == {
        met.uid: (State.CANCELLED, Reason.BUYER_LEFT),
        asked.uid: (State.WITHDRAWN, Reason.BUYER_LEFT),
        kept.uid: (State.WITHDRAWN, Reason.BUYER_LEFT),
    }
    assert_cells_fit_states(fair.database)
    assert sorted(cancelled) == ["s1@kapok.example", ADDRESS]
    assert (before, finished, left) == (list(THEIRS), 1, [])


def test_what_a_mail_has_yet_to_say_is_kept_until_it_has_left_and_seven_days_at_the_most(
    client: FlaskClient, fair: SmallFair, work: Callable[[], None], database: Database, clock: FixedClock
) -> None:
    accepted(fair, topic=TOPIC)
    work()
    erase(client)

    with database.write() as session:
        too_early = service.finish_erasures(session, clock.now())
    with database.write() as session:
        forced = service.finish_erasures(session, clock.now() + LONGEST)
        twice = service.finish_erasures(session, clock.now() + LONGEST)

    with database.read() as session:
        erasure = session.get_one(AccountErasure, 1)
    assert (too_early, forced, twice) == (0, 1, 0)
    assert (erasure.address_digest, erasure.done_at) == ("", clock.now() + LONGEST)


def test_the_account_is_gone_for_good_and_its_name_is_free(
    app: Flask, fair: SmallFair, client: FlaskClient, organiser: FlaskClient
) -> None:
    browser = app.test_client()
    enter(browser, 1)
    erase(client)

    with fair.database.read() as session:
        former = session.get_one(Account, 1)
        log = [(one.action, one.who, one.key) for one in session.exec(select(AuditEntry)) if one.account_id == 1]
    for change in ("on", "link"):
        organiser.post(f"/accounts/{former.username}/{change}", data={"csrf_token": csrf_token(organiser)})
    with fair.database.read() as session:
        later, named = session.get_one(Account, 1), find_account(session, ADDRESS)
    assert (browser.get("/api/v1/account").status_code, client.get("/api/v1/account", headers=BEARER).status_code) == (
        401,
        401,
    )
    assert (later.active, later.password_hash, later.email, later.display_name) == (
        False,
        None,
        None,
        "Former user / 已注销的用户",
    )
    assert log == [("account.erase", "Former user / 已注销的用户", former.username)]
    assert former.username not in organiser.get("/accounts").get_data(as_text=True)
    assert named is None


def test_a_wrong_password_erases_nothing(client: FlaskClient, fair: SmallFair) -> None:
    met = accepted(fair)

    refused = erase(client, "not this one")

    with fair.database.read() as session:
        found = session.exec(select(Meeting.state).where(Meeting.uid == met.uid)).one()
    assert (refused.status_code, refused.get_json()["code"], found) == (401, "wrong-password", State.ACCEPTED)


@pytest.mark.parametrize(("language", "word"), [("en", "This cannot be undone."), ("zh-Hans", "注销后无法恢复")])
def test_the_page_says_what_ends_asks_the_password_once_and_logs_out(
    app: Flask, fair: SmallFair, language: str, word: str
) -> None:
    accepted(fair)
    browser = app.test_client()
    enter(browser, 1)
    browser.get(f"/language?lang={language}")

    page = browser.get("/account/erase").get_data(as_text=True)
    wrong = browser.post("/account/erase", data={"csrf_token": csrf_token(browser), "password": "no"})
    gone = browser.post("/account/erase", data={"csrf_token": csrf_token(browser), "password": PASSWORD})

    assert word in page
    assert ("Kapok" if language == "en" else "公司") in page
    assert (wrong.status_code, gone.status_code, gone.location) == (401, 303, "/account/erased")
    assert browser.get("/account/erased").status_code == 200
    assert browser.get("/me").status_code in {302, 303, 401}


@pytest.mark.parametrize(
    ("role", "code", "who"),
    [(Role.ORGANISER, "last-organiser", "Make another"), (Role.EXHIBITOR_ADMIN, "last-administrator", "Ask the org")],
)
def test_the_last_one_is_refused_with_who_can_help(
    app: Flask, database: Database, role: Role, code: str, who: str
) -> None:
    number = make_account(database, role, NOON, password=PASSWORD)
    browser = app.test_client()
    enter(browser, number)
    browser.get("/language?lang=en")

    page = browser.get("/account/erase").get_data(as_text=True)
    refused = browser.post("/account/erase", data={"csrf_token": csrf_token(browser), "password": PASSWORD})

    with database.read() as session:
        assert session.get_one(Account, number).active
    assert (refused.status_code, who in page, 'name="password"' in page) == (409, True, False)
    assert browser.get("/api/v1/account/erasure").get_json()["code"] == code


def test_somebody_of_an_exhibitor_goes_and_the_others_stay(app: Flask, database: Database) -> None:
    number = make_account(database, Role.EXHIBITOR_STAFF, NOON, password=PASSWORD)
    with database.write() as session:
        session.connection().execute(update(Account).values(email="li@nanling.example", display_name="Li Lei"))
    browser = app.test_client()
    enter(browser, number)

    gone = browser.post("/account/erase", data={"csrf_token": csrf_token(browser), "password": PASSWORD})

    held_still = [word for word in ("Li Lei", "li@nanling.example") if word in everything(database)]
    assert (gone.status_code, held_still) == (303, [])


def test_ones_own_data_are_all_there(client: FlaskClient, fair: SmallFair, work: Callable[[], None]) -> None:
    met = accepted(fair, topic=TOPIC)
    work()

    answer = client.get("/api/v1/account/data", headers=BEARER)
    file = client.get("/account/data", headers=BEARER)

    found = answer.get_json()
    assert (found["account"]["username"], found["buyer"]["name"]) == (ADDRESS, NAME)
    assert [one["note"] for one in found["buyer"]["needs"]] == [TOPIC]
    assert {one["purpose"] for one in found["buyer"]["consents"] if one["given_at"]} == {one.value for one in Purpose}
    assert [(one["uid"], one["topic"]) for one in found["meetings"]] == [(met.uid, TOPIC)]
    assert len(found["inbox"]) == 1
    assert {one["by"] for one in found["log"]} == {"self"}
    assert file.headers["Content-Disposition"] == 'attachment; filename="fairzone-data.json"'
    assert json.loads(file.get_data())["buyer"] == found["buyer"]


def test_every_consent_is_withdrawn_at_once_and_the_meeting_takes_place(
    app: Flask, client: FlaskClient, fair: SmallFair, work: Callable[[], None]
) -> None:
    met = accepted(fair)
    work()
    booth = fair.headers(fair.exhibitor())
    before = client.get(f"/api/v1/meetings/{met.uid}", headers=booth).get_json()

    answer = client.delete("/api/v1/buyer/consents", headers=BEARER).get_json()
    work()

    after = client.get(f"/api/v1/meetings/{met.uid}", headers=booth).get_json()
    browser = app.test_client()
    enter(browser, 1)
    browser.get("/language?lang=en")
    page = browser.get("/me").get_data(as_text=True)
    assert {one["purpose"] for one in answer["consents"] if one["withdrawn_at"]} == {"contact", "mail"}
    assert (before["buyer_email"], after["buyer_email"], after["state"]) == (ADDRESS, None, "accepted")
    assert "Exhibitors no longer see your contact." in page
    with fair.database.read() as session:
        assert [mail.method for mail in mails(session) if mail.to_address == ADDRESS] == ["REQUEST"]


def test_switching_somebody_off_shows_first_what_ends(fair: SmallFair, organiser: FlaskClient) -> None:
    met = accepted(fair)
    organiser.get("/language?lang=en")

    listing = organiser.get("/accounts").get_data(as_text=True)
    page = organiser.get(f"/accounts/{ADDRESS}/off").get_data(as_text=True)
    done = organiser.post(f"/accounts/{ADDRESS}/off", data={"csrf_token": csrf_token(organiser)})

    with fair.database.read() as session:
        active = session.get_one(Account, 1).active
    assert f'href="/accounts/{ADDRESS.replace("@", "%40")}/off"' in listing
    assert (f'href="/meetings/{met.uid}"' in page, "everybody concerned is told" in page) == (True, True)
    assert (done.status_code, active) == (303, False)


def test_the_handlers_that_are_waited_for_are_those_that_there_are(settings: Settings) -> None:
    kinds = [one.event.__name__ for feature in load_features() for one in feature.all_handlers(settings)]

    assert {kind: kinds.count(kind) for kind in HANDLERS} == dict(HANDLERS)
