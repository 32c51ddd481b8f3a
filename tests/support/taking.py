"""Takes from an inbox what a test waits for."""

import time
from collections.abc import Iterable

from device_bridge.arrivals import Arrival
from device_bridge.inbox import Entry, Inbox


def taken(inbox: Inbox, count: int, *, seconds: float = 10) -> list[Entry]:
    """The next entries, in order: `count` of them, or those that came in time."""
    entries: list[Entry] = []
    deadline = time.monotonic() + seconds
    while len(entries) < count and time.monotonic() < deadline:
        entries += inbox.take(0.1)
    return entries


def messages_of(entries: Iterable[Entry]) -> list[Arrival]:
    """The robots' messages among the entries."""
    return [entry.arrival for entry in entries if isinstance(entry.arrival, Arrival)]
