"""What a robot's report means to people: its state in one word, what the public may see, when silence is news."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_SILENT_AFTER_S: Mapping[str, int] = {"vda5050": 40}
"""VDA 5050 states come at least every 30 s (section 6.10.5); a fair-profile robot reports every few seconds."""
_SILENT_AFTER_OTHERS_S = 15
_GRAVE = {"fatal", "critical"}
_BY_ACTIVITY = {
    "charging": "charging",
    "working": "working",
    "moving": "working",
    "paused": "waiting",
    "idle": "waiting",
}


@dataclass(frozen=True)
class RobotPlace:
    """Where a robot belongs: its row, its exhibitor and the number of its booth, if it has one."""

    id: int
    key: str
    exhibitor: str
    protocol: str
    booth: str | None


def silent_after(protocol: str) -> int:
    """Seconds without a report after which a robot counts as silent."""
    return _SILENT_AFTER_S.get(protocol, _SILENT_AFTER_OTHERS_S)


def display_state(activity: str, estop: str, levels: frozenset[str]) -> str:
    """One word for a screen: a grave fault before an emergency stop before what the robot is doing."""
    if levels & _GRAVE:
        return "fault"
    if estop != "none":
        return "stopped"
    return _BY_ACTIVITY.get(activity, "live")


def public_view(state: Mapping[str, Any]) -> dict[str, Any]:
    """A robot's state without its faults, for everybody who is neither the organiser nor its exhibitor."""
    shown = "stopped" if state["state"] == "fault" else state["state"]
    return {**state, "state": shown, "errors": []}


def in_scope(state: Mapping[str, Any], kind: str, value: str) -> bool:
    """Whether a robot's state belongs to the zone, to this booth, or to this robot."""
    return kind == "zone" or state.get(kind) == value
