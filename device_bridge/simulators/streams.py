"""A robot that only talks: it writes frames of its own protocol to a serial port and never hears whether they came."""

from collections.abc import Callable
from pathlib import Path

from device_bridge.simulators.player import Player, RobotMoment
from device_bridge.simulators.terminal import Terminal

Encode = Callable[[RobotMoment, int], bytes]
"""(moment, number of the report from 1) -> the bytes that say it."""
_MOST_UNWRITTEN = 4_096
"""A port that nobody reads is full at some time; what is made then goes nowhere, as with firmware."""


class StreamRobot:
    """One robot on one port. `encoder` makes an encoder anew whenever the robot boots."""

    def __init__(self, player: Player, ports_dir: Path, encoder: Callable[[], Encode]) -> None:
        self._player = player
        self._encoder = encoder
        self._encode = encoder()
        self._boot = player.at(0.0).boot
        self._made = 0
        self._path = ports_dir / player.spec.address
        self._terminal: Terminal | None = None

    @property
    def numbers(self) -> range:
        """The numbers of this boot's reports; those made while the port was away went nowhere."""
        return range(1, self._made + 1)

    @property
    def is_up(self) -> bool:
        """Whether the port is there."""
        return self._terminal is not None

    async def run(self) -> None:
        """Plug in; the port lives until `close`."""
        self._plug_in()

    @property
    def idle(self) -> bool:
        """Whether the port has taken everything."""
        return self._terminal is not None and self._terminal.is_idle

    def tick(self, elapsed: float) -> None:
        """Say how things are, whether anybody hears it or not."""
        moment = self._live(elapsed)
        if moment.mute:
            return
        self._made += 1
        frame = self._player.wire.carry(self._encode(moment, self._made))
        if self._terminal is not None and self._terminal.unwritten < _MOST_UNWRITTEN:
            self._terminal.write(frame)

    def tend(self, elapsed: float) -> None:
        """Keep the port; nothing is ever sent again."""
        self._live(elapsed)

    def close(self) -> None:
        """Take the port away."""
        if self._terminal is not None:
            self._terminal.close()
            self._terminal = None

    def _live(self, elapsed: float) -> RobotMoment:
        moment = self._player.live(elapsed)
        if moment.boot != self._boot:
            self._boot, self._made, self._encode = moment.boot, 0, self._encoder()
        if moment.cut:
            self.close()
        else:
            self._plug_in()
        return moment

    def _plug_in(self) -> None:
        if self._terminal is None:
            self._terminal = Terminal(self._path, b"\n", _ignore)


def _ignore(_frame: bytes) -> None:
    """Nobody listens on this robot."""
