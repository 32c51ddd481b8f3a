"""What a robot's report means to people: its state in one word, what the public may see, when silence is news."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_SILENT_AFTER_S: Mapping[str, int] = {"vda5050": 40}
"""VDA 5050 states come at least every 30 s (section 6.10.5); a fair-profile robot reports every few seconds."""
USUALLY_SILENT_AFTER_S = 15
FIELD_NOT_TAKEN = "field-not-taken"
"""The code under which the quarantine keeps a field that could not be read, of a message that was taken but for it."""
_GRAVE = {"fatal", "critical"}
_BY_ACTIVITY = {
    "charging": "charging",
    "working": "working",
    "moving": "working",
    "paused": "waiting",
    "idle": "waiting",
}
_PUBLIC = (
    *("robot", "exhibitor", "booth", "booths", "activity", "task", "battery", "speed", "pose"),
    *("at", "source", "silent_after"),
)
"""What everybody sees of a state as it is. No `estop` and no `mode`: with them a fault is told from a stop."""
_WORDS_OF_FAULTS = ("error", "fault")


@dataclass(frozen=True)
class RobotPlace:
    """Where a robot belongs: its row, its exhibitor and its booths' numbers; `active` when it may speak."""

    id: int
    key: str
    exhibitor: str
    protocol: str
    booths: tuple[str, ...]
    active: bool = True
    source: str = "live"
    """Where its data come from, by its enrolment: what a bridge says of it does not count."""

    @property
    def booth(self) -> str | None:
        """The number of the first booth, if there is one."""
        return next(iter(self.booths), None)


def silent_after(protocol: str) -> int:
    """Seconds without a report after which a robot counts as silent."""
    return _SILENT_AFTER_S.get(protocol, USUALLY_SILENT_AFTER_S)


def display_state(activity: str, estop: str, levels: frozenset[str]) -> str:
    """One word for a screen: a grave fault before an emergency stop before what the robot is doing."""
    if levels & _GRAVE:
        return "fault"
    if estop != "none":
        return "stopped"
    return _BY_ACTIVITY.get(activity, "live")


def public_view(state: Mapping[str, Any]) -> dict[str, Any]:
    """A robot's state without its faults, for everybody who is neither the organiser nor its exhibitor.

    What is new in a state stays hidden until it is named here: a fault must not be told from a stop by anything.
    """
    shown = {key: state[key] for key in _PUBLIC if key in state}
    metrics = {name: value for name, value in state.get("metrics", {}).items() if not _tells_of_faults(name)}
    word = "stopped" if state["state"] == "fault" else state["state"]
    return {**shown, "state": word, "errors": [], "metrics": metrics}


def _tells_of_faults(metric: str) -> bool:
    return any(word in metric.lower() for word in _WORDS_OF_FAULTS)


def in_scope(state: Mapping[str, Any], kind: str, value: str) -> bool:
    """Whether a robot's state belongs to the zone, to this booth, or to this robot."""
    if kind == "booth":
        return value in state.get("booths", ())
    return kind == "zone" or state.get(kind) == value


Places = Mapping[str, RobotPlace]
"""Every robot's place by its key."""
