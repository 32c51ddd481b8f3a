"""The messages of a vehicle of VDA 5050, version 2.1.

Source: VDA 5050 2.1.0, sections 6.10 (state) and 6.14 (connection).
"""

from datetime import datetime
from typing import Any

import msgspec

from device_bridge.simulators.behaviour import RobotState
from device_bridge.simulators.cast import Part
from device_bridge.simulators.player import Moment
from device_bridge.wire.report import Activity, EStop, Fault, FaultLevel, Mode

VERSION = "2.1.0"
MAP_ID = "zone"

_MODES = {Mode.TEACH_IN: "TEACHIN"}
_ESTOPS = {EStop.NONE: "NONE", EStop.AUTO: "AUTOACK", EStop.MANUAL: "MANUAL", EStop.REMOTE: "REMOTE"}
_LEVELS = {FaultLevel.WARNING: "WARNING", FaultLevel.URGENT: "WARNING"}
_VOLTS_EMPTY, _VOLTS_FULL = 44.0, 54.6

encode = msgspec.json.Encoder().encode


def header(part: Part, at: datetime, number: int, version: str = VERSION) -> dict[str, Any]:
    """Return the fields that every message starts with; `at` in UTC."""
    manufacturer, _, serial = part.address.partition("/")
    return {
        "headerId": number,
        "timestamp": f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z",
        "version": version,
        "manufacturer": manufacturer,
        "serialNumber": serial,
    }


def connection_message(part: Part, at: datetime, number: int, state: str) -> bytes:
    """Return a `connection` message: `state` is ONLINE, OFFLINE or CONNECTIONBROKEN."""
    return encode(header(part, at, number) | {"connectionState": state})


def state_message(part: Part, moment: Moment, number: int) -> bytes:
    """Return a `state` message."""
    state = moment.state
    motion = state.motion
    return encode(
        header(part, moment.at, number)
        | {
            "orderId": f"lap-{state.lap}",
            "orderUpdateId": 0,
            "lastNodeId": "dock",
            "lastNodeSequenceId": 0,
            "nodeStates": [],
            "edgeStates": [],
            "driving": motion.speed > 0 or motion.turning != 0,
            "paused": state.activity is Activity.PAUSED,
            "operatingMode": _MODES.get(state.mode, state.mode.value.upper()),
            "agvPosition": _position(state),
            "velocity": {"vx": round(motion.speed, 3), "vy": 0.0, "omega": round(motion.turning, 3)},
            "loads": [],
            "actionStates": _actions(state),
            "batteryState": _battery(state),
            "errors": [_error(fault) for fault in state.errors],
            "information": information(state.metrics),
            "safetyState": {"eStop": _ESTOPS[state.estop], "fieldViolation": False},
        }
    )


def _position(state: RobotState) -> dict[str, Any]:
    motion = state.motion
    return {
        "x": round(motion.x, 3),
        "y": round(motion.y, 3),
        "theta": round(motion.theta, 4),
        "mapId": MAP_ID,
        "positionInitialized": True,
    }


def _battery(state: RobotState) -> dict[str, Any]:
    """Return the battery; the standard demands one, so a robot on the mains shows a full one."""
    charge = 100.0 if state.battery is None else state.battery
    return {
        "batteryCharge": round(charge, 1),
        "batteryVoltage": round(_VOLTS_EMPTY + (_VOLTS_FULL - _VOLTS_EMPTY) * charge / 100, 1),
        "charging": state.activity is Activity.CHARGING,
    }


def _actions(state: RobotState) -> list[dict[str, Any]]:
    """Return the task as an action: running while the robot is at it, none while it waits or charges."""
    if state.task is None or state.activity in {Activity.IDLE, Activity.CHARGING}:
        return []
    paused = state.activity is Activity.PAUSED
    return [
        {
            "actionId": f"lap-{state.lap}",
            "actionType": "task",
            "actionDescription": f"{state.task['en']} · {state.task['zh']}",
            "actionStatus": "WAITING" if paused else "RUNNING",
        }
    ]


def _error(fault: Fault) -> dict[str, Any]:
    return {
        "errorType": fault.code,
        "errorLevel": _LEVELS.get(fault.level, "FATAL"),
        "errorDescription": fault.text.get("en", fault.code),
        "errorReferences": [],
    }


def information(metrics: dict[str, float]) -> list[dict[str, Any]]:
    """Return the robot's own numbers."""
    references = [{"referenceKey": key, "referenceValue": f"{value:g}"} for key, value in metrics.items()]
    return [{"infoType": "metrics", "infoLevel": "INFO", "infoReferences": references}]
