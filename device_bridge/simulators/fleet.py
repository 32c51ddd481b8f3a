"""Which robots to play: the list that `fairzone simulate --fair` reads."""

from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, structs

from device_bridge.simulators.kinematics import Floor
from device_bridge.wire.report import LanguageCode, RobotKey, Text

PlanMetres = Annotated[float, Meta(ge=-10_000, le=10_000)]
PlanLength = Annotated[float, Meta(gt=0, le=1_000)]


class Area(msgspec.Struct, frozen=True):
    """The robot's floor in plan metres: south-west corner and extent."""

    x: PlanMetres
    y: PlanMetres
    width: PlanLength
    depth: PlanLength

    @property
    def rectangle(self) -> Floor:
        """The floor as a piece of geometry."""
        return Floor(self.x, self.y, self.width, self.depth)


class RobotSpec(msgspec.Struct, frozen=True):
    """One robot and how it speaks."""

    robot: RobotKey
    protocol: str
    """A name in the table of senders (`playback.py`): `fair-mqtt`, `vda5050`, `mavlink`."""
    address: Annotated[str, Meta(min_length=1, max_length=200)]
    """As in the robot's enrolment: its own name, a serial port's name, `<manufacturer>/<serial>`."""
    kind: str
    area: Area
    name: dict[LanguageCode, Text] = {}
    version: str = ""
    """Of its protocol, where there are several: `3.0.0` of VDA 5050."""

    @property
    def exhibitor_code(self) -> str:
        """The part of the key before the slash."""
        return self.robot.partition("/")[0]

    @property
    def robot_code(self) -> str:
        """The part of the key after the slash."""
        return self.robot.partition("/")[2]


class FleetError(ValueError):
    """The list of robots cannot be read; the message says where and why."""


def crowd(fleet: list[RobotSpec], count: int) -> list[RobotSpec]:
    """Return `count` robots: those of the fleet, and as many more like them as it takes, `walker-7` as `walker-7-x2`.

    The zone must know the others as well: their keys and addresses end in `-x2`, `-x3`, and so on.
    """
    return [_like(fleet[number % len(fleet)], number // len(fleet)) for number in range(count)]


def _like(spec: RobotSpec, copy: int) -> RobotSpec:
    if copy == 0:
        return spec
    end = f"-x{copy + 1}"
    return structs.replace(spec, robot=spec.robot + end, address=spec.address + end)


_decode = msgspec.json.Decoder(list[RobotSpec]).decode


def read_fleet(path: Path) -> list[RobotSpec]:
    """Return the robots of a file.

    Raises:
        FleetError: the file is missing or is no such list.
    """
    try:
        return _decode(path.read_bytes())
    except (OSError, msgspec.DecodeError) as error:
        raise FleetError(f"{path}: {error}") from error
