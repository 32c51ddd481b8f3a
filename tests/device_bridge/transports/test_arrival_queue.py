"""The queue between the transports and the pipeline: bounded twice, and nobody waits in a closed one."""

import threading

from device_bridge.arrival_queue import MAX_GROUP, ArrivalQueue, QueuedArrival
from device_bridge.arrivals import Arrival
from tests.support.processes import wait_until
from tests.support.robots import at


def entry(number: int, size: int = 10) -> QueuedArrival:
    """A message of so many bytes from a robot."""
    return QueuedArrival(Arrival("serial", "p", b"x" * size, at(number)), None, None)


def putting(queue: ArrivalQueue, *entries: QueuedArrival) -> threading.Thread:
    """A transport's thread that puts entries."""

    def put_all() -> None:
        for one in entries:
            queue.put(one)

    thread = threading.Thread(target=put_all, daemon=True)
    thread.start()
    return thread


def test_entries_come_out_in_order_and_in_groups() -> None:
    queue = ArrivalQueue()
    entries = [entry(number) for number in range(MAX_GROUP + 1)]
    for one in entries:
        queue.put(one)

    assert [queue.take(0), queue.take(0), queue.take(0)] == [entries[:MAX_GROUP], entries[MAX_GROUP:], []]


def test_a_full_inbox_holds_its_writer_until_somebody_takes() -> None:
    queue = ArrivalQueue(capacity=1)
    writer = putting(queue, entry(1), entry(2))
    writer.join(0.1)
    held = writer.is_alive()

    taken = [queue.take(1), queue.take(1)]

    writer.join(60)
    assert (held, taken, writer.is_alive()) == (True, [[entry(1)], [entry(2)]], False)


def test_long_messages_fill_the_inbox_before_their_number_does() -> None:
    queue = ArrivalQueue(max_bytes=100)
    writer = putting(queue, entry(1, 49), entry(2, 49), entry(3, 0))
    writer.join(0.1)
    held = writer.is_alive()

    assert (held, queue.take(1)) == (True, [entry(1, 49), entry(2, 49)])
    assert queue.take(1) == [entry(3, 0)]


def test_a_message_longer_than_the_inbox_passes_when_it_is_empty() -> None:
    queue = ArrivalQueue(max_bytes=100)

    queue.put(entry(1, 1_000))

    assert queue.take(0) == [entry(1, 1_000)]


def test_closing_lets_a_waiting_writer_and_all_later_ones_go() -> None:
    queue = ArrivalQueue(capacity=1)
    writer = putting(queue, entry(1), entry(2), entry(3))
    writer.join(0.1)

    queue.close()

    writer.join(60)
    assert (writer.is_alive(), queue.take(1), queue.take(1)) == (False, [entry(1)], [])


def test_closing_wakes_a_taker() -> None:
    queue = ArrivalQueue()
    taken: list[list[QueuedArrival]] = []
    taker = threading.Thread(target=lambda: taken.append(queue.take(3_600)), daemon=True)
    taker.start()

    queue.close()

    wait_until(lambda: taken == [[]], seconds=30, what="the taker to return")
