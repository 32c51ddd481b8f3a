"""Cuts a stream at a delimiter into frames, and holds at most one frame's length of bytes, whatever comes."""

from collections.abc import Callable, Iterable

from device_bridge.protocols.decoded import NOISE, Decoded, Malformed, Reading, oversized

_JUNK = b"\0\xef\xbb\xbf \t\r\n"
"""What ports and text editors put before a line: zero bytes, a byte order mark, blanks. It costs and says nothing."""


class Delimited:
    """A stream decoder for frames that end with one certain byte, which cannot stand inside them.

    `read` makes sense of a frame without its delimiter, None where there is none to make (an empty line). `starts`
    says where in bytes that make no sense a frame may begin: what stood before it, half a line or noise, costs it
    nothing.
    """

    def __init__(
        self,
        delimiter: bytes,
        limit: int,
        read: Callable[[bytes], Decoded | None],
        starts: Callable[[bytes], Iterable[int]] = lambda _: (),
    ) -> None:
        self._starts = starts
        self._delimiter = delimiter
        self._limit = limit
        self._read = read
        self._held = bytearray()
        self._skipped = 0

    def feed(self, data: bytes) -> list[tuple[bytes, Decoded]]:
        """Take any piece of the stream; give each whole frame with what it said. Empty frames say nothing."""
        heard: list[tuple[bytes, Decoded]] = []
        start = 0
        while (end := data.find(self._delimiter, start)) >= 0:
            self._hold(data[start:end])
            heard.extend(self._finish())
            start = end + 1
        self._hold(data[start:])
        return heard

    def _hold(self, piece: bytes) -> None:
        if not self._held:
            piece = piece.lstrip(b"\0")
        room = self._limit + 1 - len(self._held)
        self._held += piece[:room]
        self._skipped += max(0, len(piece) - room)

    def _finish(self) -> list[tuple[bytes, Decoded]]:
        frame, skipped = bytes(self._held), self._skipped
        self._held.clear()
        self._skipped = 0
        if len(frame) > self._limit:
            return [(frame, oversized(len(frame) + skipped))]
        heard = self._read(frame)
        if isinstance(heard, Malformed) and heard.code in NOISE:
            return self._behind_noise(frame, heard)
        return [] if heard is None else [(frame, heard)]

    def _behind_noise(self, frame: bytes, refusal: Malformed) -> list[tuple[bytes, Decoded]]:
        """A frame that has noise before it, and the noise by itself; the refusal where there is none."""
        for start in self._starts(frame):
            behind = self._read(frame[start:])
            if isinstance(behind, Reading):
                lead = [] if not frame[:start].strip(_JUNK) else [(frame[:start], refusal)]
                return [*lead, (frame[start:], behind)]
        return [(frame, refusal)] if frame.strip(_JUNK) else []


def braces(most: int) -> Callable[[bytes], Iterable[int]]:
    """Where in a line an object may begin: at so many of its first braces, but for one at its very start."""

    def found(frame: bytes) -> Iterable[int]:
        place = -1
        for _ in range(most):
            place = frame.find(b"{", place + 1)
            if place < 0:
                return
            if place:
                yield place

    return found
