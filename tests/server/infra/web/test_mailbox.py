"""`/mail`: the organiser reads what was written to people, the newest first."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.app import create_app
from server.infra.db import Database
from server.infra.mail_delivery import MailRelay, deliver
from server.infra.web.mailbox import PER_PAGE
from server.kernel.permissions import Role
from server.settings import MailAddress, MailServer, Settings
from tests.support.browser import Browser
from tests.support.clock import FixedClock
from tests.support.letters import letter, post_all
from tests.support.people import enter
from tests.support.ports import LOOPBACK, free_port

SENDER = MailAddress("Robot Zone", "zone@fair.example")
LogIn = Callable[[Role], FlaskClient]


def page(browser: FlaskClient, address: str = "/mail", language: str = "en") -> str:
    sign = "&" if "?" in address else "?"
    response = browser.get(f"{address}{sign}lang={language}")
    assert response.status_code == 200
    return response.get_data(as_text=True)


def subjects(text: str) -> list[str]:
    """The subjects in the list, in their order."""
    return re.findall(r'<span dir="auto">([^<]*)</span>', text)


def test_the_newest_mail_stands_first(database: Database, login_as: LogIn) -> None:
    post_all(database, letter(1), letter(2))

    assert subjects(page(login_as(Role.ORGANISER))) == ["m-1/weber 2", "m-1/weber 1"]


def test_a_mail_can_be_read_with_its_calendar(database: Database, login_as: LogIn) -> None:
    calendar = "BEGIN:VCALENDAR\r\nSUMMARY:A <b> & C\r\nEND:VCALENDAR\r\n"
    post_all(database, letter(1, text="Hello <Anna>\n", calendar=calendar, method="CANCEL"))

    text = page(login_as(Role.ORGANISER))

    assert '<pre class="letter">Hello &lt;Anna&gt;\n</pre>' in text
    assert "SUMMARY:A &lt;b&gt; &amp; C" in text
    assert "Calendar · Cancellation" in text
    assert "anna@weber.example" in text


def test_a_house_that_sends_no_mail_says_so_and_shows_what_it_keeps(
    database: Database, clock: FixedClock, login_as: LogIn
) -> None:
    post_all(database, letter(1))
    deliver(database, MailRelay(None, SENDER), clock)

    text = page(login_as(Role.ORGANISER))

    assert "FAIRZONE_SMTP is not set" in text
    assert "Kept here (1)" in text


def test_what_could_not_be_sent_says_why_and_when_it_is_tried_again(
    database: Database, settings: Settings, clock: FixedClock, login_as: LogIn
) -> None:
    nobody = MailServer(host=LOOPBACK, port=free_port(), security="none")
    post_all(database, letter(1))
    deliver(database, MailRelay(nobody, SENDER), clock)

    text = page(login_as(Role.ORGANISER))

    assert "Not sent yet" in text
    assert "One try" in text
    assert "Next try: Apr 16, 2026 12:00 Beijing time" in text
    assert "ConnectionRefusedError" in text


def test_a_house_that_sends_mail_does_not_say_that_it_keeps_it(
    settings: Settings, database: Database, clock: FixedClock, app: Flask, login_as: LogIn
) -> None:
    login_as(Role.ORGANISER)
    sends = replace(settings, mail_server=MailServer(host=LOOPBACK, port=free_port(), security="none"))
    other = create_app(sends, database, clock)
    other.test_client_class = Browser
    browser = other.test_client()
    enter(browser, 1)

    assert "FAIRZONE_SMTP" not in page(browser)


def test_the_list_has_pages_and_can_be_narrowed_to_a_state(
    database: Database, clock: FixedClock, login_as: LogIn
) -> None:
    post_all(database, *(letter(number) for number in range(PER_PAGE + 3)))
    deliver(database, MailRelay(None, SENDER), clock)
    post_all(database, letter(99))
    browser = login_as(Role.ORGANISER)

    counts = [len(subjects(page(browser, address))) for address in ("/mail", "/mail?page=2", "/mail?state=kept&page=2")]
    narrowed = subjects(page(browser, "/mail?state=waiting"))

    assert (counts, narrowed) == ([PER_PAGE, 4, 3], ["m-1/weber 99"])


@pytest.mark.parametrize(("language", "words"), [("en", "No mail yet."), ("zh-Hans", "还没有邮件。")])
def test_an_empty_mailbox_says_what_will_fill_it(login_as: LogIn, language: str, words: str) -> None:
    assert words in page(login_as(Role.ORGANISER), language=language)


def test_a_state_without_mails_is_told_apart_from_an_empty_mailbox(database: Database, login_as: LogIn) -> None:
    post_all(database, letter(1))

    assert "No mail in this state." in page(login_as(Role.ORGANISER), "/mail?state=sent")


@pytest.mark.parametrize("address", ["/mail?state=lost", "/mail?page=0", "/mail?page=x"])
def test_an_address_that_makes_no_sense_gives_the_list(database: Database, login_as: LogIn, address: str) -> None:
    post_all(database, letter(1))

    assert subjects(page(login_as(Role.ORGANISER), address)) == ["m-1/weber 1"]


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.ORGANISER, Role.VISITOR, Role.BUYER}])
def test_nobody_but_the_organiser_reads_other_peoples_mail(database: Database, login_as: LogIn, role: Role) -> None:
    post_all(database, letter(1))

    response = login_as(role).get("/mail?lang=en")

    assert (response.status_code, "m-1/weber" in response.get_data(as_text=True)) == (403, False)


def test_a_page_of_many_mails_asks_no_more_than_one_of_one(
    database: Database, clock: FixedClock, login_as: LogIn
) -> None:
    browser = login_as(Role.ORGANISER)
    costs = []
    for number in range(2):
        post_all(database, *(letter(one, thread=f"m-{number}/li") for one in range(1 + 30 * number)))
        clock.move(lambda now: now + timedelta(minutes=1))
        page(browser)
        with database.count_statements() as count:
            page(browser)
        costs.append(sum(not statement.startswith("BEGIN") for statement in count.statements))

    assert costs[0] == costs[1] <= 12
