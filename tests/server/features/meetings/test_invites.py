"""Invites: who is written to about a meeting, what the mail says, and the calendars to the byte."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from ical.calendar_stream import IcsCalendarStream
from ical.event import Event

from server.features.meetings.events import InviteAttendee, InviteIssued, InviteMethod
from server.features.meetings.handlers import handlers_of
from server.infra.db import Database
from server.infra.mail import MailMessage
from server.infra.outbox import dispatch, emit, failures
from server.settings import MailAddress, Settings
from tests.conftest import NOON
from tests.support.letters import kept_mails

GOLDEN = Path(__file__).parents[4] / "fixtures" / "calendar"
ANNA = InviteAttendee(
    name="Anna Weber",
    side="buyer",
    address="anna@weber.example",
    language="en",
    time_zone="Europe/Berlin",
    shared=True,
)
LI = InviteAttendee(name="李伟 (Li Wei)", side="exhibitor", address="li@nanling.example", language="zh-Hans")
CHEN = InviteAttendee(name="陈静 (Chen Jing)", side="exhibitor", address="chen@nanling.example", language="zh-Hans")
ACCEPTED = InviteIssued(
    uid="0d9f4c52-3c1e-4f0e-9a5e-6b1f8f0f7a11",
    sequence=0,
    method=InviteMethod.REQUEST,
    starts_at=datetime(2026, 4, 16, 2, 0, tzinfo=UTC),
    ends_at=datetime(2026, 4, 16, 2, 30, tzinfo=UTC),
    issued_at=datetime(2026, 4, 15, 3, 4, 5, tzinfo=UTC),
    summary_en="Nanling Robotics – Weber Klinik GmbH",
    summary_zh="岭南机器人 – Weber Klinik GmbH",
    location_en="Booth 9.2B29, table 1",
    location_zh="展位 9.2B29，1 号洽谈桌",
    description="配送机器人进入病房; carrying meals, medicine & linen through fire doors.\n"
    "Please bring the 60 kg model.",
    attendees=(ANNA, LI),
)
MOVED = ACCEPTED.model_copy(
    update={
        "sequence": 1,
        "starts_at": ACCEPTED.starts_at + timedelta(hours=3),
        "ends_at": ACCEPTED.ends_at + timedelta(hours=3),
        "issued_at": ACCEPTED.issued_at + timedelta(minutes=30),
    }
)
HANDED_OVER = MOVED.model_copy(
    update={"sequence": 2, "attendees": (ANNA, CHEN), "issued_at": MOVED.issued_at + timedelta(minutes=30)}
)
CANCELLED = HANDED_OVER.model_copy(
    update={
        "sequence": 3,
        "method": InviteMethod.CANCEL,
        "issued_at": HANDED_OVER.issued_at + timedelta(minutes=30),
    }
)
CALENDAR_HINT = (
    "The attached file puts it into your calendar. An answer from the calendar changes nothing here: to move or "
    "cancel the meeting, use its page in FairZone."
)
AWAY = (
    "The invitation to this meeting now goes to another address. Nothing more about it comes to this one, and the "
    "entry in this calendar goes."
)
LIFE = (ACCEPTED, MOVED, HANDED_OVER, CANCELLED)


@pytest.fixture
def house(settings: Settings) -> Settings:
    """An installation with an address of its own."""
    return replace(
        settings,
        public_url="https://zone.fair.example",
        mail_from=MailAddress("Robot Zone", "zone@fair.example"),
    )


def issue(database: Database, house: Settings, *events: InviteIssued) -> list[MailMessage]:
    """Emit the events and dispatch them; all mails there are, oldest first."""
    for event in events:
        with database.write() as session:
            emit(session, event, subject=event.uid)
    dispatch(database, handlers_of(house), NOON)
    with database.read() as session:
        assert [failure.error for failure in failures(session)] == []
    return kept_mails(database)


def changed(event: InviteIssued, **values: Any) -> InviteIssued:
    return event.model_copy(update=values)


def told(mails: Sequence[MailMessage]) -> list[tuple[str, str | None, int]]:
    """To whom, which METHOD, which SEQUENCE."""
    return [(mail.to_address.partition("@")[0], mail.method, event_in(mail).sequence or 0) for mail in mails]


def event_in(mail: MailMessage) -> Event:
    """The calendar's one event, read by another library than the one that wrote it."""
    (event,) = IcsCalendarStream.calendar_from_ics(mail.calendar or "").events
    return event


