"""A real hall's programs on one machine: web, worker and bridge, from the environment; refuses what cannot work."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlmodel import func, select

from server.features.accounts.service import ensure_bridge
from server.features.enrolment.service import bridge_account
from server.features.exhibitors.models import Robot
from server.infra import migrate, probes
from server.infra.claims import taken
from server.infra.db import Database
from server.infra.program import FAIRZONE, Program
from server.infra.supervisor import Say
from server.kernel.errors import SetupError
from server.settings import Secrets, Settings


@dataclass(frozen=True)
class Installation:
    """One hall's installation; without `bridge_settings` the bridge runs on another machine."""

    settings: Settings
    secrets: Secrets
    bridge_settings: Path | None


def make_ready(hall: Installation, now: datetime, say: Say) -> None:
    """Bring the database up to date and let the bridge in; one on another machine keeps its token.

    Raises:
        SetupError: something is missing without which the hall cannot run; the message says what to do.
    """
    settings = hall.settings
    _refuse_what_cannot_run(hall)
    database = Database(settings.database_url)
    try:
        if not database.answers():
            raise SetupError(
                f"The database does not answer: {database.url.render_as_string()}.",
                "Start it, or mend DATABASE_URL (postgresql://user:password@host/name).",
            )
        before = migrate.current_version(database)
        migrate.upgrade(database)
        if before != migrate.newest_version():
            say(f"the database's schema was brought from {before or 'nothing'} to {migrate.newest_version()}")
        with database.write() as session:
            ensure_bridge(session, hall.secrets.bridge_token if hall.bridge_settings else None, now)
        with database.read() as session:
            robots = session.exec(select(func.count()).select_from(Robot)).one()
        if not robots:
            say("no robot is enrolled yet: whatever reports goes to quarantine until exhibitors and robots are entered")
    finally:
        database.close()


def programs(hall: Installation, environ: Mapping[str, str]) -> list[Program]:
    """Web, worker and, unless it runs elsewhere, the bridge. Their output goes to the supervisor's own."""
    settings = hall.settings
    host, port = probes.reachable(settings.host), settings.port
    env = {**environ, "PYTHONUNBUFFERED": "1", "FAIRZONE_DATA": str(settings.data_dir)}
    web = Program(name="web", command=(*FAIRZONE, "web"), env=env, is_ready=probes.serves(port, host))
    worker = Program(
        name="worker", command=(*FAIRZONE, "worker"), env=env, stage=1, is_ready=probes.beats(port, host), stop_s=10.0
    )
    if hall.bridge_settings is None:
        return [web, worker]
    bridge = Program(
        name="bridge",
        command=(*FAIRZONE, "bridge", "--config", str(hall.bridge_settings)),
        env={**_into_the_broker(settings), **env, "FAIRZONE_BRIDGE_TOKEN": hall.secrets.bridge_token},
        stage=1,
        is_ready=probes.runs_for(2.0),
    )
    return [web, worker, bridge]


def _into_the_broker(settings: Settings) -> dict[str, str]:
    """The bridge's password towards a broker that the worker administers; one in the environment goes before it."""
    return {"FAIRZONE_MQTT_PASSWORD": bridge_account(settings.secret_key).secret} if settings.broker_admin else {}


def _refuse_what_cannot_run(hall: Installation) -> None:
    settings = hall.settings
    if not probes.is_free(settings.port, settings.host):
        raise taken(settings.port, settings.host)
    if hall.bridge_settings is not None and not hall.bridge_settings.is_file():
        raise SetupError(
            f"The bridge has no settings: {hall.bridge_settings} is not there.",
            "Write it (`fairzone bridge --help` shows an example), or say --no-bridge when it runs on another machine.",
        )
