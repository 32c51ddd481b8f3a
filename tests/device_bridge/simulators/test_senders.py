"""Whole simulators as processes: on a real broker and on real pseudo-terminals, through marks, cuts and restarts."""

import json
import signal
import sys
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import psutil
import pytest
import serial

from device_bridge.simulators.fleet import RobotSpec
from tests.device_bridge.simulators.conftest import ROOT, EmbeddedBroker, Simulate, a_spec, start_broker
from tests.support.ports import LOOPBACK, free_port
from tests.support.processes import Children, wait_until

STATUS, ACK = "fair/v1/nanling/walker-7/status", "fair/v1/nanling/walker-7/ack"
CONNECTION = "uagv/v2/Nanling/SN-0007/connection"


def statuses(broker: EmbeddedBroker, count: int, *, seconds: int = 10) -> list[dict[str, Any]]:
    return [json.loads(payload) for _, payload in broker.hear(STATUS, count, seconds=seconds)]


def say_mark(broker: EmbeddedBroker, status: dict[str, Any]) -> None:
    broker.say(ACK, json.dumps({"boot": status["boot"], "seq": status["seq"]}))


def test_a_robot_numbers_its_reports_from_one_and_honours_the_mark(broker: EmbeddedBroker, simulate: Simulate) -> None:
    listener = broker.listen(STATUS, 10)
    simulate(broker.address, [a_spec()], "--rate", "5")
    out, _ = listener.communicate(timeout=60)
    first = [json.loads(line.split(b" ", 1)[1]) for line in out.splitlines()]

    say_mark(broker, first[-1])
    later = statuses(broker, 3)

    assert [status["seq"] for status in first] == list(range(1, 11))
    assert {status["oldest"] for status in first} == {1}
    assert later[-1]["oldest"] == 11


def test_a_restarted_broker_gets_everything_above_the_mark_in_order(
    broker: EmbeddedBroker, simulate: Simulate, children: Children, tmp_path: Path
) -> None:
    simulate(broker.address, [a_spec()], "--rate", "5")
    seen = statuses(broker, 8)
    say_mark(broker, seen[-1])
    statuses(broker, 2)
    broker.child.kill()
    time.sleep(1)

    again = start_broker(children, tmp_path / "again", broker.port, broker.v5_port)
    after = [status["seq"] for status in statuses(again, 12)]

    assert after == list(range(seen[-1]["seq"] + 1, seen[-1]["seq"] + 13))


def test_a_mark_that_waits_on_the_broker_spares_the_resend(
    broker: EmbeddedBroker, simulate: Simulate, tmp_path: Path
) -> None:
    script = tmp_path / "faults"
    script.write_text("at 00:04 cable for 3 s", encoding="utf-8")
    robots = psutil.Process(simulate(broker.address, [a_spec()], "--rate", "5", "--script", str(script)).pid)
    seen = statuses(broker, 5)
    wait_until(lambda: connections(robots, broker.port) == 0, seconds=30, what="the cable to be cut")

    say_mark(broker, seen[-1])
    rest = [status["seq"] for status in statuses(broker, 10)]

    assert rest == list(range(seen[-1]["seq"] + 1, seen[-1]["seq"] + 11))


def test_every_robot_has_a_connection_and_a_client_id_of_its_own_and_no_thread(
    broker: EmbeddedBroker, simulate: Simulate
) -> None:
    fleet = [robot_number(number) for number in range(20)]

    robots = simulate(broker.address, fleet)
    process = psutil.Process(robots.pid)

    # Each robot knocks before it connects, so there are more for a moment.
    wait_until(lambda: connections(process, broker.port) == 20, seconds=30, what="20 connections, one a robot")
    assert len({payload for _, payload in broker.hear("fair/v1/+/+/status", 20)}) == 20
    assert process.num_threads() == 1


def robot_number(number: int) -> RobotSpec:
    spec = a_spec()
    return RobotSpec(f"nanling/r-{number}", spec.protocol, f"nanling/r-{number}", spec.kind, spec.area)


def connections(process: psutil.Process, port: int) -> int:
    """How many connections the process holds to a port."""
    held = [one for one in process.net_connections("tcp") if one.status == psutil.CONN_ESTABLISHED]
    return len([one for one in held if one.raddr[1:] == (port,)])


def test_a_vehicle_is_online_retained_and_broken_by_its_last_will(broker: EmbeddedBroker, simulate: Simulate) -> None:
    robots = simulate(broker.address, [a_spec("vda5050")], "--rate", "5")
    states = [json.loads(payload) for _, payload in broker.hear("uagv/v2/+/+/state", 5)]
    online = json.loads(broker.hear(CONNECTION, 1)[0][1])
    listener = broker.listen(CONNECTION, 2)
    time.sleep(0.5)

    robots.kill()
    out, _ = listener.communicate(timeout=60)
    broken = json.loads(out.splitlines()[-1].split(b" ", 1)[1])

    assert [b["headerId"] - a["headerId"] for a, b in pairwise(states)] == [1, 1, 1, 1]
    assert (online["connectionState"], broken["connectionState"]) == ("ONLINE", "CONNECTIONBROKEN")
    assert broken["headerId"] < online["headerId"]