def test_the_calendars_of_a_meetings_life_are_these_to_the_byte(database: Database, house: Settings) -> None:
    mails = issue(database, house, *LIFE)

    names = [
        f"{number:02d}-{who}-{method}-{sequence}.ics" for number, (who, method, sequence) in enumerate(told(mails), 1)
    ]
    written = {name: (mail.calendar or "").encode() for name, mail in zip(names, mails, strict=True)}
    assert written == {path.name: path.read_bytes() for path in sorted(GOLDEN.glob("*.ics"))}


def test_everybody_hears_of_every_change_and_of_none_twice(database: Database, house: Settings) -> None:
    assert told(issue(database, house, *LIFE)) == [
        ("anna", "REQUEST", 0),
        ("li", "REQUEST", 0),
        ("anna", "REQUEST", 1),
        ("li", "REQUEST", 1),
        ("anna", "REQUEST", 2),
        ("chen", "REQUEST", 2),
        ("li", "CANCEL", 2),
        ("anna", "CANCEL", 3),
        ("chen", "CANCEL", 3),
    ]


def test_a_meeting_keeps_one_uid_and_everybody_one_thread(database: Database, house: Settings) -> None:
    mails = issue(database, house, *LIFE)

    assert {event_in(mail).uid for mail in mails} == {ACCEPTED.uid}
    assert len({mail.thread for mail in mails}) == len({mail.to_address for mail in mails}) == 3
    assert len({mail.message_id for mail in mails}) == len(mails)


def test_the_method_of_a_mail_is_the_method_inside(database: Database, house: Settings) -> None:
    mails = issue(database, house, *LIFE)

    inside = [IcsCalendarStream.calendar_from_ics(mail.calendar or "").method for mail in mails]
    assert inside == [mail.method for mail in mails]


def test_the_calendar_is_stamped_by_the_decision_and_not_by_the_clock(database: Database, house: Settings) -> None:
    mails = issue(database, house, ACCEPTED)

    assert {event_in(mail).dtstamp for mail in mails} == {ACCEPTED.issued_at}


def test_an_english_invite_says_both_times(database: Database, house: Settings) -> None:
    (mail, _) = issue(database, house, ACCEPTED)

    assert (mail.subject, mail.to_name, mail.language) == (
        "Confirmed: Nanling Robotics – Weber Klinik GmbH, Apr 16, 2026 10:00–10:30 Beijing time",
        "Anna Weber",
        "en",
    )
    assert mail.text.splitlines() == [
        "Hello Anna Weber,",
        "",
        "This meeting at the fair is confirmed by both sides.",
        "",
        "Nanling Robotics – Weber Klinik GmbH",
        "Fair time: Apr 16, 2026 10:00–10:30 Beijing time",
        "Your time: Apr 16, 2026 04:00–04:30 Berlin time",
        "Where: Booth 9.2B29, table 1",
        "With: 李伟 (Li Wei)",
        "About: 配送机器人进入病房; carrying meals, medicine & linen through fire doors.",
        "Please bring the 60 kg model.",
        "",
        CALENDAR_HINT,
        "",
        "The meeting’s page: https://zone.fair.example/meetings/0d9f4c52-3c1e-4f0e-9a5e-6b1f8f0f7a11",
    ]


def test_a_chinese_invite_is_chinese_and_says_fair_time_once(database: Database, house: Settings) -> None:
    (_, mail) = issue(database, house, ACCEPTED)

    assert mail.subject == "已确认：岭南机器人 – Weber Klinik GmbH，2026年4月16日 10:00–10:30 北京时间"
    assert mail.text.splitlines()[:8] == [
        "李伟 (Li Wei)，您好！",
        "",
        "展会上的这场洽谈已由双方确认。",
        "",
        "岭南机器人 – Weber Klinik GmbH",
        "展会时间：2026年4月16日 10:00–10:30 北京时间",
        "地点：展位 9.2B29，1 号洽谈桌",
        "洽谈对方：Anna Weber",
    ]


def test_each_kind_of_news_has_words_of_its_own(database: Database, house: Settings) -> None:
    mails = issue(database, house, *LIFE)

    assert [mail.subject.partition(":")[0] for mail in mails if mail.to_address == ANNA.address] == [
        "Confirmed",
        "Changed",
        "Changed",
        "Cancelled",
    ]
    assert [mail.subject.partition("：")[0] for mail in mails if mail.to_address != ANNA.address] == [
        "已确认",
        "有变更",
        "已确认",
        "已转交",
        "已取消",
    ]


