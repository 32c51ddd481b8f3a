"""A hall of real processes for one test: mosquitto, the web process, the bridge, over either database."""

import json
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from device_bridge.simulators.sender_spool import SenderPatience, SenderSpool
from device_bridge.wire.batch import Enrolment
from device_bridge.wire.topics import FAIR_ACK, FAIR_STATUS
from server.features.accounts.service import ensure_bridge
from server.infra.db import Database
from server.settings import ensure_secrets
from tests.support.mosquitto import MosquittoBroker
from tests.support.ports import LOOPBACK, accepts, free_port
from tests.support.processes import Child, Children, wait_until
from tests.support.zone import make_zone

START_SECONDS = 30


class Hall:
    """Broker, server and bridge, each of which may be killed and started again in its place."""

    def __init__(self, folder: Path, database: Database, broker: MosquittoBroker, children: Children) -> None:
        self.broker = broker
        self.database = database
        self.port = free_port()
        self._folder = folder
        self._children = children
        self._secrets = ensure_secrets(folder)
        self._config = folder / "bridge.toml"
        self._config.write_text(
            f'[bridge]\nserver = "http://{LOOPBACK}:{self.port}"\ntoken = ""\nspool = "{folder}/spool.db"\n'
            f'ports_dir = "{folder}"\n[mqtt]\nhost = "{LOOPBACK}"\nport = {broker.port}\n',
            encoding="utf-8",
        )

    @property
    def url(self) -> str:
        """Where the pages are."""
        return f"http://{LOOPBACK}:{self.port}"

    def enrol(self, *robots: Enrolment) -> None:
        """Put these robots into the database, and the bridge's token."""
        make_zone(self.database, robots)
        with self.database.write() as session:
            ensure_bridge(session, self._secrets.bridge_token, datetime.now(UTC))

    def start_web(self) -> Child:
        """The web process, answering."""
        url = self.database.url.render_as_string(hide_password=False)
        env = {"FAIRZONE_DATA": str(self._folder), "DATABASE_URL": url, "FAIRZONE_PORT": str(self.port)}
        return self._children.start(
            [sys.executable, "-m", "device_bridge", "web"],
            name="web",
            env={**env, "FAIRZONE_STRICT_TRANSLATIONS": "1"},
            ready=lambda: accepts(self.port),
            seconds=START_SECONDS,
        )

    def start_bridge(self) -> Child:
        """The bridge, listening."""
        command = [sys.executable, "-m", "device_bridge", "bridge", "--config", str(self._config)]
        env = {"FAIRZONE_BRIDGE_TOKEN": self._secrets.bridge_token}
        bridge = self._children.start(command, name="bridge", env=env)
        wait_until(lambda: "listening on" in bridge.output(), seconds=START_SECONDS, what="the bridge to listen")
        return bridge


@pytest.fixture
def hall(tmp_path: Path, database: Database, mosquitto_broker: MosquittoBroker, children: Children) -> Hall:
    """A hall with a running broker; server and bridge are started by the test."""
    return Hall(tmp_path, database, mosquitto_broker, children)


class SpoolingRobot:
    """A robot of the fair profile that numbers its reports, keeps them until the mark covers them, and never gives up.

    The spooling rules are those of the simulators; the connection is the plain client library's.
    """

    def __init__(self, port: int, robot: str, boot: int) -> None:
        self.robot = robot
        self.boot = boot
        self.made = 0
        self._spool = SenderSpool(boot, SenderPatience(for_mark=1.0, limit=1_000_000))
        self._lock = threading.RLock()
        self._client = paho.Client(CallbackAPIVersion.VERSION2, client_id=robot.replace("/", "."))
        self._client.on_connect = self._on_connect
        self._client.on_disconnect = self._on_disconnect
        self._client.on_message = self._on_mark
        self._client.reconnect_delay_set(1, 1)
        self._client.connect_async(LOOPBACK, port, keepalive=10)

    @property
    def mark(self) -> int:
        """The durable mark that came back."""
        return self._spool.mark

    def report(self, seq: int) -> bytes:
        """The report of that number."""
        exhibitor, _, robot = self.robot.partition("/")
        message = {"exhibitor": exhibitor, "robot": robot, "boot": self.boot, "seq": seq, "battery": seq % 100}
        return json.dumps({**message, "time": datetime.now(UTC).isoformat()}).encode()

    def run(self, count: int, per_second: float) -> None:
        """Make `count` reports at that rate; returns when all are marked. Bounded: gives up after 120 s."""
        self._client.loop_start()
        deadline = time.monotonic() + 120
        while (self.made < count or self.mark < count) and time.monotonic() < deadline:
            with self._lock:
                for _ in range(min(count - self.made, max(1, round(per_second / 50)))):
                    self.made = self._spool.append(self.report)
                self._send()
            time.sleep(0.02)
        self._client.disconnect()
        self._client.loop_stop()

    def _send(self) -> None:
        for outgoing in self._spool.due(time.monotonic(), 20):
            self._client.publish(FAIR_STATUS.format(robot=self.robot), outgoing.body, qos=1)

    def _on_connect(self, client: paho.Client, *_: object) -> None:
        with self._lock:
            client.subscribe(FAIR_ACK.format(robot=self.robot), qos=1)
            self._spool.link_up(time.monotonic())

    def _on_disconnect(self, *_: object) -> None:
        with self._lock:
            self._spool.link_down()

    def _on_mark(self, _client: object, _data: object, message: paho.MQTTMessage) -> None:
        mark = json.loads(message.payload)
        with self._lock:
            self._spool.accept_mark(mark["boot"], mark["seq"], time.monotonic())


def in_background(work: Callable[[], None]) -> threading.Thread:
    """Run in a thread of its own, started."""
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


__all__ = ["Hall", "SpoolingRobot", "hall", "in_background"]
