"""Where a robot is at a given second of its route: closed-form motion with limited speed, acceleration and turn rate.

Pure. Metres, seconds, radians anticlockwise from +x (east). Nothing is integrated: any moment costs the same.
"""

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Protocol

_NOTHING = 1e-9
"""Metres or radians that are not worth a movement."""


@dataclass(frozen=True, slots=True)
class Floor:
    """A piece of floor: south-west corner, extent to the east and to the north, metres."""

    x: float
    y: float
    width: float
    depth: float

    def inset(self, margin: float) -> "Floor":
        """Return the rectangle that keeps `margin` metres to every edge, or a third of a narrow side."""
        across, along = min(margin, self.width / 3), min(margin, self.depth / 3)
        return Floor(self.x + across, self.y + along, self.width - 2 * across, self.depth - 2 * along)

    def point(self, across: float, along: float) -> tuple[float, float]:
        """Return the point at the given shares (0..1) of width and depth."""
        return self.x + across * self.width, self.y + along * self.depth

    def contains(self, x: float, y: float) -> bool:
        """Tell whether the point lies inside, edges and a rounding error of a micrometre included."""
        return self.x - 1e-6 <= x <= self.x + self.width + 1e-6 and self.y - 1e-6 <= y <= self.y + self.depth + 1e-6


@dataclass(frozen=True, slots=True)
class Stance:
    """Where a robot stands and looks."""

    x: float
    y: float
    theta: float = 0.0


@dataclass(frozen=True, slots=True)
class Motion:
    """A stance with its rates: `speed` in m/s forward, `turning` in rad/s anticlockwise."""

    x: float
    y: float
    theta: float
    speed: float = 0.0
    turning: float = 0.0


@dataclass(frozen=True, slots=True)
class MotionLimits:
    """What the drive can do: m/s, m/s2, rad/s, rad/s2."""

    speed: float
    acceleration: float = 0.6
    turn_rate: float = 1.2
    turn_acceleration: float = 2.4


@dataclass(frozen=True, slots=True)
class Ramp:
    """A trapezoidal speed profile over `distance`: speed up, cruise, slow down; a triangle when it is short."""

    distance: float
    top: float
    acceleration: float

    @property
    def duration(self) -> float:
        """Seconds from rest to rest."""
        if self.distance <= 0:
            return 0.0
        peak = self._peak
        return self.distance / peak + peak / self.acceleration

    @property
    def _peak(self) -> float:
        return min(self.top, math.sqrt(self.distance * self.acceleration))

    def at(self, tau: float) -> tuple[float, float]:
        """Return (distance covered, speed) `tau` seconds after the start; clamped to the ends."""
        if tau <= 0 or self.distance <= 0:
            return 0.0, 0.0
        total = self.duration
        if tau >= total:
            return self.distance, 0.0
        peak, rising = self._peak, self._peak / self.acceleration
        if tau < rising:
            return self.acceleration * tau * tau / 2, self.acceleration * tau
        if tau <= total - rising:
            return peak * rising / 2 + peak * (tau - rising), peak
        left = total - tau
        return self.distance - self.acceleration * left * left / 2, self.acceleration * left


class Segment(Protocol):
    """A part of a route with a known duration in seconds."""

    @property
    def duration(self) -> float:
        """Seconds that the segment takes."""
        ...

    def at(self, tau: float) -> Motion:
        """Return the motion `tau` seconds into the segment, 0 <= tau <= duration."""
        ...


@dataclass(frozen=True, slots=True)
class Stay:
    """Standing still."""

    stance: Stance
    duration: float

    def at(self, tau: float) -> Motion:  # noqa: ARG002 - the same at every moment
        """Return the stance, at rest."""
        return Motion(self.stance.x, self.stance.y, self.stance.theta)


@dataclass(frozen=True, slots=True)
class Turn:
    """Turning on the spot by `angle` radians, anticlockwise when positive."""

    stance: Stance
    angle: float
    ramp: Ramp
    duration: float

    def at(self, tau: float) -> Motion:
        """Return the stance turned so far."""
        turned, rate = self.ramp.at(tau)
        sign = math.copysign(1.0, self.angle)
        return Motion(self.stance.x, self.stance.y, wrap(self.stance.theta + sign * turned), 0.0, sign * rate)


@dataclass(frozen=True, slots=True)
class Drive:
    """Driving straight ahead along the stance's heading."""

    stance: Stance
    ramp: Ramp
    duration: float

    def at(self, tau: float) -> Motion:
        """Return the point reached and the speed there."""
        gone, speed = self.ramp.at(tau)
        heading = self.stance.theta
        return Motion(
            self.stance.x + gone * math.cos(heading), self.stance.y + gone * math.sin(heading), heading, speed
        )


class DrivenRoute:
    """Segments one after another; `at` finds the one that is under way."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        """Take at least one segment."""
        self._segments = tuple(segments)
        self._ends = tuple(accumulate(segment.duration for segment in segments))

    @property
    def duration(self) -> float:
        """Seconds of the whole route."""
        return self._ends[-1]

    def index_at(self, tau: float) -> int:
        """Return the number of the segment that is under way `tau` seconds after the start."""
        return min(bisect_right(self._ends, tau), len(self._segments) - 1)

    def at(self, tau: float) -> Motion:
        """Return the motion `tau` seconds after the start; the end holds for ever after."""
        index = self.index_at(tau)
        begun = self._ends[index - 1] if index else 0.0
        return self._segments[index].at(tau - begun)


def wrap(angle: float) -> float:
    """Return the same direction in (-pi, pi]."""
    return math.pi - (math.pi - angle) % math.tau


def travel(start: Stance, goal: tuple[float, float], limits: MotionLimits) -> tuple[tuple[Segment, ...], Stance]:
    """Return the turn and the straight drive from `start` to `goal`, and the stance at its end."""
    east, north = goal[0] - start.x, goal[1] - start.y
    distance = math.hypot(east, north)
    if distance < _NOTHING:
        return (), start
    heading = math.atan2(north, east)
    turn, facing = turn_to(start, heading, limits)
    ramp = Ramp(distance, limits.speed, limits.acceleration)
    return (*turn, Drive(facing, ramp, ramp.duration)), Stance(goal[0], goal[1], heading)


def turn_to(start: Stance, heading: float, limits: MotionLimits) -> tuple[tuple[Segment, ...], Stance]:
    """Return the turn on the spot, the short way round, to `heading`, and the stance after it."""
    angle = wrap(heading - start.theta)
    facing = Stance(start.x, start.y, heading)
    if abs(angle) < _NOTHING:
        return (), facing
    ramp = Ramp(abs(angle), limits.turn_rate, limits.turn_acceleration)
    return (Turn(start, angle, ramp, ramp.duration),), facing
