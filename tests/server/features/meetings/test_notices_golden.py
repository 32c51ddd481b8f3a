"""Every act of a meeting as each reader is mailed it, in both languages, word for word; read by a second library."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from ical.calendar_stream import IcsCalendarStream
from sqlmodel import Session, select

from server.features.accounts.models import Account
from server.features.buyers.models import Buyer, BuyerConsent
from server.features.buyers.rules import Purpose
from server.features.exhibitors.models import Exhibitor, StaffMember
from server.features.inbox.handlers import handlers_of as channels_of
from server.features.inbox.service import (
    Addressee,
    Fact,
    MomentFact,
    NameFact,
    NoticeGiven,
    PhraseFact,
    SpanFact,
    in_words,
)
from server.features.meetings import service
from server.features.meetings.handlers import handlers_of
from server.features.meetings.notices import OCCASIONS, kinds
from server.features.meetings.rules import ANSWER_LEAD
from server.infra.db import Database
from server.infra.i18n import Catalogues
from server.infra.mail import MailMessage
from server.infra.outbox import OutboxEvent, dispatch, failures
from server.infra.smtp import written
from server.kernel.permissions import Role
from server.settings import MailAddress, Settings
from tests.server.features.meetings.acting import ONE, accepted, act, expire, held, requested
from tests.support.letters import kept_mails
from tests.support.small_fair import NOON, OPENS, SmallFair, make_small_fair

GOLDEN = Path(__file__).parents[4] / "fixtures" / "mails"
LANGUAGES = ("en", "zh-Hans")
OTHERS = (
    *(f"told-demo-{act}" for act in ("planned", "changed", "cancelled", "left")),
    *("told-booth-assign", "told-booth-vacate", "told-hours"),
)
LATER = ONE + timedelta(hours=1)


@pytest.fixture
def house(settings: Settings) -> Settings:
    """An installation with an address of its own."""
    return replace(
        settings, public_url="https://zone.fair.example", mail_from=MailAddress("Robot Zone", "zone@fair.example")
    )


def fair_in(database: Database, language: str) -> SmallFair:
    """A buyer in Berlin, two members of staff and an administrator, all with addresses and one language."""
    fair = make_small_fair(database, staff=2)
    with database.write() as session:
        _address(session, language)
    return fair


def _address(session: Session, language: str) -> None:
    for number, name in ((1, "Anna Weber"), (2, "Bo Larsen")):
        buyer = session.get_one(Buyer, number)
        buyer.name, buyer.company, buyer.email = (
            name,
            f"{name.split()[1]} GmbH",
            f"{name.split()[0].lower()}@buyer.example",
        )
        buyer.time_zone = "Europe/Berlin"
        session.get_one(Account, number).locale = language
        session.add(BuyerConsent(buyer_id=number, purpose=Purpose.MAIL, given_at=OPENS))
    kapok = session.get_one(Exhibitor, 1)
    kapok.name_en, kapok.name_zh = "Kapok Robotics", "木棉机器人"
    for number, name in ((11, "Li Wei"), (12, "Chen Jing")):
        person = session.get_one(StaffMember, number)
        person.name, person.email = name, f"{name.split()[0].lower()}@kapok.example"
        person.name_zh, person.languages = {11: "李伟", 12: "陈静"}[number], ["en" if language == "en" else "zh"]
    session.add(
        Account(
            id=99,
            username="kapok.admin",
            display_name="Kapok administrator",
            role=Role.EXHIBITOR_ADMIN,
            exhibitor_id=1,
            email="admin@kapok.example",
            locale=language,
            created_at=OPENS,
        )
    )


def play(fair: SmallFair) -> Iterator[str]:  # noqa: PLR0915 - a life is long
    """A life of meetings in which everything happens once; the name of what happened comes after it."""
    buyer, booth = fair.buyer(), fair.exhibitor()
    asked = requested(fair, topic="Carts that ride lifts", staff="s1", robot="r1")
    yield "request"
    asked = act(fair, service.reschedule, buyer, asked, starts_at=LATER, minutes=30)
    yield "reschedule"
    asked = act(fair, service.propose, booth, asked, starts_at=ONE, minutes=30)
    yield "propose by the exhibitor"
    asked = act(fair, service.keep, buyer, asked)
    yield "keep by the buyer"
    met = act(fair, service.accept, booth, asked)
    yield "accept"
    met = act(fair, service.propose, buyer, met, starts_at=ONE, minutes=30)
    yield "propose by the buyer"
    met = act(fair, service.keep, booth, met)
    yield "keep by the exhibitor"
    met = act(fair, service.propose, booth, met, starts_at=ONE, minutes=30)
    met = act(fair, service.agree, buyer, met)
    yield "agree by the buyer"
    met = act(fair, service.propose, buyer, met, starts_at=LATER, minutes=30)
    met = act(fair, service.agree, booth, met)
    yield "agree by the exhibitor"
    met = act(fair, service.hand_over, booth, met, staff="s2")
    yield "hand over"
    act(fair, service.cancel, booth, met, reason_text="The robot is ill; 机器人故障, sorry.")
    yield "cancel by the exhibitor"
    met = accepted(fair)
    yield "accept again"
    act(fair, service.cancel, buyer, met, reason_text="My flight is late.")
    yield "cancel by the buyer"
    act(fair, service.withdraw, buyer, requested(fair))
    yield "withdraw"
    act(fair, service.decline, booth, requested(fair), reason_text="No time.")
    yield "decline"
    first, second = requested(fair, staff="s1"), requested(fair, 2, staff="s1")
    first = act(fair, service.accept, booth, first)
    yield "wait"
    act(fair, service.cancel, buyer, first)
    yield "offer"
    with fair.database.write() as session:
        service.warn_due(session, ONE - ANSWER_LEAD - timedelta(minutes=1))
    yield "lapses"
    act(fair, service.decline, booth, second.model_copy(update={"version": 4}))
    held(fair, at=LATER)
    expire(fair.database, NOON + timedelta(minutes=10))
    yield "hold lapsed"
    requested(fair, at=LATER)
    expire(fair.database, LATER)
    yield "expire"
    met = accepted(fair, at=LATER)
    act(fair, service.no_show, booth, met, now=LATER)
    yield "no show"


def mails_of(database: Database, house: Settings, language: str) -> list[tuple[str, MailMessage]]:
    """Every mail of that life, with what had happened."""
    told: list[tuple[str, MailMessage]] = []
    for what in play(fair_in(database, language)):
        while dispatch(database, [*handlers_of(house), *channels_of(house)], NOON):
            pass
        with database.read() as session:
            assert [failure.error for failure in failures(session)] == []
        told += [(what, mail) for mail in kept_mails(database)[len(told) :]]
    return told


def as_read(mail: MailMessage, house: Settings) -> EmailMessage:
    """The mail as it goes over the wire, read by the standard library's parser."""
    wire = written(mail, house.mail_from).as_bytes()
    return message_from_bytes(wire, policy=default)


