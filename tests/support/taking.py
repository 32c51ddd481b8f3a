"""Takes from an queue what a test waits for."""

import time
from collections.abc import Iterable

from device_bridge.arrival_queue import ArrivalQueue, QueuedArrival
from device_bridge.arrivals import Arrival


def taken(queue: ArrivalQueue, count: int, *, seconds: float = 10) -> list[QueuedArrival]:
    """The next entries, in order: `count` of them, or those that came in time."""
    entries: list[QueuedArrival] = []
    deadline = time.monotonic() + seconds
    while len(entries) < count and time.monotonic() < deadline:
        entries += queue.take(0.1)
    return entries


def messages_of(entries: Iterable[QueuedArrival]) -> list[Arrival]:
    """The robots' messages among the entries."""
    return [entry.arrival for entry in entries if isinstance(entry.arrival, Arrival)]
