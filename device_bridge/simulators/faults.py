"""Faults of a robot's life as pure transforms: what a script does to a robot at one moment.

How a script is written stands in `script.py`, faults of the wire in `noise.py`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class What(StrEnum):
    """The kinds of fault; the value is how a script writes it."""

    ESTOP = "e-stop"
    """Somebody presses the button."""
    SILENCE = "silence"
    """Nothing is made, as from a robot that hangs."""
    CABLE = "cable"
    """The link is cut; what is made meanwhile is kept by those who keep anything."""
    FLAT = "battery runs flat"
    """In the first half of the time; in the second it is off, then it boots with a new battery."""
    REBOOT = "reboot"
    """It is off, then counts anew."""
    CLOCK = "clock"
    """Its clock jumps, for good."""
    TWIN = "duplicate serial"
    """A second robot with the same serial number reports under a client id of its own."""
    TAKEOVER = "take over client id"
    """A second robot connects under the same client id, which throws the first one out."""


@dataclass(frozen=True, slots=True)
class Incident:
    """One line of a script; times in seconds from the start of the simulation."""

    at: float
    what: What
    lasts: float
    """For a clock, by how much it jumps."""
    robot: str | None = None

    @property
    def ends(self) -> float:
        """When it is over."""
        return self.at + self.lasts

    @property
    def halts_at(self) -> float:
        """When the robot stops living its plan: a battery takes half of the time to run flat."""
        return self.at + self.lasts / 2 if self.what is What.FLAT else self.at

    def hits(self, robot: str) -> bool:
        """Whether it is this robot's."""
        return self.robot in {None, robot}


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
    clock: float = 0.0
    """Seconds by which its clock is ahead."""


_HALTING = frozenset({What.ESTOP, What.FLAT, What.REBOOT, What.SILENCE})
_BOOTING = frozenset({What.REBOOT, What.FLAT})
STRANGERS = frozenset({What.TWIN, What.TAKEOVER})
"""Faults that are a second robot."""


def effects(script: Iterable[Incident], robot: str, elapsed: float) -> Effects:
    """Return what the script does to `robot`, `elapsed` seconds after the start."""
    own = [incident for incident in script if incident.hits(robot) and incident.at <= elapsed]
    now = [incident for incident in own if elapsed < incident.ends and incident.what is not What.CLOCK]
    fresh = [incident.ends for incident in own if incident.what in _BOOTING and incident.ends <= elapsed]
    return Effects(
        planned=elapsed - _halted(own, elapsed),
        estop=any(incident.what is What.ESTOP for incident in now),
        mute=any(_mutes(incident, elapsed) for incident in now),
        cut=any(incident.what is What.CABLE or _off(incident, elapsed) for incident in now),
        drained=max((_drained(incident, elapsed) for incident in now), default=0.0),
        rebooted_at=max(fresh, default=None),
        clock=sum(incident.lasts for incident in own if incident.what is What.CLOCK),
    )


def impostors(script: Iterable[Incident], robot: str) -> list[Incident]:
    """Return the second robots that speak in this one's name."""
    return [incident for incident in script if incident.what in STRANGERS and incident.hits(robot)]


def _halted(incidents: list[Incident], elapsed: float) -> float:
    """Return the seconds without progress so far; halts that overlap count once."""
    total, covered = 0.0, 0.0
    spans = ((incident.halts_at, min(incident.ends, elapsed)) for incident in incidents if incident.what in _HALTING)
    for begins, ends in sorted(spans):
        total += max(0.0, ends - max(begins, covered))
        covered = max(covered, ends)
    return total


def _off(incident: Incident, elapsed: float) -> bool:
    return incident.what in _BOOTING and elapsed >= incident.halts_at


def _mutes(incident: Incident, elapsed: float) -> bool:
    return incident.what is What.SILENCE or _off(incident, elapsed)


def _drained(incident: Incident, elapsed: float) -> float:
    if incident.what is not What.FLAT:
        return 0.0
    return min(1.0, (elapsed - incident.at) / max(incident.halts_at - incident.at, 1e-9))
