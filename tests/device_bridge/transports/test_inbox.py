"""The inbox between the transports and the pipeline: bounded twice, and nobody waits in a closed one."""

import threading

from device_bridge.arrivals import Arrival
from device_bridge.inbox import MAX_GROUP, Entry, Inbox
from tests.support.processes import wait_until
from tests.support.robots import at


def entry(number: int, size: int = 10) -> Entry:
    """A message of so many bytes from a robot."""
    return Entry(Arrival("serial", "p", b"x" * size, at(number)), None, None)


def putting(inbox: Inbox, *entries: Entry) -> threading.Thread:
    """A transport's thread that puts entries."""

    def put_all() -> None:
        for one in entries:
            inbox.put(one)

    thread = threading.Thread(target=put_all, daemon=True)
    thread.start()
    return thread


def test_entries_come_out_in_order_and_in_groups() -> None:
    inbox = Inbox()
    entries = [entry(number) for number in range(MAX_GROUP + 1)]
    for one in entries:
        inbox.put(one)

    assert [inbox.take(0), inbox.take(0), inbox.take(0)] == [entries[:MAX_GROUP], entries[MAX_GROUP:], []]


def test_a_full_inbox_holds_its_writer_until_somebody_takes() -> None:
    inbox = Inbox(capacity=1)
    writer = putting(inbox, entry(1), entry(2))
    writer.join(0.1)
    held = writer.is_alive()

    taken = [inbox.take(1), inbox.take(1)]

    writer.join(60)
    assert (held, taken, writer.is_alive()) == (True, [[entry(1)], [entry(2)]], False)


def test_long_messages_fill_the_inbox_before_their_number_does() -> None:
    inbox = Inbox(max_bytes=100)
    writer = putting(inbox, entry(1, 49), entry(2, 49), entry(3, 0))
    writer.join(0.1)
    held = writer.is_alive()

    assert (held, inbox.take(1)) == (True, [entry(1, 49), entry(2, 49)])
    assert inbox.take(1) == [entry(3, 0)]


def test_a_message_longer_than_the_inbox_passes_when_it_is_empty() -> None:
    inbox = Inbox(max_bytes=100)

    inbox.put(entry(1, 1_000))

    assert inbox.take(0) == [entry(1, 1_000)]


def test_closing_lets_a_waiting_writer_and_all_later_ones_go() -> None:
    inbox = Inbox(capacity=1)
    writer = putting(inbox, entry(1), entry(2), entry(3))
    writer.join(0.1)

    inbox.close()

    writer.join(60)
    assert (writer.is_alive(), inbox.take(1), inbox.take(1)) == (False, [entry(1)], [])


def test_closing_wakes_a_taker() -> None:
    inbox = Inbox()
    taken: list[list[Entry]] = []
    taker = threading.Thread(target=lambda: taken.append(inbox.take(3_600)), daemon=True)
    taker.start()

    inbox.close()

    wait_until(lambda: taken == [[]], seconds=30, what="the taker to return")