@pytest.mark.parametrize(
    ("zone", "line"),
    [
        ("America/Sao_Paulo", "Your time: Apr 15, 2026 23:00–23:30 Sao Paulo time"),
        ("Asia/Kolkata", "Your time: Apr 16, 2026 07:30–08:00 Kolkata time"),
        ("Asia/Kathmandu", "Your time: Apr 16, 2026 07:45–08:15 Kathmandu time"),
        ("Asia/Dubai", "Your time: Apr 16, 2026 06:00–06:30 Dubai time"),
    ],
)
def test_the_readers_time_has_its_day_and_its_zone(database: Database, house: Settings, zone: str, line: str) -> None:
    buyer = ANNA.model_copy(update={"time_zone": zone})

    (mail, _) = issue(database, house, changed(ACCEPTED, attendees=(buyer, LI)))

    assert line in mail.text.splitlines()


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "Nowhere/Atall", "../etc/passwd", ""])
def test_a_reader_in_fair_time_or_in_no_known_zone_reads_fair_time_alone(
    database: Database, house: Settings, zone: str
) -> None:
    buyer = ANNA.model_copy(update={"time_zone": zone})

    (mail, _) = issue(database, house, changed(ACCEPTED, attendees=(buyer, LI)))

    assert "Fair time: Apr 16, 2026 10:00–10:30 Beijing time" in mail.text
    assert "Your time" not in mail.text


def test_who_has_no_address_is_named_and_not_written_to(database: Database, house: Settings) -> None:
    silent = LI.model_copy(update={"address": None})

    mails = issue(database, house, *(changed(event, attendees=(ANNA, silent)) for event in LIFE))

    assert told(mails) == [
        ("anna", "REQUEST", 0),
        ("anna", "REQUEST", 1),
        ("anna", "REQUEST", 2),
        ("anna", "CANCEL", 3),
    ]
    assert "With: 李伟 (Li Wei)" in mails[0].text


def test_a_meeting_of_people_without_addresses_is_no_mail_at_all(database: Database, house: Settings) -> None:
    silent = tuple(one.model_copy(update={"address": None}) for one in (ANNA, LI))

    assert issue(database, house, *(changed(event, attendees=silent) for event in LIFE)) == []


def test_an_address_that_is_not_shared_reaches_nobody_else(database: Database, house: Settings) -> None:
    shy = ANNA.model_copy(update={"shared": False})

    (to_buyer, to_staff) = issue(database, house, changed(ACCEPTED, attendees=(shy, LI)))

    assert "anna@" not in f"{to_staff.text}{to_staff.calendar}"
    assert "li@" not in f"{to_buyer.text}{to_buyer.calendar}"
    assert [str(one.uri) for one in event_in(to_staff).attendees] == ["mailto:li@nanling.example"]


def test_a_shared_address_stands_in_the_others_calendar(database: Database, house: Settings) -> None:
    (_, to_staff) = issue(database, house, ACCEPTED)

    assert [str(one.uri) for one in event_in(to_staff).attendees] == [
        "mailto:li@nanling.example",
        "mailto:anna@weber.example",
    ]


def test_only_the_one_who_was_replaced_is_taken_out(database: Database, house: Settings) -> None:
    mails = issue(database, house, ACCEPTED, HANDED_OVER)

    (uninvited,) = [mail for mail in mails if mail.method == "CANCEL"]
    assert [str(one.uri) for one in event_in(uninvited).attendees] == ["mailto:li@nanling.example"]
    assert event_in(uninvited).status is None


def test_who_never_got_an_invitation_gets_no_cancellation(database: Database, house: Settings) -> None:
    silent = ANNA.model_copy(update={"address": None})

    mails = issue(database, house, changed(ACCEPTED, attendees=(silent, LI)), changed(CANCELLED, attendees=(ANNA, LI)))

    assert told(mails) == [("li", "REQUEST", 0), ("li", "CANCEL", 3)]


def test_who_takes_back_the_consent_hears_no_more(database: Database, house: Settings) -> None:
    silent = ANNA.model_copy(update={"address": None})

    mails = issue(database, house, ACCEPTED, *(changed(event, attendees=(silent, LI)) for event in (MOVED, CANCELLED)))

    assert [line for line in told(mails) if line[0] == "anna"] == [("anna", "REQUEST", 0)]


