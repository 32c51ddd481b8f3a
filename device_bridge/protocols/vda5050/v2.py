"""Version 2 (2.0 and 2.1) under `uagv/v2/...`; 2.1 adds to 2.0 and renames nothing that is read here."""

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
from device_bridge.protocols.vda5050.header import Header, Information, LooseHeader, Velocity
from device_bridge.protocols.vda5050.reader import Message
from device_bridge.wire.report import Angle, EStop, Fault, FaultLevel, Mode, Number, Pose, PresenceState, Report

_MODES = {
    "AUTOMATIC": Mode.AUTOMATIC,
    "SEMIAUTOMATIC": Mode.SEMIAUTOMATIC,
    "MANUAL": Mode.MANUAL,
    "SERVICE": Mode.SERVICE,
    "TEACHIN": Mode.TEACH_IN,
}
_ESTOPS = {"NONE": EStop.NONE, "AUTOACK": EStop.AUTO, "MANUAL": EStop.MANUAL, "REMOTE": EStop.REMOTE}
_LEVELS = {"WARNING": FaultLevel.WARNING, "FATAL": FaultLevel.FATAL}
_PRESENCES = {
    "ONLINE": PresenceState.ONLINE,
    "OFFLINE": PresenceState.OFFLINE,
    "CONNECTIONBROKEN": PresenceState.BROKEN,
}


class _Battery(msgspec.Struct, frozen=True, rename="camel"):
    battery_charge: Annotated[float, Meta(ge=0, le=100)] | None
    charging: bool | None


class _Position(msgspec.Struct, frozen=True, rename="camel"):
    x: Number
    y: Number
    theta: Angle | None
    position_initialized: bool
    map_id: Annotated[str, Meta(max_length=100)] = ""


class _Safety(msgspec.Struct, frozen=True, rename={"e_stop": "eStop"}):
    e_stop: Literal["AUTOACK", "MANUAL", "REMOTE", "NONE"]


class _Error(msgspec.Struct, frozen=True, rename="camel"):
    error_type: str
    error_level: Literal["WARNING", "FATAL"]
    error_description: str = ""
    error_hint: str = ""


class _Action(msgspec.Struct, frozen=True, rename="camel"):
    action_status: str
    action_type: str = ""
    action_description: str = ""


class _State(Header, frozen=True, rename="camel"):
    driving: bool | None
    operating_mode: Literal["AUTOMATIC", "SEMIAUTOMATIC", "MANUAL", "SERVICE", "TEACHIN"] | None
    battery_state: _Battery
    safety_state: _Safety
    errors: tuple[_Error, ...] = ()
    action_states: tuple[_Action, ...] = ()
    information: tuple[Information, ...] = ()
    paused: bool | None = False
    agv_position: _Position | None = None
    velocity: Velocity | None = None


class _Connection(Header, frozen=True, rename="camel"):
    connection_state: Literal["ONLINE", "OFFLINE", "CONNECTIONBROKEN"]


class _Visualization(LooseHeader, frozen=True, rename="camel"):
    agv_position: _Position | None = None
    velocity: Velocity | None = None


class _Factsheet(LooseHeader, frozen=True, rename="camel"):
    type_specification: dict[str, Any] | None = None


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
            charging=state.battery_state.charging,
            paused=state.paused,
            acting=running is not None,
            driving=state.driving,
        ),
        battery=state.battery_state.battery_charge,
        pose=_pose(state.agv_position),
        speed=phrases.speed_of(state.velocity),
        estop=_ESTOPS[state.safety_state.e_stop],
        task=(running.action_description or running.action_type)[: phrases.MAX_TEXT] if running else None,
        errors=tuple(map(_fault, phrases.gravest(state.errors, _LEVELS))) if state.errors else (),
        metrics=phrases.metrics_of(state.information) if state.information else {},
    )


def _pose(position: _Position | None) -> Pose | None:
    if position is None or not position.position_initialized:
        return None
    return turned(Pose(position.x, position.y, position.theta, position.map_id))


def _running(state: _State) -> _Action | None:
    for action in state.action_states:
        if action.action_status == "RUNNING":
            return action
    return None


def _fault(error: _Error) -> Fault:
    text = {"en": error.error_description[: phrases.MAX_TEXT]} if error.error_description else {}
    if error.error_hint:
        text = phrases.hinted(text, {"en": error.error_hint[: phrases.MAX_TEXT]})
    return Fault(_LEVELS[error.error_level], error.error_type[: phrases.MAX_CODE] or phrases.UNNAMED, text)


def _read_connection(message: _Connection, _payload: bytes) -> Presence:
    return header.presence(message, _PRESENCES[message.connection_state])


def _read_visualization(message: _Visualization, _payload: bytes) -> Glimpse:
    return Glimpse(
        header.claim_of(message), message.timestamp, _pose(message.agv_position), phrases.speed_of(message.velocity)
    )


def _read_factsheet(message: _Factsheet, payload: bytes) -> Factsheet:
    return header.factsheet(message, payload)


_QUANTITIES: Quantities = MappingProxyType(
    {
        "batteryState.batteryCharge": "battery",
        "agvPosition.x": "position",
        "agvPosition.y": "position",
        "agvPosition.theta": "angle",
        "velocity.vx": "speed",
        "velocity.vy": "speed",
    }
)
_CARE = Care(
    strict=header.HEADER,
    instead=MappingProxyType(
        {
            "safetyState": Instead({"eStop": "MANUAL"}, STOPPED),
            "safetyState.eStop": Instead("MANUAL", STOPPED),
            "operatingMode": Instead(None, UNKNOWN),
            "driving": Instead(None, UNKNOWN),
            "paused": Instead(None, UNKNOWN),
            "batteryState": Instead({"batteryCharge": None, "charging": None}, UNKNOWN),
            "batteryState.batteryCharge": Instead(None, UNKNOWN),
            "batteryState.charging": Instead(None, UNKNOWN),
            "agvPosition.theta": Instead(None, RADIANS),
            "agvPosition.mapId": Instead(NO_MAP),
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
