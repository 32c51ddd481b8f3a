"""Who is measured: the empty callback, the bridge up to its spool, and the whole path into each database.

Each has a broker of its own, so that whoever is not being measured has nothing to do.
"""

import os
import signal
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import text

from device_bridge.spool import Spool
from device_bridge.wire.batch import Enrolment, Enrolments
from device_bridge.wire.report import Source
from server.demo.fair import load_demo_fair
from server.demo.zone import cast_of
from server.features.accounts.service import ensure_bridge
from server.infra import migrate, probes
from server.infra.db import Database
from tests.bench.load import Robot
from tests.support.mosquitto import MosquittoBroker
from tests.support.ports import LOOPBACK, free_port
from tests.support.postgres import PostgresCluster, as_owner, binary, make_cluster
from tests.support.processes import Child, Children, wait_until

FAIRZONE = (sys.executable, "-m", "device_bridge")
TOKEN = "bench-token-0123456789abcdefghijklmnop"  # of a server that lives for minutes on loopback
SECRET = "bench-secret-0123456789abcdefghijklmno"
START_S = 60.0
LONGEST_S = 45.0
POLL_S = 0.005
# As a hall's own broker would be set for this load: the same for everybody.
BROKER_SETTINGS = ("max_inflight_messages 2000", "set_tcp_nodelay true")


class Contender(Protocol):
    """Somebody who takes messages from a broker."""

    name: str
    port: int
    """Of the broker to publish to."""
    child: Child
    """The client that takes them."""

    def reached(self, total: int) -> float:
        """Wait until `total` messages in all are where they should be; the monotonic time of that moment."""
        ...


def broker(folder: Path, name: str, children: Children) -> MosquittoBroker:
    """A mosquitto of its own."""
    own = folder / f"broker-{name}"
    own.mkdir()
    started = MosquittoBroker(own, children, extra=BROKER_SETTINGS)
    started.start()
    return started


class EmptyCallback:
    """The limit of the library."""

    name = "empty paho v5 callback"

    def __init__(self, folder: Path, children: Children, every: int) -> None:
        self.port = broker(folder, "empty", children).port
        command = [sys.executable, "-m", "tests.bench.empty_callback", str(self.port), str(every)]
        self.child = children.start(command, name="empty")
        wait_until(lambda: "listening" in self.child.output(), seconds=START_S, what="the empty callback")

    def reached(self, total: int) -> float:
        """Read from its own words, which carry the time."""
        wait_until(lambda: f"\n{total} " in self.child.output(), seconds=LONGEST_S, what=f"{total} callbacks")
        line = next(line for line in self.child.output().splitlines() if line.startswith(f"{total} "))
        return float(line.split()[1])


class SpoolOnly:
    """The real bridge with a server that does not answer: everything stays, durable, in its spool."""

    name = "durable in the bridge's spool"

    def __init__(self, folder: Path, children: Children, robots: list[Robot]) -> None:
        self.port = broker(folder, "spool", children).port
        path = folder / "spool-nobody.db"
        spool = Spool(path)
        spool.save_enrolments(Enrolments(tuple(_enrolment(robot) for robot in robots)))
        spool.close()
        self.child = start_bridge(folder, "nobody", self.port, f"http://{LOOPBACK}:{free_port()}", children)
        self._db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)

    def reached(self, total: int) -> float:
        """Ask the spool how many rows were ever committed to it."""
        return poll(lambda: _committed(self._db), total)


class TwoWorkers:
    """The same with the robots shared out between two processes."""

    name = "the same by two workers"

    def __init__(self, folder: Path, children: Children, robots: list[Robot]) -> None:
        self.port = broker(folder, "workers", children).port
        spools = [folder / f"spool-shared-{number}.db" for number in range(2)]
        for path in spools:
            with closing(Spool(path)) as spool:
                spool.save_enrolments(Enrolments(tuple(_enrolment(robot) for robot in robots)))
        nobody = f"http://{LOOPBACK}:{free_port()}"
        self.child = start_bridge(folder, "shared", self.port, nobody, children, workers=2)
        self._dbs = [sqlite3.connect(f"file:{path}?mode=ro", uri=True) for path in spools]

    def reached(self, total: int) -> float:
        """Ask both spools how many rows were ever committed to them."""
        return poll(lambda: sum(map(_committed, self._dbs)), total)