def on_paper(told: list[tuple[str, MailMessage]], house: Settings) -> str:
    """All mails as their readers see them, one below the other, in an order that no machine decides."""
    blocks = []
    for what, mail in told:
        read = as_read(mail, house)
        body = read.get_body(("plain",))
        assert body is not None
        calendar = f"[{mail.method}]\n" if mail.calendar else ""
        text = body.get_content().replace("\r\n", "\n").replace(mail.about.removeprefix("meeting:"), "UID")
        blocks.append((what, str(read["To"]), str(read["Subject"]), calendar + text))
    order = list(dict.fromkeys(what for what, *_ in blocks))
    blocks.sort(key=lambda one: (order.index(one[0]), one[1:]))
    return "\n".join(f"===== {what}\nTo: {to}\nSubject: {subject}\n\n{text}" for what, to, subject, text in blocks)


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_act_is_mailed_to_everybody_concerned_in_these_words(
    database: Database, house: Settings, language: str
) -> None:
    told = mails_of(database, house, language)

    assert on_paper(told, house) == (GOLDEN / f"meetings.{language}.txt").read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_mail_carries_its_language_both_times_and_a_link(
    database: Database, house: Settings, language: str
) -> None:
    for _, mail in mails_of(database, house, language):
        read = as_read(mail, house)
        texts = [part for part in read.walk() if part.get_content_maintype() == "text"]
        assert {part["Content-Language"] for part in (read, *texts)} == {language}
        body = mail.text
        assert ("Beijing time" if language == "en" else "北京时间") in body
        assert "https://zone.fair.example/meetings/" in body
        if "@buyer" in mail.to_address:
            assert ("Your time: " if language == "en" else "您当地时间：") in body
        if mail.calendar:
            (event,) = IcsCalendarStream.calendar_from_ics(mail.calendar).events
            assert str(event.summary) in body


def sample(kind: str, facts: dict[str, Fact] | None = None) -> NoticeGiven:
    """A notice of that kind in which everything is named that a sentence may name."""
    everything: dict[str, Fact] = {
        "exhibitor": NameFact(en="Kapok Robotics", zh="木棉机器人"),
        "buyer": "Anna Weber, Weber GmbH",
        "who": NameFact(en="Kapok Robotics", zh="木棉机器人"),
        "when": SpanFact(starts_at=ONE, ends_at=LATER),
        "before": SpanFact(starts_at=NOON, ends_at=ONE),
        "proposal": SpanFact(starts_at=LATER, ends_at=LATER + timedelta(minutes=30)),
        "until": MomentFact(at=ONE - ANSWER_LEAD),
        "where": NameFact(en="Booth 9.2A01, table 1", zh="展位 9.2A01，1 号洽谈桌"),
        "with": NameFact(en="Li Wei", zh="李伟"),
        "staff": NameFact(en="Li Wei", zh="李伟"),
        "robot": NameFact(en="Walker", zh="行者"),
        "demo": NameFact(en="Carrying trays", zh="端盘子"),
        "booth": "9.2A01",
        "hours": "2026-04-16: 09:00–12:00",
        "topic": "Carts that ride lifts",
        "why": PhraseFact(key="meeting-reason-no-answer"),
        "reason": "No time.",
    }
    return NoticeGiven(
        name=kind,
        to=Addressee(name="Anna Weber", time_zone="Europe/Berlin"),
        kind=kind,
        facts=facts or everything,
        details=(),
        about="meeting:1",
        at=NOON,
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_of_every_occasion_and_reader_is_this(language: str) -> None:
    catalogues = Catalogues(strict=True)
    told = {kind: in_words(catalogues, sample(kind), language) for kind in (*kinds(), *OTHERS)}
    lines = [f"{kind}\n  {one.subject}\n  {one.sentence}\n" for kind, one in told.items()]

    assert "\n".join(lines) == (GOLDEN / f"sentences.{language}.txt").read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_occasion_of_the_table_comes_in_that_life(database: Database, house: Settings, language: str) -> None:
    """But for what only an organiser could do to somebody, and what is no occasion to tell anybody of."""
    mails_of(database, house, language)
    with database.read() as session:
        payloads = session.exec(select(OutboxEvent.payload).where(OutboxEvent.kind == "MeetingActed")).all()

    seen = {json.loads(payload)["occasion"] for payload in payloads}
    assert {occasion.value for occasion in OCCASIONS} - seen == {"hold", "finish", "let_go"}
