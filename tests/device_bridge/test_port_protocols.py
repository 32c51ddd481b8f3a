"""Robots without name, clock or boot number on a port of their own: what is stored of them and what is counted lost."""

import itertools
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from pymavlink.dialects.v20 import common as mavlink

from device_bridge.arrivals import Arrival, DurableMark
from device_bridge.directory import Directory
from device_bridge.marks import frame_of
from device_bridge.pipeline import Pipeline
from device_bridge.protocols import STREAM_PROTOCOLS, StreamOptions
from device_bridge.protocols.modbus import ModbusMap
from device_bridge.spool import Spool
from device_bridge.wire.batch import Delivery, Enrolment, Enrolments, Gap, Item, Rejection
from device_bridge.wire.report import Source
from tests.device_bridge.protocols.frames import DECLARED, cobs_frame, kobuki_frame
from tests.support.robots import at

NOON = at(1)


class Booth:
    """A pipeline for one robot on the port `port`, and what it makes of the port's bytes."""

    def __init__(self, folder: Path, protocol: str, **options: object) -> None:
        self.robot = Enrolment(
            robot="nanling/arm-1", protocol=protocol, address="port", source=Source.LIVE, options=options
        )
        self.spool = Spool(folder / "spool.db")
        numbers = itertools.count(1)
        self.pipeline = Pipeline(self.spool, Directory(Enrolments((self.robot,))), lambda: f"r{next(numbers)}")
        self.restart()

    def restart(self) -> None:
        """Begin to listen as a bridge does that was started again: it remembers what is in its spool."""
        self._memory: dict[str, Any] = {}
        self.plug_in()

    def plug_in(self) -> None:
        """Begin to listen anew, as after an unplug."""
        if self.robot.protocol in STREAM_PROTOCOLS:
            self._decoder = STREAM_PROTOCOLS[self.robot.protocol].decoder(
                StreamOptions("", self.robot.options, self._memory)
            )

    def hear(self, data: bytes, when: datetime = NOON) -> tuple[DurableMark, ...]:
        """Settle what these bytes say; the marks that the robot may be told."""
        heard = self._decoder.feed(data)
        return self.pipeline.settle(
            [Arrival("serial", "port", raw, when, heard=what, protocol=self.robot.protocol) for raw, what in heard]
        )

    def items(self) -> list[Item]:
        """Everything in the spool."""
        return [queued.item for queued in self.spool.oldest(10_000)]

    def stored(self) -> list[tuple[int, int]]:
        """(which boot, number) of each stored report."""
        deliveries = [item for item in self.items() if isinstance(item, Delivery)]
        boots = sorted({delivery.report.boot for delivery in deliveries})
        return [(boots.index(delivery.report.boot), delivery.report.seq) for delivery in deliveries]

    def lost(self) -> list[tuple[int, int]]:
        """The spans that were lost."""
        return [(item.first, item.last) for item in self.items() if isinstance(item, Gap)]

    def refused(self) -> list[str]:
        """The codes of the refusals."""
        return [item.code for item in self.items() if isinstance(item, Rejection)]


@pytest.fixture
def booth(tmp_path: Path) -> Callable[..., Booth]:
    """Makes a booth for a protocol."""
    return lambda protocol, **options: Booth(tmp_path, protocol, **options)


Booths = Callable[..., Booth]


def beats(numbers: range, system: int = 1) -> list[bytes]:
    """Heartbeats with these frame numbers."""
    robot = mavlink.MAVLink(None, srcSystem=system, srcComponent=1)
    frames = []
    for number in numbers:
        robot.seq = number % 256
        frames.append(bytes(mavlink.MAVLink_heartbeat_message(10, 3, 4, 0, 4, 3).pack(robot)))
    return frames


def test_the_ledger_counts_exactly_the_frames_that_mavlink_lost(booth: Booths) -> None:
    hall = booth("mavlink")
    frames = beats(range(40, 410))
    kept = [frame for index, frame in enumerate(frames) if index % 50 not in {7, 8, 9}]

    hall.hear(b"".join(kept))

    lost = sum(last - first + 1 for first, last in hall.lost())
    assert (len(hall.stored()), lost) == (len(kept), len(frames) - len(kept))
    (account,) = [account for _, account in hall.spool.accounts()]
    assert (account.stored, account.lost, account.missing) == (len(kept), lost, ())


def test_what_is_lost_while_a_port_is_unplugged_is_counted_by_the_first_frame_after_it(booth: Booths) -> None:
    hall = booth("mavlink")

    hall.hear(b"".join(beats(range(5))), at(1))
    hall.plug_in()
    hall.hear(b"".join(beats(range(9, 12))), at(9))

    assert (hall.stored(), hall.lost()) == ([(0, number) for number in (1, 2, 3, 4, 5, 10, 11, 12)], [(6, 9)])