def test_a_vehicle_that_is_told_to_end_says_offline(broker: EmbeddedBroker, simulate: Simulate) -> None:
    robots = simulate(broker.address, [a_spec("vda5050")], "--rate", "5")
    broker.hear("uagv/v2/+/+/state", 1)

    code = robots.stop(signal.SIGTERM, seconds=5)

    assert code == 0
    assert json.loads(broker.hear(CONNECTION, 1)[0][1])["connectionState"] == "OFFLINE"


def test_a_serial_robot_outlives_the_reader_and_takes_marks(simulate: Simulate, tmp_path: Path) -> None:
    robots = simulate(f"{LOOPBACK}:{free_port()}", [a_spec("fair-serial")], "--rate", "5")
    port = tmp_path / "ports" / "booth-2c05"
    wait_until(port.is_symlink, seconds=30, what="the port")

    with serial.Serial(str(port), timeout=30) as line:
        seen = [read_status(line) for _ in range(5)]
    with serial.Serial(str(port), timeout=30, exclusive=True) as line:
        line.readline()  # the reader came in the middle of a line
        mark = {"robot": "nanling/walker-7", "boot": seen[-1]["boot"], "seq": seen[-1]["seq"]}
        line.write(json.dumps({"ack": mark}).encode() + b"\n")
        wait_until(lambda: read_status(line)["oldest"] == mark["seq"] + 1, seconds=30, what="the mark to be honoured")
    code = robots.stop(signal.SIGINT, seconds=5)

    assert [status["seq"] for status in seen] == [1, 2, 3, 4, 5]
    assert code == 0
    assert not port.is_symlink()


def read_status(line: serial.Serial) -> dict[str, Any]:
    body, _, _ = line.readline().rpartition(b"*")
    status: dict[str, Any] = json.loads(body)
    return status


def test_a_cut_cable_takes_the_port_away_and_brings_back_what_was_made_meanwhile(
    simulate: Simulate, tmp_path: Path
) -> None:
    script = tmp_path / "faults"
    script.write_text("at 00:03 cable for 2 s", encoding="utf-8")
    simulate(f"{LOOPBACK}:{free_port()}", [a_spec("fair-serial")], "--rate", "5", "--script", str(script))
    port = tmp_path / "ports" / "booth-2c05"
    wait_until(port.is_symlink, seconds=30, what="the port")

    with serial.Serial(str(port), timeout=4) as line, pytest.raises(serial.SerialException):
        line.read(1_000_000)
    wait_until(port.is_symlink, seconds=30, what="the port to come back")
    with serial.Serial(str(port), timeout=30) as line:
        numbers = [read_status(line)["seq"] for _ in range(24)]

    assert numbers == list(range(1, 25))


def test_a_robot_starts_before_the_broker_and_ends_without_it(
    simulate: Simulate, children: Children, tmp_path: Path
) -> None:
    port, v5_port = free_port(), free_port()
    robots = simulate(f"{LOOPBACK}:{port}", [a_spec()], "--rate", "5")
    time.sleep(1)

    broker = start_broker(children, tmp_path / "late", port, v5_port)
    seen = [status["seq"] for status in statuses(broker, 5)]
    broker.child.kill()
    code = robots.stop(seconds=5)

    assert seen == [1, 2, 3, 4, 5]
    assert code == 0


def test_a_duration_ends_the_play(broker: EmbeddedBroker, simulate: Simulate) -> None:
    robots = simulate(broker.address, [a_spec()], "--duration", "0.5")

    assert robots.wait(seconds=90) == 0


def test_a_robot_that_is_not_in_the_list_is_refused(broker: EmbeddedBroker, simulate: Simulate) -> None:
    robots = simulate(broker.address, [a_spec()], "--only", "nanling/walker-8")

    assert robots.wait(seconds=90) == 1
    assert "No such robot in the list: nanling/walker-8" in robots.output()


def test_the_reference_sender_keeps_its_reports_through_a_broker_restart(
    broker: EmbeddedBroker, children: Children, tmp_path: Path
) -> None:
    script = ROOT / "deploy" / "senders" / "fair_mqtt_sender.py"
    children.start([sys.executable, script, LOOPBACK, str(broker.port), "nanling/walker-7"])
    seen = statuses(broker, 2)
    say_mark(broker, seen[-1])
    statuses(broker, 1)
    broker.child.kill()

    again = start_broker(children, tmp_path / "again", broker.port, broker.v5_port)
    after = statuses(again, 4, seconds=20)

    assert [status["seq"] for status in seen] == [1, 2]
    assert [status["seq"] for status in after] == [3, 4, 5, 6]
    assert {status["oldest"] for status in after} == {3}
