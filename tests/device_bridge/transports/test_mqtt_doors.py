"""The ways to a broker: TCP and WebSockets, with and without TLS, in both versions of MQTT; and who is not let in."""

import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import psutil
import pytest

from device_bridge.arrival_queue import ArrivalQueue
from device_bridge.arrivals import Arrival
from device_bridge.settings import MqttSettings
from device_bridge.transports.mqtt import MqttTransport
from tests.support.certificates import Authority
from tests.support.mosquitto import MosquittoBroker
from tests.support.ports import LOOPBACK, free_port, listening
from tests.support.processes import Children, wait_until
from tests.support.robots import FAIR_TOPIC, START, fair_status
from tests.support.taking import taken

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Hall:
    """A broker with every door, and the papers for those that ask for some."""

    broker: MosquittoBroker
    ports: dict[str, int]
    papers: dict[str, str]

    def settings(self, door: str, **changes: Any) -> MqttSettings:
        """What a bridge is told that comes through this door."""
        own: dict[str, Any] = {"transport": "websockets"} if door.startswith("ws") else {}
        if door in {"tls", "wss"}:
            own |= {"tls": True, "ca_file": self.papers["ca_file"]}
        if door == "mutual-tls":
            own |= self.papers | {"tls": True}
        return MqttSettings(LOOPBACK, self.ports[door], **(own | changes))


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The broker's certificate and a bridge's, by one authority."""
    authority = Authority(tmp_path_factory.mktemp("papers") / "authority")
    broker, bridge = authority.sign("broker"), authority.sign("bridge")
    return {
        "cafile": authority.certificate,
        "certfile": broker.certificate,
        "keyfile": broker.key,
        "cert_file": bridge.certificate,
        "key_file": bridge.key,
    }


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory, papers: dict[str, Path]) -> Iterator[Hall]:
    """A mosquitto that listens in five ways.

    With both families of addresses its WebSockets would listen on all of them, whatever address it is given.
    """
    ports = {door: free_port() for door in ("tls", "mutual-tls", "ws", "wss")}
    proof = [f"{name} {papers[name]}" for name in ("cafile", "certfile", "keyfile")]
    web = ("protocol websockets", "socket_domain ipv4")
    kinds = {"tls": proof, "mutual-tls": [*proof, "require_certificate true"], "ws": web, "wss": (*web, *proof)}
    extra = [line for door, lines in kinds.items() for line in (f"listener {ports[door]} {LOOPBACK}", *lines)]
    folder = tmp_path_factory.mktemp("hall")
    children = Children(folder)
    broker = MosquittoBroker(folder, children, extra=extra)
    broker.start()
    wait_until(lambda: all(listening(port)() for port in ports.values()), seconds=30, what="all doors to open")
    own = {"ca_file": "cafile", "cert_file": "cert_file", "key_file": "key_file"}
    yield Hall(broker, ports | {"tcp": broker.port}, {name: str(papers[file]) for name, file in own.items()})
    assert children.end() == []


@pytest.fixture
def enter(hall: Hall) -> Iterator[Callable[..., tuple[MqttTransport, ArrivalQueue]]]:
    """Goes to a door with a transport, whether it is let in or not; all of them end with the test."""
    started: list[tuple[MqttTransport, ArrivalQueue]] = []

    def go(settings: MqttSettings) -> tuple[MqttTransport, ArrivalQueue]:
        queue = ArrivalQueue()
        transport = MqttTransport(settings, (FAIR_TOPIC,), queue, lambda: START)
        started.append((transport, queue))
        transport.start()
        return transport, queue

    yield go
    for transport, queue in started:
        queue.close()
        transport.stop()


Enter = Callable[[MqttSettings], tuple[MqttTransport, ArrivalQueue]]


@pytest.mark.parametrize("version", [3, 5])
@pytest.mark.parametrize("door", ["tcp", "tls", "mutual-tls", "ws", "wss"])
def test_reports_come_and_marks_go_through_every_door(
    door: str, version: Literal[3, 5], hall: Hall, enter: Enter
) -> None:
    transport, queue = enter(hall.settings(door, version=version))
    assert transport.opened.wait(60)
    long = fair_status(2, metrics={f"m{number}": number for number in range(900)})

    hall.broker.publish(FAIR_TOPIC, fair_status(1))
    hall.broker.publish(FAIR_TOPIC, long)
    entries = taken(queue, 2)
    transport.acknowledge([entry.receipt for entry in entries if entry.receipt])
    transport.publish_retained("fair/v1/nanling/walker-7/ack", b'{"seq": 2}')

    assert [entry.arrival for entry in entries] == [
        Arrival("mqtt", FAIR_TOPIC, fair_status(1), START),
        Arrival("mqtt", FAIR_TOPIC, long, START),
    ]
    assert json.loads(hall.broker.retained("fair/v1/nanling/walker-7/ack")) == {"seq": 2}


def test_nothing_of_it_listens_beyond_loopback(hall: Hall) -> None:
    process = psutil.Process(hall.broker.child.pid)

    heard = {(c.laddr.ip, c.laddr.port) for c in process.net_connections("tcp") if c.status == psutil.CONN_LISTEN}

    assert heard == {(LOOPBACK, port) for port in hall.ports.values()}


def test_a_broker_that_another_authority_vouches_for_is_not_spoken_to(
    hall: Hall, enter: Enter, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    stranger = Authority(tmp_path / "stranger", "somebody else")

    with caplog.at_level(logging.WARNING):
        transport, _ = enter(hall.settings("tls", ca_file=str(stranger.certificate)))
        wait_until(lambda: bool(caplog.records), seconds=30, what="the complaint")

    assert (transport.connected, transport.alive) == (False, True)
    assert "certificate" in caplog.records[0].getMessage()


def test_a_bridge_without_a_certificate_is_not_let_in_where_one_is_asked_for(hall: Hall, enter: Enter) -> None:
    settings = hall.settings("mutual-tls", cert_file=None, key_file=None)

    transport, _ = enter(settings)

    assert (transport.opened.wait(1), transport.alive) == (False, True)


def test_a_wrong_path_of_the_web_is_told_and_tried_again(
    enter: Enter, caplog: pytest.LogCaptureFixture, fair_server: Any
) -> None:
    """A web server that is no broker stands for a proxy that leads elsewhere."""
    port = int(fair_server.url.rpartition(":")[2])

    with caplog.at_level(logging.WARNING):
        transport, _ = enter(MqttSettings(LOOPBACK, port, transport="websockets", path="/elsewhere"))
        wait_until(lambda: bool(caplog.records), seconds=30, what="the complaint")

    assert (transport.connected, transport.alive) == (False, True)
    assert "WebSocket handshake error" in caplog.records[0].getMessage()
