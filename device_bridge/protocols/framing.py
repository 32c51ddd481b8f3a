"""A decoder for a binary robot out of one generator that reads one frame.

The generator asks for bytes by yielding how many it wants, after the bytes that every frame starts with, and returns
what the frame says (None: nothing for us). If it raises, whatever it raises, these bytes were no frame, and the search
for the next one goes on one byte behind their start: a start that was only noise costs none of the frames after it.
"""

from collections.abc import Callable, Generator, Iterator

from device_bridge.protocols.adjusting import UNTOLD, Adjustment
from device_bridge.protocols.decoded import Decoded, Malformed, Reading
from device_bridge.protocols.fair import fitted

FrameReader = Generator[int, bytes, Decoded | None]
"""Reads one frame: yields the number of bytes it wants next, returns what they say."""

FramePieces = tuple[bytes, Decoded]

_NOISE_AT_ONCE = 1_024


class NotAFrameError(Exception):
    """These bytes only looked like the start of a frame."""


def check(*, that: bool) -> None:
    """Say in a frame reader that this is no frame unless it holds. Raises `NotAFrameError`."""
    if not that:
        raise NotAFrameError


class GeneratorDecoder:
    """Cuts a stream into frames that start with `start` and are read by `read()`; holds `longest` bytes at most."""

    def __init__(
        self, start: bytes, read: Callable[[], FrameReader], longest: int = _NOISE_AT_ONCE, told: Adjustment = UNTOLD
    ) -> None:
        self._told = told
        self._start = start
        self._read = read
        self._longest = longest
        self._held = bytearray()
        self._noise = bytearray()
        self._reader = self._read()
        self._reading = False
        self._used = 0
        self._wants: int | None = None

    def feed(self, data: bytes) -> list[FramePieces]:
        """Take any piece of the stream; give each whole frame that says something, and noise as it is recognised."""
        self._held += data
        heard: list[FramePieces] = []
        while self._reading or self._begin():
            heard.extend(self._noise_over(_NOISE_AT_ONCE))
            if not self._can_go_on():
                break
            heard.extend(self._go_on())
        heard.extend(self._noise_over(_NOISE_AT_ONCE))
        return heard

    def _begin(self) -> bool:
        """Find the start of the next frame; what lies before it is noise."""
        found = self._held.find(self._start)
        noise = found if found >= 0 else max(0, len(self._held) - len(self._start) + 1)
        self._noise += self._held[:noise]
        del self._held[:noise]
        if found < 0:
            return False
        self._reader, self._used, self._wants = self._read(), len(self._start), None
        self._reading = True
        return True

    def _can_go_on(self) -> bool:
        return self._used + (self._wants or 0) <= len(self._held)

    def _go_on(self) -> Iterator[FramePieces]:
        """Give the reader what it wants. Gives the frame when it is whole, with the noise before it."""
        try:
            self._ask()
        except StopIteration as read:
            yield from self._noise_over(1)
            yield from self._finish(read.value)
        except Exception:  # noqa: BLE001 - any surprise about these bytes means that they are no frame
            self._step()

    def _ask(self) -> None:
        """Hand the reader its bytes and learn what it wants next. Raises whatever it raises."""
        end = self._used + (self._wants or 0)
        piece = bytes(self._held[self._used : end])
        wanted = next(self._reader) if self._wants is None else self._reader.send(piece)
        self._used = end
        check(that=0 <= wanted <= self._longest - end)
        self._wants = wanted

    def _finish(self, said: Decoded | None) -> Iterator[FramePieces]:
        frame = bytes(self._held[: self._used + (self._wants or 0)])
        del self._held[: len(frame)]
        self._reading = False
        if said is not None:
            yield frame, fitted(said, self._told) if isinstance(said, Reading) else said

    def _step(self) -> None:
        self._noise += self._held[:1]
        del self._held[:1]
        self._reading = False

    def _noise_over(self, limit: int) -> Iterator[FramePieces]:
        """The noise so far as refusals, if there is so much of it."""
        while len(self._noise) >= limit:
            noise = bytes(self._noise[:_NOISE_AT_ONCE])
            del self._noise[: len(noise)]
            yield noise, _no_frame(len(noise))


def _no_frame(size: int) -> Malformed:
    return Malformed(
        "bad-frame",
        {
            "en": f"{size} bytes are no frame of this protocol: noise, a wrong baud rate, or a wrong check sum.",
            "zh": f"{size} 字节不是该协议的帧：线路噪声、波特率错误或校验和错误。",
        },
    )
