"""What a robot's MAVLink messages say together: the newest of each kind, folded into the zone's one report.

Source: MAVLink developer guide, message set `common`. NED is north, east, down with the yaw clockwise from north; the
zone's plan is x to the east, y to the north, anticlockwise from +x.
"""

import math
from collections.abc import Callable
from operator import itemgetter
from typing import Any

from device_bridge.protocols.decoded import NO_TIME
from device_bridge.wire.report import Activity, Fault, FaultLevel, Mode, Pose, Report

_MOVES_MPS = 0.05
_LARGEST = 1e6
"""Positions and speeds beyond this are no robot's."""
_TEST, _AUTO, _GUIDED, _STABILIZED, _ARMED = 2, 4, 8, 16, 128
"""MAV_MODE_FLAG"""
_ACTIVE, _CRITICAL, _EMERGENCY, _TERMINATED = 4, 5, 6, 8
"""MAV_STATE"""
_CHARGING = 7
"""MAV_BATTERY_CHARGE_STATE_CHARGING"""
_NED_FRAMES = frozenset({1, 20})
"""MAV_FRAME_LOCAL_NED, MAV_FRAME_LOCAL_FRD"""
_ENU_FRAMES = frozenset({4, 21})
"""MAV_FRAME_LOCAL_ENU, MAV_FRAME_LOCAL_FLU"""
_NO_VOLTAGE = 65_535
_FULL, _FULL_LOAD = 100, 1_000
_FAILED = -1
"""The quality of an odometry that has failed."""
_TOP_SPEED = 100.0
_OFTEN, _SELDOM = 5, 30
"""A place is known for so many reports, what changes slowly for so many; reports come with every heartbeat."""
_METRICS = ("load_percent", "battery_v")
_MOST_TEXTS = 4
_TEXT_REPORTS = 10
"""A status text stands in so many reports: nothing in the protocol takes it back."""
_MOST_TEXT = 200
_SEVERITIES = {0: FaultLevel.FATAL, 1: FaultLevel.CRITICAL, 2: FaultLevel.CRITICAL, 3: FaultLevel.URGENT}
_WARNING_SEVERITY = 4
"""MAV_SEVERITY: what lies above is a notice."""
_LEAST_SEVERITY = 7
_HARMLESS = frozenset({0, 1, 2, 3, 4, 7})
"""MAV_STATE from uninitialised to active, and switching off."""
_UNKNOWN_STATE = Fault(
    FaultLevel.FATAL, "MAV_STATE_UNKNOWN", {"en": "The robot is in a state that nobody knows", "zh": "机器人状态未知"}
)
_CLOCK_JUMP_MS = 1_000

_STATES = {
    _CRITICAL: Fault(
        FaultLevel.CRITICAL, "MAV_STATE_CRITICAL", {"en": "The robot has lost its way", "zh": "机器人状态严重异常"}
    ),
    _EMERGENCY: Fault(
        FaultLevel.FATAL, "MAV_STATE_EMERGENCY", {"en": "The robot is in an emergency", "zh": "机器人处于紧急状态"}
    ),
    _TERMINATED: Fault(
        FaultLevel.FATAL, "MAV_STATE_FLIGHT_TERMINATION", {"en": "The robot stops for good", "zh": "机器人已终止运行"}
    ),
}


class Newest:
    """The newest value of each kind, with the report before which it came: None where the robot has none to tell.

    A value that has not come again for so many reports is not the present one.
    """

    def __init__(self) -> None:
        self._values: dict[str, tuple[int, int, Any]] = {}
        self._notes = 0

    def note(self, kind: str, value: Any, reports: int) -> None:
        """Note a value, or that there is none, after so many reports."""
        self._notes += 1
        self._values[kind] = (reports, self._notes, value)

    def value(self, reports: int, within: int, *kinds: str) -> Any:
        """The newest value of these kinds, of those that came within so many reports; None without one."""
        found = [
            (order, value)
            for at, order, value in (self._values[kind] for kind in kinds if kind in self._values)
            if value is not None and reports - at <= within
        ]
        return max(found, key=itemgetter(0))[1] if found else None

    def forget(self) -> None:
        """The robot has started again: what it said before is not so any more."""
        self._values.clear()


