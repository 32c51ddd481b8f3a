"""The embedded broker against mosquitto's own clients: both versions of MQTT, loopback only, gone when told."""

import signal
import time
import tomllib
from pathlib import Path

import psutil
import pytest

from device_bridge.embedded_broker import MAX_PAYLOAD_BYTES, BrokerPorts, configuration
from device_bridge.wire.report import MAX_MESSAGE_BYTES
from tests.device_bridge.simulators.conftest import EmbeddedBroker, start_broker, start_command
from tests.support.ports import LOOPBACK, free_port
from tests.support.processes import Children


@pytest.mark.parametrize("v5", [False, True], ids=["3.1.1", "5"])
def test_a_retained_message_waits_for_a_later_subscriber(broker: EmbeddedBroker, *, v5: bool) -> None:
    broker.say("fair/v1/nanling/walker-7/ack", '{"boot":1,"seq":2}', v5=v5)

    heard = broker.hear("fair/v1/+/+/ack", 1, v5=v5)

    assert heard == [("fair/v1/nanling/walker-7/ack", b'{"boot":1,"seq":2}')]


@pytest.mark.parametrize("v5", [False, True], ids=["3.1.1 to 5", "5 to 3.1.1"])
def test_the_two_versions_share_their_topics(broker: EmbeddedBroker, *, v5: bool) -> None:
    broker.say("news", "opening", v5=v5)

    assert broker.hear("news", 1, v5=not v5) == [("news", b"opening")]


def test_a_message_that_is_too_long_for_the_bridge_still_reaches_it(broker: EmbeddedBroker) -> None:
    long = "x" * (2 * MAX_MESSAGE_BYTES)

    broker.say("long", long)

    assert broker.hear("long", 1, v5=True) == [("long", long.encode())]


def test_nothing_listens_beyond_loopback_and_no_child_is_started(children: Children, tmp_path: Path) -> None:
    ports = [free_port() for _ in range(3)]
    options = ("--port", str(ports[0]), "--v5-port", str(ports[1]), "--ws-port", str(ports[2]))
    broker = start_command(children, "device_bridge.embedded_broker:broker", *options, "--data-dir", tmp_path)
    process = psutil.Process(broker.pid)

    deadline = time.monotonic() + 10
    while len(heard := listeners(process)) < 3 and time.monotonic() < deadline:
        time.sleep(0.05)

    assert heard == {(LOOPBACK, port) for port in ports}
    assert process.children(recursive=True) == []


def listeners(process: psutil.Process) -> set[tuple[str, int]]:
    """Where a process takes connections."""
    return {(c.laddr.ip, c.laddr.port) for c in process.net_connections("tcp") if c.status == psutil.CONN_LISTEN}


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_at_once(broker: EmbeddedBroker, ending: signal.Signals) -> None:
    code = broker.child.stop(ending, seconds=90)

    assert code == -ending


def test_a_taken_port_is_refused_by_name(broker: EmbeddedBroker, children: Children, tmp_path: Path) -> None:
    options = ("--port", str(broker.port), "--v5-port", str(free_port()), "--data-dir", tmp_path / "second")
    second = start_command(children, "device_bridge.embedded_broker:broker", *options)

    code = second.wait(seconds=90)

    assert code == 1
    assert f"{LOOPBACK}:{broker.port}" in second.output()
    assert "--port" in second.output()
    assert "Traceback" not in second.output()


def test_it_starts_again_on_its_ports_after_kill_9(broker: EmbeddedBroker, children: Children, tmp_path: Path) -> None:
    listener = broker.listen("never", 1, seconds=1)
    broker.child.kill()
    listener.communicate(timeout=60)

    again = start_broker(children, tmp_path / "again", broker.port, broker.v5_port)
    again.say("alive", "yes")

    assert again.hear("alive", 1) == [("alive", b"yes")]


def test_every_listener_of_the_configuration_is_bound_to_loopback() -> None:
    settings = tomllib.loads(configuration(BrokerPorts(1883, 1884, 8083)))

    bound = {section: settings[section]["1"]["listen"] for section in ("v4", "v5", "ws")}

    assert bound == {"v4": "127.0.0.1:1883", "v5": "127.0.0.1:1884", "ws": "127.0.0.1:8083"}
    assert settings["v5"]["1"]["connections"]["max_payload_size"] == MAX_PAYLOAD_BYTES


def test_the_configuration_is_written_to_the_data_directory(broker: EmbeddedBroker, tmp_path: Path) -> None:
    written = (tmp_path / "broker" / "broker.toml").read_text(encoding="utf-8")

    assert written == configuration(BrokerPorts(broker.port, broker.v5_port))
