"""The real broker: a message reaches a subscriber, and a killed broker comes back in its place."""

import queue

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from tests.support.mosquitto import MosquittoBroker
from tests.support.ports import LOOPBACK, accepts


def subscribe(broker: MosquittoBroker, topic: str) -> tuple[mqtt.Client, "queue.Queue[bytes]"]:
    heard: queue.Queue[bytes] = queue.Queue()
    ready: queue.Queue[None] = queue.Queue()
    client = mqtt.Client(CallbackAPIVersion.VERSION2)
    client.on_message = lambda _client, _data, message: heard.put(bytes(message.payload))
    client.on_subscribe = lambda *_: ready.put(None)
    client.connect(LOOPBACK, broker.port)
    client.subscribe(topic, qos=1)
    client.loop_start()
    ready.get(timeout=60)
    return client, heard


def test_lines_published_by_a_client_that_we_did_not_write_arrive_in_order(mosquitto_broker: MosquittoBroker) -> None:
    client, heard = subscribe(mosquitto_broker, "fair/#")

    mosquitto_broker.publish_lines("fair/line", ["one", "two", "three"])

    assert [heard.get(timeout=60) for _ in range(3)] == [b"one", b"two", b"three"]
    client.disconnect()
    client.loop_stop()


def test_a_killed_broker_comes_back_on_the_same_port(mosquitto_broker: MosquittoBroker) -> None:
    port = mosquitto_broker.port

    mosquitto_broker.kill()
    down = not accepts(port)
    mosquitto_broker.restart()

    assert down
    assert mosquitto_broker.port == port
    assert accepts(port)


def test_a_stopped_broker_keeps_its_retained_messages(mosquitto_broker: MosquittoBroker) -> None:
    mosquitto_broker.publish("fair/mark", "7", retain=True)

    mosquitto_broker.restart()

    client, heard = subscribe(mosquitto_broker, "fair/mark")
    assert heard.get(timeout=60) == b"7"
    client.disconnect()
    client.loop_stop()
