"""A broker that does not let the bridge hear whole trees: what it hears instead, and what is said of it."""

import json
import socket
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from typing import Any, Literal

import pytest

from device_bridge.arrival_queue import ArrivalQueue
from device_bridge.booth.check_broker import check_broker
from device_bridge.partition import ALL, instead, topics
from device_bridge.settings import MqttSettings
from device_bridge.transports.filters import Filters
from device_bridge.transports.mqtt import MqttTransport
from device_bridge.wire.topics import WIDE_SUBSCRIPTIONS
from tests.support.guarded import ADMIN, ADMIN_PASSWORD, Caller, GuardedBroker, calling
from tests.support.ports import LOOPBACK
from tests.support.processes import wait_until
from tests.support.robots import ENROLMENTS, FAIR, FAIR_TOPIC, START, fair_status
from tests.support.taking import messages_of, taken

USER, ROBOT, SECRET = "outside-bridge", "outside-robot", "only-for-tests"
WIDE = (*WIDE_SUBSCRIPTIONS, "rehearsal/#")
NARROW = tuple(dict.fromkeys(topic for wide in WIDE for topic in instead(ALL, ())[wide]))
NAMED = tuple(topic for many in instead(ALL, ENROLMENTS.robots).values() for topic in many if "+" not in topic)
Version = Literal[3, 5]


def let_subscribe(broker: GuardedBroker, allowed: tuple[str, ...], *, known: bool = False) -> None:
    """Let the bridge's account listen to these filters, and to no others."""
    acls = [{"acltype": "subscribePattern", "topic": topic, "allow": True} for topic in allowed]
    make: dict[str, Any] = {"command": "createRole", "rolename": "bridge", "acls": acls}
    client = {"command": "createClient", "username": USER, "password": SECRET, "roles": [{"rolename": "bridge"}]}
    says = [{"acltype": "publishClientSend", "topic": "fair/#", "allow": True}]
    robots = {"command": "createRole", "rolename": "robots", "acls": says}
    robot = {"command": "createClient", "username": ROBOT, "password": SECRET, "roles": [{"rolename": "robots"}]}
    commands = [{**make, "command": "modifyRole"}] if known else [make, client, robots, robot]
    with calling(broker, "admin", ADMIN, ADMIN_PASSWORD) as admin:
        control(admin, commands)


def control(admin: Caller, commands: Sequence[Mapping[str, Any]]) -> None:
    admin.next("connected")
    assert admin.subscribe("$CONTROL/dynamic-security/v1/response")
    admin.publish("$CONTROL/dynamic-security/v1", json.dumps({"commands": commands}))
    _, answer = admin.heard.get(timeout=30)
    assert "error" not in answer.decode()


def settings(port: int, version: Version) -> MqttSettings:
    return MqttSettings(LOOPBACK, port, username=USER, password=SECRET, version=version)


@pytest.fixture
def queue() -> Iterator[ArrivalQueue]:
    """Where the messages arrive."""
    own = ArrivalQueue()
    yield own
    own.close()


def transport_of(port: int, version: Version, queue: ArrivalQueue) -> MqttTransport:
    robots = ENROLMENTS.robots
    return MqttTransport(settings(port, version), topics(ALL, robots), queue, lambda: START, instead(ALL, robots))


def publish_as_robot(broker: GuardedBroker, number: int) -> None:
    with calling(broker, "robot", ROBOT, SECRET) as robot:
        robot.next("connected")
        robot.publish(FAIR_TOPIC, fair_status(number))


@pytest.mark.parametrize("version", [3, 5])
@pytest.mark.parametrize(
    ("allowed", "narrowed"),
    [
        (NARROW, WIDE),
        ((FAIR_TOPIC,), (*WIDE, *NARROW)),
        (("fair/#", *NARROW), tuple(topic for topic in WIDE if topic != "fair/#")),
    ],
    ids=["the protocols' own", "each robot by name", "one tree and the rest narrow"],
)
def test_what_a_broker_refuses_is_heard_by_what_it_allows(
    allowed: tuple[str, ...],
    narrowed: tuple[str, ...],
    version: Version,
    guarded_broker: GuardedBroker,
    queue: ArrivalQueue,
) -> None:
    let_subscribe(guarded_broker, (*allowed, *NAMED))
    transport = transport_of(guarded_broker.port, version, queue)
    transport.start()
    with stopped(transport):
        assert transport.opened.wait(60)

        publish_as_robot(guarded_broker, 1)

        assert [one.payload for one in messages_of(taken(queue, 1))] == [fair_status(1)]
        assert sorted(transport.narrowed) == sorted(narrowed)
        assert transport.unheard == ()


