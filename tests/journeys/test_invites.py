"""Every invite goes out, once, and no cancellation before its invitation: proven by killing what brings them there."""

import http.client
import json
import random
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlmodel import select

from server.features.buyers.models import Buyer, BuyerConsent
from server.features.buyers.rules import Purpose
from server.features.exhibitors.models import StaffHours, StaffMember
from server.features.meetings import service
from server.features.meetings.rules import State
from server.features.meetings.schemas import HoldIn, MeetingOut
from server.features.timetable.models import FairDay
from server.infra.db import Database
from server.infra.mail import MailMessage, MailState
from server.kernel.clock import FAIR_ZONE
from server.settings import ensure_secrets
from tests.support.letters import kept_mails
from tests.support.ports import LOOPBACK, accepts, free_port
from tests.support.post_office import PostOffice
from tests.support.processes import Child, Children, wait_until
from tests.support.small_fair import make_small_fair

WORKER = (sys.executable, "-c", "from server.commands.processes import worker; worker()")
DYING = (sys.executable, "-m", "tests.support.dying")
WEB = (sys.executable, "-c", "from server.commands.processes import web; web()")
pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


class House:
    """A small fair tomorrow whose people have addresses, and its real processes."""

    def __init__(self, folder: Path, database: Database, children: Children, office: PostOffice) -> None:
        self.database = database
        self.office = office
        self.port = free_port()
        self.fair = make_small_fair(database, buyers=8, staff=4, tables=4)
        self.opens = _open_tomorrow(database)
        self._children = children
        self._environment = {
            "FAIRZONE_DATA": str(folder),
            "DATABASE_URL": database.url.render_as_string(hide_password=False),
            "FAIRZONE_PORT": str(self.port),
            "FAIRZONE_STRICT_TRANSLATIONS": "1",
            "FAIRZONE_SMTP": office.url(),
            "FAIRZONE_MAIL_FROM": "Robot Zone <zone@fair.example>",
            "PYTHONPATH": str(Path(__file__).parents[2]),
        }
        ensure_secrets(folder)

    def worker(self) -> Child:
        """The worker, at work."""
        return self._children.start(WORKER, name="worker", env=self._environment)

    def web(self, *command: str) -> Child:
        """The web process, answering."""
        ready = lambda: accepts(self.port)  # noqa: E731 - it needs no name
        return self._children.start(command or WEB, name="web", env=self._environment, ready=ready)

    def dying_worker(self, point: str) -> None:
        """A worker that ends by kill -9 at that point; returns when it has."""
        dying = self._children.start([*DYING, "worker", point], name="dying", env=self._environment)
        assert dying.wait(seconds=90) == -9, dying.output()

    def requested(self, buyer: int = 1, hours: float = 1) -> MeetingOut:
        """A meeting that a buyer has asked for, so many hours after the opening."""
        now, who = datetime.now(UTC), self.fair.buyer(buyer)
        new = HoldIn(exhibitor="kapok", starts_at=self.opens + timedelta(hours=hours))
        with self.database.write() as session:
            held = service.hold(session, who, new, now)
            return service.request(session, who, held.uid, held.version, topic="病房 robots", now=now)

    def act(self, use_case: Callable[..., MeetingOut], meeting: MeetingOut) -> MeetingOut:
        """Let the exhibitor do something with a meeting."""
        with self.database.write() as session:
            by = self.fair.exhibitor()
            return use_case(session, by, meeting.uid, meeting.version, now=datetime.now(UTC))

    def accept_by_program(self, meeting: MeetingOut) -> None:
        """Accept over HTTP; the server may die before it answers."""
        connection = http.client.HTTPConnection(LOOPBACK, self.port, timeout=60)
        headers = {
            **self.fair.headers(self.fair.exhibitor()),
            "If-Match": f'"{meeting.version}"',
            "Content-Type": "application/json",
        }
        try:
            connection.request("POST", f"/api/v1/meetings/{meeting.uid}/accept", json.dumps({}), headers)
            answer = connection.getresponse()
            assert answer.status == 200, answer.read()
        except (ConnectionError, http.client.HTTPException):
            pass  # it has died
        finally:
            connection.close()

    def wait_for_mails(self, number: int, seconds: float = 90) -> None:
        """Until so many different invites have arrived, and for a moment longer: there shall be no more."""
        wait_until(lambda: len(set(self.invites())) >= number, seconds=seconds, what=f"{number} invites")
        wait_until(lambda: not self.waiting(), seconds=30, what="every mail to be booked")
        time.sleep(1.5)

    def invites(self) -> list[str]:
        """The Message-IDs of the mails that bring a calendar, in the order of their arrival, copies included."""
        return [str(mail["Message-ID"]) for mail in self.office.boxes.taken if calendar_of(mail) is not None]

    def waiting(self) -> bool:
        """Whether any mail waits."""
        return any(mail.state is MailState.WAITING for mail in kept_mails(self.database))

    def let_a_minute_pass(self) -> None:
        """For the mails that a dead worker had begun to send."""
        with self.database.write() as session:
            session.connection().execute(update(MailMessage).values(retry_at=None))


@pytest.fixture
def house(tmp_path: Path, database: Database, children: Children, post_office: PostOffice) -> House:
    """A house whose mail server takes everything."""
    return House(tmp_path, database, children, post_office)


