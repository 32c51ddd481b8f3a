"""What comes in and goes out of the meetings, checked."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, Field, RootModel, StringConstraints

from server.features.meetings.notices import Voice
from server.features.meetings.rules import LENGTH_STEP, LONGEST, SHORTEST, Act, Reason, Side, State
from server.infra.schema import SEEN, SEEN_OR_NOTHING, ApiModel, Code, Moment

MAX_TOPIC = 500
# Without NUL, which PostgreSQL takes in no text.
Words = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=MAX_TOPIC, pattern=r"^[^\x00]*$"), SEEN_OR_NOTHING
]
Minutes = Annotated[int, Field(ge=SHORTEST, le=LONGEST, multiple_of=LENGTH_STEP)]
Version = Annotated[int, Field(ge=1)]


class TimeIn(ApiModel):
    """A time that somebody wants: a start, aware, and a length in minutes."""

    starts_at: Moment
    minutes: Minutes = 30


class HoldIn(TimeIn):
    """A time with an exhibitor that a buyer wants to have; `staff` and `robot` by their codes, where they matter."""

    exhibitor: Code
    staff: Code | None = None
    robot: Code | None = None
    topic: Words = ""


class TopicIn(ApiModel):
    """What the meeting is about; nothing keeps what was said before."""

    topic: Words | None = None


class ReasonIn(ApiModel):
    """Why, in the person's own words."""

    reason_text: Words = ""


class EndIn(ApiModel):
    """Why the organiser ends a meeting: both sides read it."""

    reason_text: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_TOPIC, pattern=r"^[^\x00]*$"), SEEN
    ]


class StaffIn(ApiModel):
    """Who takes over, by code."""

    staff: Code


class MeetingSpan(ApiModel):
    """A stretch of time, UTC."""

    starts_at: AwareDatetime
    ends_at: AwareDatetime


class ProposalOut(MeetingSpan):
    """Another time for the same meeting, and which side wants it."""

    by: Side


class Invited(StrEnum):
    """Whether somebody gets the invitation of an agreed meeting by mail; the reason is for themselves alone."""

    YES = "yes"
    NO = "no"
    NO_ADDRESS = "no-address"
    NO_CONSENT = "no-consent"


class MeetingOut(ApiModel):
    """A meeting as one of its people may see it; `acts` is what this reader may do with it now."""

    uid: str
    state: State
    version: int
    sequence: int
    exhibitor: str
    exhibitor_en: str
    exhibitor_zh: str
    buyer: str
    buyer_name: str
    buyer_zh: str | None = None
    """The buyer's Chinese name, where there is one."""
    buyer_company: str
    buyer_country: str
    buyer_email: str | None
    """For the buyer, and for the exhibitor once asked for a meeting by a buyer who agreed to that."""
    staff: str | None
    staff_name: str | None
    staff_zh: str | None
    booth: str | None
    table: int | None
    """The number of the table at its booth."""
    robot: str | None
    robot_en: str | None
    robot_zh: str | None
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    expires_at: AwareDatetime | None
    requested_at: AwareDatetime | None
    topic: str
    waiting: int
    """How many other buyers wait for an overlapping time with this exhibitor."""
    proposal: ProposalOut | None
    reason: Reason | None
    reason_text: str
    ended_by: Voice | None
    """Who declined, cancelled or withdrew it, or let it expire; nobody while it is on."""
    buyer_invited: Invited
    """Whether the buyer gets invitations by mail; why not, for the buyer alone."""
    staff_invited: Invited | None
    """Whether the one who meets does; for the exhibitor's side, once it is known who that is."""
    acts: list[Act]

    @property
    def minutes(self) -> int:
        """How long it lasts."""
        return int((self.ends_at - self.starts_at).total_seconds()) // 60


class MeetingList(RootModel[list[MeetingOut]]):
    """Meetings by start."""


class SlotOut(MeetingSpan):
    """A time with an exhibitor: whether it can be held now, and how many buyers wait for it."""

    free: bool
    waiting: int


class SlotsOut(ApiModel):
    """The times of one exhibitor on one day of the fair (its date in fair time) that have not begun yet."""

    exhibitor: str
    exhibitor_en: str
    exhibitor_zh: str
    date: date
    minutes: int
    opens_at: AwareDatetime
    closes_at: AwareDatetime
    slots: list[SlotOut]
