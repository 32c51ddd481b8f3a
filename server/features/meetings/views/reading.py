"""What every page of the meetings needs of the reader: side, clock, and the parameters of the address."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from itertools import takewhile

from server.features.meetings.queries.around import Calendar, DiaryDay
from server.features.meetings.rules import LENGTH_STEP, LONGEST, SHORTEST
from server.features.meetings.schemas import MeetingOut, SlotOut, SlotsOut
from server.features.meetings.views.clock import ReaderClock
from server.infra.identity import Identity
from server.kernel.clock import FAIR_ZONE
from server.kernel.permissions import Role

LENGTHS = (15, 20, 30, 45, 60)
USUAL_LENGTH = 30
NOON = time(12)


def clock_for(calendar: Calendar, now: datetime) -> ReaderClock:
    """The clock of this page's reader."""
    return ReaderClock.of(calendar.zone, now)


def side_of(by: Identity) -> str:
    """How the pages speak to somebody: as `buyer`, `exhibitor` or `organiser`."""
    if by.role is Role.BUYER:
        return "buyer"
    return "exhibitor" if by.may("meeting.answer") else "organiser"


def asked_day(calendar: Calendar, asked: str, now: datetime) -> DiaryDay | None:
    """The day of the fair of that number, else the one that is not over yet, else the last."""
    if asked.isdecimal() and len(asked) < 4 and 1 <= int(asked) <= len(calendar.days):  # noqa: PLR2004 - no fair has so many days
        return calendar.days[int(asked) - 1]
    return calendar.current(now)


def asked_length(args: Mapping[str, str], usual: int = USUAL_LENGTH) -> int:
    """The length in minutes that an address asks for, or the usual one."""
    asked = args.get("minutes", "")
    minutes = int(asked) if asked.isdecimal() and len(asked) < 4 else usual  # noqa: PLR2004 - at most an hour
    return minutes if SHORTEST <= minutes <= LONGEST and minutes % LENGTH_STEP == 0 else USUAL_LENGTH


@dataclass(frozen=True)
class OfferedTime:
    """A time with an exhibitor, and the reader's own meeting that lies in it, if one does."""

    slot: SlotOut
    own: MeetingOut | None


def halves(found: SlotsOut | None, own: Iterable[MeetingOut] = ()) -> list[tuple[str, list[OfferedTime]]]:
    """The times of a day, those that start before its noon and the others, each with the key of its heading.

    The hours after midnight of a day that closes so late are none of its morning.
    """
    if found is None:
        return []
    mine = list(own)
    choices = [OfferedTime(slot, _overlapping(slot, mine)) for slot in found.slots]
    noon = datetime.combine(found.date, NOON, FAIR_ZONE)
    early = list(takewhile(lambda one: one.slot.starts_at < noon, choices))
    return [("meet-morning", early), ("meet-afternoon", choices[len(early) :])]


def _overlapping(slot: SlotOut, own: Iterable[MeetingOut]) -> MeetingOut | None:
    return next((one for one in own if one.starts_at < slot.ends_at and slot.starts_at < one.ends_at), None)
