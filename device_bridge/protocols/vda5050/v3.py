"""Version 3.0 under `vda5050/v3/...`, with its new names, translated texts of errors and robots that hibernate."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from device_bridge.protocols.adjusting import Quantities
from device_bridge.protocols.fair import NO_MAP, turned
from device_bridge.protocols.heard import Factsheet, Glimpse, Heard, Presence, Reading
from device_bridge.protocols.mending import GRAVEST, RADIANS, STOPPED, UNKNOWN, Care, Instead
from device_bridge.protocols.vda5050 import header, phrases
from device_bridge.protocols.vda5050.header import Header, Information, Velocity
from device_bridge.protocols.vda5050.reader import Message
from device_bridge.wire.report import Angle, EStop, Fault, FaultLevel, Mode, Number, Pose, PresenceState, Report

_MODES = {
    "AUTOMATIC": Mode.AUTOMATIC,
    "SEMIAUTOMATIC": Mode.SEMIAUTOMATIC,
    "MANUAL": Mode.MANUAL,
    "SERVICE": Mode.SERVICE,
    "TEACH_IN": Mode.TEACH_IN,
    # Two of 3.0 alone: it starts up and takes no orders; it is driven by hand between two stretches of its own.
    "STARTUP": Mode.SERVICE,
    "INTERVENED": Mode.MANUAL,
}
_ESTOPS = {"NONE": EStop.NONE, "MANUAL": EStop.MANUAL, "REMOTE": EStop.REMOTE}
_LEVELS = {level.value.upper(): level for level in FaultLevel}
_PRESENCES = {
    "ONLINE": PresenceState.ONLINE,
    "OFFLINE": PresenceState.OFFLINE,
    "HIBERNATING": PresenceState.HIBERNATING,
    "CONNECTION_BROKEN": PresenceState.BROKEN,
}


class _Power(msgspec.Struct, frozen=True, rename="camel"):
    state_of_charge: Annotated[float, Meta(ge=0, le=100)] | None
    charging: bool | None


class _Position(msgspec.Struct, frozen=True, rename="camel"):
    x: Number
    y: Number
    theta: Angle | None
    localized: bool
    map_id: Annotated[str, Meta(max_length=100)] = ""


class _Safety(msgspec.Struct, frozen=True, rename="camel"):
    active_emergency_stop: Literal["MANUAL", "REMOTE", "NONE"]


class _Translation(msgspec.Struct, frozen=True, rename="camel"):
    translation_key: str
    translation_value: str


class _Error(msgspec.Struct, frozen=True, rename="camel"):
    error_type: str
    error_level: Literal["WARNING", "URGENT", "CRITICAL", "FATAL"]
    error_description: str = ""
    error_description_translations: tuple[_Translation, ...] = ()
    error_hint: str = ""
    error_hint_translations: tuple[_Translation, ...] = ()


class _Action(msgspec.Struct, frozen=True, rename="camel"):
    action_status: str
    action_type: str = ""
    action_descriptor: str = ""


class _State(Header, frozen=True, rename="camel"):
    driving: bool | None
    operating_mode: (
        Literal["STARTUP", "AUTOMATIC", "SEMIAUTOMATIC", "INTERVENED", "MANUAL", "SERVICE", "TEACH_IN"] | None
    )
    power_supply: _Power
    safety_state: _Safety
    errors: tuple[_Error, ...] = ()
    action_states: tuple[_Action, ...] = ()
    zone_action_states: tuple[_Action, ...] = ()
    instant_action_states: tuple[_Action, ...] = ()
    information: tuple[Information, ...] = ()
    paused: bool | None = False
    mobile_robot_position: _Position | None = None
    velocity: Velocity | None = None


class _Connection(Header, frozen=True, rename="camel"):
    connection_state: Literal["ONLINE", "OFFLINE", "HIBERNATING", "CONNECTION_BROKEN"]


class _Visualization(Header, frozen=True, rename="camel"):
    # `referenceStateHeaderId` is not read: the schema after the tag demands it, the tag's own does not know it.
    mobile_robot_position: _Position | None = None
    velocity: Velocity | None = None


class _Factsheet(Header, frozen=True, rename="camel"):
    type_specification: dict[str, Any]


def _read_state(state: _State, _payload: bytes) -> Heard:
    report = _report(state)
    return Reading(report.robot, report, oldest=state.header_id, states_boot=False)


def _report(state: _State) -> Report:
    running = _running(state)
    return Report(
        robot=header.claim_of(state),
        boot=0,
        seq=state.header_id,
        time=state.timestamp,
        mode=_MODES[state.operating_mode] if state.operating_mode else Mode.UNKNOWN,
        activity=phrases.activity_of(
            charging=state.power_supply.charging,
            paused=state.paused,
            acting=running is not None,
            driving=state.driving,
        ),
        battery=state.power_supply.state_of_charge,
        pose=_pose(state.mobile_robot_position),
        speed=phrases.speed_of(state.velocity),
        estop=_ESTOPS[state.safety_state.active_emergency_stop],
        task=(running.action_descriptor or running.action_type)[: phrases.MAX_TEXT] if running else None,
        errors=tuple(map(_fault, phrases.gravest(state.errors, _LEVELS))) if state.errors else (),
        metrics=phrases.metrics_of(state.information) if state.information else {},
    )


def _pose(position: _Position | None) -> Pose | None:
    if position is None or not position.localized:
        return None
    return turned(Pose(position.x, position.y, position.theta, position.map_id))


def _running(state: _State) -> _Action | None:
    for action in (*state.action_states, *state.zone_action_states, *state.instant_action_states):
        if action.action_status == "RUNNING":
            return action
    return None


def _fault(error: _Error) -> Fault:
    texts = phrases.texts_of(error.error_description, _pairs(error.error_description_translations))
    if error.error_hint or error.error_hint_translations:
        texts = phrases.hinted(texts, phrases.texts_of(error.error_hint, _pairs(error.error_hint_translations)))
    return Fault(_LEVELS[error.error_level], error.error_type[: phrases.MAX_CODE] or phrases.UNNAMED, texts)


def _pairs(translations: tuple[_Translation, ...]) -> list[tuple[str, str]]:
    return [(translation.translation_key, translation.translation_value) for translation in translations]


def _read_connection(message: _Connection, _payload: bytes) -> Presence:
    return header.presence(message, _PRESENCES[message.connection_state])


def _read_visualization(message: _Visualization, _payload: bytes) -> Glimpse:
    return Glimpse(
        header.claim_of(message),
        message.timestamp,
        _pose(message.mobile_robot_position),
        phrases.speed_of(message.velocity),
    )


def _read_factsheet(message: _Factsheet, payload: bytes) -> Factsheet:
    return header.factsheet(message, payload)


_QUANTITIES: Quantities = MappingProxyType(
    {
        "powerSupply.stateOfCharge": "battery",
        "mobileRobotPosition.x": "position",
        "mobileRobotPosition.y": "position",
        "mobileRobotPosition.theta": "angle",
        "velocity.vx": "speed",
        "velocity.vy": "speed",
    }
)
_CARE = Care(
    strict=header.HEADER,
    instead=MappingProxyType(
        {
            "safetyState": Instead({"activeEmergencyStop": "MANUAL"}, STOPPED),
            "safetyState.activeEmergencyStop": Instead("MANUAL", STOPPED),
            "operatingMode": Instead(None, UNKNOWN),
            "driving": Instead(None, UNKNOWN),
            "paused": Instead(None, UNKNOWN),
            "powerSupply": Instead({"stateOfCharge": None, "charging": None}, UNKNOWN),
            "powerSupply.stateOfCharge": Instead(None, UNKNOWN),
            "powerSupply.charging": Instead(None, UNKNOWN),
            "mobileRobotPosition.theta": Instead(None, RADIANS),
            "mobileRobotPosition.mapId": Instead(NO_MAP),
            "errors[].errorLevel": Instead("FATAL", GRAVEST),
            "errors[].errorType": Instead("unreadable"),
        }
    ),
    parts=frozenset({"velocity.vx", "velocity.vy"}),
    faults="errors",
    level="errorLevel",
    ranks=MappingProxyType({level: rank for rank, level in enumerate(_LEVELS)}),
)


MESSAGES: Mapping[str, Message[Any]] = MappingProxyType(
    {
        "state": Message(_State, _read_state, _CARE, _QUANTITIES),
        "connection": Message(_Connection, _read_connection),
        "visualization": Message(_Visualization, _read_visualization, _CARE, _QUANTITIES),
        "factsheet": Message(_Factsheet, _read_factsheet),
    }
)
"""By the last level of the topic."""
