"""The demo fair behind a web process that a test may kill, and robots that report through its front door."""

import http.client
import shutil
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from device_bridge.wire.batch import Batch, Delivery, encode_batch
from device_bridge.wire.report import Pose, Report, Source
from server.demo.fair import load_demo_fair
from server.features.accounts.service import ensure_bridge
from server.infra.db import Database
from server.infra.migrate import upgrade
from tests.support.ports import LOOPBACK, accepts, free_port
from tests.support.processes import Child, Children

BRIDGE_TOKEN = "the-token-of-the-bridge-in-this-test"
PASSWORD = "the-organiser-of-this-test"
WEB = (sys.executable, "-c", "from server.commands.processes import web; web()")
WORKER = (sys.executable, "-c", "from server.commands.processes import worker; worker()")


class FairSite:
    """The demo fair on a loopback port; `start` and `kill` its server as often as you like."""

    def __init__(self, children: Children, folder: Path, database: Path) -> None:
        self.port = free_port()
        self.url = f"http://{LOOPBACK}:{self.port}"
        self._children = children
        self._folder = folder
        self._database = database
        self._server: Child | None = None
        self._seq = 0

    def start(self, secret: str = "s" * 40) -> None:
        """Serve. Another `secret` than before makes every cookie worthless, as an outage longer than its life would."""
        environment = self._environment(secret)
        self._server = self._children.start(WEB, name="web", env=environment, ready=lambda: accepts(self.port))

    def start_worker(self) -> Child:
        """Let the worker do what has to follow: mails above all. It ends with the test."""
        return self._children.start(WORKER, name="worker", env=self._environment("s" * 40))

    def kill(self) -> None:
        """End the server with kill -9."""
        if self._server is not None:
            self._server.kill()

    def report(self, robot: str, *, at: tuple[float, float] = (50.0, 24.0), ago_s: float = 0, **said: Any) -> None:
        """Let `robot` say something through the bridge's door, unless told otherwise from the booth D19.2C05."""
        self._seq += 1
        received = datetime.now(UTC) - timedelta(seconds=ago_s)
        report = Report(
            robot=robot, boot=1, seq=self._seq, time=received, pose=Pose(x=at[0], y=at[1], theta=1.0), **said
        )
        self.submit(Batch("test", deliveries=(Delivery(report, received, "fair-mqtt", Source.SIMULATED),)))

    def _environment(self, secret: str) -> dict[str, str]:
        return {
            "FAIRZONE_DATA": str(self._folder),
            "DATABASE_URL": f"sqlite:///{self._database}",
            "FAIRZONE_SECRET_KEY": secret,
            "FAIRZONE_PORT": str(self.port),
            "FAIRZONE_STRICT_TRANSLATIONS": "1",
            "PYTHONPATH": str(Path(__file__).parents[2]),
        }

    def submit(self, batch: Batch) -> None:
        """Hand a batch over, as the bridge does."""
        connection = http.client.HTTPConnection(LOOPBACK, self.port, timeout=60)
        body = encode_batch(batch)
        headers = {"Authorization": f"Bearer {BRIDGE_TOKEN}", "Content-Type": "application/json"}
        connection.request("POST", "/api/v1/telemetry/batches", body, headers)
        response = connection.getresponse()
        answer = response.read()
        connection.close()
        assert response.status == 200, answer


@pytest.fixture(scope="session")
def fair_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the demo fair of today, its log-ins and a bridge that may speak; to be copied."""
    path = tmp_path_factory.mktemp("fair") / "fair.db"
    database = Database(f"sqlite:///{path}")
    upgrade(database)
    now = datetime.now(UTC)
    load_demo_fair(database, now, dict.fromkeys(("organiser", "nanling.admin", "buyer"), PASSWORD))
    with database.write() as session:
        ensure_bridge(session, BRIDGE_TOKEN, now)
    database.close()
    return path


@pytest.fixture(scope="module")
def standing_site(tmp_path_factory: pytest.TempPathFactory, fair_file: Path) -> Iterator[FairSite]:
    """The demo fair, served to all tests of a module that only read it."""
    folder = tmp_path_factory.mktemp("standing")
    children = Children(folder)
    copy = folder / "fair.db"
    shutil.copy(fair_file, copy)
    site = FairSite(children, folder, copy)
    site.start()
    yield site
    site.kill()
    children.end()


@pytest.fixture
def fair_site(children: Children, tmp_path: Path, fair_file: Path) -> Iterator[FairSite]:
    """The demo fair, served."""
    copy = tmp_path / "fair.db"
    shutil.copy(fair_file, copy)
    site = FairSite(children, tmp_path, copy)
    site.start()
    yield site
    site.kill()
