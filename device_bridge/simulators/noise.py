"""Faults of the wire: bytes that get lost, bits that tip over, noise between them; behind every protocol's encoder.

Pure and seeded: the same faults do the same to the same frames. A frame is what a robot hands to its wire at a time:
a message, a line, a packet.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from random import Random


class Harm(StrEnum):
    """What happens to a frame; the value is how a script writes it."""

    DROP = "drop"
    """So many bytes in a row are missing."""
    FLIP = "flip"
    """So many bits are tipped over."""
    INSERT = "insert"
    """So many random bytes come in between."""


@dataclass(frozen=True, slots=True)
class WireFault:
    """One line of a script: to the first frame from `at` seconds on, or to every so many frames."""

    harm: Harm
    count: int
    at: float | None = None
    every: int | None = None
    robot: str | None = None

    def strikes(self, number: int, before: float, now: float) -> bool:
        """Whether the frame of that number, counted from 1, is hit; the one before it left at `before`."""
        if self.every is not None:
            return number % self.every == 0
        return self.at is not None and before < self.at <= now


class Wire:
    """One robot's wire. `advance` tells it the time, `carry` takes a frame and returns what arrives of it."""

    def __init__(self, faults: Iterable[WireFault] = (), seed: str = "") -> None:
        self._faults = tuple(faults)
        self._seed = seed
        self._frames = 0
        self._now = 0.0
        self._before = -1.0

    def advance(self, elapsed: float) -> None:
        """Let the time be `elapsed` seconds after the start."""
        self._now = elapsed

    def carry(self, frame: bytes) -> bytes:
        """Return the frame as it arrives: whole, unless a fault strikes."""
        if not self._faults:
            return frame
        self._frames += 1
        for index, fault in enumerate(self._faults):
            if fault.strikes(self._frames, self._before, self._now):
                frame = _harmed(frame, fault, Random(f"{self._seed}/wire/{index}/{self._frames}"))
        self._before = self._now
        return frame


def _harmed(frame: bytes, fault: WireFault, rng: Random) -> bytes:
    if fault.harm is Harm.INSERT:
        place = rng.randrange(len(frame) + 1)
        return frame[:place] + rng.randbytes(fault.count) + frame[place:]
    if fault.harm is Harm.DROP:
        place = rng.randrange(max(1, len(frame) - fault.count + 1))
        return frame[:place] + frame[place + fault.count :]
    bits = int.from_bytes(frame)
    for place in rng.sample(range(8 * len(frame)), min(fault.count, 8 * len(frame))):
        bits ^= 1 << place
    return bits.to_bytes(len(frame))
