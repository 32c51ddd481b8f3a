"""From the spool to the server over real HTTP: nothing leaves the spool before it is stored."""

import itertools
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from device_bridge.arrivals import Arrival
from device_bridge.directory import Directory
from device_bridge.forwarder import PATIENCE, Forwarder
from device_bridge.pipeline import Pipeline
from device_bridge.server_connection import ServerConnection, ServerUnavailableError
from device_bridge.spool import Spool
from device_bridge.wire.batch import BridgeTrouble, Delivery, Enrolments, encode_report
from tests.support.fair_server import TOKEN, Answer, FairServer, problem
from tests.support.ports import free_port
from tests.support.processes import wait_until
from tests.support.robots import ENROLMENTS, FAIR, FAIR_TOPIC, VDA, VDA_STATE, at, fair_status, vda_state

HTML = b"<html><body>Gateway</body></html>"


@pytest.fixture
def spool(tmp_path: Path) -> Iterator[Spool]:
    """A spool that holds five reports of one robot, three of another with a gap, and one refusal."""
    spool = Spool(tmp_path / "spool.db")
    pipeline = Pipeline(spool, Directory(ENROLMENTS), iter(f"zone-{number}" for number in range(9)).__next__)
    pipeline.settle([Arrival("mqtt", FAIR_TOPIC, fair_status(number), at(0)) for number in range(1, 6)])
    pipeline.settle([Arrival("mqtt", VDA_STATE, vda_state(number), at(0)) for number in (4, 5, 9)])
    pipeline.settle([Arrival("mqtt", FAIR_TOPIC, b"{", at(0))])
    yield spool
    spool.close()


Forward = Callable[..., bool]
Running = Callable[[], Forwarder]


@pytest.fixture
def forward(spool: Spool) -> Iterator[Forward]:
    """Hands one page of the spool to the server at an address; tells whether there is more."""
    connections: list[ServerConnection] = []

    def once(url: str, token: str = TOKEN) -> bool:
        connections.append(ServerConnection(url, token))
        return new_forwarder(spool, connections[-1]).forward_once()

    yield once
    for connection in connections:
        connection.close()


@pytest.fixture
def patient(spool: Spool, fair_server: FairServer) -> Iterator[Forwarder]:
    """A forwarder that remembers from one page to the next what became of it; a second passes each time it looks."""
    with closing(ServerConnection(fair_server.url, TOKEN)) as server:
        yield new_forwarder(spool, server, clock=itertools.count(0.0).__next__)


@pytest.fixture
def run_forwarder(spool: Spool, fair_server: FairServer, tmp_path: Path) -> Iterator[Running]:
    """Starts a forwarder with a thread of its own on the same spool."""
    started: list[tuple[Forwarder, Spool]] = []

    def start() -> Forwarder:
        own = Spool(tmp_path / "spool.db")
        running = new_forwarder(own, ServerConnection(fair_server.url, TOKEN))
        started.append((running, own))
        running.start()
        return running

    yield start
    for running, own in started:
        running.stop()
        own.close()


def new_forwarder(spool: Spool, server: ServerConnection, *, clock: Callable[[], float] = time.monotonic) -> Forwarder:
    return Forwarder(spool, server, "zone", lambda: datetime.now(UTC), clock)


def settled(forwarder: Forwarder) -> bool:
    """Whether the server took the page."""
    try:
        forwarder.forward_once()
    except ServerUnavailableError:
        return False
    return True


def test_everything_reaches_the_server_in_order_and_leaves_the_spool(
    spool: Spool, forward: Forward, fair_server: FairServer
) -> None:
    more = forward(fair_server.url)

    assert not more
    assert fair_server.numbers(FAIR.robot) == [1, 2, 3, 4, 5]
    assert fair_server.numbers(VDA.robot) == [4, 5, 9]
    assert [(gap.first, gap.last) for gap in fair_server.gaps] == [(6, 8)]
    assert [rejection.code for rejection in fair_server.rejections.values()] == ["not-json"]
    assert {ledger.robot: (ledger.stored, ledger.lost) for ledger in fair_server.ledgers.values()} == {
        FAIR.robot: (5, 0),
        VDA.robot: (3, 3),
    }
    assert (spool.depth(), spool.unsent_ledgers(10), spool.dead()) == (0, (), [])


def test_a_server_that_is_away_or_out_of_order_costs_nothing(
    spool: Spool, forward: Forward, fair_server: FairServer
) -> None:
    depth = spool.depth()
    with pytest.raises(ServerUnavailableError):
        forward(f"http://127.0.0.1:{free_port()}")
    fair_server.out_of_order = True
    with pytest.raises(ServerUnavailableError):
        forward(fair_server.url)
    with pytest.raises(ServerUnavailableError):
        forward(fair_server.url, "wrong")
    assert spool.depth() == depth

    fair_server.out_of_order = False
    forward(fair_server.url)

    assert (spool.depth(), len(fair_server.deliveries)) == (0, 8)


