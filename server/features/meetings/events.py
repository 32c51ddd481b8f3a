"""What the meetings tell the other features, in the past tense: each event is a snapshot that needs no look back."""

from enum import StrEnum

from pydantic import AwareDatetime, BaseModel, Field


class InviteMethod(StrEnum):
    """What an invite says, in the words of iTIP (RFC 5546)."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


class InviteAttendee(BaseModel, frozen=True):
    """Somebody whom an invite is for. Without an `address` nothing is sent to them, and they are still named."""

    name: str
    name_zh: str = ""
    """The Chinese name, for readers of Chinese; empty where there is none."""
    side: str
    """`buyer` or `exhibitor`."""
    key: str = ""
    """Who that is, whatever they are called and wherever they are written to: `buyer:12`, `staff:7`."""
    address: str | None = None
    language: str = "en"
    time_zone: str = "Asia/Shanghai"
    """IANA name of the zone in which this person lives."""
    shared: bool = False
    """Whether the other people of the meeting may see the address."""


class InviteIssued(BaseModel, frozen=True):
    """A meeting was agreed, moved, handed over or called off; emitted with the meeting's uid as its subject.

    `sequence` is 0 for the first one and grows by one with every further one of the same `uid`, cancellation included.
    """

    uid: str
    sequence: int = Field(ge=0)
    method: InviteMethod
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    issued_at: AwareDatetime
    """When it was decided: the calendar's DTSTAMP, whenever the mail leaves."""
    summary_en: str
    summary_zh: str
    location_en: str
    location_zh: str
    description: str = ""
    """What the meeting is about, as the buyer wrote it."""
    attendees: tuple[InviteAttendee, ...]
    """Who comes now, and nobody else: whoever was invited before and is not among them is told that it is off."""
    only: str = ""
    """The `key` of the one attendee whom it concerns, since only their address has changed; empty for all."""
    who_en: str = ""
    """Who called it off."""
    who_zh: str = ""
    reason: str = ""
    """Why it was called off, in the words of whoever did."""


class Situation(BaseModel, frozen=True):
    """How a meeting stands at a moment, as far as somebody has to be told of it. Keys are those of the tables."""

    state: str
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    expires_at: AwareDatetime | None = None
    staff_id: int | None = None
    asked_staff_id: int | None = None
    proposed_starts_at: AwareDatetime | None = None
    proposed_ends_at: AwareDatetime | None = None
    reason: str | None = None
    reason_text: str = ""


class MeetingActed(BaseModel, frozen=True):
    """Something happened to a meeting; emitted with its uid as subject, in the unit of work in which it happened."""

    uid: str
    occasion: str
    """One of `telling.OCCASIONS`."""
    voice: str
    """Who did it, as `telling.Voice` has it."""
    account_id: int | None = None
    """The log-in that did it: it is told nothing."""
    person: str = ""
    """What that person is called, for colleagues."""
    at: AwareDatetime
    number: str
    """Which occasion in the life of the meeting: with the uid it names the notices for good."""
    before: Situation
    after: Situation
