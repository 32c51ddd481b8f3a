"""The bounded queue between the transports' threads and the pipeline's.

A full inbox blocks its writer: an MQTT network thread that waits here stops reading its socket, and the broker feels
it. Nothing is ever dropped.
"""

import queue
from typing import NamedTuple, Protocol

from device_bridge.pipeline import Arrival

CAPACITY = 20_000
MAX_GROUP = 1_000


class Receipt(NamedTuple):
    """What a transport needs to acknowledge one message: its connection's epoch and the packet's number."""

    epoch: int
    mid: int


class Acknowledger(Protocol):
    """The transport that a receipt goes back to."""

    def acknowledge(self, receipts: list[Receipt]) -> None:
        """Tell the sender's side, in the order of arrival, that these messages are on disk."""


class Entry(NamedTuple):
    """An arrival with its receipt; None where its wire knows no acknowledgement (QoS 0, serial)."""

    arrival: Arrival
    receipt: Receipt | None
    origin: Acknowledger | None


class Inbox:
    """First in, first out."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._queue: queue.Queue[Entry] = queue.Queue(capacity)

    def put(self, entry: Entry) -> None:
        """Add an arrival; waits while the inbox is full."""
        self._queue.put(entry)

    def take(self, timeout: float) -> list[Entry]:
        """What is there, `MAX_GROUP` at most: one when idle, many when busy, nothing after `timeout` seconds."""
        try:
            entries = [self._queue.get(timeout=timeout)]
        except queue.Empty:
            return []
        try:
            while len(entries) < MAX_GROUP:
                entries.append(self._queue.get_nowait())
        except queue.Empty:
            pass
        return entries