def test_a_bridge_that_was_started_again_begins_a_new_count_and_takes_nothing_for_a_copy(booth: Booths) -> None:
    hall = booth("mavlink")

    hall.hear(b"".join(beats(range(5))), at(1))
    hall.restart()
    hall.hear(b"".join(beats(range(9, 12))), at(1))

    assert hall.stored() == [*((0, number) for number in range(1, 6)), *((1, number) for number in range(1, 4))]
    assert (hall.lost(), hall.refused()) == ([], [])


def test_a_count_that_begins_while_the_clock_was_set_back_is_still_the_newer_one(booth: Booths) -> None:
    hall = booth("mavlink")

    hall.hear(beats(range(1))[0], at(3_600))
    hall.restart()
    hall.hear(beats(range(1))[0], at(0))

    backfill = [item.backfill for item in hall.items() if isinstance(item, Delivery)]
    assert (hall.stored(), backfill) == ([(0, 1), (1, 1)], [False, False])


def test_another_system_on_the_wire_is_refused_and_its_frames_are_nobodys_loss(booth: Booths) -> None:
    hall = booth("mavlink", system_id=3)

    hall.hear(b"".join(beats(range(3), system=3)[:1] + beats(range(1), system=9) + beats(range(1, 3), system=3)))

    assert (hall.stored(), hall.lost(), hall.refused()) == ([(0, 1), (0, 2), (0, 3)], [], ["wrong-identity"])


def test_a_second_without_a_packet_of_kobuki_is_in_the_ledger(booth: Booths) -> None:
    hall = booth("kobuki")

    hall.hear(b"".join(kobuki_frame(second * 1_000) for second in (0, 1, 2, 5, 6)))

    assert (hall.stored(), hall.lost()) == ([(0, number) for number in (1, 2, 3, 6, 7)], [(4, 5)])


def test_a_robot_of_another_ones_port_does_not_become_the_enrolled_one(booth: Booths) -> None:
    hall = booth("fair-cobs")

    hall.hear(cobs_frame({"exhibitor": "nanling", "robot": "walker-7", "boot": 1, "seq": 1}))

    assert (hall.stored(), hall.refused()) == ([], ["wrong-identity"])


def test_firmware_that_keeps_its_reports_is_told_its_mark_in_a_frame_and_fills_the_hole(booth: Booths) -> None:
    hall = booth("fair-cobs")

    first = hall.hear(b"".join(cobs_frame({"boot": 5, "seq": number}) for number in (1, 2, 4)))
    second = hall.hear(cobs_frame({"boot": 5, "seq": 3}))

    assert [(mark.boot, mark.seq) for mark in (*first, *second)] == [(5, 2), (5, 4)]
    assert (hall.stored(), hall.lost()) == ([(0, 1), (0, 2), (0, 4), (0, 3)], [])
    frame = frame_of(second[0])
    assert frame is not None
    assert (frame[0], frame[-1], b'"seq": 4' in frame) == (0, 0, True)


def test_firmware_without_boot_number_cannot_send_again_so_what_is_missing_is_lost_at_once(booth: Booths) -> None:
    hall = booth("fair-cobs")

    marks = hall.hear(b"".join(cobs_frame({"seq": number}) for number in (1, 2, 5)), at(1))
    hall.hear(b"".join(cobs_frame({"seq": number}) for number in (1, 2)), at(9))

    assert hall.stored() == [(0, 1), (0, 2), (0, 5), (1, 1), (1, 2)]
    assert (hall.lost(), marks) == ([(3, 4)], ())


def test_a_declared_robot_is_stored_under_the_name_of_its_enrolment(booth: Booths) -> None:
    hall = booth("declared", **DECLARED)

    hall.hear(b'{"n": 7, "state": {"soc": 420}}\n{"n": 9, "state": {"soc": 410}}\n')

    reports = [item.report for item in hall.items() if isinstance(item, Delivery)]
    assert [(report.robot, report.seq, report.battery, report.time) for report in reports] == [
        ("nanling/arm-1", 7, 42.0, at(1)),
        ("nanling/arm-1", 9, 41.0, at(1)),
    ]
    assert hall.lost() == [(8, 8)]


def test_a_poll_that_is_missed_is_a_gap_also_before_the_first_answer(booth: Booths) -> None:
    hall = booth("modbus")
    asked = ModbusMap(StreamOptions(values={"registers": [{"feeds": "battery", "address": 0}]}))

    hall.pipeline.settle(
        [
            Arrival("serial", "port", b"", at(poll), heard=asked.hear(poll, {("holding", 0): 50}), protocol="modbus")
            for poll in (3, 4, 7)
        ]
    )

    assert (hall.stored(), hall.lost()) == ([(0, 3), (0, 4), (0, 7)], [(1, 2), (5, 6)])
