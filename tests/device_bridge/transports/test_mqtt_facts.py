"""What is built on in mosquitto, in the embedded broker and in the library: each fact is asked of the real thing."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import pytest

from device_bridge.arrival_queue import AckToken, ArrivalQueue, QueuedArrival
from device_bridge.settings import MqttSettings
from device_bridge.transports import mqtt
from device_bridge.transports.mqtt import MqttTransport
from tests.support.mosquitto import MosquittoBroker
from tests.support.ports import LOOPBACK, free_port, listening
from tests.support.processes import Children, wait_until
from tests.support.robots import FAIR_TOPIC, START
from tests.support.taking import messages_of, taken

pytestmark = pytest.mark.slow


@contextmanager
def session(
    port: int, queue: ArrivalQueue | None = None, topic: str = FAIR_TOPIC, **changes: Any
) -> Iterator[tuple[MqttTransport, ArrivalQueue]]:
    """The bridge's connection, open; leaving it keeps the session at the broker."""
    own = queue or ArrivalQueue()
    transport = MqttTransport(MqttSettings(LOOPBACK, port, **changes), (topic,), own, lambda: START)
    transport.start()
    assert transport.opened.wait(60)
    yield transport, own
    own.close()
    transport.stop()


def lines(first: int, last: int) -> list[str]:
    """So many numbered messages."""
    return [str(number) for number in range(first, last + 1)]


def numbers(entries: list[QueuedArrival]) -> list[int]:
    """Which of them arrived."""
    return [int(one.payload) for one in messages_of(entries)]


def receipts(entries: list[QueuedArrival]) -> list[AckToken]:
    """What acknowledges these."""
    return [entry.receipt for entry in entries if entry.receipt is not None]


@pytest.mark.parametrize("version", [3, 5])
def test_a_session_keeps_what_comes_while_the_bridge_is_away(
    version: Literal[3, 5], mosquitto_broker: MosquittoBroker
) -> None:
    """Also after the library has connected anew by itself: the session's expiry goes along on every connect."""
    with session(mosquitto_broker.port, version=version) as (transport, _):
        transport.opened.clear()
        mosquitto_broker.restart()
        assert transport.opened.wait(60)
    mosquitto_broker.publish_lines(FAIR_TOPIC, lines(1, 20))

    with session(mosquitto_broker.port, version=version) as (_, queue):
        assert numbers(taken(queue, 20)) == list(range(1, 21))


@pytest.mark.parametrize("version", [3, 5])
def test_what_was_not_acknowledged_comes_again_and_says_so(
    version: Literal[3, 5], mosquitto_broker: MosquittoBroker
) -> None:
    with session(mosquitto_broker.port, version=version) as (transport, queue):
        mosquitto_broker.publish_lines(FAIR_TOPIC, lines(1, 5))
        transport.acknowledge(receipts(taken(queue, 5)[:2]))
        transport.publish_retained("fair/v1/a/b/ack", b"behind the acknowledgements")
        mosquitto_broker.retained("fair/v1/a/b/ack")

    with session(mosquitto_broker.port, version=version) as (_, queue):
        again = taken(queue, 3)

    assert [(int(one.payload), one.redelivered) for one in messages_of(again)] == [
        (3, True),
        (4, True),
        (5, True),
    ]


@pytest.mark.parametrize("qos", [0, 2])
def test_the_bridge_hears_at_qos_1_what_was_sent_at_another(qos: int, mosquitto_broker: MosquittoBroker) -> None:
    """QoS 2 inbound loses on a crash, QoS 0 without a word: the subscription and the broker's upgrade make both 1."""
    with session(mosquitto_broker.port) as (_, queue):
        mosquitto_broker.publish_lines(FAIR_TOPIC, lines(1, 50), qos=qos)
        first = taken(queue, 50)

    with session(mosquitto_broker.port) as (_, queue):
        again = taken(queue, 50)

    assert (numbers(first), len(receipts(first))) == (list(range(1, 51)), 50)
    assert (numbers(again), len(receipts(again))) == (list(range(1, 51)), 50)


@pytest.mark.parametrize(("upgrade", "kept"), [("true", 50), ("false", 0)])
def test_qos_0_waits_for_an_absent_bridge_where_mosquitto_upgrades_it(
    upgrade: str, kept: int, tmp_path: Path, children: Children
) -> None:
    broker = MosquittoBroker(tmp_path, children, extra=[f"upgrade_outgoing_qos {upgrade}"])
    broker.start()
    with session(broker.port):
        pass
    broker.publish_lines(FAIR_TOPIC, lines(1, 50), qos=0)
    broker.publish(FAIR_TOPIC, "51")

    with session(broker.port) as (_, queue):
        entries = taken(queue, kept + 1)

    assert (numbers(entries)[-1], len(receipts(entries))) == (51, kept + 1)


