"""How many starts of a robot are believed: ever new ones would be kept for ever; pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

STARTS_AN_HOUR = 120
"""So many new starts of one robot are taken in an hour: one that restarts every half minute all day."""
MOST_STARTS = 5_000
"""So many starts of one robot are kept at all."""


@dataclass
class Starts:
    """The starts of robots that are known, and how many new ones of each are still taken; by the robot's row."""

    known: Mapping[int, frozenset[int]]
    recent: Mapping[int, int]
    """How many of them came within the last hour."""
    taken: dict[int, set[int]] = field(default_factory=dict)
    """New ones that this batch brings."""

    def takes(self, robot: int, boot: int) -> bool:
        """Whether this start is known, or one that is still taken; it counts from now on."""
        known, new = self.known.get(robot, frozenset()), self.taken.setdefault(robot, set())
        if boot in known or boot in new:
            return True
        if len(new) + self.recent.get(robot, 0) >= STARTS_AN_HOUR or len(new) + len(known) >= MOST_STARTS:
            return False
        new.add(boot)
        return True
