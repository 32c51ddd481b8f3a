"""Cutting messages out of bytes, judged by the library's own reading; and the order in which acknowledgements go."""

import struct
import time
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from paho.mqtt import _packet
from paho.mqtt.enums import MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from device_bridge.arrival_queue import AckToken, ArrivalQueue, QueuedArrival
from device_bridge.settings import MqttSettings
from device_bridge.transports.mqtt import MqttTransport
from device_bridge.transports.mqtt_client import BufferedSocket
from device_bridge.transports.mqtt_publish import Publish, cut
from tests.support.ports import LOOPBACK
from tests.support.processes import wait_until
from tests.support.robots import START
from tests.support.scripted_broker import ScriptedBroker, publish_packet
from tests.support.taking import messages_of, taken

VERSIONS = {False: MQTTProtocolVersion.MQTTv311, True: MQTTProtocolVersion.MQTTv5}


def length(size: int) -> bytes:
    """Section 2.2.3."""
    encoded = bytearray()
    while True:
        size, low = divmod(size, 128)
        encoded.append(low | (128 if size else 0))
        if not size:
            return bytes(encoded)


def packet(message: Publish, *, properties: bool) -> bytes:
    """A PUBLISH as a broker makes it; of MQTT 5 with an expiry and a user's own words."""
    head = 0x30 | (0x08 if message.dup else 0) | (0x02 if message.number else 0) | (0x01 if message.retain else 0)
    body = struct.pack("!H", len(message.topic)) + message.topic
    body += struct.pack("!H", message.number) if message.number else b""
    if properties:
        own: Any = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]  # the library has no types there
        own.MessageExpiryInterval = 60
        own.UserProperty = ("made-by", "x" * 150)
        body += own.pack()
    body += message.payload
    return bytes([head]) + length(len(body)) + body


messages = st.builds(
    Publish,
    topic=st.text(min_size=1, max_size=40).map(str.encode),
    payload=st.binary(max_size=300),
    number=st.none() | st.integers(1, 65_535),
    dup=st.booleans(),
    retain=st.booleans(),
)


@given(sent=st.lists(messages, max_size=6), properties=st.booleans(), rest=st.binary(max_size=20))
def test_what_is_cut_out_is_what_was_put_in(sent: list[Publish], rest: bytes, *, properties: bool) -> None:
    other = b"\xd0\x00" + rest
    packets = b"".join(packet(message, properties=properties) for message in sent)

    found, end = cut(packets + other, 0, properties=properties)

    assert (found, end) == (sent, len(packets))


@given(message=messages, properties=st.booleans(), data=st.data())
def test_half_a_message_stays_where_it_is(message: Publish, data: st.DataObject, *, properties: bool) -> None:
    whole = packet(message, properties=properties)
    half = whole[: data.draw(st.integers(0, len(whole) - 1))]

    assert cut(half, 0, properties=properties) == ([], 0)


@given(body=st.binary(min_size=2, max_size=60), head=st.integers(0x30, 0x3F), properties=st.booleans())
def test_any_bytes_read_as_the_library_reads_them_or_are_left_to_it(
    body: bytes, head: int, *, properties: bool
) -> None:
    found, end = cut(bytes([head, len(body)]) + body, 0, properties=properties)

    if found:
        peer = _packet.decode_publish(head, body, VERSIONS[properties])
        number = peer.mid if peer.qos else None
        assert found == [Publish(peer.topic, bytes(peer.payload), number, peer.dup, peer.retain)]
        assert end == len(body) + 2


class Pieces:
    """A socket that gives one piece a reading, and then has nothing."""

    def __init__(self, *pieces: bytes) -> None:
        self._pieces = list(pieces)

    def recv(self, _size: int) -> bytes:
        """The next piece."""
        if not self._pieces:
            raise BlockingIOError
        return self._pieces.pop(0)


