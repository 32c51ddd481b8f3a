"""Plays a whole fleet in one event loop. Root of the simulators: it reads the clock, and nothing below does."""

import asyncio
import contextlib
import resource
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from device_bridge.simulators.declared import declared_encoder
from device_bridge.simulators.fair_https import FairHttpsRobot
from device_bridge.simulators.fair_mqtt import FairMqttRobot
from device_bridge.simulators.fair_serial import COBS, SerialRobot
from device_bridge.simulators.faults import Incident, What, impostors
from device_bridge.simulators.fleet import RobotSpec
from device_bridge.simulators.impostor import Impostor
from device_bridge.simulators.kobuki import kobuki_encoder
from device_bridge.simulators.mavlink import mavlink_encoder
from device_bridge.simulators.modbus import ModbusRobot
from device_bridge.simulators.mqtt_link import Broker
from device_bridge.simulators.pace import Sprint, Ticker
from device_bridge.simulators.player import Player, aware_from
from device_bridge.simulators.script import NOTHING, Script
from device_bridge.simulators.sender import RobotSender
from device_bridge.simulators.streams import StreamRobot
from device_bridge.simulators.vda5050 import Vda5050Robot

_OPEN_FILES = 16_384
_TWIN = ".twin"


@dataclass(frozen=True, slots=True)
class Playback:
    """What is played, and how."""

    broker: Broker
    ports_dir: Path
    seed: int = 1
    rate: float = 1.0
    """Reports a second of the robots' own time, each."""
    duration: float | None = None
    """Seconds of the robots' own time; None plays until a signal comes."""
    script: Script = NOTHING
    speed: float | None = 1.0
    """The robots' time against ours; None for as fast as their wires take it."""
    server: str = ""
    """Where robots of the fair profile over HTTPS post, as `https://host`."""
    tokens: Mapping[str, str] = field(default_factory=dict)
    """Theirs, by robot."""
    alias: str = ""
    """Stands behind the client ids of second robots of the same name."""

    @property
    def head_start(self) -> float:
        """How long ago the robots' time begins, so that it ends now and not in the future."""
        if self.duration is None or self.speed == 1.0:
            return 0.0
        return self.duration * (1.0 if self.speed is None else 1.0 - 1.0 / self.speed)


SENDERS: dict[str, Callable[[Player, Playback], RobotSender]] = {
    "fair-mqtt": lambda player, how: FairMqttRobot(player, how.broker, how.seed, alias=how.alias),
    "vda5050": lambda player, how: Vda5050Robot(player, how.broker, how.seed, alias=how.alias),
    "fair-serial": lambda player, how: SerialRobot(player, how.ports_dir),
    "fair-cobs": lambda player, how: SerialRobot(player, how.ports_dir, framing=COBS),
    "kobuki": lambda player, how: StreamRobot(player, how.ports_dir, kobuki_encoder),
    "mavlink": lambda player, how: StreamRobot(player, how.ports_dir, mavlink_encoder),
    "declared": lambda player, how: StreamRobot(player, how.ports_dir, declared_encoder),
    "modbus": lambda player, how: ModbusRobot(player, how.ports_dir),
    "fair-https": lambda player, how: FairHttpsRobot(player, how.server, how.tokens[player.spec.robot], how.seed),
}
"""By protocol name: a new protocol of the simulators is one row."""


ON_A_PORT = frozenset({"declared", "fair-serial", "fair-cobs", "kobuki", "mavlink", "modbus"})
"""A serial port has one robot: nobody can speak in its place."""


async def play_fleet(fleet: Sequence[RobotSpec], playback: Playback) -> None:
    """Play until the duration is over or SIGTERM or SIGINT comes, then let every robot leave in order."""
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    for ending in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(ending, ended.set)
    _allow_connections()
    senders = robots_of(fleet, playback, aware_from(time.time() - playback.head_start))
    keepers = [asyncio.create_task(sender.run()) for sender in senders]
    pace = _pace(senders, playback, ended)
    try:
        await _first_failure([*keepers, *pace], ended)
    finally:
        await _leave(senders, [*keepers, *pace])


def robots_of(fleet: Sequence[RobotSpec], playback: Playback, started: datetime) -> list[RobotSender]:
    """Return every robot of the fleet and every second robot that the script has."""
    first = [_robot(spec, playback, started) for spec in fleet]
    second = [
        Impostor(incident.at, incident.ends, partial(_second, spec, playback, incident))
        for spec in fleet
        if spec.protocol not in ON_A_PORT
        for incident in impostors(playback.script.incidents, spec.robot)
    ]
    return [*first, *second]


def _robot(spec: RobotSpec, playback: Playback, started: datetime) -> RobotSender:
    return SENDERS[spec.protocol](Player(spec, playback.seed, started, playback.script), playback)


def _second(spec: RobotSpec, playback: Playback, incident: Incident) -> RobotSender:
    """Return another robot of the same name, which starts when it appears and follows a plan of its own."""
    alias = _TWIN if incident.what is What.TWIN else ""
    how = replace(playback, seed=playback.seed + 1, script=NOTHING, alias=alias)
    return _robot(spec, how, aware_from(time.time()))


def _pace(senders: Sequence[RobotSender], how: Playback, ended: asyncio.Event) -> list[asyncio.Task[None]]:
    """Set the robots going, evenly spread over the period between two reports."""
    if how.speed is None:
        return [asyncio.create_task(Sprint(senders, how.rate, how.duration).run(ended))]
    if how.duration is not None:
        asyncio.get_running_loop().call_later(how.duration / how.speed, ended.set)
    return [
        asyncio.create_task(Ticker(sender, how.rate, how.speed).run(number / len(senders)))
        for number, sender in enumerate(senders)
    ]


def _allow_connections() -> None:
    """Ask the system for as many open files as it gives: every robot has a connection of its own."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(_OPEN_FILES, hard)), hard))


async def _first_failure(keepers: list[asyncio.Task[None]], ended: asyncio.Event) -> None:
    """Wait for the end; a robot whose connection keeper fails is a fault of ours and ends the play."""
    ending = asyncio.create_task(ended.wait())
    waiting: set[asyncio.Task[object]] = {ending, *keepers}
    while not ending.done():
        done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()


async def _leave(senders: list[RobotSender], keepers: list[asyncio.Task[None]]) -> None:
    for keeper in keepers:
        keeper.cancel()
    await asyncio.gather(*keepers, return_exceptions=True)
    for sender in senders:
        sender.close()