class WholePath:
    """Broker, bridge and web process as they run at the fair, into one database."""

    def __init__(self, folder: Path, children: Children, url: str) -> None:
        self._database = Database(url)
        self.name = f"stored in the server ({self._database.dialect})"
        kind = self._database.dialect
        self.robots = load_fair(self._database)
        self.web_port = free_port()
        self.port = broker(folder, kind, children).port
        web_env = {
            "FAIRZONE_DATA": str(folder / kind),
            "DATABASE_URL": url,
            "FAIRZONE_SECRET_KEY": SECRET,
            "FAIRZONE_PORT": str(self.web_port),
            "FAIRZONE_LOG_LEVEL": "WARNING",
        }
        serves = probes.serves(self.web_port)
        children.start([*FAIRZONE, "web"], name=f"web-{kind}", env=web_env, ready=lambda: serves(0.0), seconds=START_S)
        self.child = start_bridge(folder, kind, self.port, f"http://{LOOPBACK}:{self.web_port}", children)

    def reached(self, total: int) -> float:
        """Ask the database how many reports it holds."""
        return poll(lambda: int(self.rows("SELECT count(*) FROM telemetry_report", {})[0][0]), total, pause=0.02)

    def rows(self, statement: str, values: dict[str, Any]) -> list[Any]:
        """What the database answers now."""
        with self._database.read() as session:
            return list(session.connection().execute(text(statement), values).all())


def poll(count: Callable[[], int], total: int, pause: float = POLL_S) -> float:
    """Ask until the count is there; the time of the answer. Raises `TimeoutError`."""
    deadline = time.monotonic() + LONGEST_S
    while (now := time.monotonic()) < deadline:
        if count() >= total:
            return now
        time.sleep(pause)
    raise TimeoutError(f"only {count()} of {total} after {LONGEST_S:g} s")


def _committed(spool: sqlite3.Connection) -> int:
    row = spool.execute("SELECT seq FROM sqlite_sequence WHERE name = 'outgoing'").fetchone()
    return int(row[0]) if row else 0


def start_bridge(folder: Path, name: str, port: int, server: str, children: Children, *, workers: int = 1) -> Child:
    """The real bridge process, or a supervisor with all its workers, listening."""
    config = folder / f"{name}.toml"
    config.write_text(
        f'[bridge]\nserver = "{server}"\ntoken = ""\nspool = "{folder}/spool-{name}.db"\n'
        f'[mqtt]\nhost = "{LOOPBACK}"\nport = {port}\n'
    )
    command = [*FAIRZONE, "bridge", "--config", config, *(("--workers", workers) if workers > 1 else ())]
    child = children.start(command, name=name, env={"FAIRZONE_BRIDGE_TOKEN": TOKEN})
    heard = "listening on"
    wait_until(lambda: child.output().count(heard) >= workers, seconds=START_S, what=f"the bridge ({name})")
    return child


def load_fair(database: Database) -> list[Robot]:
    """Bring the demo fair into an empty database; its robots that speak over MQTT."""
    now = datetime.now(UTC)
    migrate.upgrade(database)
    load_demo_fair(database, now)
    with database.write() as session:
        ensure_bridge(session, TOKEN, now)
    with database.read() as session:
        cast = cast_of(session)
    boot = int(now.timestamp() * 1000)
    spoken = [part for part in cast if part["protocol"] in {"fair-mqtt", "vda5050"}]
    return [Robot(part["robot"], str(part["protocol"]), part["address"], boot) for part in spoken]


@contextmanager
def postgres(folder: Path, children: Children) -> Iterator[PostgresCluster]:
    """A cluster that keeps its promises, unlike that of the tests: what it has committed is on disk."""
    folder.mkdir()
    folder.chmod(0o755)
    data = make_cluster(folder)
    cluster = PostgresCluster(folder)
    options = ("-D", data, "-k", folder, "-c", "listen_addresses=", "-c", "shared_buffers=128MB")
    child = children.start(
        as_owner(binary("postgres"), *options), name="postgres", cwd=folder, ready=cluster.answers, seconds=30
    )
    try:
        yield cluster
    finally:
        child.signal_group(signal.SIGQUIT)
        child.wait(seconds=10)


def fsync_seconds(folder: Path, times: int = 40) -> float:
    """The median of writing 4 kB and forcing it to disk, in seconds."""
    taken = []
    with (folder / "fsync-probe").open("wb") as file:
        for _ in range(times):
            began = time.perf_counter()
            file.write(b"\0" * 4096)
            file.flush()
            os.fsync(file.fileno())
            taken.append(time.perf_counter() - began)
    return sorted(taken)[times // 2]


def _enrolment(robot: Robot) -> Enrolment:
    return Enrolment(robot=robot.robot, protocol=robot.protocol, address=robot.address, source=Source.SIMULATED)
