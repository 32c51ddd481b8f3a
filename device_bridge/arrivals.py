"""What comes in from a wire, and the mark that goes back on it."""

from datetime import datetime
from typing import Literal

import msgspec

from device_bridge.accounts import account_name
from device_bridge.protocols.decoded import Decoded

NoticeKind = Literal["topic-denied", "take-over", "connect-refused", "oversized-packet"]


class Arrival(msgspec.Struct, frozen=True):
    """A message as it was taken from its wire."""

    channel: Literal["mqtt", "serial", "https"]
    address: str
    """The topic, the port's name, or the robot whose token came with it."""
    payload: bytes
    received_at: datetime
    redelivered: bool = False
    retained: bool = False
    """The broker kept it for newcomers: it says what was, nobody knows when."""
    size: int | None = None
    """The true length, where only the beginning was kept because it is too long."""
    protocol: str = ""
    """In which protocol it was read, where that was needed to cut it out of a stream."""
    heard: Decoded | None = None
    """What it says, where it was read already."""

    @property
    def held(self) -> bool:
        """Whether the broker says itself that it has held this message."""
        return self.retained or self.redelivered


class BrokerNotice(msgspec.Struct, frozen=True):
    """A line of the broker's log that tells of a robot what no message does."""

    kind: NoticeKind
    sender: str
    """By client id, or by network address."""
    line: bytes
    received_at: datetime
    topic: str = ""
    """Where the message was denied."""
    size: int | None = None
    """Of the denied message, which does not stand in the log."""


class DurableMark(msgspec.Struct, frozen=True):
    """How far a robot's reports are stored: what its sender may forget."""

    robot: str
    protocol: str
    address: str
    boot: int
    seq: int
    rehearsal: bool = False
    rank: int = 0
    """Takes the boot's place in the order of the robot's starts, where it is not 0."""

    @property
    def order(self) -> int:
        """Where its start stands among those of its robot."""
        return self.rank or self.boot

    @property
    def name(self) -> str:
        """Whose mark it is: a robot's rehearsal has one of its own."""
        return account_name(self.robot, rehearsal=self.rehearsal)
