"""What the live pages show: when a state is believed, what state a booth has, which booths a filter finds."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from server.kernel.folding import folded
from server.kernel.robot_states import STATES

SLACK_M = 0.6
"""A position so far outside a booth still counts as in it: robots measure no better."""
QUIET_ZONE = 4
"""Modules of white around a QR code (ISO/IEC 18004)."""


@dataclass(frozen=True)
class ZoneFilter:
    """What a reader filters the zone by; an empty text asks for nothing."""

    q: str = ""
    kind: str = ""
    state: str = ""
    place: str = ""
    demo: str = ""

    @property
    def any(self) -> bool:
        """Whether anything is asked for at all."""
        return bool(self.q or self.kind or self.state or self.place or self.demo)


@dataclass(frozen=True)
class FloorArea:
    """The floor of a booth or of the whole hall, in metres; (x, y) is its south-west corner."""

    name: str
    x: float
    y: float
    width_m: float
    depth_m: float

    def holds(self, pose: Mapping[str, Any], slack: float = 0.0) -> bool:
        """Whether a position is in it, or no more than `slack` metres beside it."""
        east, north = float(pose["x"]) - self.x, float(pose["y"]) - self.y
        return -slack <= east <= self.width_m + slack and -slack <= north <= self.depth_m + slack


@dataclass(frozen=True)
class FilteredBooth:
    """What of a booth a filter looks at."""

    words: str
    """Everything that may be searched for, in lower case."""
    kinds: tuple[str, ...]
    state: str
    guangdong: bool
    demo_now: bool


def booth_state(states: Collection[str]) -> str:
    """The state of a booth from those of its robots; `none` without a robot."""
    return next((state for state in STATES if state in states), "none")


def booth_of(report: Mapping[str, Any] | None, booths: Sequence[FloorArea], hall: FloorArea | None) -> str:
    """In which of its exhibitor's booths, given by number, a robot is; empty where it is in none of them.

    A robot that says no position, or one that is not in this hall, is taken to be in the first.
    """
    if not booths:
        return ""
    pose = report.get("pose") if report else None
    if not pose or (hall and not hall.holds(pose)):
        return booths[0].name
    inside = [booth.name for booth in booths if booth.holds(pose)]
    beside = [booth.name for booth in booths if booth.holds(pose, SLACK_M)]
    return next(iter(inside + beside), "")


def matches(wanted: ZoneFilter, booth: FilteredBooth) -> bool:
    """Whether a booth is what the reader asked for."""
    return (
        (not wanted.q or folded(wanted.q.strip()) in booth.words)
        and (not wanted.kind or wanted.kind in booth.kinds)
        and (not wanted.state or wanted.state == booth.state)
        and (wanted.place != "guangdong" or booth.guangdong)
        and (wanted.demo != "now" or booth.demo_now)
    )


def short_number(number: str) -> str:
    """A booth number without hall and floor, as it stands on the plan: `C05-06` of `D19.2C05-06`."""
    tail = number.partition(".")[2]
    return tail[1:] if tail else number


def qr_path(modules: Sequence[Sequence[int]]) -> str:
    """The dark modules of a QR code as an SVG path of strokes, one unit a module, with room for the quiet zone."""
    return "".join(
        f"M{start + QUIET_ZONE} {y + QUIET_ZONE}.5h{length}"
        for y, row in enumerate(modules)
        for start, length in _runs(row)
    )


def _runs(row: Sequence[int]) -> list[tuple[int, int]]:
    """(start, length) of each run of dark modules."""
    runs: list[tuple[int, int]] = []
    for x, dark in enumerate(row):
        if not dark:
            continue
        if runs and sum(runs[-1]) == x:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((x, 1))
    return runs
