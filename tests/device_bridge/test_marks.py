"""The durable marks on their way back: the newest stays on the topic, and nobody is told too often."""

from device_bridge.arrivals import DurableMark
from device_bridge.marks import PERIOD_S, PendingMarks


def mark(boot: int, seq: int, robot: str = "nanling/walker-7") -> DurableMark:
    """A mark of a fair-profile robot."""
    return DurableMark(robot, "fair-mqtt", robot, boot, seq)


def test_only_the_newest_mark_of_a_boot_goes_out_and_not_too_often() -> None:
    sent: list[DurableMark] = []
    board = PendingMarks(sent.append)

    board.post([mark(1, 5), mark(1, 6)])
    board.flush(0.0)
    board.post([mark(1, 7)])
    board.flush(PERIOD_S / 2)
    assert sent == [mark(1, 6)]

    board.flush(PERIOD_S)
    assert sent == [mark(1, 6), mark(1, 7)]


def test_the_mark_of_an_older_boot_does_not_stay_on_the_topic() -> None:
    sent: list[DurableMark] = []
    board = PendingMarks(sent.append)
    board.post([mark(200, 5)])
    board.flush(0.0)

    board.post([mark(100, 50)])
    board.flush(1.0)

    assert sent == [mark(200, 5), mark(100, 50), mark(200, 5)]


def test_after_an_outage_the_newest_marks_of_the_wire_are_told_again() -> None:
    sent: list[DurableMark] = []
    board = PendingMarks(sent.append)
    board.post([mark(1, 5), mark(1, 9, "nanling/arm-1")])
    board.flush(0.0)
    sent.clear()

    board.repeat(lambda known: known.robot == "nanling/arm-1")
    board.flush(1.0)

    assert sent == [mark(1, 9, "nanling/arm-1")]
