"""The demo zone on one machine: its folder, its ports, what must be ready before it starts, and its programs."""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlmodel import Session, select

from server.demo.fair import DEMO_LOGINS, add_logins, load_demo_fair, reopen_demo_fair
from server.features.accounts.service import ensure_bridge
from server.features.exhibitors.models import Exhibitor
from server.features.floorplan.queries import robot_floors
from server.features.floorplan.schemas import RobotFloor
from server.infra import migrate, probes
from server.infra.claims import claim
from server.infra.db import Database
from server.infra.program import FAIRZONE, Program
from server.infra.supervisor import Say
from server.kernel.errors import SetupError
from server.settings import Secrets, default_database_url, ensure_secrets

WEB_PORT = 8000
MQTT_PORT = 1883
DEMO_PASSWORD = "service-robot-zone"  # noqa: S105  # of the invented people on this machine, printed at every start
DEMO_FOLDER = Path(".fairzone") / "demo"
"""Where `fairzone demo` keeps its data unless told otherwise."""
OWN_SETTINGS = frozenset(
    {
        "DATABASE_URL",
        "FAIRZONE_BRIDGE_TOKEN",
        "FAIRZONE_BROKER_ADMIN",
        "FAIRZONE_BROKER_URL",
        "FAIRZONE_CHANGE_HOURS",
        "FAIRZONE_DATA",
        "FAIRZONE_FAIR",
        "FAIRZONE_HOST",
        "FAIRZONE_MAIL_FROM",
        "FAIRZONE_MQTT_PASSWORD",
        "FAIRZONE_PLACE",
        "FAIRZONE_PORT",
        "FAIRZONE_PUBLIC_URL",
        "FAIRZONE_SECRET_KEY",
        "FAIRZONE_SECURE_COOKIES",
        "FAIRZONE_SMTP",
        "FAIRZONE_STRICT_TRANSLATIONS",
        "FAIRZONE_TRUSTED_PROXIES",
    }
)
"""What a real hall sets: nothing of it may reach the demo, least of all its database."""


@dataclass(frozen=True)
class ZonePorts:
    """Where the zone listens on loopback: the web, MQTT 3.1.1 for robots, MQTT 5 for the bridge."""

    web: int
    mqtt: int
    mqtt5: int


@dataclass(frozen=True)
class Zone:
    """One demo zone: where it keeps its files and where it listens."""

    data_dir: Path
    ports: ZonePorts

    @property
    def url(self) -> str:
        """The address to open."""
        return f"http://{probes.LOOPBACK}:{self.ports.web}"

    @property
    def database_url(self) -> str:
        """The zone's own SQLite database."""
        return default_database_url(self.data_dir)

    @property
    def serial_ports(self) -> Path:
        """The folder in which the serial robots' ports appear."""
        return self.data_dir / "serial"

    @property
    def fleet(self) -> Path:
        """The list of robots that the simulators play."""
        return self.data_dir / "robots.json"

    @property
    def bridge_settings(self) -> Path:
        """The bridge's own settings."""
        return self.data_dir / "bridge.toml"

    @property
    def spool(self) -> Path:
        """Where the bridge keeps what the server has not taken yet."""
        return self.data_dir / "spool.db"


@contextmanager
def usual_ports(wanted: int | None, say: Say) -> Iterator[ZonePorts]:
    """The usual ports where they are free, any others where not; no other zone takes them meanwhile.

    Raises:
        SetupError: the web port that was asked for by number is taken.
    """
    with ExitStack() as held:
        if wanted is not None and not _claim(wanted, held):
            raise SetupError(f"Port {wanted} is taken.", "Give another --port, or none: then a free one is found.")
        web = wanted or _usual_or_any(WEB_PORT, "web", held, say)
        mqtt = _usual_or_any(MQTT_PORT, "MQTT", held, say)
        yield ZonePorts(web, mqtt, _usual_or_any(mqtt + 1, "MQTT 5", held, say))


@contextmanager
def any_ports() -> Iterator[ZonePorts]:
    """Three ports that nobody uses, and that no other zone takes meanwhile."""
    with ExitStack() as held:
        yield ZonePorts(_any_port(held), _any_port(held), _any_port(held))


def prepare(zone: Zone, now: datetime, say: Say) -> Secrets:
    """Make everything that the programs find when they start: secrets, schema, fair, list of robots, settings."""
    secrets = ensure_secrets(zone.data_dir)
    _make_way(zone, say)
    database = Database(zone.database_url)
    try:
        _open_fair(database, now, say)
        with database.write() as session:
            ensure_bridge(session, secrets.bridge_token, now)
        with database.read() as session:
            robots = cast_of(session)
    finally:
        database.close()
    zone.fleet.write_text(json.dumps(robots, ensure_ascii=False, indent=1), encoding="utf-8")
    _write_private(zone.bridge_settings, _bridge_toml(zone))
    _unplug_all(zone.serial_ports)
    return secrets


def cast_of(session: Session) -> list[dict[str, Any]]:
    """The simulated robots for the simulators: each on its own part of its exhibitor's first booth."""
    return [_part(floor) for floor in robot_floors(session) if floor.source == "simulated"]


