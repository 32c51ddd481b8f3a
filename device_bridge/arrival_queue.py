"""The bounded queue between the transports' threads and the pipeline's.

A full queue blocks its writer: an MQTT network thread that waits here stops reading its socket, and the broker feels
it. Nothing is ever dropped while the queue is open; what comes after `close` was acknowledged by nobody.
"""

import threading
from collections import deque
from collections.abc import Iterable
from functools import partial
from typing import NamedTuple, Protocol

from device_bridge.arrivals import Arrival, BrokerNotice

CAPACITY = 20_000
MAX_BYTES = 64 * 1024 * 1024
"""Payloads and addresses together; a flood of the longest messages fills this before it fills `CAPACITY`."""
MAX_GROUP = 1_000


class AckToken(NamedTuple):
    """What a transport needs to acknowledge one message: its connection's epoch and the packet's number."""

    epoch: int
    mid: int


class Acknowledger(Protocol):
    """The transport that a receipt goes back to."""

    def acknowledge(self, receipts: list[AckToken]) -> None:
        """Tell the sender's side, in the order of arrival, that these messages are on disk."""


class QueuedArrival(NamedTuple):
    """An arrival with its receipt; None where its wire knows no acknowledgement (QoS 0, serial)."""

    arrival: Arrival | BrokerNotice
    receipt: AckToken | None
    origin: Acknowledger | None


class ArrivalQueue:
    """First in, first out; holds at most `capacity` entries and `max_bytes` of what they carry."""

    def __init__(self, capacity: int = CAPACITY, max_bytes: int = MAX_BYTES) -> None:
        self._capacity = capacity
        self._max_bytes = max_bytes
        self._entries: deque[QueuedArrival] = deque()
        self._bytes = 0
        self._closed = False
        lock = threading.Lock()
        self._filled = threading.Condition(lock)
        self._emptied = threading.Condition(lock)

    def put(self, entry: QueuedArrival) -> None:
        """Add an arrival; waits while the queue is full. Once the queue is closed the arrival is let go."""
        self.put_all((entry,))

    def put_all(self, entries: Iterable[QueuedArrival]) -> None:
        """Add arrivals in their order, as `put` does one; those that fit are there to be taken while the next waits."""
        with self._emptied:
            for entry in entries:
                size = _size(entry)
                if not self._has_room(size):
                    self._filled.notify()
                    self._emptied.wait_for(partial(self._may_go_on, size))
                if self._closed:
                    return
                self._entries.append(entry)
                self._bytes += size
            self._filled.notify()

    def take(self, timeout: float) -> list[QueuedArrival]:
        """What is there, `MAX_GROUP` at most: one when idle, many when busy, nothing after `timeout` seconds.

        A closed queue still gives what it holds, and then nothing, at once.
        """
        with self._filled:
            self._filled.wait_for(lambda: self._entries or self._closed, timeout)
            taken = [self._entries.popleft() for _ in range(min(MAX_GROUP, len(self._entries)))]
            self._bytes -= sum(map(_size, taken))
            self._emptied.notify_all()
        return taken

    def take_unacknowledged(self) -> list[QueuedArrival]:
        """Everything here that came without an acknowledger (serial), in order, from before and behind the others."""
        with self._filled:
            taken = [entry for entry in self._entries if entry.origin is None]
            if taken:
                self._entries = deque(entry for entry in self._entries if entry.origin is not None)
                self._bytes -= sum(map(_size, taken))
                self._emptied.notify_all()
        return taken

    def close(self) -> None:
        """Let everybody go who waits here, now and later: the bridge ends."""
        with self._filled:
            self._closed = True
            self._filled.notify_all()
            self._emptied.notify_all()

    def _may_go_on(self, size: int) -> bool:
        return self._closed or self._has_room(size)

    def _has_room(self, size: int) -> bool:
        """Whether one more fits; into an empty queue anything does, or it would wait for ever."""
        fits = len(self._entries) < self._capacity and self._bytes + size <= self._max_bytes
        return fits or not self._entries


def _size(entry: QueuedArrival) -> int:
    one = entry.arrival
    return len(one.line) if isinstance(one, BrokerNotice) else len(one.payload) + len(one.address)
