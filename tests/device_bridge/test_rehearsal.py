"""A robot that rehearses: the same checks, accounts of its own, and nothing of it among the fair's reports."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import msgspec
import pytest

from device_bridge.arrivals import Arrival, DurableMark
from device_bridge.directory import Directory
from device_bridge.marks import topic_of
from device_bridge.partition import WorkerShare, topics
from device_bridge.pipeline import Pipeline
from device_bridge.spool import Spool
from device_bridge.wire.batch import Delivery, Enrolment, Enrolments, Gap, Rejection
from tests.support.robots import BOOT, FAIR, FAIR_TOPIC, VDA, at, fair_status

REHEARSING = msgspec.structs.replace(FAIR, rehearsal=True)
REHEARSAL_TOPIC = f"rehearsal/{FAIR_TOPIC}"


@pytest.fixture
def spool(tmp_path: Path) -> Iterator[Spool]:
    """A spool of its own."""
    opened = Spool(tmp_path / "spool.db")
    yield opened
    opened.close()


def pipeline(spool: Spool, *robots: Enrolment) -> Pipeline:
    """A pipeline that knows these robots."""
    return Pipeline(spool, Directory(Enrolments(robots)), lambda: uuid4().hex)


def arrival(topic: str, body: bytes) -> Arrival:
    """A message on a topic."""
    return Arrival("mqtt", topic, body, at(0))


def said(spool: Spool) -> list[tuple[str, bool]]:
    """What waits for the server: its kind, and whether it was rehearsed."""
    items = [one.item for one in spool.oldest(20)]
    return [(type(item).__name__, getattr(item, "rehearsal", False)) for item in items]


def test_what_is_rehearsed_goes_out_marked_and_its_mark_comes_back_behind_the_same_prefix(spool: Spool) -> None:
    marks = pipeline(spool, FAIR, REHEARSING).settle(
        [arrival(REHEARSAL_TOPIC, fair_status(1)), arrival(FAIR_TOPIC, fair_status(1))]
    )

    assert said(spool) == [(Delivery.__name__, True), (Delivery.__name__, False)]
    assert marks == (
        DurableMark(FAIR.robot, "fair-mqtt", FAIR.address, BOOT, 1, rehearsal=True),
        DurableMark(FAIR.robot, "fair-mqtt", FAIR.address, BOOT, 1),
    )
    assert [topic_of(mark) for mark in marks] == [f"rehearsal/fair/v1/{FAIR.robot}/ack", f"fair/v1/{FAIR.robot}/ack"]


def test_a_rehearsal_with_a_clock_that_runs_ahead_leaves_the_fairs_reports_the_newest(spool: Spool) -> None:
    house = pipeline(spool, FAIR, REHEARSING)
    house.settle([arrival(REHEARSAL_TOPIC, fair_status(5, boot=BOOT + 3_600_000))])

    house.settle([arrival(FAIR_TOPIC, fair_status(1))])

    items = [one.item for one in spool.oldest(20)]
    assert [item.backfill for item in items if isinstance(item, Delivery) and not item.rehearsal] == [False]
    assert not [item for item in items if isinstance(item, Gap)]


def test_who_may_not_rehearse_is_refused_by_name_and_who_only_rehearses_is_not_at_the_fair(spool: Spool) -> None:
    pipeline(spool, FAIR).settle([arrival(REHEARSAL_TOPIC, fair_status(1))])
    pipeline(spool, REHEARSING).settle([arrival(FAIR_TOPIC, fair_status(1))])

    codes = [one.item.code for one in spool.oldest(20) if isinstance(one.item, Rejection)]
    assert codes == ["not-enrolled", "not-enrolled"]


def test_a_refusal_in_rehearsal_says_so(spool: Spool) -> None:
    pipeline(spool, FAIR, REHEARSING).settle([arrival(REHEARSAL_TOPIC, b"{")])

    assert said(spool) == [(Rejection.__name__, True)]


def test_one_bridge_listens_to_all_rehearsals_and_of_several_each_to_its_own() -> None:
    one = topics(WorkerShare(), [FAIR, VDA])
    every = sorted(topic for worker in range(2) for topic in topics(WorkerShare(worker, 2), [FAIR, REHEARSING]))

    assert {"fair/#", "uagv/#", "rehearsal/#"} <= set(one)
    assert every == [FAIR_TOPIC, REHEARSAL_TOPIC]
