"""What a robot is like at second t: a pure function of (robot, seed, t) in bounded time.

A robot's life is a row of shifts, each a fixed number of working laps and then charging at the dock; a lap is planned
from (seed, robot, lap number) alone. `t` is in seconds since 1970, so that two processes agree; a day is the fair's.
"""

import math
from dataclasses import dataclass, field
from functools import lru_cache
from random import Random

from device_bridge.simulators.fleet import RobotSpec
from device_bridge.simulators.kinds import CHARGING, WAITING, Hitch, RobotModel, kind_named
from device_bridge.simulators.kinematics import Floor, Motion, Stance
from device_bridge.simulators.routes import Lap, dock_of, lap
from device_bridge.wire.report import Activity, EStop, Fault, FaultLevel, Mode

FAIR_OFFSET_S = 8 * 3600
"""Asia/Shanghai, where the day of the `_today` counters begins."""
DAY_S = 86_400
CHARGING_SHARE = 0.12
"""Of a shift."""
LOW_BATTERY = 25.0
_HITCH_CHANCE = 0.04


@dataclass(frozen=True, slots=True)
class SimulatedState:
    """All that a robot can say about one moment, before any protocol; `turning` in rad/s."""

    motion: Motion
    activity: Activity
    mode: Mode
    battery: float | None
    task: dict[str, str] | None
    lap: int
    estop: EStop = EStop.NONE
    errors: tuple[Fault, ...] = ()
    metrics: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Shift:
    """Working laps, then charging laps, over and over; `begun` shifts a robot against the others, in laps."""

    working: int
    charging: int
    begun: int
    full: float
    empty: float

    def place(self, number: int) -> int:
        """Return which lap of its shift the lap is; from `working` on it is a charging one."""
        return (number + self.begun) % (self.working + self.charging)

    def worked(self, laps: float) -> float:
        """Return the working laps, with the fraction of the one under way, up to that moment."""
        rounds, within = divmod(laps + self.begun, self.working + self.charging)
        return rounds * self.working + min(within, self.working)

    def battery(self, laps: float) -> float:
        """Return the charge in percent: down along the work, up along the charging."""
        within = (laps + self.begun) % (self.working + self.charging)
        if within <= self.working:
            return self.full - (self.full - self.empty) * within / self.working
        return self.empty + (self.full - self.empty) * (within - self.working) / self.charging


class SimulatedRobot:
    """One robot: `at(t)` tells its state. Holds nothing but caches of what it can compute again."""

    def __init__(self, spec: RobotSpec, seed: int) -> None:
        self.spec = spec
        self.kind: RobotModel = kind_named(spec.kind)
        self._seed = f"{seed}/{spec.robot}"
        rng = self._random("life")
        self._floor: Floor = spec.area.rectangle.inset(self.kind.margin)
        self._dock: Stance = dock_of(self._floor, rng)
        self._shift = _shift(self.kind, rng)
        self._pace = rng.uniform(0.8, 1.2)
        self._lap = lru_cache(maxsize=2)(self._plan)

    def at(self, t: float) -> SimulatedState:
        """Return the state at `t` seconds since 1970."""
        laps = t / self.kind.lap_seconds
        number = math.floor(laps)
        into = t - number * self.kind.lap_seconds
        battery = self._shift.battery(laps) if self.kind.hours_on_battery else None
        errors, metrics = self._errors(number, into, battery), self._metrics(t)
        if self._shift.place(number) >= self._shift.working:
            here = Motion(self._dock.x, self._dock.y, self._dock.theta)
            task = CHARGING.filled(0)
            return SimulatedState(
                here, Activity.CHARGING, self.kind.mode, battery, task, number, errors=errors, metrics=metrics
            )
        motion, leg = self._lap(number).at(into)
        task = leg.task or WAITING.filled(0)
        return SimulatedState(
            motion, leg.activity, self.kind.mode, battery, task, number, errors=errors, metrics=metrics
        )

    def _plan(self, number: int) -> Lap:
        return lap(self.kind, self._floor, self._dock, self._random(f"lap/{number}"))

    def _random(self, purpose: str) -> Random:
        return Random(f"{self._seed}/{purpose}")

    def _metrics(self, t: float) -> dict[str, float]:
        midnight = (t + FAIR_OFFSET_S) // DAY_S * DAY_S - FAIR_OFFSET_S
        laps = self._shift.worked(t / self.kind.lap_seconds) - self._shift.worked(midnight / self.kind.lap_seconds)
        hours = laps * self.kind.lap_seconds / 3600 * self._pace
        return {count.metric: _stepped(hours * count.per_hour, count.decimals) for count in self.kind.counts}

    def _errors(self, number: int, into: float, battery: float | None) -> tuple[Fault, ...]:
        errors = []
        if battery is not None and battery < LOW_BATTERY:
            text = {"en": "The battery is low", "zh": "电量低"}
            errors.append(Fault(FaultLevel.WARNING, "battery-low", text))
        hitch = _hitch(self.kind, self._seed, number)
        if hitch is not None and hitch.begins <= into < hitch.ends:
            errors.append(Fault(FaultLevel.WARNING, hitch.what.code, hitch.what.words.filled(0)))
        return tuple(errors)


@dataclass(frozen=True, slots=True)
class _Hitched:
    what: Hitch
    begins: float
    ends: float


@lru_cache(maxsize=1024)
def _hitch(kind: RobotModel, seed: str, number: int) -> _Hitched | None:
    rng = Random(f"{seed}/hitch/{number}")
    if rng.random() >= _HITCH_CHANCE:
        return None
    begins = kind.lap_seconds * rng.uniform(0.1, 0.5)
    return _Hitched(rng.choice(kind.hitches), begins, begins + rng.uniform(20.0, 60.0))


def _shift(kind: RobotModel, rng: Random) -> _Shift:
    if kind.hours_on_battery is None:
        return _Shift(working=1, charging=0, begun=0, full=100.0, empty=100.0)
    working = max(2, round(kind.hours_on_battery * 3600 / kind.lap_seconds))
    charging = max(1, round(working * CHARGING_SHARE / (1 - CHARGING_SHARE)))
    begun = rng.randrange(working + charging)
    return _Shift(working, charging, begun, full=rng.uniform(92.0, 99.5), empty=rng.uniform(22.0, 38.0))


def _stepped(value: float, decimals: int) -> float:
    scale = 10.0**decimals
    return math.floor(value * scale) / scale
