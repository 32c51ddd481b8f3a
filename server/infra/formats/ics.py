"""iCalendar (RFC 5545) as mail and calendars exchange it (iTIP, RFC 5546): requests, cancellations, publications.

What goes in comes out the same to the byte at any time: the DTSTAMP is the decision's, not the clock's.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from icalendar import Calendar, Event, Timezone, TimezoneStandard, vCalAddress, vText

from server.kernel.clock import FAIR_ZONE
from server.kernel.text import one_line, plain

PRODUCT = "-//FairZone//FairZone//EN"
_IN_MAILTO = "@!$'*+-=_~."
"""What may stand as it is in the address of a mailto: URI (RFC 6068)."""


@dataclass(frozen=True)
class CalendarPerson:
    """Somebody in a calendar, with the mail address that a calendar needs of each."""

    name: str
    address: str


@dataclass(frozen=True, kw_only=True)
class CalendarEvent:
    """One appointment. `uid` stays for life; `sequence` grows with every change that matters, and when it is off."""

    uid: str
    sequence: int
    issued_at: datetime
    starts_at: datetime
    ends_at: datetime
    summary: str
    location: str
    organiser: CalendarPerson
    description: str = ""
    comment: str = ""
    """Why it is as it is now: who called it off, and why."""
    attendees: tuple[CalendarPerson, ...] = ()
    url: str = ""


class _Text(vText):
    """A text, escaped as RFC 5545 says; the library would make a line break of a backslash and N that were typed."""

    def to_ical(self) -> bytes:
        """The text as it stands in the file."""
        escaped = self.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")
        return escaped.encode()


def request(event: CalendarEvent) -> str:
    """An invitation, or the new state of one: METHOD:REQUEST.

    Everybody in it has agreed already, so it asks nobody for an answer.
    """
    return _calendar("REQUEST", [_component(event, "CONFIRMED")])


def cancel(event: CalendarEvent) -> str:
    """The appointment is off for everybody: METHOD:CANCEL with STATUS:CANCELLED."""
    return _calendar("CANCEL", [_component(event, "CANCELLED")])


def uninvite(event: CalendarEvent) -> str:
    """The appointment goes on without these attendees: METHOD:CANCEL, which then has no STATUS (RFC 5546, 3.2.5)."""
    return _calendar("CANCEL", [_component(event, None)])


def publish(events: Iterable[CalendarEvent]) -> str:
    """Appointments to read and not to answer, such as a download: METHOD:PUBLISH, in which there are no attendees."""
    return _calendar("PUBLISH", [_component(event, "CONFIRMED", with_attendees=False) for event in events])


def _calendar(method: str, events: Iterable[Event]) -> str:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    calendar.add_component(_fair_zone())
    for event in events:
        calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written.decode()


def _fair_zone() -> Timezone:
    """Asia/Shanghai as it has been since summer time ended there in 1991; written out, so that no update changes it."""
    zone, standard = Timezone(), TimezoneStandard()
    zone.add("tzid", FAIR_ZONE.key)
    standard.add("dtstart", datetime(1991, 9, 15, 2, 0))  # noqa: DTZ001 - RFC 5545 wants local time without a zone here
    standard.add("tzoffsetfrom", timedelta(hours=9))
    standard.add("tzoffsetto", timedelta(hours=8))
    standard.add("tzname", "UTC+8")  # not CST, which is Chicago's, too
    zone.add_component(standard)
    return zone


def _component(event: CalendarEvent, status: str | None, *, with_attendees: bool = True) -> Event:
    component = Event()
    component.add("uid", event.uid)
    component.add("sequence", event.sequence)
    component.add("dtstamp", event.issued_at.astimezone(UTC))
    component.add("dtstart", event.starts_at.astimezone(FAIR_ZONE))
    component.add("dtend", event.ends_at.astimezone(FAIR_ZONE))
    component.add("transp", "OPAQUE" if status == "CONFIRMED" else "TRANSPARENT")
    for name, value in (("status", status), ("url", event.url)):
        if value:
            component.add(name, value)
    texts = {name: getattr(event, name) for name in ("summary", "location", "description", "comment")}
    for name, value in texts.items():
        if value:
            component.add(name, _Text(plain(value)), encode=False)
    component.add("organizer", _address(event.organiser), encode=False)
    for person in event.attendees if with_attendees else ():
        component.add("attendee", _attendee(person), encode=False)
    return component


def _address(person: CalendarPerson) -> vCalAddress:
    address = vCalAddress(f"mailto:{quote(person.address, _IN_MAILTO)}")
    # A quotation mark cannot stand in a parameter, and few programs read the escape that RFC 6868 has for it.
    address.params["CN"] = one_line(person.name).replace('"', "'")
    return address


def _attendee(person: CalendarPerson) -> vCalAddress:
    address = _address(person)
    address.params.update({"CUTYPE": "INDIVIDUAL", "ROLE": "REQ-PARTICIPANT", "PARTSTAT": "ACCEPTED", "RSVP": "FALSE"})
    return address
