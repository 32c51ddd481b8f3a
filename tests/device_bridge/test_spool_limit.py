"""A spool that may not grow: what is refused or let go, and that every report is stored or counted, never both."""

import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device_bridge.arrival_queue import AckToken, ArrivalQueue, QueuedArrival
from device_bridge.arrivals import Arrival
from device_bridge.directory import Directory
from device_bridge.pipeline import Pipeline
from device_bridge.protocols.fair import decode_line
from device_bridge.spool import Spool
from device_bridge.spool_limit import SpoolFullError, SpoolLimit
from device_bridge.tally import DayCounts, DayTally, today
from device_bridge.wire.batch import Delivery, Gap, Ledger
from tests.support.robots import BOOT, ENROLMENTS, FAIR, FAIR_TOPIC, SERIAL, at, fair_status, serial_line

KB = 1024
SMALL = 192 * KB
"""About a hundred reports above what an empty spool holds."""
PAGE = 20


class House:
    """A pipeline over a small spool, and a server that keeps what it is handed."""

    def __init__(self, folder: Path, limit: SpoolLimit) -> None:
        self._path = folder / "spool.db"
        self._limit = limit
        self.sent: set[tuple[str, int]] = set()
        self.stored: list[tuple[str, int]] = []
        self.gaps: list[Gap] = []
        self.ledgers: dict[str, Ledger] = {}
        self.spool, self.pipeline = self._open()

    def _open(self) -> tuple[Spool, Pipeline]:
        spool = Spool(self._path, self._limit)
        return spool, Pipeline(spool, Directory(ENROLMENTS), lambda: "r1")

    def restart(self) -> None:
        """The process is killed and started again."""
        self.spool.close()
        self.spool, self.pipeline = self._open()

    def say(self, robot: str, numbers: range) -> None:
        """Let these reports of a robot arrive as one batch."""
        self.sent |= {(robot, number) for number in numbers}
        self.pipeline.settle([mqtt(number) if robot == FAIR.robot else serial(number) for number in numbers])

    def forward(self, *, answer_lost: bool = False) -> int:
        """Hand the server a page; how much it was. When the answer is lost, the page stays in the spool."""
        page = self.spool.offer(PAGE)
        for queued in page:
            item = queued.item
            if isinstance(item, Delivery):
                key = (item.report.robot, item.report.seq)
                self.stored += [] if key in self.stored else [key]
            elif isinstance(item, Gap) and item not in self.gaps:
                self.gaps.append(item)
        if not answer_lost:
            self.spool.forget([queued.id for queued in page])
        return len(page)

    def drain(self) -> None:
        """Let everything that waits go out, the accounts last."""
        while self.forward():
            pass
        self.ledgers = {ledger.robot: ledger for ledger in self.spool.unsent_ledgers(100)}

    def lost(self) -> list[tuple[str, int]]:
        """What the gaps say, one by one."""
        return [(gap.robot, number) for gap in self.gaps for number in range(gap.first, gap.last + 1)]

    def figures(self, robot: str) -> tuple[int, int]:
        """(stored, lost) as the server knows them without the account."""
        return sum(name == robot for name, _ in self.stored), sum(name == robot for name, _ in self.lost())