class MavlinkState:
    """The newest of each kind of message; `origin` is where the local frame begins on the plan."""

    def __init__(self, origin: tuple[float, float]) -> None:
        self._origin = origin
        self._base_mode = 0
        self._system_status = 0
        self._newest = Newest()
        self._texts: list[tuple[int, Fault]] = []
        self._reports = 0
        self._boot_ms = 0
        self._takers: dict[str, Callable[[Any], None]] = {
            "HEARTBEAT": self._take_heartbeat,
            "SYS_STATUS": self._take_sys_status,
            "BATTERY_STATUS": self._take_battery,
            "LOCAL_POSITION_NED": self._take_position,
            "ODOMETRY": self._take_odometry,
            "STATUSTEXT": self._take_text,
        }

    def take(self, message: Any) -> bool:
        """Take in one message; True when it shows that the robot has started again since the last one."""
        taker = self._takers.get(message.get_type())
        if taker is None:
            return False
        boot_ms = getattr(message, "time_boot_ms", self._boot_ms)
        restarted = bool(boot_ms + _CLOCK_JUMP_MS < self._boot_ms)
        self._boot_ms = boot_ms
        if restarted:
            self._newest.forget()
        taker(message)
        return restarted

    def report(self, seq: int) -> Report:
        """What is known now, under this number."""
        self._reports += 1
        self._texts = [(until, fault) for until, fault in self._texts if until >= self._reports]
        state = _STATES.get(self._system_status, None if self._system_status in _HARMLESS else _UNKNOWN_STATE)
        metrics = {name: self._known(_SELDOM, name) for name in _METRICS}
        speed = self._known(_OFTEN, "ned speed", "odometry speed")
        return Report(
            robot="",
            boot=0,
            seq=seq,
            time=NO_TIME,
            mode=_mode(self._base_mode),
            activity=self._activity(speed),
            battery=self._known(_SELDOM, "battery", "battery of the system"),
            pose=self._pose(),
            speed=speed,
            errors=((state,) if state else ()) + tuple(fault for _, fault in self._texts),
            metrics={name: value for name, value in metrics.items() if value is not None},
        )

    def _known(self, within: int, *kinds: str) -> Any:
        return self._newest.value(self._reports, within, *kinds)

    def _note(self, kind: str, value: Any) -> None:
        self._newest.note(kind, value, self._reports)

    def _activity(self, speed: float | None) -> Activity:
        if self._known(_SELDOM, "charging"):
            return Activity.CHARGING
        if speed is not None and speed > _MOVES_MPS:
            return Activity.MOVING
        works = self._system_status == _ACTIVE and self._base_mode & _ARMED
        return Activity.WORKING if works else Activity.IDLE

    def _pose(self) -> Pose | None:
        place = self._known(_OFTEN, "ned place", "odometry place")
        if place is None:
            return None
        theta = self._known(_OFTEN, "heading")
        east, north = place
        return Pose(east, north, theta if theta is None else round(theta, 4))

    def _take_heartbeat(self, message: Any) -> None:
        self._base_mode, self._system_status = message.base_mode, message.system_status

    def _take_sys_status(self, message: Any) -> None:
        self._note("battery of the system", _percent(message.battery_remaining))
        self._note("load_percent", message.load / 10 if message.load <= _FULL_LOAD else None)
        volts = message.voltage_battery
        self._note("battery_v", None if volts == _NO_VOLTAGE else volts / 1_000)

    def _take_battery(self, message: Any) -> None:
        if message.id == 0:
            self._note("battery", _percent(message.battery_remaining))
            self._note("charging", message.charge_state == _CHARGING if message.charge_state else None)

    def _take_position(self, message: Any) -> None:
        self._note("ned place", self._place(message.y, message.x))
        self._note("ned speed", _speed(message.vx, message.vy))

    def _take_odometry(self, message: Any) -> None:
        yaw = _yaw(message.q)
        place = heading = None
        if message.quality != _FAILED and message.frame_id in _NED_FRAMES:
            place, heading = self._place(message.y, message.x), math.pi / 2 - yaw
        elif message.quality != _FAILED and message.frame_id in _ENU_FRAMES:
            place, heading = self._place(message.x, message.y), yaw
        known = heading is not None and math.isfinite(heading)
        self._note("heading", math.remainder(heading or 0.0, math.tau) if known else None)
        self._note("odometry place", place)
        self._note("odometry speed", None if message.quality == _FAILED else _speed(message.vx, message.vy))

    def _place(self, east: float, north: float) -> tuple[float, float] | None:
        x, y = self._origin
        return (round(x + east, 3), round(y + north, 3)) if _sane(east, north) else None

    def _take_text(self, message: Any) -> None:
        # A severity that the standard does not have may be the gravest.
        known = message.severity <= _LEAST_SEVERITY
        level = _SEVERITIES.get(message.severity, FaultLevel.WARNING) if known else FaultLevel.FATAL
        text = str(message.text)[:_MOST_TEXT]
        if message.severity <= _WARNING_SEVERITY or not known:
            fault = Fault(level, "STATUSTEXT", {"en": text} if text else {})
            self._texts = [*self._texts, (self._reports + _TEXT_REPORTS, fault)][-_MOST_TEXTS:]


def _percent(remaining: int) -> float | None:
    """-1 stands for a robot that does not know; beyond 100 there is nothing to know."""
    return float(remaining) if 0 <= remaining <= _FULL else None


def _speed(*parts: float) -> float | None:
    speed = math.hypot(*parts) if _sane(*parts) else None
    return None if speed is None or speed > _TOP_SPEED else round(speed, 3)


def _mode(flags: int) -> Mode:
    if flags & _TEST:
        return Mode.SERVICE
    if flags & (_AUTO | _GUIDED):
        return Mode.AUTOMATIC
    return Mode.SEMIAUTOMATIC if flags & _STABILIZED else Mode.MANUAL


def _yaw(quaternion: tuple[float, float, float, float]) -> float:
    """The turn about the vertical axis, of a quaternion (w, x, y, z)."""
    w, x, y, z = quaternion
    return math.atan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z))


def _sane(*values: float) -> bool:
    return all(math.isfinite(value) and abs(value) <= _LARGEST for value in values)
