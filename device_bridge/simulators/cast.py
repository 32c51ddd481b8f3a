"""Which robots to play: the list that `fairzone simulate --fair` reads."""

from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from device_bridge.simulators.kinematics import Rectangle
from device_bridge.wire.report import LanguageCode, RobotKey, Text

Metres = Annotated[float, Meta(ge=-10_000, le=10_000)]
Length = Annotated[float, Meta(gt=0, le=1_000)]


class Area(msgspec.Struct, frozen=True):
    """The robot's floor in plan metres: south-west corner and extent."""

    x: Metres
    y: Metres
    width: Length
    depth: Length

    @property
    def rectangle(self) -> Rectangle:
        """The floor as a piece of geometry."""
        return Rectangle(self.x, self.y, self.width, self.depth)


class Part(msgspec.Struct, frozen=True):
    """One robot and how it speaks."""

    robot: RobotKey
    protocol: str
    """`fair-mqtt`, `fair-serial` or `vda5050`."""
    address: Annotated[str, Meta(min_length=1, max_length=200)]
    """As in the robot's enrolment: its own name, a serial port's name, `<manufacturer>/<serial>`."""
    kind: str
    area: Area
    name: dict[LanguageCode, Text] = {}

    @property
    def exhibitor_code(self) -> str:
        """The part of the key before the slash."""
        return self.robot.partition("/")[0]

    @property
    def robot_code(self) -> str:
        """The part of the key after the slash."""
        return self.robot.partition("/")[2]


class CastError(ValueError):
    """The list of robots cannot be read; the message says where and why."""


_decode = msgspec.json.Decoder(list[Part]).decode
encode_cast = msgspec.json.Encoder().encode


def read_cast(path: Path) -> list[Part]:
    """Return the robots of a file.

    Raises:
        CastError: the file is missing or is no such list.
    """
    try:
        return _decode(path.read_bytes())
    except (OSError, msgspec.DecodeError) as error:
        raise CastError(f"{path}: {error}") from error
