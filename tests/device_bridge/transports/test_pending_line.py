"""The place for one line on its way to a robot."""

from device_bridge.transports.pending_line import PendingLine


def test_only_the_newest_line_is_offered_and_only_until_it_is_delivered() -> None:
    box = PendingLine()
    box.put(b"1\n")
    box.put(b"2\n")

    offered = box.offer()
    box.delivered()

    assert (offered, box.offer()) == (b"2\n", None)


def test_after_a_torn_line_the_next_starts_clean() -> None:
    box = PendingLine()
    box.put(b"1\n")
    box.offer()
    box.put(b"2\n")

    second = box.offer()
    box.delivered()
    box.put(b"3\n")

    assert (second, box.offer()) == (b"\n2\n", b"3\n")


def test_a_line_that_comes_while_another_is_written_is_kept() -> None:
    box = PendingLine()
    box.put(b"1\n")
    box.offer()
    box.put(b"2\n")

    box.delivered()

    assert box.offer() == b"2\n"
