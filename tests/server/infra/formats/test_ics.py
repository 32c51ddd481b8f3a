"""Calendars: what is written is read back by another library, and no text can break or bend one."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ical.calendar import Calendar
from ical.calendar_stream import IcsCalendarStream

from server.infra.formats import ics
from server.infra.formats.ics import CalendarEvent, CalendarPerson
from server.kernel.text import plain

ZONE = CalendarPerson("Robot Zone", "zone@fair.example")
ANNA = CalendarPerson("Anna Weber", "anna@weber.example")
MEETING = CalendarEvent(
    uid="m-1",
    sequence=2,
    issued_at=datetime(2026, 4, 15, 3, 4, 5, tzinfo=UTC),
    starts_at=datetime(2026, 4, 16, 2, 0, tzinfo=UTC),
    ends_at=datetime(2026, 4, 16, 2, 30, tzinfo=UTC),
    summary="Nanling Robotics",
    location="Booth 9.2B29, table 1",
    organiser=ZONE,
    attendees=(ANNA,),
)
TEXTS = st.text(max_size=300)


def read(text: str) -> Calendar:
    return IcsCalendarStream.calendar_from_ics(text)


def test_a_request_is_read_back_whole() -> None:
    calendar = read(ics.request(MEETING))

    (event,) = calendar.events
    assert (calendar.method, calendar.version) == ("REQUEST", "2.0")
    assert (event.uid, event.sequence, event.dtstamp, event.status) == ("m-1", 2, MEETING.issued_at, "CONFIRMED")
    assert (event.summary, event.location) == ("Nanling Robotics", "Booth 9.2B29, table 1")
    assert event.dtstart == datetime(2026, 4, 16, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert event.dtend == datetime(2026, 4, 16, 10, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


def test_the_zone_of_the_times_comes_along() -> None:
    calendar = read(ics.request(MEETING))

    (zone,) = calendar.timezones
    (standard,) = zone.standard
    assert zone.tz_id == "Asia/Shanghai"
    assert standard.tz_offset_to.offset == timedelta(hours=8)
    assert "DTSTART;TZID=Asia/Shanghai:20260416T100000" in ics.request(MEETING)


def test_everybody_in_a_request_has_agreed_and_is_asked_nothing() -> None:
    (event,) = read(ics.request(MEETING)).events

    (attendee,) = event.attendees
    assert (str(attendee.uri), attendee.common_name) == ("mailto:anna@weber.example", "Anna Weber")
    assert (attendee.user_type, attendee.role) == ("INDIVIDUAL", "REQ-PARTICIPANT")
    assert (attendee.status, attendee.rsvp) == ("ACCEPTED", False)
    assert event.organizer is not None
    assert str(event.organizer.uri) == "mailto:zone@fair.example"


def test_a_cancellation_says_so_and_takes_no_time() -> None:
    calendar = read(ics.cancel(MEETING))

    (event,) = calendar.events
    assert (calendar.method, event.status, event.transparency) == ("CANCEL", "CANCELLED", "TRANSPARENT")
    assert [str(one.uri) for one in event.attendees] == ["mailto:anna@weber.example"]


def test_who_is_uninvited_is_not_told_that_the_meeting_is_off() -> None:
    calendar = read(ics.uninvite(MEETING))

    (event,) = calendar.events
    assert (calendar.method, event.status) == ("CANCEL", None)


def test_a_publication_names_no_attendee() -> None:
    calendar = read(ics.publish([MEETING, replace(MEETING, uid="m-2")]))

    assert calendar.method == "PUBLISH"
    assert [(event.uid, event.attendees) for event in calendar.events] == [("m-1", []), ("m-2", [])]


def test_the_same_decision_is_the_same_calendar_whatever_zone_it_was_told_in() -> None:
    elsewhere = replace(MEETING, starts_at=MEETING.starts_at.astimezone(timezone(timedelta(hours=-5))))

    assert ics.request(elsewhere) == ics.request(MEETING)


@given(text=TEXTS)
def test_any_text_is_read_back_as_it_was(text: str) -> None:
    (event,) = read(ics.request(replace(MEETING, summary=f"s{text}", description=f"d{text}"))).events

    assert (event.summary, event.description) == (f"s{plain(text)}", f"d{plain(text)}")


@given(text=TEXTS, name=TEXTS)
def test_no_line_is_longer_than_75_octets_and_no_character_is_split(text: str, name: str) -> None:
    person = CalendarPerson(f"n{name}", "a@b.example")
    raw = ics.request(replace(MEETING, description=text, location=text, attendees=(person,))).encode()

    lines = raw.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert [line.decode() for line in lines]


@given(name=TEXTS)
def test_no_name_adds_a_line_or_a_parameter(name: str) -> None:
    person = CalendarPerson(f"n{name}", "a@b.example")

    (event,) = read(ics.request(replace(MEETING, attendees=(person,)))).events

    (attendee,) = event.attendees
    assert (str(attendee.uri), attendee.status) == ("mailto:a@b.example", "ACCEPTED")
    assert (attendee.common_name or "").startswith("n")


@pytest.mark.parametrize(
    ("address", "uri"),
    [
        ("a+b@c.example", "mailto:a+b@c.example"),
        ("a?subject=x@c.example", "mailto:a%3Fsubject=x@c.example"),
        ("a b%@c.example", "mailto:a%20b%25@c.example"),
        ("a@c.example\r\nX:y", "mailto:a@c.example%0D%0AX%3Ay"),
    ],
)
def test_an_address_is_one_uri(address: str, uri: str) -> None:
    (event,) = read(ics.request(replace(MEETING, attendees=(CalendarPerson("A", address),)))).events

    assert [str(one.uri) for one in event.attendees] == [uri]


def test_a_backslash_before_a_letter_stays_what_was_typed() -> None:
    (event,) = read(ics.request(replace(MEETING, description=r"C:\New\north; 1, 2"))).events

    assert event.description == r"C:\New\north; 1, 2"
