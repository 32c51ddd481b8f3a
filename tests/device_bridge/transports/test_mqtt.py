"""The connection to a real mosquitto, where it bends: long, old and odd messages, hung brokers, dead threads."""

import logging
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Literal

import pytest
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion

from device_bridge.arrival_queue import ArrivalQueue, QueuedArrival
from device_bridge.arrivals import Arrival
from device_bridge.settings import MqttSettings
from device_bridge.transports.mqtt import MAXIMUM_PACKET_BYTES, MqttTransport
from device_bridge.wire.report import MAX_MESSAGE_BYTES
from tests.support.mosquitto import MosquittoBroker
from tests.support.ports import LOOPBACK, free_port
from tests.support.processes import wait_until
from tests.support.robots import FAIR_TOPIC, START
from tests.support.taking import messages_of

Connect = Callable[..., MqttTransport]


@pytest.fixture
def queue() -> ArrivalQueue:
    """Where the messages arrive."""
    return ArrivalQueue()


@pytest.fixture
def connect(mosquitto_broker: MosquittoBroker, queue: ArrivalQueue) -> Iterator[Connect]:
    """Connects to the broker and listens to the fair's topics; ends with the test."""
    started: list[MqttTransport] = []

    def start(*, version: Literal[3, 5] = 5, now: Callable[[], datetime] = lambda: START) -> MqttTransport:
        settings = MqttSettings(LOOPBACK, mosquitto_broker.port, version=version)
        transport = MqttTransport(settings, ("fair/v1/+/+/status",), queue, now)
        started.append(transport)
        transport.start()
        assert transport.opened.wait(60)
        return transport

    yield start
    queue.close()
    for transport in started:
        transport.stop()


def taken(queue: ArrivalQueue) -> list[Arrival]:
    """What has arrived, waiting for the first."""
    return messages_of(queue.take(10))


@pytest.mark.parametrize("version", [3, 5])
def test_of_a_long_message_the_beginning_and_the_size_are_kept(
    version: Literal[3, 5], connect: Connect, mosquitto_broker: MosquittoBroker, queue: ArrivalQueue
) -> None:
    connect(version=version)

    mosquitto_broker.publish(FAIR_TOPIC, b"x" * 100_000)

    assert taken(queue) == [Arrival("mqtt", FAIR_TOPIC, b"x" * (MAX_MESSAGE_BYTES + 1), START, size=100_000)]


def test_a_message_beyond_all_measure_stays_with_the_broker_and_the_next_one_comes(
    connect: Connect, mosquitto_broker: MosquittoBroker, queue: ArrivalQueue
) -> None:
    transport = connect()

    mosquitto_broker.publish(FAIR_TOPIC, b"x" * (MAXIMUM_PACKET_BYTES + 1))
    mosquitto_broker.publish(FAIR_TOPIC, b"next")

    assert taken(queue) == [Arrival("mqtt", FAIR_TOPIC, b"next", START)]
    assert transport.connected


def test_what_the_broker_kept_for_newcomers_is_marked_as_such(
    connect: Connect, mosquitto_broker: MosquittoBroker, queue: ArrivalQueue
) -> None:
    mosquitto_broker.publish(FAIR_TOPIC, b"old", retain=True)
    connect()
    history = taken(queue)

    mosquitto_broker.publish(FAIR_TOPIC, b"new", retain=True)

    assert [*history, *taken(queue)] == [
        Arrival("mqtt", FAIR_TOPIC, b"old", START, retained=True),
        Arrival("mqtt", FAIR_TOPIC, b"new", START),
    ]


def test_a_topic_that_is_no_utf_8_arrives_with_its_bytes_written_out(queue: ArrivalQueue) -> None:
    transport = MqttTransport(MqttSettings(LOOPBACK, free_port()), (), queue, lambda: START)
    message = MQTTMessage(topic=b"fair/v1/\xff/x/status")
    message.payload = b"payload"

    transport._on_message(Client(CallbackAPIVersion.VERSION2), None, message)

    arrival = Arrival("mqtt", "fair/v1/\\xff/x/status", b"payload", START)
    assert queue.take(0) == [QueuedArrival(arrival, None, transport)]


def test_a_topic_that_nothing_can_be_published_on_is_told_once_and_skipped(
    connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    transport = connect()

    transport.publish_retained("fair/v1/+/x/ack", b"1")
    transport.publish_retained("fair/v1/+/x/ack", b"2")

    assert [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR] == [
        "nothing can be published on 'fair/v1/+/x/ack': Publish topic cannot contain wildcards."
    ]
    assert transport.connected


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_receipts_from_before_the_network_thread_died_acknowledge_nothing(
    connect: Connect, mosquitto_broker: MosquittoBroker, queue: ArrivalQueue
) -> None:
    deaths: list[Exception] = []

    def now() -> datetime:
        if deaths:
            raise deaths.pop()
        return START

    transport = connect(now=now)
    mosquitto_broker.publish(FAIR_TOPIC, b"first")
    (before,) = queue.take(10)
    deaths.append(RuntimeError("planted"))
    mosquitto_broker.publish(FAIR_TOPIC, b"second")
    wait_until(lambda: not transport.alive, seconds=30, what="the network thread to die")
    mosquitto_broker.stop()

    transport.start()

    assert before.receipt is not None
    assert (transport.alive, transport.connected, transport._epoch) == (True, False, before.receipt.epoch + 1)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_dead_network_thread_started_again_gets_what_was_not_acknowledged(
    connect: Connect, mosquitto_broker: MosquittoBroker, queue: ArrivalQueue
) -> None:
    deaths: list[Exception] = [RuntimeError("planted")]

    def now() -> datetime:
        if deaths:
            raise deaths.pop()
        return START

    transport = connect(now=now)
    mosquitto_broker.publish(FAIR_TOPIC, b"first")
    wait_until(lambda: not transport.alive, seconds=30, what="the network thread to die")

    transport.start()

    assert taken(queue) == [Arrival("mqtt", FAIR_TOPIC, b"first", START, redelivered=True)]


@pytest.fixture
def held_up(mosquitto_broker: MosquittoBroker) -> tuple[MqttTransport, ArrivalQueue]:
    """A connection whose network thread waits at a full queue that nobody empties."""
    queue = ArrivalQueue(capacity=1)
    transport = MqttTransport(MqttSettings(LOOPBACK, mosquitto_broker.port), (FAIR_TOPIC,), queue, lambda: START)
    transport.start()
    assert transport.opened.wait(60)
    mosquitto_broker.publish_lines(FAIR_TOPIC, ["1", "2", "3"])
    time.sleep(0.3)
    return transport, queue


def test_a_network_thread_that_is_held_up_is_left_behind(held_up: tuple[MqttTransport, ArrivalQueue]) -> None:
    transport, queue = held_up

    started = time.monotonic()
    transport.stop()
    took = time.monotonic() - started
    left_behind = transport.alive
    queue.close()

    wait_until(lambda: not transport.alive, seconds=30, what="the thread to end with the queue")
    assert (took < 60, left_behind) == (True, True)


def test_a_closed_inbox_lets_the_network_thread_end_in_time(held_up: tuple[MqttTransport, ArrivalQueue]) -> None:
    transport, queue = held_up

    started = time.monotonic()
    queue.close()
    transport.stop()
    took = time.monotonic() - started

    assert (took < 60, transport.alive) == (True, False)
