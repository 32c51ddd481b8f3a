"""The messages of version 3.0, with its new names, translated texts of errors and robots that hibernate."""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from device_bridge.protocols.vda5050.header import Header, Information, Translation, Velocity
from device_bridge.wire.report import Angle, Number

LEVELS = ("WARNING", "URGENT", "CRITICAL", "FATAL")


class Power(msgspec.Struct, frozen=True, rename="camel"):
    """The battery."""

    charge: Annotated[float, Meta(ge=0, le=100)] | None = msgspec.field(name="stateOfCharge")
    charging: bool | None


class Position(msgspec.Struct, frozen=True, rename="camel"):
    """Where the robot is."""

    x: Number
    y: Number
    theta: Angle | None
    localized: bool
    map_id: Annotated[str, Meta(max_length=100)] = ""


class Safety(msgspec.Struct, frozen=True, rename="camel"):
    """What keeps it from moving."""

    stop: Literal["MANUAL", "REMOTE", "NONE"] = msgspec.field(name="activeEmergencyStop")


class Error(msgspec.Struct, frozen=True, rename="camel"):
    """One thing that is wrong."""

    error_type: str
    error_level: Literal["WARNING", "URGENT", "CRITICAL", "FATAL"]
    error_description: str = ""
    error_description_translations: tuple[Translation, ...] = ()
    error_hint: str = ""
    error_hint_translations: tuple[Translation, ...] = ()


class Action(msgspec.Struct, frozen=True, rename="camel"):
    """Something that it has to do."""

    action_status: str
    action_type: str = ""
    description: str = msgspec.field(name="actionDescriptor", default="")


class StateMessage(Header, frozen=True, rename="camel"):
    """How the robot is."""

    driving: bool | None
    operating_mode: (
        Literal["STARTUP", "AUTOMATIC", "SEMIAUTOMATIC", "INTERVENED", "MANUAL", "SERVICE", "TEACH_IN"] | None
    )
    power: Power = msgspec.field(name="powerSupply")
    safety_state: Safety
    errors: tuple[Error, ...] = ()
    action_states: tuple[Action, ...] = ()
    zone_action_states: tuple[Action, ...] = ()
    instant_action_states: tuple[Action, ...] = ()
    information: tuple[Information, ...] = ()
    paused: bool | None = False
    position: Position | None = msgspec.field(name="mobileRobotPosition", default=None)
    velocity: Velocity | None = None

    @property
    def actions(self) -> tuple[Action, ...]:
        """All that it has to do."""
        return (*self.action_states, *self.zone_action_states, *self.instant_action_states)


class ConnectionMessage(Header, frozen=True, rename="camel"):
    """Whether it is there."""

    connection_state: Literal["ONLINE", "OFFLINE", "HIBERNATING", "CONNECTION_BROKEN"]


class VisualizationMessage(Header, frozen=True, rename="camel"):
    """Where it is between two states."""

    # `referenceStateHeaderId` is not read: the schema after the tag demands it, the tag's own does not know it.
    position: Position | None = msgspec.field(name="mobileRobotPosition", default=None)
    velocity: Velocity | None = None


class FactsheetMessage(Header, frozen=True, rename="camel"):
    """What it is and can do."""

    type_specification: dict[str, Any]