@contextmanager
def house(limit: SpoolLimit) -> Iterator[House]:
    """A house in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        made = House(Path(folder), limit)
        with closing(made.spool):
            yield made


def mqtt(number: int) -> Arrival:
    """A report of the robot that the broker holds until it is acknowledged."""
    return Arrival("mqtt", FAIR_TOPIC, fair_status(number), at(number))


def serial(number: int) -> Arrival:
    """A report of the robot on a port."""
    line = serial_line(number)
    return Arrival("serial", SERIAL.address, line, at(number), heard=decode_line(line), protocol="fair-serial")


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("say"), st.sampled_from([FAIR.robot, SERIAL.robot]), st.integers(1, 60)),
        st.tuples(st.sampled_from(["forward", "answer lost", "restart"]), st.just(""), st.just(0)),
    ),
    min_size=5,
    max_size=30,
)


@settings(max_examples=15)
@given(steps=STEPS)
def test_when_the_oldest_give_way_every_report_is_stored_or_counted_and_never_both(
    steps: list[tuple[str, str, int]],
) -> None:
    next_number = {FAIR.robot: 1, SERIAL.robot: 1}
    with house(SpoolLimit(SMALL, "drop-oldest")) as fair:
        for step, robot, count in steps:
            if step == "say":
                fair.say(robot, range(next_number[robot], next_number[robot] + count))
                next_number[robot] += count
                assert fair.spool.used_bytes() <= SMALL + 8 * KB
            elif step == "restart":
                fair.restart()
            else:
                fair.forward(answer_lost=step == "answer lost")
        fair.drain()

        assert sorted(fair.stored + fair.lost()) == sorted(fair.sent)
        for robot, ledger in fair.ledgers.items():
            assert (ledger.stored, ledger.lost, ledger.missing) == (*fair.figures(robot), ())
            assert ledger.high - ledger.first + 1 == ledger.stored + ledger.lost


def test_a_server_that_is_away_for_long_costs_one_gap_a_robot() -> None:
    with house(SpoolLimit(SMALL, "drop-oldest")) as fair:
        for start in range(1, 2_001, 50):
            fair.say(FAIR.robot, range(start, start + 50))
        waiting = fair.spool.depth()
        fair.drain()

    assert [(gap.robot, gap.boot, gap.first) for gap in fair.gaps] == [(FAIR.robot, BOOT, 1)]
    assert fair.figures(FAIR.robot) == (waiting - 1, 2_000 - waiting + 1)


def test_what_the_server_was_offered_is_never_let_go() -> None:
    with house(SpoolLimit(SMALL, "drop-oldest")) as fair:
        fair.say(FAIR.robot, range(1, 61))
        fair.forward(answer_lost=True)
        for start in range(61, 1_001, 20):
            fair.say(FAIR.robot, range(start, start + 20))
        fair.drain()

    assert fair.stored[:PAGE] == [(FAIR.robot, number) for number in range(1, PAGE + 1)]
    assert fair.gaps[0].first == PAGE + 1


@settings(max_examples=6)
@given(sizes=st.lists(st.integers(1, 60), min_size=3, max_size=12))
def test_when_nothing_new_is_taken_what_was_taken_stays_and_nothing_else_is_acknowledged(sizes: list[int]) -> None:
    acknowledged: set[tuple[str, int]] = set()
    with house(SpoolLimit(SMALL, "refuse-new")) as fair:
        first = 1
        for size in sizes * 4:
            batch = range(first, first + size)
            try:
                fair.say(FAIR.robot, batch)
            except SpoolFullError:
                continue
            acknowledged |= {(FAIR.robot, number) for number in batch}
            first += size
        assert fair.spool.used_bytes() <= SMALL
        fair.drain()

    assert set(fair.stored) == acknowledged
    assert fair.gaps == []


def test_a_full_spool_takes_reports_again_once_the_server_has_taken_some() -> None:
    with house(SpoolLimit(SMALL, "refuse-new")) as fair:
        first = 1
        while fair.spool.used_bytes() < SMALL - 24 * KB:
            fair.say(FAIR.robot, range(first, first + 20))
            first += 20
        with pytest.raises(SpoolFullError, match="limit of 0 MB"):
            fair.say(FAIR.robot, range(first, first + 200))
        for _ in range(3):
            fair.forward()

        fair.say(FAIR.robot, range(first, first + 20))

        fair.drain()
        assert len(fair.stored) == first + 19


def test_what_no_acknowledgement_can_hold_back_is_counted_as_lost() -> None:
    with house(SpoolLimit(SMALL, "refuse-new")) as fair:
        fair.pipeline.tally = DayTally(DayCounts(at(0).astimezone().date()))
        fair.say(SERIAL.robot, range(1, 11))

        fair.pipeline.let_go([serial(number) for number in range(11, 31)])

        fair.say(SERIAL.robot, range(31, 41))
        fair.drain()
        assert fair.figures(SERIAL.robot) == (20, 20)
        ledger = fair.ledgers[SERIAL.robot]
        assert (ledger.first, ledger.high, ledger.stored, ledger.lost, ledger.mark) == (1, 40, 20, 20, 40)
        assert fair.pipeline.tally.counts == DayCounts(at(0).astimezone().date(), stored=20, dropped=20)


def test_a_spool_without_a_limit_knows_none() -> None:
    with house(SpoolLimit()) as fair:
        fair.say(FAIR.robot, range(1, 2_001))

        assert fair.spool.depth() == fair.spool.depth_at_a_glance() == 2_000


def test_the_length_of_a_long_queue_is_seen_at_a_glance(tmp_path: Path) -> None:
    with closing(Spool(tmp_path / "spool.db", SpoolLimit(2**30, "drop-oldest"))) as spool:
        gap = Gap(FAIR.robot, BOOT, 1, 1, at(0))
        with spool.transaction():
            spool.append([gap] * 8_000)
        spool.offer(500)

        assert spool.depth_at_a_glance() == 8_000


def test_only_what_came_without_an_acknowledger_is_passed_over() -> None:
    class Broker:
        def acknowledge(self, receipts: list[AckToken]) -> None:
            raise AssertionError(receipts)

    queue, held = ArrivalQueue(), QueuedArrival(mqtt(1), AckToken(1, 1), Broker())
    passed = [QueuedArrival(serial(1), None, None), QueuedArrival(serial(2), None, None)]
    for entry in (passed[0], held, passed[1]):
        queue.put(entry)

    assert queue.take_unacknowledged() == passed
    assert queue.take(0) == [held]


def test_a_new_day_starts_at_nothing() -> None:
    counts = DayCounts(datetime(2026, 4, 15, tzinfo=UTC).date(), 5, 6, 7)

    assert today(counts, at(0)) == DayCounts(at(0).astimezone().date())