def programs(zone: Zone, secrets: Secrets, environ: Mapping[str, str]) -> list[Program]:
    """The zone's programs: the broker first, then the web, then the rest; the robots of each protocol by themselves."""
    inherited = {name: value for name, value in environ.items() if name not in OWN_SETTINGS}
    env = {
        **inherited,
        "PYTHONUNBUFFERED": "1",
        "FAIRZONE_DATA": str(zone.data_dir),
        "DATABASE_URL": zone.database_url,
        "FAIRZONE_HOST": probes.LOOPBACK,
        "FAIRZONE_PORT": str(zone.ports.web),
        "FAIRZONE_STRICT_TRANSLATIONS": "1",
        "FAIRZONE_FAIR": "Demo fair: service-robot zone | 演示展会：服务机器人专区",
        "FAIRZONE_PLACE": "Guangzhou | 广州",
        "FAIRZONE_BROKER_URL": f"mqtt://{probes.LOOPBACK}:{zone.ports.mqtt}",
    }
    ports = zone.ports
    broker = ("broker", "--port", str(ports.mqtt), "--v5-port", str(ports.mqtt5), "--data-dir", str(zone.data_dir))
    bridge = ("bridge", "--config", str(zone.bridge_settings))
    token = {"FAIRZONE_BRIDGE_TOKEN": secrets.bridge_token}
    return [
        _program(zone, broker, inherited, stage=0, is_ready=probes.port_accepts(ports.mqtt5)),
        _program(zone, ("web",), env, stage=1, is_ready=probes.serves(ports.web)),
        _program(zone, ("worker",), env, stage=2, is_ready=probes.beats(ports.web)),
        _program(zone, bridge, {**inherited, **token}, stage=2, is_ready=probes.writes(zone.spool)),
        *_simulators(zone, inherited),
    ]


def _simulators(zone: Zone, env: Mapping[str, str]) -> list[Program]:
    spoken = sorted({robot["protocol"] for robot in json.loads(zone.fleet.read_text(encoding="utf-8"))})
    where = ("--broker", f"{probes.LOOPBACK}:{zone.ports.mqtt}", "--ports-dir", str(zone.serial_ports))
    return [
        _program(
            zone,
            ("simulate", "--fair", str(zone.fleet), *where, "--protocol", protocol),
            env,
            name=f"robots ({protocol})",
            stage=2,
            is_ready=probes.runs_for(1.0),
        )
        for protocol in spoken
    ]


def _program(
    zone: Zone,
    words: tuple[str, ...],
    env: Mapping[str, str],
    *,
    stage: int,
    is_ready: Callable[[float], bool],
    name: str = "",
) -> Program:
    label = name or words[0]
    log = zone.data_dir / "logs" / f"{''.join(letter if letter.isalnum() else '-' for letter in label)}.log"
    return Program(name=label, command=(*FAIRZONE, *words), env=env, stage=stage, is_ready=is_ready, log=log)


def _make_way(zone: Zone, say: Say) -> None:
    """Delete a demo fair that this version cannot bring up to date, with what waits in its spool."""
    database = Database(zone.database_url)
    too_old = not migrate.can_upgrade(database)
    database.close()
    if not too_old:
        return
    for kept in (Path(str(database.url.database)), zone.spool):
        for path in kept.parent.glob(f"{kept.name}*"):
            path.unlink()
    say(f"The demo fair in {zone.data_dir} was of another version of FairZone: it is made anew.")


def _open_fair(database: Database, now: datetime, say: Say) -> None:
    """Bring the schema up to date and see to it that there is a fair, open on its second day now."""
    migrate.upgrade(database)
    passwords = {login.username: DEMO_PASSWORD for login in DEMO_LOGINS}
    with database.read() as session:
        empty = session.exec(select(Exhibitor.id).limit(1)).first() is None
    if empty:
        say(str(load_demo_fair(database, now, passwords)))
        return
    with database.write() as session:
        moved = reopen_demo_fair(session, now)
        add_logins(session, passwords, now)
    if moved:
        say("The fair that was here is not on its second day now: its days and demos were moved, so that it is again.")


def _part(floor: RobotFloor) -> dict[str, Any]:
    return {
        "robot": floor.robot,
        "protocol": floor.protocol,
        "address": floor.address,
        "kind": floor.kind,
        "area": {"x": floor.x, "y": floor.y, "width": floor.width_m, "depth": floor.depth_m},
        "name": {"en": floor.name_en, "zh": floor.name_zh},
    }


def _bridge_toml(zone: Zone) -> str:
    """The bridge's settings. A JSON string is a TOML string too; the token comes by the environment."""
    return f"""\
[bridge]
server = {json.dumps(zone.url)}
spool = {json.dumps(str(zone.spool))}
ports_dir = {json.dumps(str(zone.serial_ports))}

[mqtt]
host = "{probes.LOOPBACK}"
port = {zone.ports.mqtt5}
"""


def _write_private(path: Path, text: str) -> None:
    """Write a file that its owner alone may read, from its first byte on."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)


def _unplug_all(serial_ports: Path) -> None:
    """Remove the links of robots that were killed: the system gives their terminals to whoever asks next."""
    for port in serial_ports.glob("*"):
        if port.is_symlink():
            port.unlink()


def _usual_or_any(usual: int, what: str, held: ExitStack, say: Say) -> int:
    if _claim(usual, held):
        return usual
    found = _any_port(held)
    say(f"the usual {what} port {usual} is taken: this zone uses {found}")
    return found


def _any_port(held: ExitStack) -> int:
    while not _claim(port := probes.free_port(), held):
        pass
    return port


def _claim(port: int, held: ExitStack) -> bool:
    return claim(port, "zone", held)
