"""What a robot's enrolment says of its numbers: units that are not the profile's, and maps that are not the zone's.

Both stand in the options of any protocol, as `scales` and `maps`:

    scales = { battery = 100, position = 0.001, speed = 0.001, angle = "degrees" }
    maps = { "hall 9" = "zone", "office" = "none", "booth" = { x = 12.4, y = 30.1, turn = 90 } }

A scale holds for every message of the robot; none is ever guessed from one. A map is the zone's plan, none that is
drawn, or one that lies turned (degrees anticlockwise) and moved on the plan. A robot that names no map stands on the
one called "" here, which is the zone's plan unless it is declared; a map that is not declared is not drawn.
"""

import math
from collections.abc import Mapping
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from device_bridge.protocols.decoded import Decoded, Glimpse, Reading
from device_bridge.protocols.stream import ADJUSTING, converted
from device_bridge.wire.report import Pose

ZONE_MAP = "zone"
"""The name under which a robot's map is the zone's plan without being declared."""
UNNAMED_MAP = "-"
"""Stands for the name of a map that has none and is declared not to be drawn."""
_LARGEST = 1e12

Quantity = Literal["battery", "position", "speed", "angle"]
Quantities = Mapping[str, Quantity]
"""By the place of a number in a message: what it measures."""
Factor = Annotated[float, Meta(ge=1e-6, le=1e6)]
MapName = Annotated[str, Meta(max_length=100)]
MapMetres = Annotated[float, Meta(ge=-1e6, le=1e6)]


class Scales(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """By what the robot's numbers are multiplied to become percent, metres and metres a second; its unit of angles."""

    battery: Factor = 1.0
    position: Factor = 1.0
    speed: Factor = 1.0
    angle: Literal["radians", "degrees"] = "radians"

    def factor(self, quantity: Quantity) -> float:
        """By what a number of this quantity is multiplied."""
        if quantity == "angle":
            return math.pi / 180 if self.angle == "degrees" else 1.0
        return {"battery": self.battery, "position": self.position, "speed": self.speed}[quantity]


class Placed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a map's origin lies on the zone's plan, and by how many degrees the map is turned anticlockwise."""

    x: MapMetres = 0.0
    y: MapMetres = 0.0
    turn: Annotated[float, Meta(ge=-360, le=360)] = 0.0


class Adjustment(msgspec.Struct, frozen=True, kw_only=True):
    """What is told of a robot's numbers."""

    scales: Scales = Scales()
    maps: Annotated[
        dict[Annotated[str, Meta(max_length=100)], Literal["zone", "none"] | Placed], Meta(max_length=32)
    ] = {}

    @property
    def scaled(self) -> bool:
        """Whether any number is in another unit."""
        return self.scales != _AS_THEY_ARE


_AS_THEY_ARE = Scales()
UNTOLD = Adjustment()
"""Of a robot of which nothing is told."""


def adjustment_of(values: Mapping[str, Any]) -> Adjustment:
    """What the options of a robot say of its numbers. Raises `OptionsError`."""
    told = {name: values[name] for name in ADJUSTING & values.keys()}
    return converted(told, Adjustment) if told else UNTOLD


def scale(tree: Any, quantities: Quantities, told: Adjustment) -> None:
    """Multiply the numbers of a message that was read without types; what is no number is left as it is."""
    for place, quantity in quantities.items():
        factor = told.scales.factor(quantity)
        if factor != 1.0:
            *steps, last = place.split(".")
            inside = tree
            for step in steps:
                inside = inside.get(step) if isinstance(inside, dict) else None
            found = inside.get(last) if isinstance(inside, dict) else None
            if isinstance(inside, dict) and isinstance(found, int | float) and not isinstance(found, bool):
                inside[last] = round(float(found) * factor, 9)


def placed(heard: Decoded, told: Adjustment) -> Decoded:
    """What was heard, with its position on the zone's plan, or named by the map that it lies on."""
    if isinstance(heard, Reading):
        pose = _placed(heard.report.pose, told)
        if pose is heard.report.pose:
            return heard
        return msgspec.structs.replace(heard, report=msgspec.structs.replace(heard.report, pose=pose))
    if isinstance(heard, Glimpse):
        return msgspec.structs.replace(heard, pose=_placed(heard.pose, told))
    return heard


def _placed(pose: Pose | None, told: Adjustment) -> Pose | None:
    if pose is None:
        return None
    on = told.maps.get(pose.map)
    if on is None:
        return Pose(pose.x, pose.y, pose.theta) if pose.map == ZONE_MAP else pose
    if on == "none":
        return msgspec.structs.replace(pose, map=pose.map or UNNAMED_MAP)
    return Pose(pose.x, pose.y, pose.theta) if on == "zone" else _moved(pose, on)


def _moved(pose: Pose, on: Placed) -> Pose:
    turn = math.radians(on.turn)
    x = on.x + pose.x * math.cos(turn) - pose.y * math.sin(turn)
    y = on.y + pose.x * math.sin(turn) + pose.y * math.cos(turn)
    theta = None if pose.theta is None else math.remainder(pose.theta + turn, math.tau)
    return Pose(_bounded(x), _bounded(y), theta)


def _bounded(metres: float) -> float:
    return round(max(-_LARGEST, min(_LARGEST, metres)), 6)
