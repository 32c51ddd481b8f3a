"""The hall of a run: broker, database, server and bridge, each of which may die and come back in its place."""

import json
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlmodel import Session, select

from device_bridge.wire.batch import Enrolment
from server.features.accounts.service import ensure_bridge
from server.features.enrolment.models import RobotCredential
from server.features.enrolment.rules.credentials import CredentialPurpose, robot_token
from server.features.exhibitors.models import Robot
from server.infra.db import Database
from server.settings import Secrets, ensure_secrets
from tests.chaos.brokers import Broker
from tests.chaos.plan import Death, Victim
from tests.chaos.roles import EXHIBITOR
from tests.chaos.stores import Store
from tests.support.ports import LOOPBACK, accepts, free_port
from tests.support.processes import Child, Children, NotReadyError, tail, wait_until
from tests.support.zone import make_zone

START_S = 45.0
FAIRZONE = (sys.executable, "-m", "device_bridge")


class Hall:
    """Everything that runs; `folder` holds its files and the serial ports' links."""

    def __init__(self, folder: Path, children: Children, broker: Broker, store: Store) -> None:
        self.broker = broker
        self.store = store
        self.port = free_port()
        self.tokens: dict[str, str] = {}
        self.ports_dir = folder / "ports"
        self._folder = folder
        self._children = children
        self._web: Child | None = None
        self._bridge: Child | None = None
        self._secrets: Secrets = ensure_secrets(folder)

    @property
    def url(self) -> str:
        """Where the server is."""
        return f"http://{LOOPBACK}:{self.port}"

    def open(self, enrolments: tuple[Enrolment, ...]) -> None:
        """Start everything, with these robots enrolled."""
        self.ports_dir.mkdir()
        self.store.start()
        database = Database(self.store.url)
        make_zone(database, enrolments)
        now = datetime.now(UTC)
        with database.write() as session:
            ensure_bridge(session, self._secrets.bridge_token, now)
            self._give_credentials(session, now)
        database.close()
        self.broker.start()
        self._configure()
        self._start_web()
        self._start_bridge()

    def _give_credentials(self, session: Session, now: datetime) -> None:
        """Let every robot that reports over HTTPS do so."""
        for robot in session.exec(select(Robot).where(Robot.protocol == "fair-https")).all():
            name, over = f"{EXHIBITOR}.{robot.code}", now + timedelta(days=1)
            credential = RobotCredential(
                robot_id=robot.id or 0,
                purpose=CredentialPurpose.FAIR,
                issued_at=now,
                ends_at=over,
                username=name,
                client_id=name,
            )
            session.add(credential)
            self.tokens[name.replace(".", "/")] = robot_token(self._secrets.secret_key, name, CredentialPurpose.FAIR, 1)

    def suffer(self, death: Death, sleep: Callable[[float], None] = time.sleep) -> None:
        """Kill something, wait, and bring it back; the robots pull their own ports."""
        if death.victim is Victim.SESSIONS:
            self.store.end_sessions()
        if death.victim in self._mortals:
            kill, revive = self._mortals[death.victim]
            kill()
            sleep(death.away)
            revive()

    def fallen(self) -> list[str]:
        """Return what has ended without having been killed: a sentence each, with its last words."""
        running = (("the server", self._web), ("the bridge", self._bridge))
        return [
            f"{name} has ended by itself; its last words:\n{tail(child.output(), 5)}"
            for name, child in running
            if child is not None and not child.is_running()
        ]

    @property
    def _mortals(self) -> dict[Victim, tuple[Callable[[], None], Callable[[], None]]]:
        return {
            Victim.BROKER: (self.broker.kill, self.broker.start),
            Victim.BRIDGE: (lambda: _kill(self._bridge), self._start_bridge),
            Victim.SERVER: (lambda: _kill(self._web), self._start_web),
            Victim.DATABASE: (self.store.kill, self.store.start),
        }

    def _configure(self) -> None:
        port, version = self.broker.bridge
        self._config.write_text(
            f"[bridge]\nserver = {json.dumps(self.url)}\ntoken = ''\nspool = {json.dumps(f'{self._folder}/spool.db')}\n"
            f"ports_dir = {json.dumps(str(self.ports_dir))}\n"
            f"[mqtt]\nhost = '{LOOPBACK}'\nport = {port}\nversion = {version}\n",
            encoding="utf-8",
        )

    @property
    def _config(self) -> Path:
        return self._folder / "bridge.toml"

    def _start_web(self) -> None:
        env = {"FAIRZONE_DATA": str(self._folder), "DATABASE_URL": self.store.url, "FAIRZONE_PORT": str(self.port)}
        self._web = self._children.start(
            [*FAIRZONE, "web"], name="web", env=env, ready=lambda: accepts(self.port), seconds=START_S
        )

    def _start_bridge(self) -> None:
        """Start it; whether it can reach anybody at this moment is its own affair."""
        env = {"FAIRZONE_BRIDGE_TOKEN": self._secrets.bridge_token}
        self._bridge = self._children.start(
            [*FAIRZONE, "bridge", "--config", str(self._config)], name="bridge", env=env
        )

    def wait_for_bridge(self, ports: int) -> None:
        """Wait until the bridge listens to the broker and has opened so many serial ports."""
        what = f"the bridge to listen and to open {ports} ports"
        wait_until(lambda: self._bridge_is_ready(ports), seconds=START_S, what=what)

    def _bridge_is_ready(self, ports: int) -> bool:
        if self._bridge is None or not self._bridge.is_running():
            message = f"the bridge has ended:\n{tail(self._bridge.output()) if self._bridge else ''}"
            raise NotReadyError(message)
        written = self._bridge.output()
        return "listening on" in written and written.count(" is open") >= ports


def _kill(child: Child | None) -> None:
    if child is not None:
        child.kill()
