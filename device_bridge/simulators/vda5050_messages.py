"""The messages of a robot of VDA 5050 2.1, or of 3.0 with its new names.

Source: VDA 5050 2.1.0, sections 6.10 (state) and 6.14 (connection); VDA 5050 3.0.0, sections on state, connection,
visualization and factsheet; and their JSON schemas.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from device_bridge.simulators.behaviour import SimulatedState
from device_bridge.simulators.fleet import RobotSpec
from device_bridge.simulators.player import RobotMoment
from device_bridge.wire.report import Activity, EStop, Fault, FaultLevel, Mode
from device_bridge.wire.topics import VDA5050_TOPIC, VDA5050_V3_TOPIC

MAP_ID = "zone"
_VOLTS_EMPTY, _VOLTS_FULL = 44.0, 54.6
_TIMING = {"minimumOrderInterval": 1.0, "minimumStateInterval": 0.1}
_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True)
class StandardNames:
    """How one version of the standard names things."""

    number: str
    topic: str
    broken: str
    position: str
    localized: str
    power: str
    charge: str
    stop: str
    description: str
    estops: dict[EStop, str]
    levels: dict[FaultLevel, str]
    modes: dict[Mode, str] = field(default_factory=dict)
    """Those that are not the zone's own words in capitals."""

    @property
    def newer(self) -> bool:
        """Whether it is version 3: with more lists, translated errors, and robots that say where and what they are."""
        return self is V3


V2 = StandardNames(
    "2.1.0",
    VDA5050_TOPIC,
    "CONNECTIONBROKEN",
    "agvPosition",
    "positionInitialized",
    "batteryState",
    "batteryCharge",
    "eStop",
    "actionDescription",
    {EStop.NONE: "NONE", EStop.AUTO: "AUTOACK", EStop.MANUAL: "MANUAL", EStop.REMOTE: "REMOTE"},
    {level: "WARNING" if level in {FaultLevel.WARNING, FaultLevel.URGENT} else "FATAL" for level in FaultLevel},
    {Mode.TEACH_IN: "TEACHIN"},
)
V3 = StandardNames(
    "3.0.0",
    VDA5050_V3_TOPIC,
    "CONNECTION_BROKEN",
    "mobileRobotPosition",
    "localized",
    "powerSupply",
    "stateOfCharge",
    "activeEmergencyStop",
    "actionDescriptor",
    {EStop.NONE: "NONE", EStop.AUTO: "MANUAL", EStop.MANUAL: "MANUAL", EStop.REMOTE: "REMOTE"},
    {level: level.value.upper() for level in FaultLevel},
)


def version_of(spec: RobotSpec) -> StandardNames:
    """The version that this robot speaks."""
    return V3 if spec.version.startswith("3.") else V2


def connection_message(spec: RobotSpec, at: datetime, number: int, state: str) -> bytes:
    """Return a `connection` message: `state` is ONLINE, OFFLINE, HIBERNATING or what the version says for broken."""
    return _encode(_header(spec, at, number) | {"connectionState": state})


def state_message(spec: RobotSpec, moment: RobotMoment, number: int) -> bytes:
    """Return a `state` message."""
    state, says = moment.state, version_of(spec)
    body = {
        "orderId": f"lap-{state.lap}",
        "orderUpdateId": 0,
        "lastNodeId": "dock",
        "lastNodeSequenceId": 0,
        "nodeStates": [],
        "edgeStates": [],
        "driving": state.motion.speed > 0 or state.motion.turning != 0,
        "paused": state.activity is Activity.PAUSED,
        "operatingMode": says.modes.get(state.mode, state.mode.value.upper()),
        says.position: _position(state, says),
        "velocity": _velocity(state),
        "loads": [],
        "actionStates": _actions(state, says),
        says.power: _power(state, says),
        "errors": [_error(fault, says) for fault in state.errors],
        "information": [_figures(state.metrics, says)],
        "safetyState": {says.stop: says.estops[state.estop], "fieldViolation": False},
    }
    if says.newer:
        body |= {"instantActionStates": [], "zoneActionStates": [], "maps": [], "zoneSets": []}
    return _encode(_header(spec, moment.at, number) | body)


def visualization_message(spec: RobotSpec, moment: RobotMoment, number: int, state: int) -> bytes:
    """Return where the robot is between two states; `state` is the header id of the last one."""
    says = version_of(spec)
    body = {
        "referenceStateHeaderId": state,
        says.position: _position(moment.state, says),
        "velocity": _velocity(moment.state),
    }
    return _encode(_header(spec, moment.at, number) | body)


def factsheet_message(spec: RobotSpec, at: datetime, number: int) -> bytes:
    """Return what a robot of version 3 says it is and can do."""
    return _encode(
        _header(spec, at, number)
        | {
            "typeSpecification": {
                "seriesName": spec.name.get("en", spec.robot_code),
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


def _header(spec: RobotSpec, at: datetime, number: int) -> dict[str, Any]:
    """Return the fields that every message starts with; `at` in UTC."""
    manufacturer, _, serial = spec.address.partition("/")
    return {
        "headerId": number,
        "timestamp": f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z",
        "version": version_of(spec).number,
        "manufacturer": manufacturer,
        "serialNumber": serial,
    }


def _position(state: SimulatedState, says: StandardNames) -> dict[str, Any]:
    motion = state.motion
    return {
        "x": round(motion.x, 3),
        "y": round(motion.y, 3),
        "theta": round(motion.theta, 4),
        "mapId": MAP_ID,
        says.localized: True,
    }


def _velocity(state: SimulatedState) -> dict[str, float]:
    return {"vx": round(state.motion.speed, 3), "vy": 0.0, "omega": round(state.motion.turning, 3)}


def _power(state: SimulatedState, says: StandardNames) -> dict[str, Any]:
    """Return the battery; the standard demands one, so a robot on the mains shows a full one."""
    charge = 100.0 if state.battery is None else state.battery
    volts = round(_VOLTS_EMPTY + (_VOLTS_FULL - _VOLTS_EMPTY) * charge / 100, 1)
    own = {} if says.newer else {"batteryVoltage": volts}
    return {says.charge: round(charge, 1), "charging": state.activity is Activity.CHARGING, **own}


def _actions(state: SimulatedState, says: StandardNames) -> list[dict[str, Any]]:
    """Return the task as an action: running while the robot is at it, none while it waits or charges."""
    if state.task is None or state.activity in {Activity.IDLE, Activity.CHARGING}:
        return []
    return [
        {
            "actionId": f"lap-{state.lap}",
            "actionType": "task",
            says.description: f"{state.task['en']} · {state.task['zh']}",
            "actionStatus": "WAITING" if state.activity is Activity.PAUSED else "RUNNING",
        }
    ]


def _error(fault: Fault, says: StandardNames) -> dict[str, Any]:
    texts = [{"translationKey": key, "translationValue": text} for key, text in fault.text.items() if key != "en"]
    return {
        "errorType": fault.code,
        "errorLevel": says.levels[fault.level],
        "errorDescription": fault.text.get("en", fault.code),
        "errorReferences": [],
        **({"errorDescriptionTranslations": texts} if says.newer else {}),
    }


def _figures(metrics: dict[str, float], says: StandardNames) -> dict[str, Any]:
    """Return the robot's own numbers."""
    references = [{"referenceKey": key, "referenceValue": f"{value:g}"} for key, value in metrics.items()]
    described = {"infoDescriptor": "figures"} if says.newer else {}
    return {"infoType": "metrics", "infoLevel": "INFO", "infoReferences": references, **described}
