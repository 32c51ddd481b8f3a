"""What the robots of the fair profile have in common on any wire: a spool, and a mark that frees it."""

import asyncio
from abc import ABC, abstractmethod
from typing import Annotated

import msgspec
from msgspec import Meta

from device_bridge.simulators.player import Player, RobotMoment, fair_message
from device_bridge.simulators.sender_spool import SenderPatience, SenderSpool


class HeardMark(msgspec.Struct, frozen=True):
    """The durable mark as the zone says it."""

    boot: Annotated[int, Meta(ge=0)]
    seq: Annotated[int, Meta(ge=0)]


class FairRobot(ABC):
    """One robot, one wire, one spool."""

    def __init__(self, player: Player, patience: SenderPatience | None) -> None:
        self._player = player
        self._patience = patience
        self._spool = SenderSpool(player.at(0.0).boot, patience)

    @property
    def numbers(self) -> range:
        """The numbers of this boot's reports."""
        return range(1, self._spool.next_seq)

    @property
    def mark(self) -> int:
        """How far the zone has said that it has stored."""
        return self._spool.mark

    def tick(self, elapsed: float) -> None:
        """Make the report of this moment and send what is due."""
        moment = self._live(elapsed)
        if not moment.mute:
            self._spool.append(lambda seq: fair_message(self._player.spec, moment, seq))
        self._send()

    def tend(self, elapsed: float) -> None:
        """Send what is due."""
        self._live(elapsed)
        self._send()

    def _live(self, elapsed: float) -> RobotMoment:
        moment = self._player.live(elapsed)
        self._be_cut(cut=moment.cut)
        if moment.boot != self._spool.boot:
            self._spool = SenderSpool(moment.boot, self._patience)
            if self._may_send:
                self._spool.link_up(now())
        return moment

    def _accept(self, mark: HeardMark) -> None:
        self._spool.accept_mark(mark.boot, mark.seq, now())

    @property
    def _may_send(self) -> bool:
        """Whether a spool that is new may send at once."""
        return True

    @abstractmethod
    def _be_cut(self, *, cut: bool) -> None:
        """Let the wire be cut, or mended where it was."""

    @abstractmethod
    def _send(self) -> None:
        """Send what is due."""


def now() -> float:
    """Seconds of the event loop's clock."""
    return asyncio.get_running_loop().time()