def _open_tomorrow(database: Database) -> datetime:
    """Move the fair's day to tomorrow, and give everybody an address and a buyer's consents."""
    day: date = datetime.now(FAIR_ZONE).date() + timedelta(days=1)
    opens = datetime(day.year, day.month, day.day, 9, tzinfo=FAIR_ZONE)
    with database.write() as session:
        run = session.connection().execute
        run(update(FairDay).values(date=day, opens_at=opens, closes_at=opens + timedelta(hours=9)))
        run(update(StaffHours).values(starts_at=opens, ends_at=opens + timedelta(hours=9)))
        for person in session.exec(select(StaffMember)):
            person.email = f"staff-{person.id}@nanling.example"
        for buyer in session.exec(select(Buyer)):
            buyer.email = f"buyer-{buyer.id}@klinik.example"
            for purpose in (Purpose.MAIL, Purpose.CONTACT):
                session.add(BuyerConsent(buyer_id=buyer.id or 0, purpose=purpose, given_at=opens))
    return opens


def calendar_of(mail: EmailMessage) -> EmailMessage | None:
    """The calendar that a mail brings; the mails that only tell what somebody did have none."""
    return next((part for part in mail.walk() if part.get_content_type() == "text/calendar"), None)


def stories(mails: list[EmailMessage]) -> dict[tuple[str, str], list[str]]:
    """By recipient and meeting the METHODs that arrived, in their order; a copy is known by its Message-ID."""
    first = {str(mail["Message-ID"]): mail for mail in reversed(mails)}
    found: dict[tuple[str, str], list[str]] = {}
    for name in dict.fromkeys(str(mail["Message-ID"]) for mail in mails):
        calendar = calendar_of(first[name])
        if calendar is None:
            continue
        uid = next(line[4:] for line in calendar.get_content().splitlines() if line.startswith("UID:"))
        found.setdefault((str(first[name]["To"]), uid), []).append(str(calendar.get_param("method")))
    return found


def is_at_work(worker: Child) -> bool:
    """Whether the worker has said that it runs. A worker that ended instead fails the test at once."""
    assert worker.is_running(), worker.output()
    return "the worker runs" in worker.output()


def both(meeting: MeetingOut, *methods: str) -> dict[tuple[str, str], list[str]]:
    """What both sides of the first buyer's meeting should have got."""
    people = ("Buyer 1 <buyer-1@klinik.example>", "Person 1 <staff-11@nanling.example>")
    return {(person, meeting.uid): list(methods) for person in people}


def test_an_accept_whose_web_process_is_killed_right_after_its_commit_is_told_to_both(house: House) -> None:
    meeting = house.requested()
    web = house.web(*DYING, "web", "after the event's commit")

    house.accept_by_program(meeting)

    assert web.wait(seconds=90) == -9, web.output()
    house.worker()
    house.wait_for_mails(2)
    assert stories(house.office.boxes.taken) == both(meeting, "REQUEST")
    assert len(house.invites()) == 2


@pytest.mark.parametrize("point", ["before dispatch", "before the mail's commit", "after the mail's commit"])
def test_a_worker_killed_on_the_way_loses_and_doubles_nothing_and_keeps_the_order(house: House, point: str) -> None:
    meeting = house.act(service.cancel, house.act(service.accept, house.requested()))

    house.dying_worker(point)
    came_before = list(house.office.boxes.ids)
    house.worker()
    house.wait_for_mails(4)

    assert came_before == []
    assert stories(house.office.boxes.taken) == both(meeting, "REQUEST", "CANCEL")
    assert len(house.invites()) == 4


@pytest.mark.parametrize(("point", "copies"), [("before sending", 0), ("after sending", 1)])
def test_a_worker_killed_at_the_mail_servers_door_is_followed_up_under_the_same_name(
    house: House, point: str, copies: int
) -> None:
    meeting = house.act(service.cancel, house.act(service.accept, house.requested()))

    house.dying_worker(point)
    house.let_a_minute_pass()
    house.worker()
    house.wait_for_mails(4)

    assert stories(house.office.boxes.taken) == both(meeting, "REQUEST", "CANCEL")
    ids = house.office.boxes.ids
    assert len(ids) == len(set(ids)) + copies
    assert len(set(house.invites())) == 4


def test_a_cancellation_waits_for_an_invitation_that_could_not_be_sent_at_first(house: House) -> None:
    house.office.close()
    accepted = house.act(service.accept, house.requested())
    house.worker()
    wait_until(lambda: any(mail.error for mail in kept_mails(house.database)), seconds=30, what="a failed try")

    meeting = house.act(service.cancel, accepted)
    wait_until(
        lambda: len([mail for mail in kept_mails(house.database) if mail.method]) == 4,
        seconds=60,
        what="the cancellations",
    )
    house.office.open()
    house.wait_for_mails(4, seconds=60)

    assert stories(house.office.boxes.taken) == both(meeting, "REQUEST", "CANCEL")
    assert len(house.invites()) == 4


def test_workers_killed_at_random_bring_every_invite_in_its_order(house: House) -> None:
    chance = random.Random(20261122)
    meetings = [house.requested(number, hours=1 + number / 2) for number in range(1, 9)]
    for number, meeting in enumerate(meetings):
        accepted = house.act(service.accept, meeting)
        meetings[number] = house.act(service.cancel, accepted) if number % 2 else accepted
    house.office.boxes.answer = lambda _message: "250 taken" if chance.random() < 0.7 else "451 busy"

    for _ in range(6):
        worker = house.worker()
        wait_until(partial(is_at_work, worker), seconds=60, what="the worker")
        time.sleep(chance.random() * 0.6)
        worker.kill()
        house.let_a_minute_pass()
    house.office.boxes.answer = lambda _message: "250 taken"
    house.worker()
    house.wait_for_mails(24)

    told = stories(house.office.boxes.taken)
    expected = {
        meeting.uid: ["REQUEST", "CANCEL"] if meeting.state is State.CANCELLED else ["REQUEST"] for meeting in meetings
    }
    assert {key: methods for key, methods in told.items() if methods != expected[key[1]]} == {}
    assert len(told) == 16
