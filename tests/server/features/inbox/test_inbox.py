"""The inbox: what a person was told, unread until it is read, in the language of the page; and nobody else's."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from server.features.inbox.handlers import handlers_of
from server.features.inbox.service import (
    KEPT,
    Addressee,
    MomentFact,
    NameFact,
    NoticeGiven,
    PhraseFact,
    SpanFact,
    forget_about,
    prune_notices,
    tell,
)
from server.infra.db import Database
from server.infra.outbox import dispatch, failures
from server.kernel.permissions import Role
from server.settings import Settings
from tests.conftest import NOON
from tests.support.browser import Browser
from tests.support.letters import kept_mails
from tests.support.people import bearer_of, enter, make_account

HOUR = timedelta(hours=1)
ASKED: dict[str, Any] = {
    "exhibitor": NameFact(en="Kapok", zh="木棉"),
    "when": SpanFact(starts_at=NOON, ends_at=NOON + HOUR),
    "until": MomentFact(at=NOON - HOUR),
    "why": PhraseFact(key="meeting-reason-slot-taken"),
    "reason": "We are <full>.",
}


def notice(number: int = 1, *, account: int | None = None, address: str | None = None, **said: Any) -> NoticeGiven:
    """A notice of a declined request."""
    plain: dict[str, Any] = {
        "name": f"n-{number}",
        "to": Addressee(name="Anna Weber", account_id=account, address=address, time_zone="Europe/Berlin"),
        "kind": "told-decline-buyer",
        "facts": {**ASKED, "who": "Kapok"},
        "details": ("when", "until", "why", "reason", "topic"),
        "about": "meeting:m-1",
        "link": "/diary",
        "at": NOON,
    }
    return NoticeGiven(**{**plain, **said})


def give(database: Database, settings: Settings, *notices: NoticeGiven) -> None:
    """Tell these, and let the worker do what follows."""
    with database.write() as session:
        for one in notices:
            tell(session, one)
    dispatch(database, handlers_of(settings), NOON)
    with database.read() as session:
        assert [failure.error for failure in failures(session)] == []


def inbox_of(client: FlaskClient, who: dict[str, str], query: str = "") -> Any:
    """What the interface says."""
    response = client.get(f"/api/v1/inbox{query}", headers={**who, "Accept-Language": "en"})
    assert response.status_code == 200
    return response.get_json()


def test_a_notice_is_unread_until_it_is_read_and_then_stays_so(
    client: FlaskClient, database: Database, settings: Settings
) -> None:
    who = bearer_of(database, Role.OFFICIAL)
    give(database, settings, notice(account=1), notice(2, account=1))

    before = inbox_of(client, who)
    number = before["notices"][0]["id"]
    read = client.post(f"/api/v1/inbox/{number}/read", headers=who).get_json()
    again = client.post(f"/api/v1/inbox/{number}/read", headers=who).get_json()
    after = inbox_of(client, who)

    assert (before["unread"], before["total"]) == (2, 2)
    assert (read, again) == ({"marked": 1, "unread": 1}, {"marked": 0, "unread": 1})
    assert [one["read_at"] is not None for one in after["notices"]] == [True, False]
    assert [one["id"] for one in inbox_of(client, who, "?unread=true")["notices"]] == [after["notices"][1]["id"]]


def test_a_notice_says_what_happened_with_both_times_and_the_reason(
    client: FlaskClient, database: Database, settings: Settings
) -> None:
    who = bearer_of(database, Role.OFFICIAL)
    give(database, settings, notice(account=1))

    (found,) = inbox_of(client, who)["notices"]

    assert (found["kind"], found["about"], found["link"], found["subject"]) == (
        "told-decline-buyer",
        "meeting:m-1",
        "/diary",
        "Declined: Kapok, Apr 16, 2026 12:00–13:00 Beijing time",
    )
    assert found["text"].startswith("Kapok has declined your request.")
    lines = found["details"]
    assert lines[0] == "Fair time: Apr 16, 2026 12:00–13:00 Beijing time"
    assert lines[1].startswith("Your time: Apr 16, 2026 06:00–07:00 ")
    assert lines[2] == "Answer by: Apr 16, 2026 11:00 Beijing time"
    assert lines[3].startswith("Your time: Apr 16, 2026 05:00 ")
    assert lines[4:] == ["Why: Somebody else has this time.", "Reason given: We are <full>."]


def test_all_read_leaves_unread_what_came_since(client: FlaskClient, database: Database, settings: Settings) -> None:
    who = bearer_of(database, Role.OFFICIAL)
    give(database, settings, notice(account=1), notice(2, account=1))
    seen = inbox_of(client, who)["notices"][0]["id"]
    give(database, settings, notice(3, account=1))

    answer = client.post("/api/v1/inbox/read", json={"until": seen}, headers=who).get_json()

    assert answer == {"marked": 2, "unread": 1}


@pytest.mark.parametrize("number", [0, 99, 2**63 - 1, 2**63, 10**30])
def test_a_notice_that_is_not_there_is_not_found(client: FlaskClient, database: Database, number: int) -> None:
    who = bearer_of(database, Role.OFFICIAL)

    assert client.post(f"/api/v1/inbox/{number}/read", headers=who).status_code in {404, 422}


def test_somebody_elses_notice_is_not_there(client: FlaskClient, database: Database, settings: Settings) -> None:
    who, other = bearer_of(database, Role.OFFICIAL), bearer_of(database, Role.ORGANISER)
    give(database, settings, notice(account=1))
    number = inbox_of(client, who)["notices"][0]["id"]

    refused = client.post(f"/api/v1/inbox/{number}/read", headers=other)
    client.post("/api/v1/inbox/read", json={"until": number}, headers=other)

    assert refused.status_code == 404
    assert inbox_of(client, other)["notices"] == []
    assert inbox_of(client, who)["unread"] == 1


def test_a_notice_that_is_given_twice_is_one_in_the_inbox_and_one_mail(
    database: Database, settings: Settings, client: FlaskClient
) -> None:
    who = bearer_of(database, Role.OFFICIAL)
    both = notice(account=1, address="anna@weber.example")

    give(database, settings, both, both)

    assert inbox_of(client, who)["total"] == 1
    assert [mail.to_address for mail in kept_mails(database)] == ["anna@weber.example"]


def test_who_has_neither_log_in_nor_address_is_told_nothing(database: Database, settings: Settings) -> None:
    give(database, settings, notice(), notice(2, address="a@b.example", by_mail=False), notice(3, account=4711))

    assert kept_mails(database) == []


def test_the_mail_says_the_same_with_a_link_in_the_readers_language(database: Database, settings: Settings) -> None:
    chinese = Addressee(name="陈静", address="chen@kapok.example", language="zh-Hans")

    give(database, settings, notice(to=chinese))

    (mail,) = kept_mails(database)
    assert (mail.subject, mail.language, mail.method) == (
        "已婉拒：木棉，2026年4月16日 12:00–13:00 北京时间",
        "zh-Hans",
        None,
    )
    assert mail.text.splitlines()[0] == "陈静，您好！"
    assert "对方给出的理由：We are <full>." in mail.text.splitlines()
    assert "http" not in mail.text


def test_what_must_be_gone_leaves_every_inbox_and_old_notices_go_by_themselves(
    client: FlaskClient, database: Database, settings: Settings
) -> None:
    who = bearer_of(database, Role.OFFICIAL)
    give(database, settings, notice(account=1), notice(2, account=1, about="meeting:m-2"))

    with database.write() as session:
        assert forget_about(session, ["meeting:m-1"]) == 1
    left = inbox_of(client, who)["total"]
    with database.write() as session:
        assert (prune_notices(session, NOON + KEPT), prune_notices(session, NOON + KEPT + HOUR)) == (0, 1)

    assert left == 1


@pytest.fixture
def official(app: Flask, database: Database) -> FlaskClient:
    """The browser of an official, whose account is the first."""
    account = make_account(database, Role.OFFICIAL, NOON)
    browser = app.test_client()
    assert isinstance(browser, Browser)
    enter(browser, account)
    return browser


def send(browser: FlaskClient, address: str, **fields: str) -> TestResponse:
    """Send a form of the inbox."""
    page = browser.get("/inbox").get_data(as_text=True)
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found is not None
    return browser.post(address, data={"csrf_token": found[1], **fields})


def test_the_page_shows_what_is_new_and_opening_it_marks_it_as_read(
    official: FlaskClient, database: Database, settings: Settings
) -> None:
    give(database, settings, notice(account=1))
    page = official.get("/inbox?lang=en").get_data(as_text=True)
    home = official.get("/?lang=en").get_data(as_text=True)

    opened = send(official, "/inbox/1/open")
    after = official.get("/inbox?lang=en").get_data(as_text=True)

    assert "We are &lt;full&gt;." in page
    assert "data-unread" in page
    assert "Inbox, 1 unread" in home
    assert (opened.status_code, opened.headers["Location"]) == (303, "/diary")
    assert "data-unread" not in after
    assert "1 unread" not in official.get("/?lang=en").get_data(as_text=True)


def test_the_page_speaks_the_readers_language_whatever_the_mail_spoke(
    official: FlaskClient, database: Database, settings: Settings
) -> None:
    give(database, settings, notice(account=1))

    assert "对方给出的理由：We are &lt;full&gt;." in official.get("/inbox?lang=zh-Hans").get_data(as_text=True)


def test_all_can_be_read_at_once_and_an_empty_inbox_says_so(
    official: FlaskClient, database: Database, settings: Settings
) -> None:
    empty = official.get("/inbox?lang=en").get_data(as_text=True)
    give(database, settings, *(notice(number, account=1, about=f"x:{number}") for number in range(1, 26)))
    first, second = (official.get(f"/inbox?lang=en&page={number}").get_data(as_text=True) for number in (1, 2))

    sent = send(official, "/inbox/read", until="25", show="unread")
    nonsense = send(official, "/inbox/read", until="9" * 40)

    assert "No messages yet." in empty
    assert (first.count("data-unread"), second.count("data-unread")) == (20, 5)
    assert "You have read everything." in official.get("/inbox?lang=en&show=unread").get_data(as_text=True)
    assert (sent.headers["Location"], nonsense.headers["Location"]) == ("/inbox?show=unread", "/inbox")


def test_the_inbox_asks_as_many_questions_for_many_as_for_one(
    official: FlaskClient, database: Database, settings: Settings
) -> None:
    def cost() -> int:
        official.get("/inbox?lang=en")
        with database.count_statements() as count:
            official.get("/inbox?lang=en")
        return sum(not statement.startswith("BEGIN") for statement in count.statements)

    give(database, settings, notice(account=1))
    one = cost()
    give(database, settings, *(notice(number, account=1, about=f"x:{number}") for number in range(2, 20)))

    assert one == cost() <= 8
