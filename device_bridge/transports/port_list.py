"""Which ports a bridge opens: those of its file, and those of the enrolled robots in its folder of ports."""

import logging
from collections.abc import Iterator
from pathlib import Path

import msgspec

from device_bridge.protocols import PORT_PROTOCOLS
from device_bridge.protocols.stream import ADJUSTING
from device_bridge.settings import BridgeSettings, SerialSettings
from device_bridge.wire.batch import Enrolment, Enrolments

_log = logging.getLogger(__name__)


def wanted_ports(settings: BridgeSettings, enrolments: Enrolments) -> Iterator[SerialSettings]:
    """Every port with what it has to be told; what the file does not say of a robot, its enrolment does.

    A port that the file names is the file's: the folder has no say in it.
    """
    yield from file_ports(settings, enrolments)
    folder = settings.bridge.ports_dir
    if folder is not None:
        robots = [robot for robot in enrolments.robots if robot.protocol in PORT_PROTOCOLS and not robot.rehearsal]
        robots = [robot for robot in robots if robot.address not in {port.name for port in settings.serial}]
        outside = [robot.address for robot in robots if not _is_inside(robot.address)]
        if outside:
            _log.error("no ports: these enrolled addresses lead out of %s: %s", folder, outside)
        yield from (_port(folder, robot) for robot in robots if robot.address not in outside)


def file_ports(settings: BridgeSettings, enrolments: Enrolments) -> Iterator[SerialSettings]:
    """The ports of the file, each with what its robot's enrolment adds."""
    known = {(robot.protocol, robot.address): robot for robot in enrolments.robots}
    for port in settings.serial:
        yield _completed(port, known.get((port.protocol, port.name)))


def _completed(port: SerialSettings, robot: Enrolment | None) -> SerialSettings:
    if robot is None:
        return port
    adjusting = {name: value for name, value in robot.options.items() if name in ADJUSTING}
    options = {**adjusting, **port.options} if port.options else robot.options
    return msgspec.structs.replace(port, robot=port.robot or robot.robot, options=options)


def _port(folder: Path, robot: Enrolment) -> SerialSettings:
    """The port of an enrolled robot: by its USB numbers, or in the folder of ports."""
    by_usb = robot.address.lower().startswith("usb:")
    url = robot.address if by_usb else str(folder / robot.address)
    return SerialSettings(robot.address, url, robot.protocol, robot=robot.robot, options=robot.options)


def _is_inside(address: str) -> bool:
    """Whether this names something in a folder. A link in there may lead out: that is what by-id is made of."""
    path = Path(address)
    return bool(path.parts) and not path.is_absolute() and ".." not in path.parts and "\0" not in address
