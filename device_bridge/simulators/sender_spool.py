"""What a robot keeps until the zone has stored it: the spooling rules of the fair profile, without any I/O.

The promise: a report stays here until the durable mark covers it, or until the spool overflows, and then `oldest`
says so. Reports leave in the order of their numbers; after a new connection, or when the mark has stood still, the
unmarked ones leave again from the lowest. A repeated mark is no reason to send again: the bridge repeats it for every
copy that it gets, and the two would feed each other. Time comes in as seconds of any clock that never goes back.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One report on its way: `oldest` is the lowest number that the sender held when it left."""

    seq: int
    oldest: int
    body: bytes


@dataclass(frozen=True, slots=True)
class SenderPatience:
    """How long a sender waits, in seconds, and how much it keeps."""

    for_mark: float = 2.0
    """After a connection, for the retained mark, before everything that is held goes out."""
    for_progress: float = 5.0
    """For the mark to move, before the unmarked reports go out again; doubles up to `longest`."""
    longest: float = 600.0
    limit: int = 7_200
    """Reports that are kept; the oldest go first. Two hours at one a second."""


class _Phase(Enum):
    OFFLINE = auto()
    WAITING = auto()
    SENDING = auto()


class SenderSpool:
    """The unmarked reports of one boot of one robot."""

    def __init__(self, boot: int, patience: SenderPatience | None = None) -> None:
        """Start empty and offline; `boot` in milliseconds since 1970."""
        self.boot = boot
        self.mark = 0
        self.dropped = 0
        self._patience = patience or SenderPatience()
        self._held: deque[bytes] = deque()
        self._oldest = 1
        self._cursor = 1
        self._phase = _Phase.OFFLINE
        self._deadline = 0.0
        self._wait = self._patience.for_progress

    @property
    def oldest(self) -> int:
        """The lowest number that is still held; the next number when nothing is."""
        return self._oldest

    @property
    def next_seq(self) -> int:
        """The number that the next report will get; the first is 1."""
        return self._oldest + len(self._held)

    @property
    def unsent(self) -> int:
        """Reports that wait for their turn on this connection."""
        return self.next_seq - self._cursor

    def append(self, write: Callable[[int], bytes]) -> int:
        """Keep the report that `write` makes of its number, and return the number."""
        seq = self.next_seq
        self._held.append(write(seq))
        if len(self._held) > self._patience.limit:
            self._drop_through(self._oldest)
            self.dropped += 1
        return seq

    def link_up(self, now: float) -> None:
        """Begin a connection: nothing leaves before the mark comes or the wait for it ends."""
        self._phase = _Phase.WAITING
        self._deadline = now + self._patience.for_mark

    def link_down(self) -> None:
        """End a connection: what was sent and is not marked counts as never sent."""
        self._phase = _Phase.OFFLINE
        self._cursor = self._oldest

    def accept_mark(self, boot: int, seq: int, now: float) -> None:
        """Forget what is stored. A mark of another boot, or above what was ever made, frees nothing."""
        moved = boot == self.boot and self.mark < seq < self.next_seq
        if moved:
            self.mark = seq
            self._drop_through(seq)
            self._wait = self._patience.for_progress
            self._deadline = now + self._wait
        if self._phase is _Phase.WAITING:
            self._start_sending(now)

    def due(self, now: float, room: int) -> list[Outgoing]:
        """Return what leaves now, at most `room` reports, lowest number first; they count as sent."""
        if self._phase is _Phase.WAITING and now >= self._deadline:
            self._start_sending(now)
        if self._phase is not _Phase.SENDING:
            return []
        if self._cursor == self._oldest:
            self._deadline = now + self._wait
        elif now >= self._deadline:
            self._go_back(now)
        return self._take(room)

    def wake_at(self) -> float | None:
        """Return when `due` may give something that it does not give now, if nothing else happens."""
        if self._phase is _Phase.WAITING or (self._phase is _Phase.SENDING and self._cursor > self._oldest):
            return self._deadline
        return None

    def _start_sending(self, now: float) -> None:
        self._phase = _Phase.SENDING
        self._cursor = self._oldest
        self._deadline = now + self._wait

    def _go_back(self, now: float) -> None:
        self._cursor = self._oldest
        self._wait = min(2 * self._wait, self._patience.longest)
        self._deadline = now + self._wait

    def _take(self, room: int) -> list[Outgoing]:
        first = self._cursor
        self._cursor = min(self.next_seq, first + max(room, 0))
        return [Outgoing(seq, self._oldest, self._held[seq - self._oldest]) for seq in range(first, self._cursor)]

    def _drop_through(self, seq: int) -> None:
        while self._held and self._oldest <= seq:
            self._held.popleft()
            self._oldest += 1
        self._cursor = max(self._cursor, self._oldest)
