"""One lap of a robot: from the dock over its stops and back to the dock, in exactly the seconds of a lap.

Pure: the random generator comes in, seeded. A lap that starts and ends on the same spot can follow any other, so the
position is continuous however far apart two questions are.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle
from random import Random

from device_bridge.simulators.kinds import Pattern, RobotModel
from device_bridge.simulators.kinematics import (
    DrivenRoute,
    Floor,
    Motion,
    MotionLimits,
    Segment,
    Stance,
    Stay,
    travel,
    turn_to,
)
from device_bridge.wire.report import Activity

LANE_METRES = 0.5
_SHORTEST_LEG_METRES = 0.6


@dataclass(frozen=True, slots=True)
class Leg:
    """A segment, what the robot is doing in it, and for what (None: nothing in particular)."""

    segment: Segment
    activity: Activity
    task: dict[str, str] | None


class Lap:
    """The legs of one lap."""

    def __init__(self, legs: list[Leg]) -> None:
        self._legs = tuple(legs)
        self._route = DrivenRoute([leg.segment for leg in legs])

    @property
    def duration(self) -> float:
        """Seconds of the lap."""
        return self._route.duration

    def at(self, tau: float) -> tuple[Motion, Leg]:
        """Return the motion and the leg `tau` seconds into the lap."""
        return self._route.at(tau), self._legs[self._route.index_at(tau)]


def dock_of(floor: Floor, rng: Random) -> Stance:
    """Return where a robot rests and charges: on the floor's edge, looking to its middle."""
    side, share = rng.randrange(4), rng.uniform(0.15, 0.85)
    across, along = ((share, 0.0), (share, 1.0), (0.0, share), (1.0, share))[side]
    x, y = floor.point(across, along)
    middle_x, middle_y = floor.point(0.5, 0.5)
    return Stance(x, y, math.atan2(middle_y - y, middle_x - x))


def lap(kind: RobotModel, floor: Floor, dock: Stance, rng: Random) -> Lap:
    """Return a working lap: as many stops as fit, then home, then rest until the lap is over."""
    if kind.pattern is Pattern.STAND or math.hypot(floor.width, floor.depth) < LANE_METRES:
        return Lap(list(_standing(kind, dock, rng)))
    legs: list[Leg] = []
    here, spent = dock, 0.0
    for goal, task, stop in _visits(kind, floor, rng):
        if math.dist((here.x, here.y), goal) < LANE_METRES / 2:
            continue
        leg, there = _visit(kind, here, goal, task, stop)
        seconds = sum(part.segment.duration for part in leg)
        if spent + seconds + _seconds(_homeward(there, dock, kind.limits)) > kind.lap_seconds - stop:
            break
        legs, here, spent = legs + leg, there, spent + seconds
    home = _homeward(here, dock, kind.limits)
    legs += [Leg(segment, Activity.MOVING, None) for segment in home]
    rest = kind.lap_seconds - spent - _seconds(home)
    return Lap([*legs, Leg(Stay(dock, rest), Activity.IDLE, None)])


def _seconds(segments: tuple[Segment, ...]) -> float:
    return sum(segment.duration for segment in segments)


def _homeward(here: Stance, dock: Stance, limits: MotionLimits) -> tuple[Segment, ...]:
    way, there = travel(here, (dock.x, dock.y), limits)
    turn, _ = turn_to(there, dock.theta, limits)
    return (*way, *turn)


def _visit(
    kind: RobotModel, here: Stance, goal: tuple[float, float], task: dict[str, str], stop: float
) -> tuple[list[Leg], Stance]:
    way, there = travel(here, goal, kind.limits)
    driving = Activity.MOVING if kind.pattern is Pattern.ROAM else Activity.WORKING
    legs = [Leg(segment, driving, task) for segment in way]
    if stop > 0:
        legs.append(Leg(Stay(there, stop), Activity.WORKING, task))
    return legs, there


def _visits(kind: RobotModel, floor: Floor, rng: Random) -> Iterator[tuple[tuple[float, float], dict[str, str], float]]:
    """Yield (goal, task, seconds to stop there) without end."""
    if kind.pattern is Pattern.ROAM:
        for goal in _wander(floor, rng):
            yield goal, _task(kind, rng), rng.uniform(*kind.stop_seconds)
    task = _task(kind, rng)
    if kind.pattern is Pattern.LANES:
        for goal in cycle(_lane_ends(floor)):
            yield goal, task, 0.0
    for goal in cycle([floor.point(*corner) for corner in ((0, 0), (1, 0), (1, 1), (0, 1))]):
        yield goal, _task(kind, rng), rng.uniform(*kind.stop_seconds)


def _wander(floor: Floor, rng: Random) -> Iterator[tuple[float, float]]:
    """Yield points that are worth going to: not too near to the one before, unless the floor is that small."""
    last = floor.point(0.5, 0.5)
    while True:
        points = [floor.point(rng.random(), rng.random()) for _ in range(3)]
        far = [point for point in points if math.dist(point, last) >= _SHORTEST_LEG_METRES]
        last = far[0] if far else max(points, key=lambda point: math.dist(point, last))
        yield last


def _lane_ends(floor: Floor) -> list[tuple[float, float]]:
    """Return the corners of the lanes along the longer side, and back the same way."""
    lengthwise = floor.width >= floor.depth
    lanes = max(2, 1 + int((floor.depth if lengthwise else floor.width) / LANE_METRES))
    along = [(end, number / (lanes - 1)) for number in range(lanes) for end in ((0, 1) if number % 2 == 0 else (1, 0))]
    ends = [floor.point(end, share) if lengthwise else floor.point(share, end) for end, share in along]
    return ends + ends[-2:0:-1]


def _standing(kind: RobotModel, dock: Stance, rng: Random) -> Iterator[Leg]:
    left = kind.lap_seconds
    while left > 0:
        busy = min(left, rng.uniform(*kind.stop_seconds))
        yield Leg(Stay(dock, busy), Activity.WORKING, _task(kind, rng))
        left -= busy
        pause = min(left, rng.uniform(3.0, 15.0))
        if pause > 0:
            yield Leg(Stay(dock, pause), Activity.IDLE, None)
        left -= pause


def _task(kind: RobotModel, rng: Random) -> dict[str, str]:
    return rng.choice(kind.tasks).filled(rng.randint(1, 30))
