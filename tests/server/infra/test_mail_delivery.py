"""The sending of mail, to a real mail server: in order within a thread, once, and never inside a unit of work."""

import socket
import threading
from datetime import timedelta
from email.message import EmailMessage

import pytest

from server.infra.db import Database
from server.infra.heartbeat import beat
from server.infra.mail import MailMessage, MailState
from server.infra.mail_delivery import BATCH, GIVE_UP, LEASE, PATIENCE, MailRelay, deliver
from server.settings import MailAddress, MailServer
from tests.conftest import NOON
from tests.support import post_office as support
from tests.support.clock import FixedClock
from tests.support.letters import kept_mails, letter, post_all
from tests.support.ports import LOOPBACK

SENDER = MailAddress("Robot Zone", "zone@fair.example")


@pytest.fixture
def house(post_office: support.PostOffice) -> MailRelay:
    """The installation's side of the mail server."""
    return MailRelay(MailServer(host=LOOPBACK, port=post_office.port, security="none"), SENDER)


def later(clock: FixedClock, wait: timedelta) -> None:
    clock.move(lambda now: now + wait)


def test_what_waits_is_sent_in_its_order_and_once(
    database: Database, house: MailRelay, clock: FixedClock, post_office: support.PostOffice
) -> None:
    post_all(database, letter(1), letter(1, thread="m-2/li"), letter(2))

    counts = [deliver(database, house, clock), deliver(database, house, clock)]

    assert counts == [3, 0]
    assert sorted(post_office.boxes.subjects) == ["m-1/weber 1", "m-1/weber 2", "m-2/li 1"]
    assert [one for one in post_office.boxes.subjects if "weber" in one] == ["m-1/weber 1", "m-1/weber 2"]
    assert {(mail.state, mail.sent_at, mail.attempts, mail.retry_at) for mail in kept_mails(database)} == {
        (MailState.SENT, NOON, 1, None)
    }


def test_without_a_mail_server_everything_is_kept(database: Database, clock: FixedClock) -> None:
    post_all(database, letter(1), letter(2))
    house = MailRelay(None, SENDER)

    counts = [deliver(database, house, clock), deliver(database, house, clock)]

    assert counts == [2, 0]
    assert [(mail.state, mail.sent_at) for mail in kept_mails(database)] == [(MailState.KEPT, NOON)] * 2


def test_with_nothing_to_send_nobody_waits_for_the_database(database: Database, clock: FixedClock) -> None:
    with database.count_statements() as count:
        deliver(database, MailRelay(None, SENDER), clock)

    assert [statement for statement in count.statements if "IMMEDIATE" in statement] == []


def test_a_refusal_holds_back_its_own_thread_and_nobody_else(
    database: Database, house: MailRelay, clock: FixedClock, post_office: support.PostOffice
) -> None:
    def refuse_first(message: EmailMessage) -> str:
        return "451 come back later" if message["Subject"] == "m-1/weber 1" else support.TAKEN

    post_office.boxes.answer = refuse_first
    post_all(database, letter(1), letter(2), letter(1, thread="m-2/li"))

    sent = deliver(database, house, clock)

    assert (sent, post_office.boxes.subjects) == (1, ["m-2/li 1"])
    first, second, _ = kept_mails(database)
    assert (first.state, first.attempts, second.attempts) == (MailState.WAITING, 1, 0)
    assert "451" in first.error
    assert first.retry_at == NOON + timedelta(seconds=30)


def test_a_thread_goes_on_in_its_order_after_a_failure(
    database: Database, house: MailRelay, clock: FixedClock, post_office: support.PostOffice
) -> None:
    post_office.boxes.answer = lambda _message: "451 come back later"
    post_all(database, letter(1), letter(2))
    deliver(database, house, clock)
    post_office.boxes.answer = lambda _message: support.TAKEN

    too_early = deliver(database, house, clock)
    later(clock, timedelta(seconds=30))
    deliver(database, house, clock)

    assert (too_early, post_office.boxes.subjects) == (0, ["m-1/weber 1", "m-1/weber 2"])
    assert [mail.error for mail in kept_mails(database)] == ["", ""]


def test_a_mail_server_that_is_away_is_asked_once_a_round(
    database: Database, house: MailRelay, clock: FixedClock, post_office: support.PostOffice
) -> None:
    post_office.close()
    post_all(database, letter(1), letter(1, thread="m-2/li"))

    assert deliver(database, house, clock) == 0
    assert [(mail.attempts, "ConnectionRefusedError" in mail.error) for mail in kept_mails(database)] == [
        (1, True),
        (0, False),
    ]


def test_everything_leaves_when_the_mail_server_is_back(
    database: Database, house: MailRelay, clock: FixedClock, post_office: support.PostOffice
) -> None:
    post_office.close()
    post_all(database, letter(1), letter(2), letter(1, thread="m-2/li"))
    for _ in range(5):
        deliver(database, house, clock)
        later(clock, timedelta(seconds=20))
    post_office.open()
    later(clock, timedelta(minutes=2))

    sent = deliver(database, house, clock)

    assert sent == 3
    assert [one for one in post_office.boxes.subjects if "weber" in one] == ["m-1/weber 1", "m-1/weber 2"]


