"""The whole bridge process on real parts: mosquitto, ptys and socat, and clients that we did not write."""

import json
import os
import pty
import signal
import sys
import time
import tty
from collections.abc import Callable
from io import FileIO
from pathlib import Path

import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from tests.support.fair_server import TOKEN, FairServer
from tests.support.mosquitto import MosquittoBroker
from tests.support.parts import find_program
from tests.support.ports import LOOPBACK
from tests.support.processes import Child, Children, wait_until
from tests.support.robots import (
    BOOT,
    FAIR,
    FAIR_TOPIC,
    SERIAL,
    VDA,
    VDA_CONNECTION,
    VDA_STATE,
    fair_status,
    serial_line,
    vda_connection,
    vda_state,
)

pytestmark = pytest.mark.slow

StartBridge = Callable[[], Child]


@pytest.fixture
def start_bridge(
    tmp_path: Path, children: Children, mosquitto_broker: MosquittoBroker, fair_server: FairServer
) -> StartBridge:
    """Starts the bridge process; again on the same spool after it was killed."""
    config = tmp_path / "bridge.toml"
    config.write_text(
        f'[bridge]\nserver = "{fair_server.url}"\ntoken = ""\nspool = "{tmp_path}/spool.db"\nports_dir = "{tmp_path}"\n'
        f'[mqtt]\nhost = "{LOOPBACK}"\nport = {mosquitto_broker.port}\n',
        encoding="utf-8",
    )

    def start() -> Child:
        command = [sys.executable, "-m", "device_bridge", "bridge", "--config", config]
        bridge = children.start(command, name="bridge", env={"FAIRZONE_BRIDGE_TOKEN": TOKEN})
        wait_until(lambda: "listening on" in bridge.output(), seconds=20, what="the bridge to listen")
        return bridge

    return start


def retained_mark(port: int) -> dict[str, int] | None:
    """The mark that a robot finds on its topic, None while there is none."""
    found: list[bytes] = []
    client = paho.Client(CallbackAPIVersion.VERSION2)
    client.on_message = lambda _client, _data, message: found.append(bytes(message.payload))
    client.connect(LOOPBACK, port)
    client.subscribe(f"fair/v1/{FAIR.robot}/ack", qos=1)
    for _ in range(20):
        client.loop(0.05)
        if found:
            break
    client.disconnect()
    return json.loads(found[-1]) if found else None


def test_mosquitto_pub_feeds_the_server_and_the_mark_comes_back(
    start_bridge: StartBridge, mosquitto_broker: MosquittoBroker, fair_server: FairServer
) -> None:
    start_bridge()

    mosquitto_broker.publish_lines(FAIR_TOPIC, [fair_status(number).decode() for number in range(1, 51)])
    mosquitto_broker.publish(VDA_CONNECTION, vda_connection(0), retain=True)
    mosquitto_broker.publish(VDA_STATE, vda_state(1), qos=0)

    wait_until(lambda: len(fair_server.deliveries) == 51, seconds=20, what="51 stored reports")
    assert fair_server.numbers(FAIR.robot) == list(range(1, 51))
    assert fair_server.numbers(VDA.robot) == [1]
    wait_until(lambda: retained_mark(mosquitto_broker.port) == {"boot": BOOT, "seq": 50}, seconds=5, what="the mark")


def test_reports_sent_while_the_bridge_is_killed_wait_in_its_session(
    start_bridge: StartBridge, mosquitto_broker: MosquittoBroker, fair_server: FairServer
) -> None:
    bridge = start_bridge()
    mosquitto_broker.publish(FAIR_TOPIC, fair_status(1))
    wait_until(lambda: len(fair_server.deliveries) == 1, seconds=20, what="the first report")

    bridge.kill()
    mosquitto_broker.publish_lines(FAIR_TOPIC, [fair_status(number).decode() for number in range(2, 101)])
    mosquitto_broker.publish(VDA_STATE, vda_state(1), qos=0)
    start_bridge()

    wait_until(lambda: len(fair_server.deliveries) == 101, seconds=20, what="101 stored reports")
    assert (fair_server.numbers(FAIR.robot), fair_server.copies) == (list(range(1, 101)), 0)


def test_the_bridge_ends_on_sigterm_with_its_spool_intact(
    start_bridge: StartBridge, mosquitto_broker: MosquittoBroker, fair_server: FairServer
) -> None:
    bridge = start_bridge()
    mosquitto_broker.publish(FAIR_TOPIC, fair_status(1))
    wait_until(lambda: len(fair_server.deliveries) == 1, seconds=20, what="the first report")

    assert bridge.stop(signal.SIGTERM) == 0


def test_a_line_echoed_into_a_pty_is_stored_and_acknowledged(
    start_bridge: StartBridge, fair_server: FairServer, tmp_path: Path
) -> None:
    """The port is there before the bridge, as a plugged-in robot is."""
    master, slave = pty.openpty()
    tty.setraw(slave)
    (tmp_path / SERIAL.address).symlink_to(os.ttyname(slave))
    bridge = start_bridge()
    wait_until(lambda: "booth-1 is open" in bridge.output(), seconds=5, what="the port to be opened")

    os.write(master, b'half a li"}\n' + serial_line(1) + b"\nboot loader v1.2\r\n")

    wait_until(lambda: len(fair_server.deliveries) == 1, seconds=20, what="the report")
    acknowledged = os.read(master, 4096).splitlines()[-1]
    assert json.loads(acknowledged) == {"ack": {"robot": SERIAL.robot, "boot": BOOT, "seq": 1}}
    wait_until(lambda: bool(fair_server.rejections), seconds=5, what="the refusal of the boot loader's line")
    assert [item.raw for item in fair_server.rejections.values()] == [b"boot loader v1.2\r"]
    os.close(master)
    os.close(slave)


def test_a_cable_that_is_pulled_and_plugged_in_again_goes_on(
    start_bridge: StartBridge, fair_server: FairServer, children: Children, tmp_path: Path
) -> None:
    """The death of socat is exactly an unplug: the bridge's end of the wire is gone."""
    port, robot_end = tmp_path / SERIAL.address, tmp_path / "robot-end"
    ends = [f"pty,raw,echo=0,link={end}" for end in (port, robot_end)]
    command = [find_program(["socat"], package="socat"), *ends]

    cable = children.start(command, name="socat", ready=robot_end.exists)
    start_bridge()
    with robot_end.open("wb", buffering=0) as robot:
        wait_until(lambda: _sent(robot, 1, fair_server), seconds=20, what="the first report")
        cable.kill()
    wait_until(lambda: not port.is_symlink() or not port.exists(), seconds=5, what="the port to go")
    port.unlink(missing_ok=True)
    robot_end.unlink(missing_ok=True)
    children.start(command, name="socat", ready=robot_end.exists)
    with robot_end.open("wb", buffering=0) as robot:
        wait_until(lambda: _sent(robot, 2, fair_server), seconds=20, what="the second report")

    assert sorted(fair_server.numbers(SERIAL.robot)) == [1, 2]


def _sent(wire: FileIO, number: int, server: FairServer) -> bool:
    """Write a report (again); whether it is stored. At 5 a second, a cable that nobody reads does not fill up."""
    wire.write(serial_line(number) + b"\n")
    time.sleep(0.2)
    return number in server.numbers(SERIAL.robot)