@pytest.mark.slow
@pytest.mark.parametrize(
    "answer",
    [
        *(Answer(status, HTML, "text/html") for status in (400, 413, 422)),
        Answer(422, b'{"code":"invalid"}'),
        Answer(422, HTML, "application/problem+json"),
        problem(422, "invalid", "it refuses even an empty batch"),
        problem(403, "forbidden", "not with this token"),
        Answer(200, HTML, "text/html"),
        Answer(200, b'{"ok":true}'),
        Answer(302, b"", "text/html"),
    ],
)
def test_whatever_a_proxy_answers_everything_waits_in_the_spool(
    spool: Spool, patient: Forwarder, fair_server: FairServer, answer: Answer
) -> None:
    before = spool.oldest(100)
    fair_server.proxy = answer

    taken = [settled(patient) for _ in range(2 * PATIENCE)]

    assert not any(taken)
    assert (spool.oldest(100), spool.dead()) == (before, [])
    fair_server.proxy = None
    assert settled(patient)
    assert (spool.depth(), len(fair_server.deliveries), len(fair_server.rejections)) == (0, 8, 1)


def test_one_robot_that_the_server_never_takes_does_not_hold_up_the_others(
    spool: Spool, patient: Forwarder, fair_server: FairServer
) -> None:
    fair_server.never_takes = VDA.robot
    reports = [queued.item.report for queued in spool.oldest(100) if isinstance(queued.item, Delivery)]
    lost = {encode_report(report) for report in reports if report.robot == VDA.robot}

    settled(patient)
    settled(patient)

    assert fair_server.numbers(FAIR.robot) == [1, 2, 3, 4, 5]
    refused = [item for item in fair_server.rejections.values() if item.code == "refused-by-server"]
    assert {item.raw for item in refused} == lost
    assert [item.robot for item in refused] == [VDA.robot] * 3
    assert all("not this robot" in item.detail["en"] for item in refused)
    assert spool.depth() == 0


def test_what_the_server_never_takes_is_kept_whole(spool: Spool, patient: Forwarder, fair_server: FairServer) -> None:
    fair_server.never_takes = VDA.robot
    (ledger,) = [item for item in spool.unsent_ledgers(10) if item.robot == VDA.robot]
    refused = [queued.body for queued in spool.oldest(100) if VDA.robot.encode() in queued.body]

    settled(patient)

    dead = spool.dead()
    assert sorted(item.kind for item in dead) == ["delivery", "delivery", "delivery", "gap", "ledger"]
    assert [item.body for item in dead] == [*refused, msgspec.json.encode(ledger)]
    assert all("not this robot" in item.answer for item in dead)
    assert [robot for robot, _ in fair_server.ledgers] == [FAIR.robot]


def test_an_account_that_is_refused_is_tried_again_when_it_has_changed(
    spool: Spool, patient: Forwarder, fair_server: FairServer
) -> None:
    fair_server.never_takes = VDA.robot
    settled(patient)
    fair_server.never_takes = None

    pipeline = Pipeline(spool, Directory(ENROLMENTS), lambda: "later")
    pipeline.settle([Arrival("mqtt", VDA_STATE, vda_state(10), at(1))])
    settled(patient)

    assert {robot for robot, _ in fair_server.ledgers} == {FAIR.robot, VDA.robot}


def test_what_cannot_even_be_read_is_set_aside_as_it_stands(
    spool: Spool, patient: Forwarder, fair_server: FairServer, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(tmp_path / "spool.db")) as other, other:
        other.execute("UPDATE outgoing SET body = ? WHERE id = 2", (b'{"report":{}}',))
        other.execute("UPDATE outgoing SET body = ? WHERE id = 3", (b"\xff\x00torn",))

    settled(patient)
    settled(patient)

    assert fair_server.numbers(FAIR.robot) == [1, 4, 5]
    assert [item.body for item in spool.dead()] == [b'{"report":{}}', b"\xff\x00torn"]
    refused = [item for item in fair_server.rejections.values() if item.code == "refused-by-server"]
    assert [(item.raw, item.robot) for item in refused] == [(b'{"report":{}}', None), (b"\xff\x00torn", None)]
    assert spool.depth() == 0


def test_reports_of_robots_with_long_names_are_refused_each_under_its_own_id(
    spool: Spool, patient: Forwarder, fair_server: FairServer
) -> None:
    long = f"{'e' * 48}/{'r' * 48}"
    first = next(queued.item for queued in spool.oldest(100) if isinstance(queued.item, Delivery))
    reports = [msgspec.structs.replace(first.report, robot=long, seq=number) for number in (1, 2, 3)]
    with spool.transaction():
        spool.append([msgspec.structs.replace(first, report=report) for report in reports])
    fair_server.never_takes = long

    settled(patient)
    settled(patient)

    assert sum(item.robot == long for item in fair_server.rejections.values()) == 3


