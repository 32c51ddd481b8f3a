"""The messages of version 2 (2.0 and 2.1), where they differ from version 3; 2.1 renames nothing that is read here."""

from typing import Annotated, Any, ClassVar, Literal

import msgspec
from msgspec import Meta

from device_bridge.protocols.vda5050 import v3
from device_bridge.protocols.vda5050.header import Header, Information, LooseHeader, Translation, Velocity

LEVELS = ("WARNING", "FATAL")


class Power(v3.Power, frozen=True):
    """The battery."""

    charge: Annotated[float, Meta(ge=0, le=100)] | None = msgspec.field(name="batteryCharge")


class Position(v3.Position, frozen=True):
    """Where the robot is."""

    localized: bool = msgspec.field(name="positionInitialized")


class Safety(msgspec.Struct, frozen=True):
    """What keeps it from moving."""

    stop: Literal["AUTOACK", "MANUAL", "REMOTE", "NONE"] = msgspec.field(name="eStop")


class Action(v3.Action, frozen=True):
    """Something that it has to do."""

    description: str = msgspec.field(name="actionDescription", default="")


class Error(msgspec.Struct, frozen=True, rename="camel"):
    """One thing that is wrong."""

    error_type: str
    error_level: Literal["WARNING", "FATAL"]
    error_description: str = ""
    error_hint: str = ""
    error_description_translations: ClassVar[tuple[Translation, ...]] = ()
    error_hint_translations: ClassVar[tuple[Translation, ...]] = ()


class StateMessage(Header, frozen=True, rename="camel"):
    """How the robot is."""

    driving: bool | None
    operating_mode: Literal["AUTOMATIC", "SEMIAUTOMATIC", "MANUAL", "SERVICE", "TEACHIN"] | None
    power: Power = msgspec.field(name="batteryState")
    safety_state: Safety
    errors: tuple[Error, ...] = ()
    action_states: tuple[Action, ...] = ()
    information: tuple[Information, ...] = ()
    paused: bool | None = False
    position: Position | None = msgspec.field(name="agvPosition", default=None)
    velocity: Velocity | None = None

    @property
    def actions(self) -> tuple[Action, ...]:
        """All that it has to do."""
        return self.action_states


class ConnectionMessage(Header, frozen=True, rename="camel"):
    """Whether it is there."""

    connection_state: Literal["ONLINE", "OFFLINE", "CONNECTIONBROKEN"]


class VisualizationMessage(LooseHeader, frozen=True, rename="camel"):
    """Where it is between two states."""

    position: Position | None = msgspec.field(name="agvPosition", default=None)
    velocity: Velocity | None = None


class FactsheetMessage(LooseHeader, frozen=True, rename="camel"):
    """What it is and can do."""

    type_specification: dict[str, Any] | None = None
