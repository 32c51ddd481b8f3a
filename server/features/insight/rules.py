"""What the organiser should look at: which demos are in trouble, and how an entry of the audit log is worded; pure."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

SOON = timedelta(minutes=30)
"""A demo that starts within this is worth a look at its robot."""
GRACE = timedelta(minutes=2)
"""So long after its start a demo whose robot still stands is late."""
WORKER_LATE_S = 60
ABSENT = frozenset({"silent", "refused", "fault", "stopped", "none"})
"""The states of a robot that cannot be shown."""
STANDING = frozenset({"waiting", "charging"})
"""The states of a robot that could work and does not."""
NOT_LIVE = frozenset({"silent", "refused", "none"})


class Trouble(StrEnum):
    """What is wrong with a demo: its robot cannot be shown, or it should have begun."""

    ROBOT = "robot"
    LATE = "late"


def trouble_of(starts_at: datetime, ends_at: datetime, state: str, now: datetime) -> Trouble | None:
    """What is wrong at `now` with a demo whose robot is in `state`; nothing long before it, and nothing after it."""
    if not starts_at - SOON <= now < ends_at:
        return None
    if state in ABSENT:
        return Trouble.ROBOT
    return Trouble.LATE if state in STANDING and now >= starts_at + GRACE else None


def minutes_since(moment: datetime, now: datetime) -> int:
    """Whole minutes from `moment` to `now`, 0 for one to come."""
    return max(0, int((now - moment) / timedelta(minutes=1)))


def place_of(thing: str, key: str) -> str | None:
    """The address of the page that shows a changed thing, where there is one."""
    pattern = _PLACES.get(thing)
    return pattern.format(key=key, first=key.partition("/")[0], rest=key.partition("/")[2]) if pattern else None


_PLACES: Mapping[str, str] = {
    "booth": "/booths/{key}",
    "demo": "/timetable/demos/{key}",
    "exhibitor": "/exhibitors/{key}",
    "meeting": "/meetings/{key}",
    "product": "/exhibitors/{first}/products/{rest}",
    "staff": "/exhibitors/{first}",
    "robot": "/exhibitors/{first}",
}


def as_moment(value: Any) -> datetime | None:
    """The moment that a logged value is, if it is one: those are kept as RFC 3339 with an offset."""
    if not isinstance(value, str) or "T" not in value:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def live_of(states: Collection[str]) -> int:
    """How many robots are heard."""
    return sum(state not in NOT_LIVE for state in states)