def test_a_page_that_the_server_fails_at_again_and_again_gives_up_its_bad_items_only(
    spool: Spool, patient: Forwarder, fair_server: FairServer
) -> None:
    fair_server.fails_at = VDA.robot

    taken = [settled(patient) for _ in range(PATIENCE + 1)]

    assert taken == [*[False] * (PATIENCE - 1), True, True]
    assert fair_server.numbers(FAIR.robot) == [1, 2, 3, 4, 5]
    assert [item.kind for item in spool.dead()] == ["delivery"] * 3
    refused = [item.robot for item in fair_server.rejections.values() if item.code == "refused-by-server"]
    assert refused == [VDA.robot] * 3
    assert (spool.depth(), [(gap.first, gap.last) for gap in fair_server.gaps]) == (0, [(6, 8)])


@pytest.mark.slow
def test_a_server_that_takes_empty_batches_only_is_ill_and_nothing_is_given_up(
    spool: Spool, patient: Forwarder, fair_server: FairServer
) -> None:
    before = spool.oldest(100)
    fair_server.disk_full = True

    taken = [settled(patient) for _ in range(5 * PATIENCE)]

    assert not any(taken)
    assert (spool.oldest(100), spool.dead()) == (before, [])
    fair_server.disk_full = False
    assert settled(patient)
    assert (spool.depth(), len(fair_server.deliveries)) == (0, 8)


def test_the_accounts_go_out_by_the_clock_that_is_never_set_back(spool: Spool, fair_server: FairServer) -> None:
    seconds = [0.0]
    with closing(ServerConnection(fair_server.url, TOKEN)) as server:
        forwarder = new_forwarder(spool, server, clock=lambda: seconds[0])
        forwarder.forward_once()
        asked = fair_server.asked
        Pipeline(spool, Directory(ENROLMENTS), lambda: "later").settle(
            [Arrival("mqtt", FAIR_TOPIC, fair_status(6), at(1))]
        )

        seconds[0] = 0.9
        forwarder.forward_once()
        seconds[0] = 1.0
        forwarder.forward_once()

    assert fair_server.asked - asked == 2
    assert {ledger.robot: ledger.high for ledger in fair_server.ledgers.values()} == {FAIR.robot: 6, VDA.robot: 9}


def test_the_running_forwarder_waits_for_the_server_and_delivers_once_it_is_back(
    spool: Spool, fair_server: FairServer, run_forwarder: Running
) -> None:
    fair_server.out_of_order = True
    run_forwarder()
    wait_until(lambda: fair_server.asked > 2, seconds=30, what="the server to be asked")

    fair_server.out_of_order = False
    wait_until(lambda: spool.depth() == 0, seconds=30, what="the spool to be empty")

    assert len(fair_server.deliveries) == 8


def test_the_running_forwarder_survives_a_locked_spool_and_an_answer_in_html(
    spool: Spool, fair_server: FairServer, run_forwarder: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *args, **more: connect(*args, **{**more, "timeout": 0.05}))
    fair_server.proxy = Answer(200, HTML, "text/html")
    running = run_forwarder()
    wait_until(lambda: fair_server.asked > 2, seconds=30, what="the server to be asked")

    with closing(connect(tmp_path / "spool.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        fair_server.proxy = None
        wait_until(lambda: fair_server.copies > 0, seconds=30, what="what was not forgotten to be sent again")
        alive = running.alive
        other.execute("ROLLBACK")
    wait_until(lambda: spool.depth() == 0, seconds=30, what="the spool to be empty")

    assert alive
    assert (len(fair_server.deliveries), spool.dead()) == (8, [])


def test_a_list_of_robots_counts_as_known_only_once_it_is_kept(fair_server: FairServer) -> None:
    kept: list[Enrolments] = []

    def full(_found: Enrolments) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with closing(ServerConnection(fair_server.url, TOKEN)) as server:
        fair_server.proxy = Answer(200, HTML, "text/html")
        with pytest.raises(ServerUnavailableError):
            server.enrolments(kept.append)
        fair_server.proxy = None
        with pytest.raises(sqlite3.OperationalError):
            server.enrolments(full)
        answers = [server.enrolments(kept.append) for _ in range(2)]

    assert (answers, kept) == ([ENROLMENTS, None], [ENROLMENTS])


def test_what_keeps_the_bridge_from_taking_reports_reaches_the_server_past_the_spool(
    tmp_path: Path, fair_server: FairServer
) -> None:
    seconds = iter([0.0, 0.0, 0.0, *(float(number) for number in range(9) for _ in range(9))])
    with closing(Spool(tmp_path / "spool.db")) as empty, closing(ServerConnection(fair_server.url, TOKEN)) as server:
        forwarder = new_forwarder(empty, server, clock=lambda: next(seconds))
        forwarder.troubles = lambda: (BridgeTrouble.DISK_FULL,)
        empty._db.execute("DROP TABLE outgoing")  # a spool that does not even give out what it holds

        for _ in range(2):
            with pytest.raises(sqlite3.OperationalError):
                forwarder.forward_once()

    assert fair_server.troubles == ["disk-full"]
