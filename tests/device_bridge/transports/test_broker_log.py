"""What the broker denied reaches the exhibitor: read from mosquitto's log, which is the only place where it stands."""

import json
from datetime import UTC, datetime
from pathlib import Path

import paho.mqtt.client as mqtt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from paho.mqtt.enums import CallbackAPIVersion

from device_bridge.arrival_queue import ArrivalQueue
from device_bridge.arrivals import BrokerNotice
from device_bridge.directory import Directory
from device_bridge.pipeline import Pipeline
from device_bridge.spool import Spool
from device_bridge.transports.broker_log import BrokerLog, LogTail, notices
from device_bridge.wire.batch import Alarm, Enrolments, Rejection
from tests.support.mosquitto import MosquittoBroker
from tests.support.ports import LOOPBACK
from tests.support.processes import Children, wait_until
from tests.support.robots import FAIR, FAIR_TOPIC, at

NOW = datetime(2026, 4, 16, 4, tzinfo=UTC)
LINE = (
    b"1795339440: Denied PUBLISH from nanling.walker-7 (d0, q1, r0, m1, 'fair/v1/nanling/arm-1/status', ... (17 bytes))"
)
SAID = BrokerNotice("topic-denied", "nanling.walker-7", LINE[12:], NOW, "fair/v1/nanling/arm-1/status", 17)


def test_a_denied_publication_is_found_among_everything_else() -> None:
    others = b"1795339440: Received PUBLISH from a (d0, q1, r0, m1, 'Denied PUBLISH from', ... (1 bytes))\n"

    assert notices(others + LINE + b"\n" + others, NOW) == [SAID]


@given(st.binary(max_size=300))
def test_no_line_whatever_it_holds_makes_it_fail(noise: bytes) -> None:
    assert [one for one in notices(noise + b"\n" + LINE + b"\n" + noise, NOW) if one == SAID] == [SAID]


def test_a_log_is_followed_from_its_end_through_parts_of_lines_and_a_new_file(tmp_path: Path) -> None:
    log = tmp_path / "mosquitto.log"
    log.write_bytes(b"old\n")
    tail = LogTail(log)
    found = [tail.lines()]
    for piece in (b"one\ntw", b"o\n"):
        with log.open("ab") as file:
            file.write(piece)
        found.append(tail.lines())
    log.rename(tmp_path / "mosquitto.log.1")
    found.append(tail.lines())
    log.write_bytes(b"three\n")
    found.append(tail.lines())

    assert found == [b"", b"one\n", b"two\n", b"", b"three\n"]


def test_a_denial_becomes_a_refusal_of_that_robot_and_says_what_to_look_at(tmp_path: Path) -> None:
    pipeline = Pipeline(Spool(tmp_path / "spool.db"), Directory(Enrolments((FAIR,))), lambda: "id-1")

    marks = pipeline.settle([SAID])

    (item,) = [one.item for one in Spool(tmp_path / "spool.db").oldest(10)]
    assert marks == ()
    assert isinstance(item, Rejection)
    assert (item.code, item.robot, item.address, item.size) == (
        "topic-denied",
        "nanling/walker-7",
        "fair/v1/nanling/arm-1/status",
        17,
    )
    assert item.detail["en"] == (
        "The broker denied a message of nanling.walker-7 on fair/v1/nanling/arm-1/status. A robot may publish on its "
        "own topics alone: look at exhibitor, robot and kind."
    )


@pytest.mark.slow
def test_what_a_real_broker_denies_is_heard(tmp_path: Path, children: Children) -> None:
    rights, log = tmp_path / "rights", tmp_path / "mosquitto.log"
    rights.write_text(f"topic write {FAIR_TOPIC}\n", encoding="ascii")
    folder = tmp_path / "broker"
    folder.mkdir()
    broker = MosquittoBroker(folder, children, extra=[f"acl_file {rights}", "log_type debug", f"log_dest file {log}"])
    broker.start()
    queue = ArrivalQueue()
    follower = BrokerLog(log, queue, lambda: at(0))
    follower.start()
    client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id="nanling.walker-7")
    client.connect(LOOPBACK, broker.port)
    client.loop_start()

    client.publish("fair/v1/nanling/arm-1/status", json.dumps({"v": 1}), qos=1).wait_for_publish(10)
    entries = queue.take(30)

    client.disconnect()
    client.loop_stop()
    follower.stop()
    told = [one.arrival for one in entries]
    line = LINE[12:].replace(b"(17 bytes)", b"(8 bytes)")
    assert told == [BrokerNotice("topic-denied", "nanling.walker-7", line, at(0), "fair/v1/nanling/arm-1/status", 8)]


@pytest.mark.slow
def test_two_devices_that_fight_for_one_client_id_raise_an_alarm(tmp_path: Path, children: Children) -> None:
    log, folder = tmp_path / "mosquitto.log", tmp_path / "broker"
    folder.mkdir()
    broker = MosquittoBroker(folder, children, extra=["log_type error", f"log_dest file {log}"])
    broker.start()
    devices = [mqtt.Client(CallbackAPIVersion.VERSION2, client_id="nanling.walker-7") for _ in range(4)]
    for device in devices:
        device.connect(LOOPBACK, broker.port)
        while not device.is_connected():
            device.loop(0.05)
    wait_until(lambda: log.read_bytes().count(b"already connected") >= 3, seconds=30, what="the log")
    pipeline = Pipeline(Spool(tmp_path / "spool.db"), Directory(Enrolments((FAIR,))), lambda: "id-1")

    pipeline.settle(notices(log.read_bytes(), at(0)))

    (item,) = [one.item for one in Spool(tmp_path / "spool.db").oldest(10)]
    assert isinstance(item, Alarm)
    assert (item.robot, item.kind) == (FAIR.robot, "take-over")
