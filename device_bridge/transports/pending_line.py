"""A place for one line on its way to a robot: the newest one, whoever puts it there, whenever it can be written."""

import threading


class PendingLine:
    """One thread offers and writes; any thread puts. A line waits here until it was delivered whole.

    After an offer that was not delivered the next one begins with a line feed, so that the robot reads a clean line
    behind whatever stump it has got.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._line: bytes | None = None
        self._offered: bytes | None = None
        self._torn = False

    def put(self, line: bytes) -> None:
        """Put in a line, which ends with a line feed; it takes the place of an older one."""
        with self._lock:
            self._line = line

    def offer(self) -> bytes | None:
        """What to write now, None when there is nothing. Counts as torn until `delivered` is called."""
        with self._lock:
            if self._line is None:
                return None
            lead = b"\n" if self._torn else b""
            self._offered, self._torn = self._line, True
            return lead + self._line

    def delivered(self) -> None:
        """What was offered last has been written whole; a line that came meanwhile stays."""
        with self._lock:
            self._torn = False
            if self._line is self._offered:
                self._line = None