def test_a_new_address_of_the_same_person_is_invited_and_the_old_one_keeps_no_stale_time(
    database: Database, house: Settings
) -> None:
    moved_house = ANNA.model_copy(update={"address": "a.weber@klinik.example"})

    mails = issue(
        database, house, ACCEPTED, *(changed(event, attendees=(moved_house, LI)) for event in (MOVED, CANCELLED))
    )

    assert [line for line in told(mails) if line[0] != "li"] == [
        ("anna", "REQUEST", 0),
        ("a.weber", "REQUEST", 1),
        ("anna", "CANCEL", 1),
        ("a.weber", "CANCEL", 3),
    ]
    (farewell,) = [mail for mail in mails if (mail.to_address, mail.method) == (ANNA.address, "CANCEL")]
    assert event_in(farewell).status is None
    assert farewell.text.splitlines()[2:8] == [
        AWAY,
        "",
        "Nanling Robotics – Weber Klinik GmbH",
        "Fair time: Apr 16, 2026 13:00–13:30 Beijing time",
        "Where: Booth 9.2B29, table 1",
    ]


def test_who_corrects_their_name_is_still_the_same_person(database: Database, house: Settings) -> None:
    before = ANNA.model_copy(update={"key": "buyer:1"})
    after = before.model_copy(update={"name": "Anna Weber-Koch", "address": None})

    mails = issue(database, house, changed(ACCEPTED, attendees=(before, LI)), changed(CANCELLED, attendees=(after, LI)))

    assert [line for line in told(mails) if line[0] == "anna"] == [("anna", "REQUEST", 0)]


def test_a_cancellation_says_who_and_why_in_mail_and_calendar(database: Database, house: Settings) -> None:
    off = changed(
        CANCELLED,
        attendees=(ANNA, LI),
        who_en="Nanling Robotics",
        who_zh="岭南机器人",
        reason="The robot is ill; sorry, \n 机器人故障。",
    )

    mails = issue(database, house, ACCEPTED, off)[2:]

    assert [event_in(mail).comment for mail in mails] == [
        ["Cancelled by: Nanling Robotics\nReason given: The robot is ill; sorry, \n 机器人故障。"],
        ["取消方：岭南机器人\n取消理由：The robot is ill; sorry, \n 机器人故障。"],
    ]
    for mail, line in zip(mails, ("Cancelled by: Nanling Robotics", "取消方：岭南机器人"), strict=True):
        assert line in mail.text.splitlines()
        assert line in (event_in(mail).description or "").splitlines()


def test_who_is_handed_a_meeting_back_is_invited_anew(database: Database, house: Settings) -> None:
    back = changed(HANDED_OVER, sequence=3, attendees=(ANNA, LI))

    mails = issue(database, house, ACCEPTED, HANDED_OVER, back)

    assert [line for line in told(mails) if line[0] == "li"] == [
        ("li", "REQUEST", 0),
        ("li", "CANCEL", 2),
        ("li", "REQUEST", 3),
    ]


def test_an_event_that_is_told_twice_is_mailed_once(database: Database, house: Settings) -> None:
    mails = issue(database, house, ACCEPTED, ACCEPTED)

    assert told(mails) == [("anna", "REQUEST", 0), ("li", "REQUEST", 0)]


def test_two_people_at_one_address_get_one_mail(database: Database, house: Settings) -> None:
    both = ANNA.model_copy(update={"address": LI.address})

    mails = issue(database, house, changed(ACCEPTED, attendees=(LI, both)))

    assert len(mails) == 1


def test_without_an_address_of_the_house_there_is_no_link(database: Database, settings: Settings) -> None:
    (mail, _) = issue(database, settings, ACCEPTED)

    assert "http" not in f"{mail.text}{mail.calendar}"


def test_a_language_without_a_catalogue_is_english(database: Database, house: Settings) -> None:
    buyer = ANNA.model_copy(update={"language": "pt-BR"})

    (mail, _) = issue(database, house, changed(ACCEPTED, attendees=(buyer, LI)))

    assert (mail.language, mail.text.splitlines()[0]) == ("en", "Hello Anna Weber,")


def test_a_chinese_mail_names_people_by_their_chinese_names(database: Database, house: Settings) -> None:
    anna = ANNA.model_copy(update={"name_zh": "安娜"})
    li = LI.model_copy(update={"name": "Li Wei", "name_zh": "李伟"})

    (english, chinese) = issue(database, house, changed(ACCEPTED, attendees=(anna, li)))

    assert chinese.text.splitlines()[0] == "李伟，您好！"
    assert "洽谈对方：安娜" in chinese.text
    assert english.text.splitlines()[0] == "Hello Anna Weber,"
    assert "With: Li Wei" in english.text