def test_an_unacknowledged_window_is_all_that_mosquitto_sends(
    tmp_path: Path, children: Children, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mqtt, "RECEIVE_MAXIMUM", 20)
    broker = MosquittoBroker(tmp_path, children, extra=["max_inflight_messages 2000"])
    broker.start()
    with session(broker.port) as (transport, queue):
        broker.publish_lines(FAIR_TOPIC, lines(1, 100))

        window = taken(queue, 100, seconds=1)
        transport.acknowledge(receipts(window))
        rest: list[QueuedArrival] = []
        while len(rest) < 80 and (more := taken(queue, 1, seconds=5)):
            transport.acknowledge(receipts(more))
            rest += more

    assert numbers(window) == list(range(1, 21))
    assert numbers(rest) == list(range(21, 101))


@pytest.fixture
def embedded_port(children: Children, tmp_path: Path) -> int:
    """The embedded broker's port for MQTT 5."""
    port = free_port()
    options = ("--port", free_port(), "--v5-port", port, "--data-dir", tmp_path)
    command = [sys.executable, "-m", "device_bridge", "broker", *options]
    children.start(command, name="embedded", ready=listening(port))
    return port


@pytest.fixture
def mosquitto_port(mosquitto_broker: MosquittoBroker) -> int:
    """The port of a mosquitto."""
    return mosquitto_broker.port


@pytest.mark.parametrize("kind", ["embedded", "mosquitto"])
def test_whatever_a_broker_sends_no_more_waits_here_than_the_inbox_holds(
    kind: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The embedded broker ignores the window that it is told, and mosquitto oversteps it after an acknowledgement."""
    ports = {"embedded": "embedded_port", "mosquitto": "mosquitto_port"}
    port = int(request.getfixturevalue(ports[kind]))
    monkeypatch.setattr(mqtt, "RECEIVE_MAXIMUM", 7)
    bounded = ArrivalQueue(capacity=5)
    with session(port, bounded) as (transport, queue), session(port, client_id="sender") as (sender, _):
        for number in range(1, 51):
            sender.publish_retained(FAIR_TOPIC, b"%d" % number)
        wait_until(lambda: len(bounded._entries) == 5, seconds=30, what="the queue to be full")

        arrived: list[QueuedArrival] = []
        most = 0
        while len(arrived) < 50 and (more := taken(queue, 1, seconds=5)):
            transport.acknowledge(receipts(more))
            time.sleep(0.02)
            most = max(most, len(bounded._entries))
            arrived += more

    assert (numbers(arrived), most) == (list(range(1, 51)), 5)


def test_a_shared_subscription_does_not_hand_on_what_a_dead_one_had_in_hand(
    mosquitto_broker: MosquittoBroker,
) -> None:
    """So several workers share out the robots by name, and not their messages."""
    shared = f"$share/workers/{FAIR_TOPIC}"
    with session(mosquitto_broker.port, topic=shared, client_id="first") as (_, queue):
        mosquitto_broker.publish_lines(FAIR_TOPIC, lines(1, 10))
        in_hand = numbers(taken(queue, 10))

    with session(mosquitto_broker.port, topic=shared, client_id="second") as (_, queue):
        handed_on = taken(queue, 1, seconds=0.5)
    with session(mosquitto_broker.port, topic=shared, client_id="first") as (_, queue):
        again = numbers(taken(queue, 10))

    assert (in_hand, handed_on, again) == (list(range(1, 11)), [], list(range(1, 11)))


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_the_library_calls_itself_connected_when_its_thread_is_dead(mosquitto_broker: MosquittoBroker) -> None:
    with session(mosquitto_broker.port) as (transport, queue):
        queue.put_all = None  # type: ignore[assignment, method-assign]  # so that the next message kills the thread
        mosquitto_broker.publish(FAIR_TOPIC, "1")
        wait_until(lambda: not transport.alive, seconds=30, what="the network thread to die")

        said = transport._client.is_connected()

        assert (said, transport.connected) == (True, False)


def test_topics_can_be_changed_under_way_and_stay_changed(mosquitto_broker: MosquittoBroker) -> None:
    other = "fair/v1/nanling/other/status"
    mosquitto_broker.publish(other, "0", retain=True)
    with session(mosquitto_broker.port) as (transport, queue):
        transport.listen((other,))
        first = taken(queue, 1)
        mosquitto_broker.publish(FAIR_TOPIC, "1")
        mosquitto_broker.publish(other, "2")
        transport.acknowledge(receipts([*first, *(second := taken(queue, 1))]))

    mosquitto_broker.publish(FAIR_TOPIC, "3")
    mosquitto_broker.publish(other, "4")
    with session(mosquitto_broker.port, topic=other) as (_, queue):
        third = taken(queue, 1)

    assert numbers(first + second + third) == [0, 2, 4]
