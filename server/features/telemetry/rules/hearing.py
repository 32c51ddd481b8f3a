"""What a robot sends that no screen shows: why, for how long that is news, and what its people read; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

REFUSED_FOR = timedelta(seconds=60)
"""A robot of which a message was refused so lately is sending, whatever else is known of it."""
ASIDE_FOR = timedelta(minutes=10)
"""For so long it is worth a sentence that a report was stored and not shown."""
LATE = timedelta(seconds=60)
"""A report that was made so long before it came is late."""


class Aside(StrEnum):
    """Why a report was stored as history."""

    LATE = "late"
    OLDER_START = "older-start"


@dataclass(frozen=True)
class Hearing:
    """What a robot last sent that no screen shows."""

    aside_at: datetime | None = None
    aside_made_at: datetime | None = None
    aside_why: str = ""
    refused_at: datetime | None = None
    refused_code: str = ""
    refused_detail: Mapping[str, str] | None = None

    def refused(self, now: datetime) -> bool:
        """Whether the robot is sending now what is refused."""
        return self.refused_at is not None and now - self.refused_at <= REFUSED_FOR

    def aside(self, now: datetime, shown_at: datetime | None) -> Aside | None:
        """Why what the robot sends now is not shown, where it is newer than what is."""
        if self.aside_at is None or now - self.aside_at > ASIDE_FOR:
            return None
        return None if shown_at is not None and shown_at >= self.aside_at else Aside(self.aside_why)

    def late_by(self) -> timedelta:
        """How old the report was that was set aside."""
        return self.aside_at - self.aside_made_at if self.aside_at and self.aside_made_at else timedelta()


def why_aside(made_at: datetime, received_at: datetime, start: int, present: int) -> Aside | None:
    """Why a report that was stored as history is not shown; None where it only fills a gap of the present start."""
    if start < present:
        return Aside.OLDER_START
    return Aside.LATE if received_at - made_at > LATE else None


def heard_state(state: str, hearing: Hearing, now: datetime) -> str:
    """A robot's state for its people: one that is not shown but refused is no silent one."""
    unheard = state in {"silent", "none"}
    return "refused" if unheard and hearing.refused(now) else state


_UNITS = (
    ("years", timedelta(days=365), timedelta(days=730)),
    ("days", timedelta(days=1), timedelta(days=2)),
    ("hours", timedelta(hours=1), timedelta(hours=2)),
    ("minutes", timedelta(minutes=1), timedelta(minutes=2)),
)
"""Each unit with its length, and from which length on it is used."""


def length_of(lasted: timedelta) -> tuple[str, int]:
    """A length of time in its largest unit that is not too coarse: ("hours", 24)."""
    lasted = abs(lasted)
    found = next(((unit, size) for unit, size, least in _UNITS if lasted >= least), ("seconds", timedelta(seconds=1)))
    return found[0], round(lasted / found[1])
