"""Cuts a stream at a delimiter into frames, and holds at most one frame's length of bytes, whatever comes."""

from collections.abc import Callable

from device_bridge.protocols.heard import Heard, oversized


class Delimited:
    """A stream decoder for frames that end with one certain byte, which cannot stand inside them.

    `read` makes sense of a frame without its delimiter, None where there is none to make (an empty line).
    """

    def __init__(self, delimiter: bytes, limit: int, read: Callable[[bytes], Heard | None]) -> None:
        self._delimiter = delimiter
        self._limit = limit
        self._read = read
        self._held = bytearray()
        self._skipped = 0

    def feed(self, data: bytes) -> list[tuple[bytes, Heard]]:
        """Take any piece of the stream; give each whole frame with what it said. Empty frames say nothing."""
        heard: list[tuple[bytes, Heard]] = []
        start = 0
        while (end := data.find(self._delimiter, start)) >= 0:
            self._hold(data[start:end])
            heard.extend(self._finish())
            start = end + 1
        self._hold(data[start:])
        return heard

    def _hold(self, piece: bytes) -> None:
        room = self._limit + 1 - len(self._held)
        self._held += piece[:room]
        self._skipped += max(0, len(piece) - room)

    def _finish(self) -> list[tuple[bytes, Heard]]:
        frame, skipped = bytes(self._held), self._skipped
        self._held.clear()
        self._skipped = 0
        if len(frame) > self._limit:
            return [(frame, oversized(len(frame) + skipped))]
        heard = self._read(frame)
        return [] if heard is None else [(frame, heard)]