def test_a_buffered_socket_gives_out_what_it_holds_before_it_reads_again() -> None:
    source = BufferedSocket(Pieces(b"abcdef", b"gh"))

    read = [source.recv(1), source.pending(), source.recv(10), source.pending(), source.recv(10)]

    assert read == [b"a", 5, b"bcdef", 0, b"gh"]
    assert source.fill() is False
    with pytest.raises(BlockingIOError):
        source.recv(1)


def receipts(*entries: QueuedArrival) -> list[AckToken]:
    """What acknowledges these."""
    return [entry.receipt for entry in entries if entry.receipt is not None]


@pytest.fixture
def scripted() -> Iterator[ScriptedBroker]:
    """A broker that says what it is told."""
    broker = ScriptedBroker()
    yield broker
    broker.close()


@pytest.fixture
def queue() -> ArrivalQueue:
    """Where the messages arrive."""
    return ArrivalQueue()


@pytest.fixture
def transport(scripted: ScriptedBroker, queue: ArrivalQueue) -> Iterator[MqttTransport]:
    """The bridge's connection to it."""
    made = MqttTransport(MqttSettings(LOOPBACK, scripted.port, version=3), ("t",), queue, lambda: START)
    made.start()
    scripted.wait_for_client()
    yield made
    queue.close()
    made.stop()


def test_messages_that_come_in_one_piece_are_acknowledged_in_the_order_of_their_arrival(
    scripted: ScriptedBroker, transport: MqttTransport, queue: ArrivalQueue
) -> None:
    numbers = [7, 3, 65_535, 1]
    scripted.say(b"".join(publish_packet("t", bytes([place]), number) for place, number in enumerate(numbers)))
    entries = queue.take(5)

    transport.acknowledge(receipts(*entries))

    assert [one.payload for one in messages_of(entries)] == [b"\0", b"\1", b"\2", b"\3"]
    wait_until(lambda: len(scripted.acknowledged) == 4, seconds=30, what="the acknowledgements")
    assert scripted.acknowledged == numbers


def test_a_message_in_two_pieces_arrives_whole_and_in_its_turn(
    scripted: ScriptedBroker, transport: MqttTransport, queue: ArrivalQueue
) -> None:
    stream = b"".join(publish_packet("t", b"%d" % number, number) for number in range(1, 6))

    for first in range(0, len(stream), 5):
        scripted.say(stream[first : first + 5])
        time.sleep(0.02)

    assert [one.payload for one in messages_of(taken(queue, 5))] == [b"1", b"2", b"3", b"4", b"5"]


def test_a_late_acknowledgement_from_before_a_session_was_lost_names_nobody_else(
    scripted: ScriptedBroker, transport: MqttTransport, queue: ArrivalQueue
) -> None:
    """Sent, it would acknowledge the other message that now has the number, and the broker would forget that one."""
    scripted.publish("t", b"before", 5)
    (before,) = queue.take(5)
    scripted.hang_up()
    scripted.wait_for_client()
    scripted.publish("t", b"another", 5)
    another = [one.payload for one in messages_of(queue.take(5))]
    scripted.publish("t", b"third", 6)
    (third,) = queue.take(5)
    transport.acknowledge(receipts(before))
    transport.acknowledge(receipts(third))

    wait_until(lambda: bool(scripted.acknowledged), seconds=30, what="the acknowledgement of the third")
    assert (another, scripted.acknowledged) == ([b"another"], [6])


def test_marks_that_a_slow_broker_does_not_take_give_way_to_newer_ones(
    scripted: ScriptedBroker, transport: MqttTransport
) -> None:
    """The library would keep every one of them, a megabyte in a few seconds."""
    for number in range(1_000):
        transport.publish_retained(f"t/{number % 3}", b"%d" % number)
    answered: list[int] = []

    def keep_up() -> bool:
        for number, _ in scripted.published[len(answered) :]:
            scripted.acknowledge(number)
            answered.append(number)
        transport.send_waiting()
        return len(answered) == 103

    wait_until(keep_up, seconds=30, what="all marks that are left")
    payloads = [int(payload) for _, payload in scripted.published]
    assert payloads[:100] == list(range(100))
    assert (len(payloads), sorted(payloads[100:])) == (103, [997, 998, 999])
