"""From the spool to the server over real HTTP: nothing leaves the spool before it is stored."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from device_bridge.forwarder import Forwarder, ServerConnection, ServerUnavailableError
from device_bridge.pipeline import Arrival, Directory, Pipeline
from device_bridge.spool import Spool
from tests.support.fair_server import TOKEN, FairServer
from tests.support.ports import free_port
from tests.support.processes import wait_until
from tests.support.robots import ENROLMENTS, FAIR, FAIR_TOPIC, VDA, VDA_STATE, at, fair_status, vda_state


@pytest.fixture
def spool(tmp_path: Path) -> Iterator[Spool]:
    """A spool that holds five reports of one robot, three of another, and one refusal."""
    spool = Spool(tmp_path / "spool.db")
    pipeline = Pipeline(spool, Directory(ENROLMENTS), iter(f"zone-{number}" for number in range(9)).__next__)
    pipeline.settle([Arrival("mqtt", FAIR_TOPIC, fair_status(number), at(0)) for number in range(1, 6)])
    pipeline.settle([Arrival("mqtt", VDA_STATE, vda_state(number), at(0)) for number in (4, 5, 9)])
    pipeline.settle([Arrival("mqtt", FAIR_TOPIC, b"{", at(0))])
    yield spool
    spool.close()


Forward = Callable[..., bool]


@pytest.fixture
def forward(spool: Spool) -> Iterator[Forward]:
    """Hands one page of the spool to the server at an address; tells whether there is more."""
    connections: list[ServerConnection] = []

    def once(url: str, token: str = TOKEN) -> bool:
        connections.append(ServerConnection(url, token))
        return Forwarder(spool, connections[-1], "zone", lambda: datetime.now(UTC)).forward_once()

    yield once
    for connection in connections:
        connection.close()


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
    assert (spool.depth(), spool.unsent_ledgers(10)) == (0, ())


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


def test_one_report_that_the_server_never_takes_does_not_hold_up_the_others(
    spool: Spool, forward: Forward, fair_server: FairServer
) -> None:
    fair_server.never_takes = VDA.robot

    forward(fair_server.url)
    forward(fair_server.url)

    assert fair_server.numbers(FAIR.robot) == [1, 2, 3, 4, 5]
    refused = [item for item in fair_server.rejections.values() if item.code == "refused-by-server"]
    assert sorted(item.robot or "" for item in refused) == [VDA.robot] * 3
    assert all("not this robot" in item.detail["en"] for item in refused)
    assert spool.depth() == 0


def test_the_running_forwarder_waits_for_the_server_and_delivers_once_it_is_back(
    spool: Spool, fair_server: FairServer, tmp_path: Path
) -> None:
    fair_server.out_of_order = True
    own = Spool(tmp_path / "spool.db")
    running = Forwarder(own, ServerConnection(fair_server.url, TOKEN), "zone", lambda: datetime.now(UTC))
    running.start()

    fair_server.out_of_order = False
    wait_until(lambda: spool.depth() == 0, seconds=10, what="the spool to be empty")
    running.stop()
    own.close()

    assert len(fair_server.deliveries) == 8
