"""The whole bridge process on real parts: mosquitto, ptys and socat, and clients that we did not write."""

import json
import os
import pty
import signal
import sqlite3
import sys
import threading
import time
import tty
from collections.abc import Callable, Iterator
from contextlib import closing
from io import FileIO
from pathlib import Path

import msgspec
import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from device_bridge import bridge as root
from device_bridge import health
from device_bridge.arrival_queue import AckToken, QueuedArrival
from device_bridge.arrivals import Arrival
from device_bridge.bridge import Bridge, SpoolInUseError
from device_bridge.directory import Directory
from device_bridge.pipeline import Pipeline
from device_bridge.protocols import Reading
from device_bridge.protocols.fair import decode_line
from device_bridge.settings import BridgeSettings, ServerSettings
from device_bridge.spool import Spool
from device_bridge.spool_limit import DiskFullError, SpoolFullError, trouble_of
from device_bridge.vitals import vitals_path
from device_bridge.wire.batch import BridgeTrouble, Enrolment, Enrolments, RobotGlimpse, RobotPresence
from device_bridge.wire.report import Source
from tests.support.fair_server import TOKEN, Answer, FairServer
from tests.support.mosquitto import MosquittoBroker
from tests.support.parts import find_program
from tests.support.ports import LOOPBACK
from tests.support.processes import Child, Children, wait_until
from tests.support.robots import (
    BOOT,
    ENROLMENTS,
    FAIR,
    FAIR_TOPIC,
    SERIAL,
    VDA,
    VDA_CONNECTION,
    VDA_GLIMPSE,
    VDA_STATE,
    at,
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
        wait_until(lambda: "listening on" in bridge.output(), seconds=30, what="the bridge to listen")
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
    mosquitto_broker.publish(VDA_GLIMPSE, b'{"velocity": {"vx": 1.5}}', qos=0)

    wait_until(lambda: len(fair_server.deliveries) == 51, seconds=30, what="51 stored reports")
    assert fair_server.numbers(FAIR.robot) == list(range(1, 51))
    assert fair_server.numbers(VDA.robot) == [1]
    wait_until(lambda: retained_mark(mosquitto_broker.port) == {"boot": BOOT, "seq": 50}, seconds=30, what="the mark")
    wait_until(lambda: len(fair_server.beside) == 2, seconds=30, what="the presence and the glimpse")
    assert {type(heard) for heard in fair_server.beside} == {RobotPresence, RobotGlimpse}


def test_reports_sent_while_the_bridge_is_killed_wait_in_its_session(
    start_bridge: StartBridge, mosquitto_broker: MosquittoBroker, fair_server: FairServer, tmp_path: Path
) -> None:
    bridge = start_bridge()
    mosquitto_broker.publish(FAIR_TOPIC, fair_status(1))
    wait_until(lambda: len(fair_server.deliveries) == 1, seconds=30, what="the first report")
    # What the bridge has not yet forgotten when it dies is sent again, which would be no fault.
    with closing(Spool(tmp_path / "spool.db")) as spool:
        wait_until(lambda: spool.depth() == 0, seconds=30, what="the first report to leave the spool")

    bridge.kill()
    mosquitto_broker.publish_lines(FAIR_TOPIC, [fair_status(number).decode() for number in range(2, 101)])
    mosquitto_broker.publish(VDA_STATE, vda_state(1), qos=0)
    start_bridge()

    wait_until(lambda: len(fair_server.deliveries) == 101, seconds=30, what="101 stored reports")
    assert (fair_server.numbers(FAIR.robot), fair_server.copies) == (list(range(1, 101)), 0)


def test_the_bridge_ends_on_sigterm_with_its_spool_intact(
    start_bridge: StartBridge, mosquitto_broker: MosquittoBroker, fair_server: FairServer
) -> None:
    bridge = start_bridge()
    mosquitto_broker.publish(FAIR_TOPIC, fair_status(1))
    wait_until(lambda: len(fair_server.deliveries) == 1, seconds=30, what="the first report")

    assert bridge.stop(signal.SIGTERM) == 0


def test_a_line_echoed_into_a_pty_is_stored_and_acknowledged(
    start_bridge: StartBridge, fair_server: FairServer, tmp_path: Path
) -> None:
    """The port is there before the bridge, as a plugged-in robot is."""
    master, slave = pty.openpty()
    tty.setraw(slave)
    (tmp_path / SERIAL.address).symlink_to(os.ttyname(slave))
    bridge = start_bridge()
    wait_until(lambda: "booth-1 is open" in bridge.output(), seconds=30, what="the port to be opened")

    os.write(master, b'half a li"}\n' + serial_line(1) + b"\nboot loader v1.2\r\n")

    wait_until(lambda: len(fair_server.deliveries) == 1, seconds=30, what="the report")
    acknowledged = os.read(master, 4096).splitlines()[-1]
    assert json.loads(acknowledged) == {"ack": {"robot": SERIAL.robot, "boot": BOOT, "seq": 1}}
    wait_until(lambda: bool(fair_server.rejections), seconds=30, what="the refusal of the boot loader's line")
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
        wait_until(lambda: _sent(robot, 1, fair_server), seconds=30, what="the first report")
        cable.kill()
    wait_until(lambda: not port.is_symlink() or not port.exists(), seconds=30, what="the port to go")
    port.unlink(missing_ok=True)
    robot_end.unlink(missing_ok=True)
    children.start(command, name="socat", ready=robot_end.exists)
    with robot_end.open("wb", buffering=0) as robot:
        wait_until(lambda: _sent(robot, 2, fair_server), seconds=30, what="the second report")

    assert sorted(fair_server.numbers(SERIAL.robot)) == [1, 2]


def _sent(wire: FileIO, number: int, server: FairServer) -> bool:
    """Write a report (again); whether it is stored. At 5 a second, a cable that nobody reads does not fill up."""
    wire.write(serial_line(number) + b"\n")
    time.sleep(0.2)
    return number in server.numbers(SERIAL.robot)


def test_a_second_bridge_on_the_same_spool_says_so_and_ends(
    start_bridge: StartBridge, children: Children, tmp_path: Path
) -> None:
    start_bridge()

    command = [sys.executable, "-m", "device_bridge", "bridge", "--config", tmp_path / "bridge.toml"]
    second = children.start(command, name="second", env={"FAIRZONE_BRIDGE_TOKEN": TOKEN})

    assert second.wait(seconds=90) == 2
    assert second.output() == (
        f"fairzone bridge: another bridge works on {tmp_path}/spool.db. Stop it, or give this one a spool of its own.\n"
    )


StartInside = Callable[[], Bridge]


@pytest.fixture
def start_inside(tmp_path: Path, fair_server: FairServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[StartInside]:
    """Starts a bridge without a broker in a thread of the test, so that a fault can be planted; it renews quickly."""
    monkeypatch.setattr(root, "ENROLMENT_PERIOD_S", 0.05)
    started: list[tuple[Bridge, threading.Thread]] = []

    def start() -> Bridge:
        (tmp_path / "ports").mkdir()
        server = ServerSettings(fair_server.url, TOKEN, tmp_path / "own" / "spool.db", ports_dir=tmp_path / "ports")
        bridge = Bridge(BridgeSettings(server))
        started.append((bridge, threading.Thread(target=bridge.run)))
        started[-1][1].start()
        return bridge

    yield start
    for bridge, thread in started:
        bridge.stop()
        thread.join(timeout=60)


def hear(bridge: Bridge, number: int) -> None:
    """Let a report of the fair profile arrive."""
    bridge._queue.put(QueuedArrival(Arrival("mqtt", FAIR_TOPIC, fair_status(number), at(number)), None, None))


def serial_robot(number: int, address: str) -> Enrolment:
    return Enrolment(robot=f"nanling/arm-{number}", protocol="fair-serial", address=address, source=Source.LIVE)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_threads_that_have_died_are_started_again(
    start_inside: StartInside, fair_server: FairServer, caplog: pytest.LogCaptureFixture
) -> None:
    bridge = start_inside()
    wait_until(lambda: bridge._enrolling is not None, seconds=30, what="the bridge to work")
    port = bridge._ports[SERIAL.address]

    for owner, name in ((bridge._forwarder, "forward_once"), (bridge._server, "enrolments"), (port, "_open")):
        plant_a_death(owner, name)
    bridge._forwarder.wake()
    deaths = ("the forwarder has died", "follows the enrolments has died", "booth-1 has died")
    wait_until(lambda: all(death in caplog.text for death in deaths), seconds=30, what="the deaths to be noticed")
    hear(bridge, 1)
    fair_server.enrolments = Enrolments((*ENROLMENTS.robots, serial_robot(9, "booth-9")))

    wait_until(lambda: len(fair_server.deliveries) == 1, seconds=30, what="the report")
    wait_until(lambda: "booth-9" in bridge._ports, seconds=30, what="the new list")
    assert (bridge._forwarder.alive, port.alive) == (True, True)


def plant_a_death(owner: object, name: str) -> None:
    """Let one call end the thread that makes it, past every `except Exception`."""

    def die(*_args: object) -> None:
        delattr(owner, name)
        raise SystemExit

    setattr(owner, name, die)


def test_a_list_of_robots_in_html_or_on_a_locked_disk_is_asked_for_again(
    start_inside: StartInside, fair_server: FairServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fair_server.proxy = Answer(200, b"<html>Gateway</html>", "text/html")
    bridge = start_inside()
    time.sleep(0.7)
    fair_server.proxy = None
    wait_until(lambda: bridge._enrolling is not None, seconds=30, what="the first list")
    first = bridge._enrolling

    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *args, **more: connect(*args, **{**more, "timeout": 0.05}))
    more_robots = Enrolments((*ENROLMENTS.robots, serial_robot(9, "booth-9")))
    with closing(connect(tmp_path / "own" / "spool.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        fair_server.enrolments = more_robots
        wait_until(lambda: "booth-9" in bridge._ports, seconds=30, what="the new list to be used")
        time.sleep(0.3)
        other.execute("ROLLBACK")
    monkeypatch.setattr(sqlite3, "connect", connect)

    with closing(Spool(tmp_path / "own" / "spool.db")) as spool:
        wait_until(lambda: spool.enrolments() == more_robots, seconds=30, what="the new list to be kept")
    assert first is bridge._enrolling


def test_the_spool_and_the_files_beside_it_are_for_the_bridge_alone(start_inside: StartInside, tmp_path: Path) -> None:
    before = os.umask(0o022)
    bridge = start_inside()
    wait_until(lambda: bridge._forwarder.alive, seconds=30, what="the bridge to work")
    os.umask(before)

    files = (path for path in (tmp_path / "own").iterdir() if ".status.json" not in path.name)
    modes = {path.name: path.stat().st_mode & 0o777 for path in files}

    assert modes == dict.fromkeys(("spool.db", "spool.db-wal", "spool.db-shm", "spool.db.lock"), 0o600)


def test_a_spool_is_free_again_when_its_bridge_has_ended(start_inside: StartInside, tmp_path: Path) -> None:
    bridge = start_inside()
    settings = bridge._settings
    with pytest.raises(SpoolInUseError):
        Bridge(settings)
    bridge.stop()

    def is_free() -> bool:
        try:
            second = Bridge(settings)
        except SpoolInUseError:
            return False
        second.stop()
        second.run()
        return True

    wait_until(is_free, seconds=30, what="the spool to be free")


def test_the_port_of_a_robot_with_another_address_or_none_is_closed_at_once(
    start_inside: StartInside, fair_server: FairServer
) -> None:
    fair_server.enrolments = Enrolments((serial_robot(1, "booth-1"), serial_robot(2, "booth-2")))
    bridge = start_inside()
    wait_until(lambda: sorted(bridge._ports) == ["booth-1", "booth-2"], seconds=30, what="both ports")
    first, second = bridge._ports["booth-1"], bridge._ports["booth-2"]

    fair_server.enrolments = Enrolments((serial_robot(1, "booth-7"),))

    wait_until(lambda: sorted(bridge._ports) == ["booth-7"], seconds=30, what="the port of the new address alone")
    wait_until(lambda: not (first.alive or second.alive), seconds=30, what="the old ports to be closed")


def test_an_enrolled_address_never_leads_out_of_the_folder_of_the_ports(
    start_inside: StartInside, fair_server: FairServer, caplog: pytest.LogCaptureFixture
) -> None:
    addresses = ["booth-1", "hall-9/booth-2", "/dev/ttyS0", "../own/spool.db", "hall-9/../../own", "", "."]
    robots = [serial_robot(number, address) for number, address in enumerate(addresses)]
    fair_server.enrolments = Enrolments(tuple(robots))

    bridge = start_inside()

    wait_until(lambda: bridge._enrolling is not None, seconds=30, what="the ports to be opened")
    assert sorted(bridge._ports) == ["booth-1", "hall-9/booth-2"]
    assert str(addresses[2:]) in caplog.text


def test_a_port_whose_options_have_changed_is_opened_anew(start_inside: StartInside, fair_server: FairServer) -> None:
    robot = Enrolment(
        robot="nanling/rover-1", protocol="mavlink", address="booth-3", source=Source.LIVE, options={"system_id": 1}
    )
    fair_server.enrolments = Enrolments((robot,))
    bridge = start_inside()
    wait_until(lambda: "booth-3" in bridge._ports, seconds=30, what="the port")
    first = bridge._ports["booth-3"]

    fair_server.enrolments = Enrolments((msgspec.structs.replace(robot, options={"system_id": 7}),))
    wait_until(lambda: bridge._ports["booth-3"] is not first, seconds=30, what="the port to be opened anew")

    assert bridge._ports["booth-3"].settings.options == {"system_id": 7}
    assert not first.alive


def test_a_full_spool_holds_back_what_can_wait_and_counts_what_cannot(tmp_path: Path, fair_server: FairServer) -> None:
    bridge = Bridge(BridgeSettings(ServerSettings(fair_server.url, TOKEN, tmp_path / "spool.db", spool_limit_mb=1)))
    silent = Enrolment(robot="nanling/base-1", protocol="kobuki", address="booth-2", source=Source.LIVE)
    pipeline = Pipeline(bridge._spool, Directory(Enrolments((*ENROLMENTS.robots, silent))), lambda: "r1")
    heard = Reading("", decode_line(serial_line(1)).report, None, states_boot=True)  # type: ignore[union-attr]
    held = QueuedArrival(Arrival("mqtt", FAIR_TOPIC, fair_status(1), at(1)), None, RecordingBroker())
    marked = QueuedArrival(
        Arrival("serial", SERIAL.address, b"1", at(1), heard=decode_line(serial_line(1)), protocol="fair-serial"),
        None,
        None,
    )
    unmarked = QueuedArrival(Arrival("serial", "booth-2", b"2", at(1), heard=heard, protocol="kobuki"), None, None)
    bridge._queue.put(unmarked)

    untouched = bridge._passed_over(pipeline, [held, marked])
    bridge._parts.trouble = BridgeTrouble.SPOOL_FULL
    waiting = bridge._passed_over(pipeline, [held, marked])

    assert (untouched, waiting, bridge._queue.take(0)) == ([held, marked], [held], [])
    with closing(Spool(tmp_path / "spool.db")) as spool:
        assert [queued.kind for queued in spool.oldest(10)] == ["gap"]
        assert [(robot, account.stored, account.lost) for robot, account in spool.accounts()] == [(silent.robot, 0, 1)]
    bridge.stop()
    bridge.run()


def test_the_server_hears_that_the_spool_has_no_room_though_no_report_can_reach_it(
    start_inside: StartInside, fair_server: FairServer, tmp_path: Path
) -> None:
    bridge = start_inside()
    # The database's own limit raises what a full disk raises: "database or disk is full".
    bridge._spool._db.execute("PRAGMA max_page_count = 1")
    status = vitals_path(tmp_path / "own" / "spool.db")

    for number in range(1, 40):
        bridge._queue.put(
            QueuedArrival(Arrival("mqtt", FAIR_TOPIC, fair_status(number, note="x" * 9_000), at(1)), None, None)
        )
    wait_until(lambda: "disk-full" in fair_server.troubles, seconds=30, what="the server to hear of it")
    wait_until(lambda: b'"disk_full":true' in status.read_bytes(), seconds=30, what="the status to say so")
    bridge._spool._db.execute("PRAGMA max_page_count = 100000")
    wait_until(lambda: bridge._parts.trouble is None, seconds=30, what="the spool to take reports again")
    wait_until(lambda: len(fair_server.numbers(FAIR.robot)) > 0, seconds=30, what="the reports")


def test_a_disk_without_room_is_told_before_the_next_report_comes(
    start_inside: StartInside, fair_server: FairServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "HEADROOM_BYTES", 2**62)

    start_inside()

    wait_until(lambda: fair_server.troubles == ["disk-full"], seconds=30, what="the server to hear of it")


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        (sqlite3.OperationalError("database or disk is full"), BridgeTrouble.DISK_FULL),
        (sqlite3.OperationalError("No space left on device"), BridgeTrouble.DISK_FULL),
        (DiskFullError("less than 32 MB are left"), BridgeTrouble.DISK_FULL),
        (SpoolFullError("the spool has reached its limit"), BridgeTrouble.SPOOL_FULL),
        (sqlite3.OperationalError("attempt to write a readonly database"), BridgeTrouble.SPOOL_FAILS),
        (sqlite3.OperationalError("disk I/O error"), BridgeTrouble.SPOOL_FAILS),
    ],
)
def test_each_error_of_the_spool_has_its_word(error: sqlite3.Error, trouble: BridgeTrouble) -> None:
    assert trouble_of(error) is trouble


class RecordingBroker:
    def acknowledge(self, receipts: list[AckToken]) -> None:
        """Nobody calls this."""
        raise AssertionError(f"nothing of a full spool is acknowledged: {receipts}")


def test_the_log_says_once_that_the_oldest_reports_give_way(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    where = ServerSettings(
        "http://127.0.0.1:9", TOKEN, tmp_path / "spool.db", when_full="drop-oldest", spool_limit_mb=1
    )
    bridge = Bridge(BridgeSettings(where))
    pipeline = Pipeline(bridge._spool, Directory(ENROLMENTS), lambda: "r1")
    pipeline.tally = bridge._tally

    for first in range(1, 6_001, 500):
        arrivals = [Arrival("mqtt", FAIR_TOPIC, fair_status(number), at(1)) for number in range(first, first + 500)]
        bridge._settled(pipeline, [QueuedArrival(arrival, None, None) for arrival in arrivals])
    held = bridge._spool.depth()
    bridge.stop()
    bridge.run()

    assert held < 6_000
    assert caplog.text.count("the oldest reports give way") == 1
