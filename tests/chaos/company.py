"""The robots of a run: the simulators' own senders on their real wires, driven by one event loop in a thread.

Each robot makes so many numbered reports at an even pace, whatever dies meanwhile; who promises to keep reports goes
on sending until all are marked.
"""

import asyncio
import threading
from dataclasses import dataclass

from device_bridge.simulators.faults import Incident, What
from device_bridge.simulators.fleet import RobotSpec
from device_bridge.simulators.noise import Harm, WireFault
from device_bridge.simulators.player import Player, aware_from
from device_bridge.simulators.script import NOTHING, Script
from device_bridge.simulators.sender import RobotSender
from tests.chaos.plan import Death, Victim
from tests.chaos.proof import Promise, Told
from tests.chaos.roles import Role, Wires, specs

AT_ONCE = 40
"""Reports that a robot that fell behind makes at one go."""


@dataclass
class Actor:
    """One robot at work."""

    role: Role
    spec: RobotSpec
    sender: RobotSender
    limit: int
    """So many reports it makes."""
    rate: float
    """A second."""
    gone: bool = False

    def told(self) -> Told:
        """Return what it says that it has done so far."""
        mark = getattr(self.sender, "mark", None)
        sent = frozenset(self.sender.numbers)
        return Told(self.spec.robot, self.role.protocol, self.role.promise, sent, mark, self.role.frames)


def mischief(role: Role, deaths: tuple[Death, ...]) -> Script:
    """Return what a robot has to suffer besides: pulled ports, and noise where a broken report comes again."""
    if not role.port:
        return NOTHING
    pulled = tuple(Incident(death.at, What.CABLE, death.away) for death in deaths if death.victim is Victim.PORTS)
    return Script(pulled, NOISE if role.promise is Promise.KEPT else ())


NOISE = (WireFault(Harm.FLIP, 1, every=397), WireFault(Harm.INSERT, 20, every=613), WireFault(Harm.DROP, 3, every=509))


class Company:
    """All robots, in a thread of their own between `start` and `close`."""

    def __init__(self, wires: Wires, deaths: tuple[Death, ...], reports: int, seconds: float, started: float) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="robots", daemon=True)
        self._began: float | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self.actors = [self._actor(role, spec, wires, deaths, (reports, seconds, started)) for role, spec in specs()]

    @staticmethod
    def _actor(
        role: Role, spec: RobotSpec, wires: Wires, deaths: tuple[Death, ...], load: tuple[int, float, float]
    ) -> Actor:
        reports, seconds, started = load
        limit = max(1, round(reports * role.share / role.robots))
        player = Player(spec, wires.seed, aware_from(started), mischief(role, deaths))
        return Actor(role, spec, role.sender(player, wires), limit, limit / seconds)

    def start(self) -> None:
        """Put every robot on its wire; nobody speaks yet."""
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._start(), self._loop).result()

    def begin(self) -> None:
        """Let them speak."""
        self._began = self._loop.time()

    @property
    def ready(self) -> bool:
        """Whether every wire stands."""
        return all(actor.sender.is_up for actor in self.actors)

    @property
    def made(self) -> bool:
        """Whether every report has been made."""
        return all(len(actor.sender.numbers) >= actor.limit for actor in self.actors if _makes(actor))

    def hush(self) -> None:
        """Pull the ports of those who are asked, and would be asked for ever."""
        self._loop.call_soon_threadsafe(self._hush)

    def told(self) -> list[Told]:
        """Return what they say that they have done so far. Raises what a robot fell over."""
        for task in self._tasks:
            if task.done() and (error := task.exception()) is not None:
                raise error
        return [actor.told() for actor in self.actors]

    def close(self) -> None:
        """Let all leave in order and end the thread."""
        asyncio.run_coroutine_threadsafe(self._leave(), self._loop).result(timeout=10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=10)
        self._loop.close()

    def _hush(self) -> None:
        for actor in self.actors:
            if not _makes(actor) and not actor.gone:
                actor.gone = True
                actor.sender.close()

    async def _start(self) -> None:
        self._tasks = [
            asyncio.create_task(work) for actor in self.actors for work in (actor.sender.run(), self._drive(actor))
        ]

    async def _drive(self, actor: Actor) -> None:
        while True:
            await asyncio.sleep(min(0.25, 1 / actor.rate))
            if self._began is not None and not actor.gone:
                self._advance(actor, self._loop.time() - self._began)

    @staticmethod
    def _advance(actor: Actor, elapsed: float) -> None:
        if not _makes(actor):
            actor.sender.tick(elapsed)
            return
        behind = min(actor.limit, 1 + int(elapsed * actor.rate)) - len(actor.sender.numbers)
        for _ in range(min(behind, AT_ONCE)):
            actor.sender.tick(elapsed)
        if behind <= 0:
            actor.sender.tend(elapsed)

    async def _leave(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for actor in self.actors:
            if not actor.gone:
                actor.sender.close()


def _makes(actor: Actor) -> bool:
    """Whether it decides itself when to report; one that is asked does not."""
    return actor.role.promise is not Promise.ASKED
