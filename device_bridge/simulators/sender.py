"""What a simulated robot is to those who play it."""

from typing import Protocol


class RobotSender(Protocol):
    """A robot that speaks."""

    async def run(self) -> None:
        """Keep its connection until cancelled, or return where there is none to keep."""
        ...

    @property
    def numbers(self) -> range:
        """The numbers that its reports have been given since it booted, whatever became of them."""
        ...

    @property
    def is_up(self) -> bool:
        """Whether its wire stands, as far as it can tell."""
        ...

    @property
    def idle(self) -> bool:
        """Whether everything that may leave has left: the wire takes another report at once."""
        ...

    def tick(self, elapsed: float) -> None:
        """Live on to `elapsed` seconds after the start: make one report and send what is due."""
        ...

    def tend(self, elapsed: float) -> None:
        """Live on without a new report: send what is due."""
        ...

    def close(self) -> None:
        """Leave in order."""
        ...
