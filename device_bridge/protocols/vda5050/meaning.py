"""What the messages of either version say: their shapes differ in names alone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from device_bridge.protocols.adjusting import Quantities
from device_bridge.protocols.decoded import Factsheet, Glimpse, Presence, Reading
from device_bridge.protocols.fair import NO_MAP, turned
from device_bridge.protocols.mending import GRAVEST, RADIANS, STOPPED, UNKNOWN, Care, Instead
from device_bridge.protocols.vda5050 import header, phrases, v2, v3
from device_bridge.wire.report import EStop, Fault, FaultLevel, Mode, Pose, PresenceState, Report

_MAX_ERRORS = 16
_MODES = {
    "AUTOMATIC": Mode.AUTOMATIC,
    "SEMIAUTOMATIC": Mode.SEMIAUTOMATIC,
    "MANUAL": Mode.MANUAL,
    "SERVICE": Mode.SERVICE,
    "TEACHIN": Mode.TEACH_IN,
    "TEACH_IN": Mode.TEACH_IN,
    # Two of 3.0 alone: it starts up and takes no orders; it is driven by hand between two stretches of its own.
    "STARTUP": Mode.SERVICE,
    "INTERVENED": Mode.MANUAL,
}
_ESTOPS = {"NONE": EStop.NONE, "AUTOACK": EStop.AUTO, "MANUAL": EStop.MANUAL, "REMOTE": EStop.REMOTE}
_LEVELS = {level.value.upper(): level for level in FaultLevel}
_PRESENCES = {
    "ONLINE": PresenceState.ONLINE,
    "OFFLINE": PresenceState.OFFLINE,
    "HIBERNATING": PresenceState.HIBERNATING,
    "CONNECTIONBROKEN": PresenceState.BROKEN,
    "CONNECTION_BROKEN": PresenceState.BROKEN,
}
WHOLE = Care(header.HEADER | {"connectionState", "typeSpecification"})
"""Nothing of such a message may be wrong that is read."""


@dataclass(frozen=True)
class MessageShape:
    """One kind of message: its shape, how it is put right, and which of its numbers measure what."""

    shape: type[msgspec.Struct]
    care: Care = WHOLE
    quantities: Quantities = field(default_factory=dict)


@dataclass(frozen=True)
class StandardVersion:
    """One major version of the standard: its topics and its messages, by the last level of the topic."""

    major: int
    topics: str
    messages: Mapping[str, MessageShape]

    def speaks(self, version: str | None) -> bool:
        """Whether a body of this version belongs under these topics; the schemas let some bodies name none."""
        return version is None or version.startswith(f"{self.major}.") or version == str(self.major)


def read(message: Any, payload: bytes) -> Reading | Presence | Glimpse | Factsheet:
    """What a message says. Raises what reading JSON may raise."""
    claim = header.claim_of(message)
    if isinstance(message, v2.StateMessage | v3.StateMessage):
        return Reading(claim, _report(claim, message), oldest=message.header_id, states_boot=False)
    if isinstance(message, v2.ConnectionMessage | v3.ConnectionMessage):
        return Presence(claim, _PRESENCES[message.connection_state], message.timestamp)
    if isinstance(message, v2.VisualizationMessage | v3.VisualizationMessage):
        return Glimpse(claim, message.timestamp, _pose(message.position), phrases.speed_of(message.velocity))
    return Factsheet(claim, message.timestamp, header.whole(payload))


def _report(claim: str, state: v2.StateMessage | v3.StateMessage) -> Report:
    running = next((action for action in state.actions if action.action_status == "RUNNING"), None)
    return Report(
        robot=claim,
        boot=0,
        seq=state.header_id,
        time=state.timestamp,
        mode=_MODES[state.operating_mode] if state.operating_mode else Mode.UNKNOWN,
        activity=phrases.activity_of(
            charging=state.power.charging,
            paused=state.paused,
            acting=running is not None,
            driving=state.driving,
        ),
        battery=state.power.charge,
        pose=_pose(state.position),
        speed=phrases.speed_of(state.velocity),
        estop=_ESTOPS[state.safety_state.stop],
        task=(running.description or running.action_type)[: phrases.MAX_TEXT] if running else None,
        errors=tuple(map(_fault, _gravest(state.errors))) if state.errors else (),
        metrics=phrases.metrics_of(state.information) if state.information else {},
    )


def _pose(position: v2.Position | v3.Position | None) -> Pose | None:
    if position is None or not position.localized:
        return None
    return turned(Pose(position.x, position.y, position.theta, position.map_id))


def _gravest(errors: tuple[v2.Error | v3.Error, ...]) -> tuple[v2.Error | v3.Error, ...]:
    """As many errors as a report may carry; of more the gravest."""
    if len(errors) <= _MAX_ERRORS:
        return errors
    ranks = tuple(_LEVELS)
    return tuple(sorted(errors, key=lambda error: -ranks.index(error.error_level)))[:_MAX_ERRORS]


def _fault(error: v2.Error | v3.Error) -> Fault:
    texts = phrases.texts_of(error.error_description, error.error_description_translations)
    if error.error_hint or error.error_hint_translations:
        texts = phrases.hinted(texts, phrases.texts_of(error.error_hint, error.error_hint_translations))
    return Fault(_LEVELS[error.error_level], error.error_type[: phrases.MAX_CODE] or phrases.UNNAMED, texts)


def _messages(version: Any, *, position: str, power: str, charge: str, stop: str) -> Mapping[str, MessageShape]:
    """The messages of a version, with the names that it gives to what both say."""
    quantities: Quantities = {
        f"{power}.{charge}": "battery",
        f"{position}.x": "position",
        f"{position}.y": "position",
        f"{position}.theta": "angle",
        "velocity.vx": "speed",
        "velocity.vy": "speed",
    }
    care = Care(
        strict=header.HEADER,
        instead={
            "safetyState": Instead({stop: "MANUAL"}, STOPPED),
            f"safetyState.{stop}": Instead("MANUAL", STOPPED),
            "operatingMode": Instead(None, UNKNOWN),
            "driving": Instead(None, UNKNOWN),
            "paused": Instead(None, UNKNOWN),
            power: Instead({charge: None, "charging": None}, UNKNOWN),
            f"{power}.{charge}": Instead(None, UNKNOWN),
            f"{power}.charging": Instead(None, UNKNOWN),
            f"{position}.theta": Instead(None, RADIANS),
            f"{position}.mapId": Instead(NO_MAP),
            "errors[].errorLevel": Instead("FATAL", GRAVEST),
            "errors[].errorType": Instead("unreadable"),
        },
        parts=frozenset({"velocity.vx", "velocity.vy"}),
        faults="errors",
        level="errorLevel",
        ranks={level: rank for rank, level in enumerate(version.LEVELS)},
    )
    return {
        "state": MessageShape(version.StateMessage, care, quantities),
        "connection": MessageShape(version.ConnectionMessage),
        "visualization": MessageShape(version.VisualizationMessage, care, quantities),
        "factsheet": MessageShape(version.FactsheetMessage),
    }


V2 = StandardVersion(
    2,
    "uagv/v2",
    _messages(v2, position="agvPosition", power="batteryState", charge="batteryCharge", stop="eStop"),
)
V3 = StandardVersion(
    3,
    "vda5050/v3",
    _messages(
        v3, position="mobileRobotPosition", power="powerSupply", charge="stateOfCharge", stop="activeEmergencyStop"
    ),
)