def test_the_waits_grow_to_a_limit_of_their_own() -> None:
    waits = {
        obstacle.name: [patience.delay(attempts).total_seconds() for attempts in (1, 2, 9, 3000)]
        for obstacle, patience in PATIENCE.items()
    }

    assert waits == {
        "UNREACHABLE": [5, 10, 120, 120],
        "NOT_NOW": [30, 60, 900, 900],
        "REFUSED": [3600, 3600, 3600, 3600],
    }


def test_an_unknown_recipient_is_tried_again_after_an_hour_alone(
    database: Database, house: MailRelay, clock: FixedClock, post_office: support.PostOffice
) -> None:
    post_office.boxes.recipient_answer = lambda _address: "550 no such person"
    post_all(database, letter(1))

    deliver(database, house, clock)

    (mail,) = kept_mails(database)
    assert "550" in mail.error
    assert mail.retry_at == NOON + timedelta(hours=1)


def test_a_mail_that_nobody_takes_is_given_up_after_five_days_with_its_thread(
    database: Database, house: MailRelay, clock: FixedClock, post_office: support.PostOffice
) -> None:
    post_all(database, letter(1))
    later(clock, GIVE_UP)
    post_all(database, letter(2))

    sent = deliver(database, house, clock)

    assert (sent, post_office.boxes.subjects) == (0, [])


@pytest.mark.parametrize("address", ["", "nobody", "a b@c", "@", "a@b\r\nRCPT TO:<c@d>", "名@例.example", "<x>@y"])
def test_an_address_that_is_none_stops_nobody_else(
    database: Database, house: MailRelay, clock: FixedClock, post_office: support.PostOffice, address: str
) -> None:
    post_office.boxes.recipient_answer = lambda one: "250 ok" if one == "anna@weber.example" else "550 no such person"
    post_all(database, letter(1, thread="m-0/nobody", to_address=address), letter(1))

    deliver(database, house, clock)

    assert post_office.boxes.subjects == ["m-1/weber 1"]
    failed, _ = kept_mails(database)
    assert (failed.state, failed.attempts, failed.error != "") == (MailState.WAITING, 1, True)


def test_a_worker_that_died_while_sending_is_followed_up_under_the_same_name(
    database: Database, house: MailRelay, clock: FixedClock, post_office: support.PostOffice
) -> None:
    def take_and_die(_message: EmailMessage) -> str:
        with database.read() as session:
            seen.append(session.get_one(MailMessage, 1).state)
        return support.TAKEN

    seen: list[MailState] = []
    post_office.boxes.answer = take_and_die
    post_all(database, letter(1))
    deliver(database, house, clock)
    with database.write() as session:  # as if the process had died before it booked the answer
        mail = session.get_one(MailMessage, 1)
        mail.state, mail.sent_at, mail.retry_at = MailState.WAITING, None, NOON + LEASE

    at_once = deliver(database, house, clock)
    later(clock, LEASE)
    deliver(database, house, clock)

    assert (at_once, seen) == (0, [MailState.WAITING] * 2)
    assert post_office.boxes.ids == ["<m-1.weber.1@fair.example>"] * 2


def test_two_workers_at_once_send_each_mail_once(
    database: Database, house: MailRelay, clock: FixedClock, post_office: support.PostOffice
) -> None:
    post_all(database, *(letter(number, thread=f"m-{number % 4}/li") for number in range(24)))

    workers = [threading.Thread(target=deliver, args=(database, house, clock)) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    deliver(database, house, clock)

    assert len(post_office.boxes.ids) == len(set(post_office.boxes.ids)) == 24
    assert {
        thread: [int(one.split()[1]) for one in post_office.boxes.subjects if thread in one]
        for thread in ("m-0/", "m-3/")
    } == {
        "m-0/": [0, 4, 8, 12, 16, 20],
        "m-3/": [3, 7, 11, 15, 19, 23],
    }


def test_nobody_waits_for_the_database_while_a_mail_is_on_its_way(
    database: Database, house: MailRelay, clock: FixedClock, post_office: support.PostOffice
) -> None:
    wrote: list[bool] = []

    def write_meanwhile(_message: EmailMessage) -> str:
        writer = threading.Thread(target=lambda: wrote.append(_writes(database)))
        writer.start()
        writer.join(60)
        return support.TAKEN

    post_office.boxes.answer = write_meanwhile
    post_all(database, letter(1))

    sent = deliver(database, house, clock)

    assert (sent, wrote) == (1, [True])


def _writes(database: Database) -> bool:
    with database.write() as session:
        beat(session, NOON)
    return True


def test_a_server_that_never_answers_is_left_after_the_timeout(
    database: Database, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.infra.smtp.TIMEOUT_S", 0.2)
    post_all(database, letter(1))
    with socket.create_server((LOOPBACK, 0)) as silent:
        house = MailRelay(MailServer(host=LOOPBACK, port=silent.getsockname()[1], security="none"), SENDER)

        sent = deliver(database, house, clock)

    (mail,) = kept_mails(database)
    assert (sent, mail.state, "timed out" in mail.error) == (0, MailState.WAITING, True)


def test_one_blocked_thread_of_many_mails_starves_nobody(
    database: Database, house: MailRelay, clock: FixedClock, post_office: support.PostOffice
) -> None:
    post_office.boxes.answer = lambda message: support.TAKEN if "li" in message["Subject"] else "451 later"
    post_all(database, *(letter(number) for number in range(BATCH + 5)), letter(1, thread="m-2/li"))

    deliver(database, house, clock)

    assert post_office.boxes.subjects == ["m-2/li 1"]