@pytest.mark.parametrize("version", [3, 5])
def test_a_broker_that_allows_nothing_is_told_as_one_that_lets_nobody_be_heard(
    version: Version, guarded_broker: GuardedBroker, queue: ArrivalQueue
) -> None:
    let_subscribe(guarded_broker, ())
    transport = transport_of(guarded_broker.port, version, queue)
    transport.start()
    with stopped(transport):
        assert transport.opened.wait(60)

        assert sorted(transport.unheard) == sorted(NAMED)


def test_what_is_allowed_later_is_heard_whole_after_the_next_connect_and_once(
    guarded_broker: GuardedBroker, queue: ArrivalQueue
) -> None:
    let_subscribe(guarded_broker, NARROW)
    transport = transport_of(guarded_broker.port, 5, queue)
    transport.start()
    with stopped(transport):
        assert transport.opened.wait(60)
        transport.opened.clear()
        let_subscribe(guarded_broker, WIDE, known=True)
        guarded_broker.restart()
        assert transport.opened.wait(60)
        wait_until(lambda: transport.narrowed == (), seconds=30, what="the wide subscriptions")

        publish_as_robot(guarded_broker, 1)
        publish_as_robot(guarded_broker, 2)

        assert [one.payload for one in messages_of(taken(queue, 2))] == [fair_status(1), fair_status(2)]


@pytest.mark.parametrize("version", [3, 5])
@pytest.mark.parametrize(("allowed", "found"), [(NARROW, ["broker-ok", "broker-narrow"]), (WIDE, ["broker-ok"])])
def test_the_check_says_what_the_broker_refuses(
    allowed: tuple[str, ...], found: list[str], version: Version, guarded_broker: GuardedBroker
) -> None:
    let_subscribe(guarded_broker, allowed)

    findings = list(check_broker(settings(guarded_broker.port, version), None))

    assert [finding.code for finding in findings] == found
    assert all(", ".join(WIDE) in finding.words("en")[0] for finding in findings[1:])


class closing_broker:  # noqa: N801 - reads as a verb
    """A broker that lets everybody in and ends the connection at every subscription that stands for a whole tree."""

    def __init__(self) -> None:
        self.door = socket.create_server((LOOPBACK, 0))
        self.port: int = self.door.getsockname()[1]
        self.granted = threading.Event()
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        """Let nobody in any more."""
        self.door.close()

    def _serve(self) -> None:
        while True:
            try:
                wire, _ = self.door.accept()
            except OSError:
                return
            with wire:
                self._talk(wire)

    def _talk(self, wire: socket.socket) -> None:
        wire.recv(4_096)
        wire.sendall(b"\x20\x02\x00\x00")
        asked = wire.recv(16_384)
        if b"/#" in asked:
            return
        start = 2 + (asked[1] > 127)
        filters = asked.count(b"/+/+/")
        wire.sendall(bytes([0x90, 2 + filters]) + asked[start : start + 2] + bytes([1] * filters))
        self.granted.set()
        wire.recv(4_096)


def test_a_broker_that_hangs_up_at_a_wide_subscription_is_asked_for_narrow_ones(queue: ArrivalQueue) -> None:
    with closing(closing_broker()) as broker:
        transport = transport_of(broker.port, 3, queue)
        transport.start()
        with stopped(transport):
            assert broker.granted.wait(60)
            assert transport.opened.wait(60)

            assert transport.narrowed == WIDE


def test_a_robot_that_is_enrolled_later_is_asked_for_by_name_where_nothing_wider_is_heard() -> None:
    filters = Filters(topics(ALL, ()), instead(ALL, ()))
    filters.anew()
    assert filters.refuse(WIDE) == NARROW
    assert filters.refuse(NARROW) == ()

    asked = filters.change(topics(ALL, (FAIR,)), instead(ALL, (FAIR,)))

    assert asked == (FAIR_TOPIC,)
    assert filters.change(topics(ALL, ()), instead(ALL, ())) == ()
    assert filters.left == [FAIR_TOPIC]


class stopped:  # noqa: N801 - reads as a word of the test
    """Ends a transport with its block."""

    def __init__(self, transport: MqttTransport) -> None:
        self._transport = transport

    def __enter__(self) -> None:
        pass

    def __exit__(self, *_: object) -> None:
        self._transport.stop()
