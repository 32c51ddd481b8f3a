"""A second robot that speaks in the name of the first, for a while."""

import asyncio
from collections.abc import Callable

from device_bridge.simulators.sender import RobotSender


class Impostor:
    """There from `begins` to `ends`, in seconds after the start; `make` makes the robot when it appears."""

    def __init__(self, begins: float, ends: float, make: Callable[[], RobotSender]) -> None:
        self._begins, self._ends = begins, ends
        self._make = make
        self._robot: RobotSender | None = None
        self._keeper: asyncio.Task[None] | None = None

    @property
    def numbers(self) -> range:
        """The numbers of its reports."""
        return range(0) if self._robot is None else self._robot.numbers

    @property
    def is_up(self) -> bool:
        """Whether its wire stands; one that is not there needs none."""
        return self._robot is None or self._robot.is_up

    @property
    def idle(self) -> bool:
        """Whether everything has left."""
        return self._robot is None or self._robot.idle

    async def run(self) -> None:
        """Nothing to keep until it appears."""

    def tick(self, elapsed: float) -> None:
        """Appear, report or go, as the time has it."""
        if not self._begins <= elapsed < self._ends:
            self.close()
            return
        if self._robot is None:
            self._robot = self._make()
            self._keeper = asyncio.create_task(self._robot.run())
        self._robot.tick(elapsed - self._begins)

    def tend(self, elapsed: float) -> None:
        """Send what is due, while it is there."""
        if self._robot is not None:
            self._robot.tend(elapsed - self._begins)

    def close(self) -> None:
        """Leave in order."""
        if self._keeper is not None:
            self._keeper.cancel()
            self._keeper = None
        if self._robot is not None:
            self._robot.close()
            self._robot = None
