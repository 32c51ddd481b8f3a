"""Who plays in a run: a row a protocol, with the robots' share of all reports and what the protocol can promise."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from device_bridge.simulators.declared import DECLARATION, declared_encoder
from device_bridge.simulators.fair_https import FairHttpsRobot
from device_bridge.simulators.fair_mqtt import FairMqttRobot
from device_bridge.simulators.fair_serial import COBS, SerialRobot
from device_bridge.simulators.fleet import Area, RobotSpec
from device_bridge.simulators.kobuki import packet
from device_bridge.simulators.mavlink import MavlinkEncoder
from device_bridge.simulators.modbus import REGISTERS, ModbusRobot
from device_bridge.simulators.mqtt_link import Broker
from device_bridge.simulators.player import Player, RobotMoment
from device_bridge.simulators.sender import RobotSender
from device_bridge.simulators.sender_spool import SenderPatience
from device_bridge.simulators.streams import Encode, StreamRobot
from device_bridge.simulators.vda5050 import Vda5050Robot
from device_bridge.wire.batch import Enrolment
from device_bridge.wire.report import Source
from tests.chaos.proof import Promise
from tests.support.ports import LOOPBACK

EXHIBITOR = "nanling"
PATIENCE = SenderPatience(for_mark=1.0, for_progress=3.0, longest=8.0, limit=1_000_000)
"""A sender that never drops; impatient, so that a run of minutes sees many resends."""
_FLOOR = Area(x=3.0, y=3.0, width=6.0, depth=6.0)


@dataclass(frozen=True)
class Wires:
    """Where the robots' wires end."""

    mqtt: int
    ports_dir: Path
    seed: int
    server: str
    tokens: Mapping[str, str]
    """By robot, for those who speak over HTTPS."""


@dataclass(frozen=True)
class Role:
    """The robots of one protocol: how many, and their share of all reports."""

    protocol: str
    promise: Promise
    robots: int
    share: float
    address: str
    """With `{n}` for the robot's number."""
    sender: Callable[[Player, Wires], RobotSender]
    port: bool = False
    """Whether it has a serial port that can be pulled."""
    frames: int = 1
    """A report."""
    number: Callable[[dict[str, Any]], int] | None = None
    """Finds the sender's own number in a stored report, where the ledger's is another; up to `rounds`."""
    rounds: int = 1 << 62
    version: str = ""
    options: dict[str, Any] = field(default_factory=dict)


def _mqtt(player: Player, wires: Wires) -> RobotSender:
    return FairMqttRobot(player, Broker(LOOPBACK, wires.mqtt), wires.seed, PATIENCE)


def _vda5050(player: Player, wires: Wires) -> RobotSender:
    return Vda5050Robot(player, Broker(LOOPBACK, wires.mqtt), wires.seed)


def _serial(player: Player, wires: Wires) -> RobotSender:
    return SerialRobot(player, wires.ports_dir, PATIENCE)


def _cobs(player: Player, wires: Wires) -> RobotSender:
    return SerialRobot(player, wires.ports_dir, PATIENCE, framing=COBS)


def _mavlink(player: Player, wires: Wires) -> RobotSender:
    return StreamRobot(player, wires.ports_dir, numbered_mavlink)


def _kobuki(player: Player, wires: Wires) -> RobotSender:
    return StreamRobot(player, wires.ports_dir, lambda: numbered_kobuki)


def _declared(player: Player, wires: Wires) -> RobotSender:
    return StreamRobot(player, wires.ports_dir, declared_encoder)


def _modbus(player: Player, wires: Wires) -> RobotSender:
    return ModbusRobot(player, wires.ports_dir)


def _https(player: Player, wires: Wires) -> RobotSender:
    return FairHttpsRobot(player, wires.server, wires.tokens[player.spec.robot], wires.seed, PATIENCE)


def numbered_mavlink() -> Encode:
    """Return an encoder whose battery says the number in millivolts."""
    encoder = MavlinkEncoder()
    return lambda _moment, number: encoder.power(number, 50) + encoder.heartbeat(4)


def numbered_kobuki(_moment: RobotMoment, number: int) -> bytes:
    """Return the packet of a base that lives a second a report; its battery says the number in tenths of volts."""
    return packet(1_000 * number, 0, number % _KOBUKI_ROUNDS)


_KOBUKI_ROUNDS = 256
_VOLTS = "battery_v"

ROLES = (
    Role("fair-https", Promise.KEPT, 2, 0.12, f"{EXHIBITOR}/fair-https-{{n}}", _https),
    Role("fair-mqtt", Promise.KEPT, 4, 0.32, f"{EXHIBITOR}/fair-mqtt-{{n}}", _mqtt),
    Role("fair-serial", Promise.KEPT, 2, 0.16, "line-{n}", _serial, port=True),
    Role("fair-cobs", Promise.KEPT, 1, 0.08, "frames-{n}", _cobs, port=True),
    Role("vda5050", Promise.COUNTED, 1, 0.12, "NANLING/P{n}", _vda5050),
    Role("vda5050", Promise.COUNTED, 1, 0.08, "NANLING/Q{n}", _vda5050, version="3.0.0"),
    Role("declared", Promise.COUNTED, 1, 0.03, "own-{n}", _declared, port=True, options=DECLARATION),
    Role(
        "modbus",
        Promise.ASKED,
        1,
        0.01,
        "tank-{n}",
        _modbus,
        port=True,
        number=lambda body: round(body["metrics"]["answers"]),
        options={**REGISTERS, "period_s": 0.2},
    ),
    Role(
        "mavlink",
        Promise.HEARD,
        2,
        0.06,
        "rover-{n}",
        _mavlink,
        port=True,
        frames=2,
        number=lambda body: round(body["metrics"][_VOLTS] * 1_000),
    ),
    Role(
        "kobuki",
        Promise.HEARD,
        2,
        0.02,
        "base-{n}",
        _kobuki,
        port=True,
        number=lambda body: round(body["metrics"][_VOLTS] * 10),
        rounds=_KOBUKI_ROUNDS,
    ),
)
"""The counters of MAVLink and Kobuki go round quickly: their robots speak so seldom that no outage lasts a round."""


def _robot(role: Role, number: int) -> str:
    return f"{EXHIBITOR}/{role.protocol}{role.version.partition('.')[0]}-{number}"


def specs(roles: tuple[Role, ...] = ROLES) -> list[tuple[Role, RobotSpec]]:
    """Return every robot of the roles."""
    return [
        (
            role,
            RobotSpec(_robot(role, n), role.protocol, role.address.format(n=n), "delivery", _FLOOR, {}, role.version),
        )
        for role in roles
        for n in range(1, role.robots + 1)
    ]


def enrolments(roles: tuple[Role, ...] = ROLES) -> tuple[Enrolment, ...]:
    """Return what the zone must know of them."""
    return tuple(
        Enrolment(
            robot=spec.robot,
            protocol=spec.protocol,
            address=spec.address,
            source=Source.SIMULATED,
            options=role.options,
        )
        for role, spec in specs(roles)
    )
