"""Posting a mail: it is written with its cause, once, and holds nothing that no mail can hold."""

from datetime import timedelta

import pytest

from server.infra.db import Database
from server.infra.mail import MailState, count_mails, last_mails, mails, post, prune_mails
from tests.conftest import NOON
from tests.support.clock import FixedClock
from tests.support.letters import kept_mails, letter, post_all


def test_a_mail_waits_when_its_unit_of_work_has_committed(database: Database) -> None:
    post_all(database, letter(1))

    assert [(mail.subject, mail.state, mail.at, mail.attempts) for mail in kept_mails(database)] == [
        ("m-1/weber 1", MailState.WAITING, NOON, 0)
    ]


def test_a_mail_of_a_rolled_back_unit_of_work_was_never_posted(database: Database) -> None:
    def post_and_fail() -> None:
        with database.write() as session:
            post(session, letter(1))
            _ = 1 / 0

    with pytest.raises(ZeroDivisionError):
        post_and_fail()

    assert kept_mails(database) == []


def test_posting_the_same_mail_again_changes_nothing(database: Database) -> None:
    with database.write() as session:
        fresh = [post(session, letter(1)), post(session, letter(1, subject="another"))]

    assert (fresh, [mail.subject for mail in kept_mails(database)]) == ([True, False], ["m-1/weber 1"])


def test_what_no_mail_can_hold_is_left_out(database: Database) -> None:
    post_all(database, letter(1, subject="a\r\nBcc: b\0c", to_name="A\nB", text="one\0\r\ntwo\x07\n"))

    (mail,) = kept_mails(database)

    assert (mail.subject, mail.to_name, mail.text) == ("a Bcc: bc", "A B", "one\ntwo\n")


def test_the_newest_mail_comes_first_and_one_state_can_be_asked_for(database: Database) -> None:
    post_all(database, letter(1), letter(2), letter(3))

    with database.read() as session:
        found = [mail.subject[-1] for mail in mails(session, offset=0, limit=2)]
        rest = [mail.subject[-1] for mail in mails(session, offset=2, limit=2, state=MailState.WAITING)]
        counts = count_mails(session)

    assert (found, rest) == (["3", "2"], ["1"])
    assert counts == {MailState.WAITING: 3, MailState.SENT: 0, MailState.KEPT: 0}


def test_what_each_person_was_told_last_can_be_asked(database: Database) -> None:
    post_all(
        database,
        letter(1),
        letter(1, thread="m-1/li"),
        letter(2),
        letter(1, thread="m-2/weber"),
    )

    with database.read() as session:
        told = {mail.thread: mail.subject for mail in last_mails(session, "m-1")}

    assert told == {"m-1/weber": "m-1/weber 2", "m-1/li": "m-1/li 1"}


def test_old_mails_are_forgotten(database: Database, clock: FixedClock) -> None:
    post_all(database, letter(1))
    clock.move(lambda now: now + timedelta(days=3))
    post_all(database, letter(2))

    with database.write() as session:
        gone = prune_mails(session, NOON + timedelta(days=1))

    assert (gone, [mail.subject[-1] for mail in kept_mails(database)]) == (1, ["2"])
