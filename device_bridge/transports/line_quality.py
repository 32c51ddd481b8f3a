"""How good a port's line is, in figures: counted by the port's thread, read by whoever tells the status."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple


class PortTrouble(NamedTuple):
    """What went wrong last with a port, in both languages."""

    en: str
    zh: str


GARBAGE_FOR = timedelta(seconds=20)
"""So long nothing may make sense before the line is called wrong: the longest line at 9,600 baud takes 17 s."""
GARBAGE_BYTES = 200
GARBAGE = PortTrouble(
    "bytes come, and for 20 s none of them has made sense: wrong baud rate? Wrong protocol? Receive and send crossed?",
    "有数据到达，但 20 秒内均无法识别：波特率是否有误？协议是否有误？收发线是否接反？",
)


@dataclass
class LineQuality:
    """Since the bridge started. One thread writes; another may see a figure that is one moment older than the next."""

    bytes: int = 0
    frames: int = 0
    """Understood or not, but whole."""
    malformed: int = 0
    """Refused, noise among them; for a robot that is asked, also the polls without an answer."""
    opened: int = 0
    last_error: PortTrouble | None = field(default=None)
    """None while all is well."""

    @property
    def reconnects(self) -> int:
        """How often the port was opened again."""
        return max(0, self.opened - 1)

    _sense_at: datetime | None = None
    _senseless: int = 0

    def heard(self, size: int) -> None:
        """So many bytes have come."""
        self.bytes += size

    def frame(self, *, understood: bool) -> None:
        """A frame has come, or noise instead of one."""
        self.frames += understood
        self.malformed += not understood

    def made_sense(self, at: datetime) -> None:
        """What came was a message of the protocol, taken or not; or the port has just been opened."""
        self._sense_at, self._senseless = at, 0
        if self.last_error is GARBAGE:
            self.last_error = None

    def watch(self, size: int, at: datetime) -> None:
        """Look at bytes that were fed to the decoder: is there noise alone, and for how long."""
        self._senseless += size
        since = self._sense_at = self._sense_at or at
        if self._senseless >= GARBAGE_BYTES and at - since >= GARBAGE_FOR:
            self.last_error = GARBAGE

    def figures(self) -> dict[str, float]:
        """The figures by name."""
        return {
            "bytes": self.bytes,
            "frames": self.frames,
            "malformed": self.malformed,
            "reconnects": self.reconnects,
        }
