"""Several workers on a real broker: one is killed in the middle, and nothing is lost, doubled or left behind."""

import json
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from device_bridge.partition import WorkerShare
from device_bridge.wire.batch import Enrolment, Enrolments
from device_bridge.wire.report import Source
from tests.support.fair_server import TOKEN, FairServer
from tests.support.mosquitto import MosquittoBroker
from tests.support.ports import LOOPBACK
from tests.support.processes import Child, Children, wait_until
from tests.support.robots import BOOT, fair_status

pytestmark = pytest.mark.slow

ROBOTS = [f"nanling/walker-{number}" for number in range(6)]
REPORTS = 500
"""Of each robot."""

StartWorkers = Callable[[], Child]


@pytest.fixture
def start_workers(
    tmp_path: Path, children: Children, mosquitto_broker: MosquittoBroker, fair_server: FairServer
) -> StartWorkers:
    """Starts a supervisor of two workers, and waits until both listen."""
    fair_server.enrolments = Enrolments(
        tuple(Enrolment(robot=name, protocol="fair-mqtt", address=name, source=Source.LIVE) for name in ROBOTS)
    )
    config = tmp_path / "bridge.toml"
    config.write_text(
        f'[bridge]\nserver = "{fair_server.url}"\ntoken = ""\nspool = "{tmp_path}/spool.db"\n'
        f'[mqtt]\nhost = "{LOOPBACK}"\nport = {mosquitto_broker.port}\n',
        encoding="utf-8",
    )

    def start() -> Child:
        command = [sys.executable, "-m", "device_bridge", "bridge", "--config", config, "--workers", "2"]
        supervisor = children.start(command, name="workers", env={"FAIRZONE_BRIDGE_TOKEN": TOKEN})
        wait_until(lambda: supervisor.output().count("listening on") == 2, seconds=30, what="both workers to listen")
        return supervisor

    return start


def worker(supervisor: Child, number: int) -> psutil.Process:
    """The process of one worker."""
    own = psutil.Process(supervisor.pid).children()
    return next(process for process in own if process.cmdline()[-2:] == ["--worker", str(number)])


def publish(broker: MosquittoBroker, robot: str) -> None:
    """All reports of one robot, as fast as mosquitto_pub sends them."""
    code = robot.partition("/")[2]
    lines = [fair_status(number, robot=code).decode() for number in range(1, REPORTS + 1)]
    broker.publish_lines(f"fair/v1/{robot}/status", lines)


def test_a_worker_that_is_killed_in_the_middle_loses_and_doubles_nothing(
    start_workers: StartWorkers, mosquitto_broker: MosquittoBroker, fair_server: FairServer
) -> None:
    shares = {WorkerShare(1, 2).takes(robot) for robot in ROBOTS}
    supervisor = start_workers()
    victim = worker(supervisor, 1)

    with ThreadPoolExecutor(len(ROBOTS)) as senders:
        sent = [senders.submit(publish, mosquitto_broker, robot) for robot in ROBOTS]
        wait_until(lambda: len(fair_server.deliveries) > 300, seconds=30, what="the first reports")
        victim.kill()
        for one in sent:
            one.result(timeout=60)

    wait_until(lambda: len(fair_server.deliveries) == len(ROBOTS) * REPORTS, seconds=40, what="all reports")
    whole = {(robot, BOOT): (REPORTS, REPORTS, 0, ()) for robot in ROBOTS}
    wait_until(lambda: _books(fair_server) == whole, seconds=30, what="the accounts")
    marks = [json.loads(mosquitto_broker.retained(f"fair/v1/{robot}/ack")) for robot in ROBOTS]
    assert {robot: sorted(fair_server.numbers(robot)) for robot in ROBOTS} == {
        robot: list(range(1, REPORTS + 1)) for robot in ROBOTS
    }
    assert marks == [{"boot": BOOT, "seq": REPORTS}] * len(ROBOTS)
    assert (fair_server.gaps, fair_server.rejections, shares) == ([], {}, {True, False})
    assert "worker 1 has ended with -9; starting it again" in supervisor.output()


def _books(server: FairServer) -> dict[tuple[str, int], tuple[int, int, int, tuple[tuple[int, int], ...]]]:
    """Each account as (stored, mark, lost, missing)."""
    return {key: (one.stored, one.mark, one.lost, one.missing) for key, one in server.ledgers.items()}


def test_a_robot_that_is_enrolled_later_is_listened_to_by_one_of_them(
    start_workers: StartWorkers, mosquitto_broker: MosquittoBroker, fair_server: FairServer
) -> None:
    late = Enrolment(robot="nanling/late", protocol="fair-mqtt", address="nanling/late", source=Source.LIVE)
    mosquitto_broker.publish("fair/v1/nanling/late/status", fair_status(1, robot="late"), retain=True)
    start_workers()

    fair_server.enrolments = Enrolments((*fair_server.enrolments.robots, late))

    wait_until(lambda: fair_server.numbers("nanling/late") == [1], seconds=30, what="the retained report")
    assert (fair_server.copies, fair_server.rejections) == (0, {})


def test_workers_end_with_their_supervisor_however_it_dies_and_leave_their_spools_to_the_next(
    start_workers: StartWorkers,
) -> None:
    supervisor = start_workers()
    orphans = [worker(supervisor, number) for number in range(2)]

    supervisor.kill_alone()

    _, alive = psutil.wait_procs(orphans, timeout=60)
    assert alive == []
    assert start_workers().stop() == 0
