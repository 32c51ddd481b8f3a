"""Faults by script: what goes wrong with which robot when, as pure transforms of its life.

One line a fault: `[<exhibitor>/<robot>] at MM:SS <what> for <N> s`, with `#` for comments; without a robot it hits
all. `MM:SS` counts from the start of the simulation. What: `e-stop`, `silence` (nothing is made, as from a robot that
hangs), `cable` (the link is cut, reports are kept), `flat` (the battery runs flat, then a new one and a reboot),
`reboot`.
"""

import re
from dataclasses import dataclass
from enum import StrEnum


class What(StrEnum):
    """The kinds of fault."""

    ESTOP = "e-stop"
    SILENCE = "silence"
    CABLE = "cable"
    FLAT = "flat"
    REBOOT = "reboot"


@dataclass(frozen=True, slots=True)
class Incident:
    """One line of a script; times in seconds from the start of the simulation."""

    at: float
    what: What
    lasts: float
    robot: str | None = None

    @property
    def ends(self) -> float:
        """When it is over."""
        return self.at + self.lasts

    @property
    def halts_at(self) -> float:
        """When the robot stops living its plan: a battery takes half of the time to run flat."""
        return self.at + self.lasts / 2 if self.what is What.FLAT else self.at


@dataclass(frozen=True, slots=True)
class Effects:
    """What the script does to a robot at one moment."""

    planned: float
    """Seconds of its plan that the robot has lived: behind the clock by every halt so far."""
    estop: bool = False
    mute: bool = False
    """It makes no reports."""
    cut: bool = False
    """Its link is cut."""
    drained: float = 0.0
    """Share of its charge that is gone, 0..1."""
    rebooted_at: float | None = None
    """When it last began to count anew, None for never."""


class ScriptError(ValueError):
    """A line of a script cannot be read; the message names the line."""


_LINE = re.compile(
    r"(?:(?P<robot>[a-z0-9-]+/[a-z0-9-]+)\s+)?at\s+(?P<minutes>\d+):(?P<seconds>[0-5]\d)\s+"
    r"(?P<what>e-stop|silence|cable|flat|reboot)\s+for\s+(?P<lasts>\d+(?:\.\d+)?)\s*s"
)
_HALTING = frozenset({What.ESTOP, What.FLAT, What.REBOOT, What.SILENCE})


def read_script(text: str) -> tuple[Incident, ...]:
    """Return the incidents of a script in the order of their time.

    Raises:
        ScriptError: a line is not understood.
    """
    incidents = []
    for number, line in enumerate(text.splitlines(), start=1):
        words = line.partition("#")[0].strip()
        if words:
            incidents.append(_incident(words, number))
    return tuple(sorted(incidents, key=lambda incident: incident.at))


def _incident(words: str, number: int) -> Incident:
    match = _LINE.fullmatch(words)
    if match is None:
        raise ScriptError(f"line {number}: `{words}` is not `[robot] at MM:SS <{'|'.join(What)}> for <N> s`")
    at = 60.0 * int(match["minutes"]) + int(match["seconds"])
    return Incident(at, What(match["what"]), float(match["lasts"]), match["robot"])


def effects(script: tuple[Incident, ...], robot: str, elapsed: float) -> Effects:
    """Return what the script does to `robot`, `elapsed` seconds after the start."""
    own = [incident for incident in script if incident.robot in {None, robot} and incident.at <= elapsed]
    now = [incident for incident in own if elapsed < incident.ends]
    fresh = [
        incident.ends for incident in own if incident.what in {What.REBOOT, What.FLAT} and incident.ends <= elapsed
    ]
    return Effects(
        planned=elapsed - _halted(own, elapsed),
        estop=any(incident.what is What.ESTOP for incident in now),
        mute=any(_mutes(incident, elapsed) for incident in now),
        cut=any(incident.what is What.CABLE or _off(incident, elapsed) for incident in now),
        drained=max((_drained(incident, elapsed) for incident in now), default=0.0),
        rebooted_at=max(fresh, default=None),
    )


def _halted(incidents: list[Incident], elapsed: float) -> float:
    """Return the seconds without progress so far; halts that overlap count once."""
    total, covered = 0.0, 0.0
    spans = ((incident.halts_at, min(incident.ends, elapsed)) for incident in incidents if incident.what in _HALTING)
    for begins, ends in sorted(spans):
        total += max(0.0, ends - max(begins, covered))
        covered = max(covered, ends)
    return total


def _off(incident: Incident, elapsed: float) -> bool:
    return incident.what in {What.REBOOT, What.FLAT} and elapsed >= incident.halts_at


def _mutes(incident: Incident, elapsed: float) -> bool:
    return incident.what is What.SILENCE or _off(incident, elapsed)


def _drained(incident: Incident, elapsed: float) -> float:
    if incident.what is not What.FLAT:
        return 0.0
    return min(1.0, (elapsed - incident.at) / max(incident.halts_at - incident.at, 1e-9))
