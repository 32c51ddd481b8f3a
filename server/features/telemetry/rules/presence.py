"""What a robot's own word on its connection means for its state: sleeping is no fault, a goodbye is silence at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from server.features.telemetry.rules import display_state, silent_after

ASLEEP_S = 7 * 24 * 3_600
"""Longer than a fair: a robot that said that it sleeps is not missed."""
_GONE = {"offline", "broken"}
_LOUD = {"fault", "stopped"}
_LAST_WORD = timedelta(seconds=10)
"""A report that overtook the word that its robot goes to sleep is no sign that it woke."""


@dataclass(frozen=True)
class Said:
    """What a robot last said of its connection."""

    state: str
    """`online`, `offline`, `broken` or `hibernating`."""
    heard_at: datetime
    """When that first came in."""


def under_presence(state: Mapping[str, Any], said: Said | None, protocol: str) -> dict[str, Any]:
    """A robot's state as the live feed sends it, in the light of what it said of its connection."""
    if said is None:
        return dict(state)
    levels = frozenset(fault["level"] for fault in state["errors"])
    word = display_state(state["activity"], state["estop"], levels)
    said = _since_then(said, datetime.fromisoformat(state["at"]))
    asleep = said.state == "hibernating"
    return {
        **state,
        "state": "waiting" if asleep and word not in _LOUD else word,
        "silent_after": _patience(said, datetime.fromisoformat(state["at"]), protocol),
        "presence": {"state": said.state, "since": said.heard_at.isoformat()},
    }


def _since_then(said: Said, reported_at: datetime) -> Said:
    """What holds now: whoever reports after its goodbye, or after it fell asleep, is there, also without a word."""
    back = said.state in _GONE and reported_at > said.heard_at
    awake = said.state == "hibernating" and reported_at > said.heard_at + _LAST_WORD
    return Said("online", reported_at) if back or awake else said


def _patience(said: Said, reported_at: datetime, protocol: str) -> int:
    if said.state == "hibernating":
        return ASLEEP_S
    # Whoever reports after its goodbye is back, also if it forgot to say so.
    return 0 if said.state in _GONE and said.heard_at >= reported_at else silent_after(protocol)


def at_glimpse(
    state: Mapping[str, Any],
    seen_at: datetime,
    place: tuple[dict[str, Any] | None, dict[str, Any] | None],
    speed: float | None,
) -> dict[str, Any] | None:
    """The state with the place (drawn, or only told) of a glimpse, None when it says nothing newer.

    A glimpse without a place makes an old place no newer.
    """
    pose, off = place
    newest = max(datetime.fromisoformat(state[key]) for key in ("at", "pose_at", "speed_at") if key in state)
    if seen_at <= newest or (pose is None and off is None and speed is None):
        return None
    moved = {**state}
    if speed is not None:
        moved |= {"speed": speed, "speed_at": seen_at.isoformat()}
    if pose is not None or off is not None:
        moved |= {"pose": pose, "pose_off": off, "pose_at": seen_at.isoformat()}
    return moved
