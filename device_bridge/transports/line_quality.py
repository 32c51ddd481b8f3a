"""How good a port's line is, in figures: counted by the port's thread, read by whoever tells the status."""

from dataclasses import dataclass, field
from typing import NamedTuple


class Trouble(NamedTuple):
    """What went wrong last with a port, in both languages."""

    en: str
    zh: str


@dataclass
class LineQuality:
    """Since the bridge started. One thread writes; another may see a figure that is one moment older than the next."""

    bytes: int = 0
    frames: int = 0
    """Understood or not, but whole."""
    malformed: int = 0
    """Refused, noise among them; for a robot that is asked, also the polls without an answer."""
    opened: int = 0
    last_error: Trouble | None = field(default=None)
    """None while all is well."""

    @property
    def reconnects(self) -> int:
        """How often the port was opened again."""
        return max(0, self.opened - 1)

    def heard(self, size: int) -> None:
        """So many bytes have come."""
        self.bytes += size

    def frame(self, *, understood: bool) -> None:
        """A frame has come, or noise instead of one."""
        self.frames += understood
        self.malformed += not understood

    def figures(self) -> dict[str, float]:
        """The figures by name."""
        return {
            "bytes": self.bytes,
            "frames": self.frames,
            "malformed": self.malformed,
            "reconnects": self.reconnects,
        }
