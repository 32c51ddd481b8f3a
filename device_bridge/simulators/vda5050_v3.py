"""The messages of a robot of VDA 5050, version 3.0, with its new names.

Source: VDA 5050 3.0.0, sections on state, connection, visualization and factsheet, and its JSON schemas.
"""

from datetime import datetime
from typing import Any

from device_bridge.simulators.behaviour import RobotState
from device_bridge.simulators.cast import Part
from device_bridge.simulators.player import Moment
from device_bridge.simulators.vda5050_v2 import MAP_ID, encode, header, information
from device_bridge.wire.report import Activity, EStop, Fault

VERSION = "3.0.0"

_ESTOPS = {EStop.NONE: "NONE", EStop.REMOTE: "REMOTE"}


def connection_message(part: Part, at: datetime, number: int, state: str) -> bytes:
    """Return a `connection` message: `state` is ONLINE, OFFLINE, HIBERNATING or CONNECTION_BROKEN."""
    return encode(header(part, at, number, VERSION) | {"connectionState": state})


def state_message(part: Part, moment: Moment, number: int) -> bytes:
    """Return a `state` message."""
    state = moment.state
    return encode(
        header(part, moment.at, number, VERSION)
        | {
            "orderId": f"lap-{state.lap}",
            "orderUpdateId": 0,
            "lastNodeId": "dock",
            "lastNodeSequenceId": 0,
            "nodeStates": [],
            "edgeStates": [],
            "driving": state.motion.speed > 0 or state.motion.turning != 0,
            "paused": state.activity is Activity.PAUSED,
            "operatingMode": state.mode.value.upper(),
            "mobileRobotPosition": _position(state),
            "velocity": _velocity(state),
            "loads": [],
            "actionStates": _actions(state),
            "instantActionStates": [],
            "zoneActionStates": [],
            "powerSupply": _power(state),
            "errors": [_error(fault) for fault in state.errors],
            "information": [_described(entry) for entry in information(state.metrics)],
            "safetyState": {"activeEmergencyStop": _ESTOPS.get(state.estop, "MANUAL"), "fieldViolation": False},
            "maps": [],
            "zoneSets": [],
        }
    )


def visualization_message(part: Part, moment: Moment, number: int, state: int) -> bytes:
    """Return where the robot is between two states; `state` is the header id of the last one."""
    return encode(
        header(part, moment.at, number, VERSION)
        | {
            "referenceStateHeaderId": state,
            "mobileRobotPosition": _position(moment.state),
            "velocity": _velocity(moment.state),
        }
    )


def factsheet_message(part: Part, at: datetime, number: int) -> bytes:
    """Return what the robot says it is and can do."""
    return encode(
        header(part, at, number, VERSION)
        | {
            "typeSpecification": {
                "seriesName": part.name.get("en", part.robot_code),
                "mobileRobotKinematics": "DIFFERENTIAL",
                "mobileRobotClass": "CARRIER",
                "maximumLoadMass": 40.0,
                "localizationTypes": ["NATURAL"],
                "navigationTypes": ["AUTONOMOUS"],
            },
            "physicalParameters": {
                "minimumSpeed": 0.0,
                "maximumSpeed": 1.5,
                "maximumAcceleration": 0.8,
                "maximumDeceleration": 1.2,
                "minimumHeight": 1.1,
                "maximumHeight": 1.1,
                "width": 0.5,
                "length": 0.5,
            },
            "protocolLimits": {"maximumStringLengths": {}, "maximumArrayLengths": {}, "timing": _TIMING},
            "protocolFeatures": {"optionalParameters": [], "mobileRobotActions": []},
            "mobileRobotGeometry": {},
            "loadSpecification": {},
        }
    )


_TIMING = {"minimumOrderInterval": 1.0, "minimumStateInterval": 0.1}


def _position(state: RobotState) -> dict[str, Any]:
    motion = state.motion
    return {
        "x": round(motion.x, 3),
        "y": round(motion.y, 3),
        "theta": round(motion.theta, 4),
        "mapId": MAP_ID,
        "localized": True,
    }


def _velocity(state: RobotState) -> dict[str, float]:
    return {"vx": round(state.motion.speed, 3), "vy": 0.0, "omega": round(state.motion.turning, 3)}


def _power(state: RobotState) -> dict[str, Any]:
    """Return the power supply; the standard demands a charge, so a robot on the mains shows a full one."""
    charge = 100.0 if state.battery is None else state.battery
    return {"stateOfCharge": round(charge, 1), "charging": state.activity is Activity.CHARGING}


def _actions(state: RobotState) -> list[dict[str, Any]]:
    if state.task is None or state.activity in {Activity.IDLE, Activity.CHARGING}:
        return []
    return [
        {
            "actionId": f"lap-{state.lap}",
            "actionType": "task",
            "actionDescriptor": f"{state.task['en']} · {state.task['zh']}",
            "actionStatus": "WAITING" if state.activity is Activity.PAUSED else "RUNNING",
        }
    ]


def _error(fault: Fault) -> dict[str, Any]:
    texts = [{"translationKey": key, "translationValue": text} for key, text in fault.text.items() if key != "en"]
    return {
        "errorType": fault.code,
        "errorLevel": fault.level.value.upper(),
        "errorDescription": fault.text.get("en", fault.code),
        "errorDescriptionTranslations": texts,
        "errorReferences": [],
    }


def _described(entry: dict[str, Any]) -> dict[str, Any]:
    return entry | {"infoDescriptor": "figures"}
