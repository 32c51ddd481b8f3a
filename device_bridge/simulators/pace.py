"""How the robots' time runs against ours: at a fixed speed, or as fast as their wires take it."""

import asyncio
from collections.abc import Sequence
from itertools import count, takewhile

from device_bridge.simulators.sender import RobotSender

_POLL_S = 0.001
_LONGEST_WAIT_S = 1.0
"""A wire that is cut takes nothing: then the robots' time goes on all the same, or the cut would never end."""
_LAST_WAIT_S = 30.0


class Ticker:
    """Calls one robot `rate` times a second of its own time; a late call is not made up for."""

    def __init__(self, sender: RobotSender, rate: float, speed: float) -> None:
        self._sender = sender
        self._period = 1.0 / (rate * speed)
        self._speed = speed

    async def run(self, share: float) -> None:
        """Tick until cancelled, for the first time after a share of the period."""
        loop = asyncio.get_running_loop()
        started = loop.time()
        due = started + share * self._period
        while True:
            await asyncio.sleep(due - loop.time())
            self._sender.tick(self._speed * (loop.time() - started))
            due = max(due + self._period, loop.time())


class Sprint:
    """Lets every robot make its next report as soon as its wire has taken the one before."""

    def __init__(self, senders: Sequence[RobotSender], rate: float, duration: float | None) -> None:
        self._senders = senders
        self._period = 1.0 / rate
        self._duration = float("inf") if duration is None else duration

    async def run(self, ended: asyncio.Event) -> None:
        """Play the whole duration, wait until it has all left, and say so."""
        elapsed = 0.0
        for step in takewhile(lambda step: step * self._period < self._duration, count()):
            elapsed = step * self._period
            for sender in self._senders:
                await self._room(sender, elapsed, _LONGEST_WAIT_S)
                sender.tick(elapsed)
            await asyncio.sleep(0)
        for sender in self._senders:
            await self._room(sender, elapsed, _LAST_WAIT_S)
        ended.set()

    @staticmethod
    async def _room(sender: RobotSender, elapsed: float, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        while not sender.idle and loop.time() < deadline:
            await asyncio.sleep(_POLL_S)
            sender.tend(elapsed)
