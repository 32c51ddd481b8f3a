"""Plays a whole cast in one event loop: a tick per robot and period, spread evenly over the period.

Root of the simulators' process: it reads the clock, and nothing below it does.
"""

import asyncio
import logging
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from device_bridge.simulators.cast import Part
from device_bridge.simulators.fair_mqtt import FairMqttRobot
from device_bridge.simulators.fair_serial import SerialRobot
from device_bridge.simulators.faults import Incident
from device_bridge.simulators.mqtt_link import Broker
from device_bridge.simulators.player import Player, aware_from
from device_bridge.simulators.vda5050 import Vda5050Robot

_log = logging.getLogger(__name__)


class Sender(Protocol):
    """A robot with a voice."""

    async def run(self) -> None:
        """Keep its connection until cancelled, or return where there is none to keep."""
        ...

    def tick(self, elapsed: float) -> None:
        """Live on to `elapsed` seconds after the start."""
        ...

    def close(self) -> None:
        """Leave in order."""
        ...


@dataclass(frozen=True, slots=True)
class Production:
    """What is played, and how."""

    broker: Broker
    ports_dir: Path
    seed: int = 1
    rate: float = 1.0
    """Reports a second and robot."""
    duration: float | None = None
    """Seconds; None plays until a signal comes."""
    script: tuple[Incident, ...] = ()


SENDERS: dict[str, Callable[[Player, Production], Sender]] = {
    "fair-mqtt": lambda player, how: FairMqttRobot(player, how.broker, how.seed),
    "vda5050": lambda player, how: Vda5050Robot(player, how.broker, how.seed),
    "fair-serial": lambda player, how: SerialRobot(player, how.ports_dir),
}
"""By protocol name: a new protocol of the simulators is one row."""


async def play(cast: Sequence[Part], production: Production) -> None:
    """Play until the duration is over or SIGTERM or SIGINT comes, then let every robot leave in order."""
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    for ending in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(ending, ended.set)
    if production.duration is not None:
        loop.call_later(production.duration, ended.set)
    started = aware_from(time.time())
    senders = [
        SENDERS[part.protocol](Player(part, production.seed, started, production.script), production) for part in cast
    ]
    keepers = [asyncio.create_task(sender.run()) for sender in senders]
    tickers = [_Ticker(sender, number / len(senders), production.rate) for number, sender in enumerate(senders)]
    try:
        await _first_failure(keepers, ended)
    finally:
        await _leave(senders, keepers, tickers)


class _Ticker:
    """Calls one robot `rate` times a second; a late call is not made up for."""

    def __init__(self, sender: Sender, share: float, rate: float) -> None:
        self._loop = asyncio.get_running_loop()
        self._sender, self._period = sender, 1.0 / rate
        self._started = self._loop.time()
        self._handle = self._loop.call_at(self._started + share * self._period, self._tick)

    def cancel(self) -> None:
        """Call no more."""
        self._handle.cancel()

    def _tick(self) -> None:
        due = self._handle.when() + self._period
        self._handle = self._loop.call_at(max(due, self._loop.time()), self._tick)
        self._sender.tick(self._loop.time() - self._started)


async def _first_failure(keepers: list[asyncio.Task[None]], ended: asyncio.Event) -> None:
    """Wait for the end; a robot whose connection keeper fails is a fault of ours and ends the play."""
    ending = asyncio.create_task(ended.wait())
    waiting: set[asyncio.Task[object]] = {ending, *keepers}
    while not ending.done():
        done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()


async def _leave(senders: list[Sender], keepers: list[asyncio.Task[None]], tickers: list[_Ticker]) -> None:
    for ticker in tickers:
        ticker.cancel()
    for keeper in keepers:
        keeper.cancel()
    await asyncio.gather(*keepers, return_exceptions=True)
    for sender in senders:
        sender.close()
