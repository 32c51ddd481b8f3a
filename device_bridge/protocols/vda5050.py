"""VDA 5050, version 2: `state` and `connection` into the zone's one report.

Source: VDA 5050 version 2.1, sections 6.10 (state) and 6.14 (connection). States come at QoS 0, so what is missing
between two header ids will never come. The standard has no boot number: presence and counter tell a reboot.
"""

import math
import re
from functools import lru_cache
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from device_bridge.protocols.heard import (
    UNREADABLE,
    Heard,
    Malformed,
    Presence,
    Reading,
    beyond_the_calendar,
    invalid,
    oversized,
    unsupported_version,
)
from device_bridge.wire.report import (
    MAX_MESSAGE_BYTES,
    Activity,
    Counter,
    EStop,
    Fault,
    FaultLevel,
    Mode,
    Moment,
    Number,
    Pose,
    Report,
)

_MAX_ERRORS = 16
_MAX_METRICS = 32
_MAX_TEXT = 200
_LARGEST = 1e12
_NOT_IN_A_METRIC_NAME = re.compile(r"[^a-z0-9_]+")
_MODES = {
    "AUTOMATIC": Mode.AUTOMATIC,
    "SEMIAUTOMATIC": Mode.SEMIAUTOMATIC,
    "MANUAL": Mode.MANUAL,
    "SERVICE": Mode.SERVICE,
    "TEACHIN": Mode.TEACH_IN,
}
_ESTOPS = {"NONE": EStop.NONE, "AUTOACK": EStop.AUTO, "MANUAL": EStop.MANUAL, "REMOTE": EStop.REMOTE}
_LEVELS = {"WARNING": FaultLevel.WARNING, "FATAL": FaultLevel.FATAL}


class _Header(msgspec.Struct, frozen=True, rename="camel"):
    header_id: Counter
    timestamp: Moment
    version: str
    manufacturer: str
    serial_number: str


class _Battery(msgspec.Struct, frozen=True, rename="camel"):
    battery_charge: Annotated[float, Meta(ge=0, le=100)]
    charging: bool


class _Position(msgspec.Struct, frozen=True, rename="camel"):
    x: Number
    y: Number
    theta: Annotated[float, Meta(ge=-7, le=7)]
    position_initialized: bool


class _Velocity(msgspec.Struct, frozen=True):
    vx: Number = 0.0
    vy: Number = 0.0


class _Safety(msgspec.Struct, frozen=True, rename={"e_stop": "eStop"}):
    e_stop: Literal["AUTOACK", "MANUAL", "REMOTE", "NONE"]


class _Error(msgspec.Struct, frozen=True, rename="camel"):
    error_type: str
    error_level: Literal["WARNING", "FATAL"]
    error_description: str = ""


class _Action(msgspec.Struct, frozen=True, rename="camel"):
    action_status: str
    action_type: str = ""
    action_description: str = ""


class _Reference(msgspec.Struct, frozen=True, rename="camel"):
    reference_key: str
    reference_value: str


class _Information(msgspec.Struct, frozen=True, rename="camel"):
    info_type: str
    info_references: tuple[_Reference, ...] = ()


class _State(_Header, frozen=True, rename="camel"):
    driving: bool
    operating_mode: Literal["AUTOMATIC", "SEMIAUTOMATIC", "MANUAL", "SERVICE", "TEACHIN"]
    battery_state: _Battery
    safety_state: _Safety
    errors: tuple[_Error, ...] = ()
    action_states: tuple[_Action, ...] = ()
    information: tuple[_Information, ...] = ()
    paused: bool = False
    agv_position: _Position | None = None
    velocity: _Velocity | None = None


class _Connection(_Header, frozen=True, rename="camel"):
    connection_state: Literal["ONLINE", "OFFLINE", "CONNECTIONBROKEN"]


_decode_state = msgspec.json.Decoder(_State).decode
_decode_connection = msgspec.json.Decoder(_Connection).decode


def decode_message(kind: str, payload: bytes) -> Heard:
    """Read one message of the topic that ends in `kind` (`state` or `connection`)."""
    if len(payload) > MAX_MESSAGE_BYTES:
        return oversized(len(payload))
    try:
        return _connection(payload) if kind == "connection" else _state(payload)
    except UNREADABLE as error:
        return invalid(error)


def _refused(header: _Header) -> Malformed | None:
    if header.version.startswith("2."):
        return beyond_the_calendar("timestamp", header.timestamp)
    return unsupported_version("version", header.version[:_MAX_TEXT], "VDA 5050 2.x")


def _claim(header: _Header) -> str:
    return f"{header.manufacturer}/{header.serial_number}"


def _connection(payload: bytes) -> Heard:
    message = _decode_connection(payload)
    return _refused(message) or Presence(_claim(message), message.connection_state == "ONLINE", message.timestamp)


def _state(payload: bytes) -> Heard:
    state = _decode_state(payload)
    return _refused(state) or Reading(_claim(state), _report(state), oldest=state.header_id, states_boot=False)


def _report(state: _State) -> Report:
    position, velocity, running = state.agv_position, state.velocity, _running(state)
    return Report(
        robot=_claim(state),
        boot=0,
        seq=state.header_id,
        time=state.timestamp,
        mode=_MODES[state.operating_mode],
        activity=_activity(state, running),
        battery=state.battery_state.battery_charge,
        pose=Pose(position.x, position.y, position.theta) if position and position.position_initialized else None,
        speed=min(100.0, math.hypot(velocity.vx, velocity.vy)) if velocity else None,
        estop=_ESTOPS[state.safety_state.e_stop],
        task=(running.action_description or running.action_type)[:_MAX_TEXT] if running else None,
        errors=tuple(_fault(error) for error in state.errors[:_MAX_ERRORS]) if state.errors else (),
        metrics=_metrics(state) if state.information else {},
    )


def _running(state: _State) -> _Action | None:
    for action in state.action_states:
        if action.action_status == "RUNNING":
            return action
    return None


def _activity(state: _State, running: _Action | None) -> Activity:
    if state.battery_state.charging:
        return Activity.CHARGING
    if state.paused:
        return Activity.PAUSED
    if running is not None:
        return Activity.WORKING
    return Activity.MOVING if state.driving else Activity.IDLE


def _fault(error: _Error) -> Fault:
    text = {"en": error.error_description[:_MAX_TEXT]} if error.error_description else {}
    return Fault(_LEVELS[error.error_level], error.error_type[:64] or "unnamed", text)


def _metrics(state: _State) -> dict[str, float]:
    """Numbers that the maker puts into `information` under the type `metrics`: what is no number is left out."""
    found: dict[str, float] = {}
    for information in state.information:
        if information.info_type != "metrics":
            continue
        for reference in information.info_references:
            name, value = _metric_name(reference.reference_key), _number(reference.reference_value)
            if value is not None and name and len(found) < _MAX_METRICS:
                found[name] = value
    return found


@lru_cache(maxsize=4_096)
def _metric_name(key: str) -> str:
    return _NOT_IN_A_METRIC_NAME.sub("_", key.lower()).strip("_")[:40]


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) and abs(value) <= _LARGEST else None
