"""What the organiser should look at: which demos are in trouble, and how an entry of the audit log is worded; pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

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


def live_of(states: Collection[str]) -> int:
    """How many robots are heard."""
    return sum(state not in NOT_LIVE for state in states)


MOST_OF = 0.9
"""Of the robots that were heard lately: when so many fell silent, it is no matter of single robots."""
FEWEST = 3
LATELY = timedelta(hours=1)
"""Who was silent for longer already is no part of it."""
TOGETHER = timedelta(minutes=2)
"""Within so long they have to fall silent."""
BROKERED = frozenset({"fair-mqtt", "vda5050"})
DIRECT = frozenset({"fair-https"})


class Cause(StrEnum):
    """Why all robots of one way fell silent at once, as far as the other ways tell."""

    BROKER = "broker"
    """Those on the broker are silent, those on ports of a bridge are not."""
    BRIDGE = "bridge"
    """Only those that need no bridge are heard."""
    PORTS = "ports"
    """Those on ports are silent, those on the broker are not."""
    HTTPS = "https"
    """Only those that speak over HTTPS are silent."""
    NETWORK = "network"
    """Nobody at all is heard: network or power, or the bridge where there is no other way."""


@dataclass(frozen=True)
class Heard:
    """When a robot was last heard, and by which protocol."""

    protocol: str
    at: datetime
    silent: bool


@dataclass(frozen=True)
class Blackout:
    """Many robots fell silent at once: one thing is wrong, not each of them."""

    cause: Cause
    robots: int
    since: datetime


def blackout(heard: Collection[Heard], now: datetime, *, open_now: bool) -> Blackout | None:
    """Whether all robots of a way fell silent at once while the halls are open, and what that points to.

    At night the power is cut, and nothing is wrong.
    """
    if not open_now:
        return None
    lately = [one for one in heard if now - one.at <= LATELY]
    ways = {way: [one for one in lately if _way(one.protocol) == way] for way in ("broker", "ports", "https")}
    dark = {way for way, ones in ways.items() if _fell_silent(ones)}
    used = {way for way, ones in ways.items() if ones}
    gone = [one for way in dark for one in ways[way] if one.silent]
    if len(gone) < FEWEST:
        return None
    return Blackout(_cause(dark, used), len(gone), max(one.at for one in gone))


def _cause(dark: set[str], used: set[str]) -> Cause:
    if dark == used:
        return Cause.NETWORK
    if dark == {"https"}:
        return Cause.HTTPS
    if used - dark == {"https"}:
        return Cause.BRIDGE
    return Cause.BROKER if "broker" in dark else Cause.PORTS


def _fell_silent(ones: Collection[Heard]) -> bool:
    gone = [one.at for one in ones if one.silent]
    return bool(gone) and len(gone) >= MOST_OF * len(ones) and _close(gone) >= MOST_OF * len(gone)


def _close(moments: Collection[datetime]) -> int:
    last = max(moments)
    return sum(last - moment <= TOGETHER for moment in moments)


def _way(protocol: str) -> str:
    if protocol in BROKERED:
        return "broker"
    return "https" if protocol in DIRECT else "ports"
