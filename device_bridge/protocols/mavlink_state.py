"""What a robot's MAVLink messages say together: the newest of each kind, folded into the zone's one report.

Source: MAVLink developer guide, message set `common`. NED is north, east, down with the yaw clockwise from north; the
zone's plan is x to the east, y to the north, anticlockwise from +x.
"""

import math
from collections.abc import Callable
from typing import Any

from device_bridge.protocols.heard import NO_TIME
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
_MOST_TEXTS = 4
_TEXT_REPORTS = 10
"""A status text stands in so many reports: nothing in the protocol takes it back."""
_MOST_TEXT = 200
_SEVERITIES = {0: FaultLevel.FATAL, 1: FaultLevel.CRITICAL, 2: FaultLevel.CRITICAL, 3: FaultLevel.URGENT}
_WARNING_SEVERITY = 4
"""MAV_SEVERITY: what lies above is a notice."""
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


class MavlinkState:
    """The newest of each kind of message; `origin` is where the local frame begins on the plan."""

    def __init__(self, origin: tuple[float, float]) -> None:
        self._origin = origin
        self._base_mode = 0
        self._system_status = 0
        self._battery: float | None = None
        self._charging = False
        self._metrics: dict[str, float] = {}
        self._pose: Pose | None = None
        self._theta = 0.0
        self._speed: float | None = None
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
        taker(message)
        boot_ms = getattr(message, "time_boot_ms", self._boot_ms)
        restarted = bool(boot_ms + _CLOCK_JUMP_MS < self._boot_ms)
        self._boot_ms = boot_ms
        return restarted

    def report(self, seq: int) -> Report:
        """What is known now, under this number."""
        self._reports += 1
        self._texts = [(until, fault) for until, fault in self._texts if until >= self._reports]
        state = _STATES.get(self._system_status)
        return Report(
            robot="",
            boot=0,
            seq=seq,
            time=NO_TIME,
            mode=_mode(self._base_mode),
            activity=self._activity(),
            battery=self._battery,
            pose=self._pose,
            speed=self._speed,
            errors=((state,) if state else ()) + tuple(fault for _, fault in self._texts),
            metrics=dict(self._metrics),
        )

    def _activity(self) -> Activity:
        if self._charging:
            return Activity.CHARGING
        if self._speed is not None and self._speed > _MOVES_MPS:
            return Activity.MOVING
        works = self._system_status == _ACTIVE and self._base_mode & _ARMED
        return Activity.WORKING if works else Activity.IDLE

    def _take_heartbeat(self, message: Any) -> None:
        self._base_mode, self._system_status = message.base_mode, message.system_status

    def _take_sys_status(self, message: Any) -> None:
        self._note_remaining(message.battery_remaining)
        self._metrics["load_percent"] = message.load / 10
        if message.voltage_battery != _NO_VOLTAGE:
            self._metrics["battery_v"] = message.voltage_battery / 1_000

    def _take_battery(self, message: Any) -> None:
        if message.id == 0:
            self._note_remaining(message.battery_remaining)
            self._charging = message.charge_state == _CHARGING

    def _note_remaining(self, percent: int) -> None:
        """-1 stands for a robot that does not know."""
        self._battery = float(min(100, percent)) if percent >= 0 else self._battery

    def _take_position(self, message: Any) -> None:
        self._note_place(message.y, message.x)
        self._note_speed(message.vx, message.vy)

    def _take_odometry(self, message: Any) -> None:
        yaw = _yaw(message.q)
        if message.frame_id in _NED_FRAMES:
            self._note_heading(math.pi / 2 - yaw)
            self._note_place(message.y, message.x)
        elif message.frame_id in _ENU_FRAMES:
            self._note_heading(yaw)
            self._note_place(message.x, message.y)
        self._note_speed(message.vx, message.vy)

    def _note_heading(self, theta: float) -> None:
        if math.isfinite(theta):
            self._theta = math.remainder(theta, math.tau)

    def _note_place(self, east: float, north: float) -> None:
        if _sane(east, north):
            x, y = self._origin
            self._pose = Pose(round(x + east, 3), round(y + north, 3), round(self._theta, 4))

    def _note_speed(self, *parts: float) -> None:
        if _sane(*parts):
            self._speed = round(min(100.0, math.hypot(*parts)), 3)

    def _take_text(self, message: Any) -> None:
        level = _SEVERITIES.get(message.severity, FaultLevel.WARNING)
        text = str(message.text)[:_MOST_TEXT]
        if message.severity <= _WARNING_SEVERITY:
            fault = Fault(level, "STATUSTEXT", {"en": text} if text else {})
            self._texts = [*self._texts, (self._reports + _TEXT_REPORTS, fault)][-_MOST_TEXTS:]


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
