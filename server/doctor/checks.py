"""What `fairzone doctor` looks at: each check goes from an installation to its findings and changes nothing."""

import os
import shutil
import stat
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from importlib.metadata import PackageNotFoundError, requires
from importlib.util import find_spec
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, col, func, select

from server.doctor.installation import CheckResult, CheckStatus, ExaminedInstallation
from server.features.accounts.models import Account
from server.features.exhibitors.models import Exhibitor, Robot
from server.infra import migrate, probes
from server.infra.db import Database
from server.infra.web.health import WORKER_LATE_S
from server.infra.web.static import folder_of
from server.kernel.errors import SetupError
from server.kernel.ids import token_digest
from server.settings import LAST_PORT, LEAST_SECRET_CHARS, SECRETS_FILE, read_secrets

OLDEST_PYTHON = (3, 11)
LEAST_DISK_BYTES = 1024**3
MODEST_DISK_BYTES = 5 * 1024**3
REPORTS_LATE_S = 60.0
CLOCK_SLACK = timedelta(days=1)
MODULES = {
    "server": ("a2wsgi", "alembic", "apscheduler", "argon2", "babel", "flask", "fluent.runtime", "granian", "psycopg"),
    "demo": ("iotcore",),
}
"""By extra, modules that it alone brings."""


def python(_place: ExaminedInstallation) -> Iterator[CheckResult]:
    """The interpreter is new enough."""
    found = ".".join(map(str, sys.version_info[:3]))
    wanted = ".".join(map(str, OLDEST_PYTHON))
    if sys.version_info >= OLDEST_PYTHON:
        yield CheckResult("python", CheckStatus.OK, f"Python {found}")
    else:
        yield CheckResult(
            "python", CheckStatus.PROBLEM, f"Python {found} is too old", f"Install Python {wanted} or newer."
        )


def extras(_place: ExaminedInstallation) -> Iterator[CheckResult]:
    """What the server imports is installed; the demo's broker is a note, since a real hall does not need it."""
    try:
        requires("fairzone")
    except PackageNotFoundError:
        yield CheckResult(
            "installation",
            CheckStatus.PROBLEM,
            "FairZone is not installed in this Python, so `fairzone` finds no commands",
            'Run: python -m pip install "fairzone[server]", or `make demo` in a clone.',
        )
    for extra, modules in MODULES.items():
        missing = [module for module in modules if find_spec(module.partition(".")[0]) is None]
        remedy = f'Run: {sys.executable} -m pip install "fairzone[{extra}]"'
        if not missing:
            yield CheckResult(f"extra {extra}", CheckStatus.OK, "installed")
        elif extra == "demo":
            yield CheckResult(
                "extra demo", CheckStatus.NOTE, "not installed: only `fairzone demo` and `broker` need it", remedy
            )
        else:
            yield CheckResult(f"extra {extra}", CheckStatus.PROBLEM, f"missing: {', '.join(missing)}", remedy)


def clock(place: ExaminedInstallation) -> Iterator[CheckResult]:
    """The machine knows fair time, and its clock is not earlier than this very program."""
    try:
        offset = place.now.astimezone(ZoneInfo("Asia/Shanghai")).utcoffset()
    except ZoneInfoNotFoundError:
        offset = None
    if offset != timedelta(hours=8):
        yield CheckResult(
            "time zone data", CheckStatus.PROBLEM, "Asia/Shanghai is not known", "Run: python -m pip install tzdata"
        )
    else:
        yield CheckResult("time zone data", CheckStatus.OK, "Asia/Shanghai is UTC+8")
    if place.now < place.installed_at - CLOCK_SLACK:
        yield CheckResult(
            "clock",
            CheckStatus.PROBLEM,
            f"the clock says {place.now:%Y-%m-%d %H:%M} UTC, which is before this version was installed",
            "Set the clock, and let it be kept: timedatectl set-ntp true",
        )
    else:
        yield CheckResult("clock", CheckStatus.OK, f"{place.now:%Y-%m-%d %H:%M} UTC")


def disk(place: ExaminedInstallation) -> Iterator[CheckResult]:
    """There is room for the reports of the fair."""
    folder = next((path for path in (place.data_dir, *place.data_dir.parents) if path.is_dir()), Path("/"))
    free = shutil.disk_usage(folder).free
    status = (
        CheckStatus.PROBLEM
        if free < LEAST_DISK_BYTES
        else CheckStatus.NOTE
        if free < MODEST_DISK_BYTES
        else CheckStatus.OK
    )
    remedy = (
        "" if status is CheckStatus.OK else f"Make room on the disk of {folder}, or set FAIRZONE_DATA to another one."
    )
    yield CheckResult("disk space", status, f"{free / 1024**3:.1f} GiB free in {folder}", remedy)


def data_folder(place: ExaminedInstallation) -> Iterator[CheckResult]:
    """The data folder is there, can be written, and is for its owner alone."""
    folder = place.data_dir
    if not folder.is_dir():
        yield CheckResult(
            "data folder",
            CheckStatus.PROBLEM,
            f"{folder} is not there",
            "Run `fairzone up` or `fairzone demo` once, or name the folder with --data-dir or FAIRZONE_DATA.",
        )
    elif not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        yield CheckResult(
            "data folder", CheckStatus.PROBLEM, f"{folder} cannot be written", f"Run: chown -R $USER {folder}"
        )
    elif (mode := stat.S_IMODE(folder.stat().st_mode)) & 0o077:
        text = f"{folder} has mode {mode:04o}: others on this machine may read the fair's data"
        yield CheckResult("data folder", CheckStatus.PROBLEM, text, f"Run: chmod 700 {folder}")
    else:
        yield CheckResult("data folder", CheckStatus.OK, str(folder))


def secrets(place: ExaminedInstallation) -> Iterator[CheckResult]:
    """The secrets are there, whole, and nobody else's to read."""
    path = place.data_dir / SECRETS_FILE
    given = place.environ.get("FAIRZONE_SECRET_KEY", "")
    if given and len(given) < LEAST_SECRET_CHARS:
        text = f"FAIRZONE_SECRET_KEY has {len(given)} characters"
        yield CheckResult(
            "secrets", CheckStatus.PROBLEM, text, f"Set it to at least {LEAST_SECRET_CHARS} random characters."
        )
    if not path.is_file():
        if given:
            yield CheckResult("secrets", CheckStatus.OK, "the key is in FAIRZONE_SECRET_KEY")
            return
        yield CheckResult(
            "secrets",
            CheckStatus.PROBLEM,
            f"{path} is not there",
            "Run `fairzone up` once, which makes it. Log-ins made under an older key have to log in again.",
        )
        return
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        yield CheckResult("secrets", CheckStatus.PROBLEM, f"{path} has mode {mode:04o}", f"Run: chmod 600 {path}")
    try:
        read_secrets(place.data_dir)
    except SetupError:
        remedy = f"Delete it; `fairzone up` makes a new one: rm {path}"
        yield CheckResult("secrets", CheckStatus.PROBLEM, f"{path} cannot be read as secrets", remedy)
    else:
        if not mode & 0o077:
            yield CheckResult("secrets", CheckStatus.OK, f"{path}, mode {mode:04o}")


def front_end(place: ExaminedInstallation) -> Iterator[CheckResult]:
    """Every file that a page names is there, the packages of others included."""
    templates = [*place.server.glob("templates/**/*.html"), *place.server.glob("features/*/templates/**/*.html")]
    named = {name for path in templates for name in _static_names(path.read_text(encoding="utf-8"))}
    missing = sorted(name for name in named if not Path(*folder_of(name, place.server)).is_file())
    if missing:
        yield CheckResult(
            "front-end files",
            CheckStatus.PROBLEM,
            f"pages name files that are not there: {', '.join(missing)}",
            "In a clone: delete .venv and run `make demo`. From a wheel: install FairZone again.",
        )
    else:
        yield CheckResult("front-end files", CheckStatus.OK, f"all {len(named)} that pages name")


def _static_names(template: str) -> Iterator[str]:
    """The paths inside every `static_url(...)` of a template."""
    for call in template.split("static_url(")[1:]:
        words = call.partition(")")[0].split("'" if "'" in call.partition(")")[0] else '"')
        yield from (word for word in words[1::2] if "." in word)


def database(place: ExaminedInstallation) -> Iterator[CheckResult]:
    """The database answers, has this version's schema, and holds a fair with robots and the bridge's log-in."""
    remedy = "Start the database, or mend DATABASE_URL (postgresql://user:password@host/name)."
    try:
        opened = Database(place.database_url) if _may_open(place) else None
        if opened is None:
            yield CheckResult("database", CheckStatus.PROBLEM, "there is none yet", "Run: fairzone db upgrade")
            return
        if not opened.answers():
            yield CheckResult(
                "database", CheckStatus.PROBLEM, f"{opened.url.render_as_string()} does not answer", remedy
            )
            return
        yield from _inside(place, opened)
        opened.close()
    except (SetupError, SQLAlchemyError, OSError) as error:
        yield CheckResult("database", CheckStatus.PROBLEM, f"cannot be used: {error}", remedy)


def _may_open(place: ExaminedInstallation) -> bool:
    """Opening a SQLite database makes its file: an examination must not."""
    scheme, _, path = place.database_url.partition(":///")
    return not scheme.startswith("sqlite") or Path(path).is_file()


def _inside(place: ExaminedInstallation, opened: Database) -> Iterator[CheckResult]:
    have, want = migrate.current_version(opened), migrate.newest_version()
    if have != want:
        text = f"the schema is {have or 'empty'}, this version needs {want}"
        yield CheckResult("database", CheckStatus.PROBLEM, text, "Run: fairzone db upgrade")
        return
    yield CheckResult("database", CheckStatus.OK, f"{opened.dialect}, schema {have}")
    with opened.read() as session:
        yield _enrolments(session)
        yield _bridge_account(session, place)


def _enrolments(session: Session) -> CheckResult:
    exhibitors = session.exec(select(func.count()).select_from(Exhibitor)).one()
    robots = session.exec(select(func.count()).select_from(Robot)).one()
    if robots:
        return CheckResult("enrolments", CheckStatus.OK, f"{robots} robots of {exhibitors} exhibitors")
    remedy = "Enter exhibitors and robots."
    return CheckResult(
        "enrolments", CheckStatus.PROBLEM, "no robot is enrolled: every report goes to quarantine", remedy
    )


def _bridge_account(session: Session, place: ExaminedInstallation) -> CheckResult:
    try:
        token = place.environ.get("FAIRZONE_BRIDGE_TOKEN") or read_secrets(place.data_dir).bridge_token
    except SetupError:
        return CheckResult("bridge log-in", CheckStatus.NOTE, "cannot be compared without the secrets")
    digest = token_digest(token)
    known = session.exec(select(Account).where(Account.token_hash == digest, Account.role == "bridge")).first()
    if known is not None and known.active:
        return CheckResult("bridge log-in", CheckStatus.OK, f"the token is that of `{known.username}`")
    elsewhere = select(Account).where(Account.role == "bridge", col(Account.token_hash).is_not(None))
    if not place.bridge_settings.is_file() and session.exec(elsewhere).first() is not None:
        return CheckResult(
            "bridge log-in", CheckStatus.NOTE, "the bridge runs on another machine with a token of its own"
        )
    remedy = "Run `fairzone up` once, which lets the bridge of this machine in."
    return CheckResult("bridge log-in", CheckStatus.PROBLEM, "the server does not know the bridge's token", remedy)


def port(place: ExaminedInstallation) -> Iterator[CheckResult]:
    """The web port is free, or FairZone itself answers on it."""
    try:
        host, number = place.web()
    except SetupError as error:
        yield CheckResult("settings", CheckStatus.PROBLEM, error.problem, error.remedy)
        return
    if "build" in probes.health(number, host):
        yield CheckResult("web", CheckStatus.OK, f"FairZone answers on {host}:{number}")
    elif probes.is_free(number, host):
        yield CheckResult(
            "web", CheckStatus.NOTE, f"not running; {host}:{number} is free", "Run `fairzone up` or `fairzone demo`."
        )
    else:
        remedy = f"See who does (ss -ltnp | grep {number}) and end it, or set FAIRZONE_PORT."
        yield CheckResult("web", CheckStatus.PROBLEM, f"something else uses {host}:{number}", remedy)


def public_url(place: ExaminedInstallation) -> Iterator[CheckResult]:
    """A hall says under which address visitors find it."""
    if not place.is_demo and not place.environ.get("FAIRZONE_PUBLIC_URL"):
        text = "FAIRZONE_PUBLIC_URL is not set: QR codes carry the address under which a page was asked for"
        yield CheckResult("public address", CheckStatus.NOTE, text, "Set it to the address that visitors can reach.")


def running(place: ExaminedInstallation) -> Iterator[CheckResult]:
    """While the web process runs: the worker gives signs of life and reports come in."""
    try:
        host, number = place.web()
    except SetupError:
        return
    health = probes.health(number, host)
    if not health:
        return
    worker, newest = health.get("worker_age_s"), health.get("last_report_age_s")
    if probes.is_younger(worker, WORKER_LATE_S):
        yield CheckResult("worker", CheckStatus.OK, f"last sign of life {worker:.0f} s ago")
    else:
        remedy = "Start it: `fairzone worker`, or everything together: `fairzone up`."
        yield CheckResult("worker", CheckStatus.PROBLEM, f"last sign of life {_ago(worker)}", remedy)
    if probes.is_younger(newest, REPORTS_LATE_S):
        yield CheckResult("reports", CheckStatus.OK, f"the bridge's last batch came {newest:.0f} s ago")
    else:
        remedy = "Look at the bridge's output: it names the server, the broker and the ports that it cannot reach."
        yield CheckResult("reports", CheckStatus.PROBLEM, f"the bridge's last batch came {_ago(newest)}", remedy)


def _ago(seconds: object) -> str:
    return f"{seconds:.0f} s ago" if isinstance(seconds, int | float) else "never"


def broker(place: ExaminedInstallation) -> Iterator[CheckResult]:
    """The broker of the bridge on this machine takes connections."""
    path = place.bridge_settings
    if not path.is_file():
        yield CheckResult("bridge", CheckStatus.NOTE, f"{path} is not there: the bridge runs elsewhere, or not at all")
        return
    settings = place.bridge()
    if not settings:
        yield CheckResult(
            "bridge", CheckStatus.PROBLEM, f"{path} cannot be read", "`fairzone bridge --help` shows an example."
        )
        return
    if not place.says_where_the_server_is():
        text = f'[bridge] server = "{place.section("bridge").get("server", "")}" is no address'
        yield CheckResult(
            "bridge", CheckStatus.PROBLEM, text, f'Write it as in server = "http://127.0.0.1:8460": {path}'
        )
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077 and ("token" in place.section("bridge") or "password" in place.section("mqtt")):
        text = f"{path} holds a secret and has mode {mode:04o}"
        yield CheckResult("bridge", CheckStatus.PROBLEM, text, f"Run: chmod 600 {path}")
    if "mqtt" not in settings:
        yield CheckResult("broker", CheckStatus.NOTE, "the bridge has none: serial ports alone")
    else:
        yield _mqtt(place)


def _mqtt(place: ExaminedInstallation) -> CheckResult:
    mqtt, remedy = place.section("mqtt"), f"Start it, or mend [mqtt] in {place.bridge_settings}."
    host, number = str(mqtt.get("host", "")), mqtt.get("port", 1883)
    if not isinstance(number, int) or not 1 <= number <= LAST_PORT:
        return CheckResult("broker", CheckStatus.PROBLEM, f"[mqtt] port = {number!r} is no port", remedy)
    if probes.connects(host, number):
        return CheckResult("broker", CheckStatus.OK, f"{host}:{number} takes connections")
    if (place.data_dir / "broker.toml").is_file():
        return CheckResult("broker", CheckStatus.NOTE, "not running: the demo starts its own", "Run `fairzone demo`.")
    return CheckResult("broker", CheckStatus.PROBLEM, f"{host}:{number} takes no connection", remedy)


def serial_ports(place: ExaminedInstallation) -> Iterator[CheckResult]:
    """The serial ports that the bridge is told to open are there and may be opened."""
    folder = str(place.section("bridge").get("ports_dir", ""))
    ports = [Path(address) for address in place.serial_addresses() if "://" not in address]
    ports += sorted(Path(folder).iterdir()) if folder and Path(folder).is_dir() else []
    for path in ports:
        if not path.exists():
            remedy = "Plug the adapter in; `ls /dev/serial/by-id` names those that are there."
            yield CheckResult("serial port", CheckStatus.PROBLEM, f"{path} is not there", remedy)
        elif not os.access(path, os.R_OK | os.W_OK):
            remedy = "Run: usermod --append --groups dialout $USER, and log in again."
            yield CheckResult("serial port", CheckStatus.PROBLEM, f"{path} may not be opened by this user", remedy)
    if ports and all(path.exists() and os.access(path, os.R_OK | os.W_OK) for path in ports):
        yield CheckResult("serial ports", CheckStatus.OK, f"{len(ports)} can be opened")


CHECKS: tuple[Callable[[ExaminedInstallation], Iterator[CheckResult]], ...] = (
    python,
    extras,
    clock,
    disk,
    data_folder,
    secrets,
    front_end,
    database,
    port,
    public_url,
    running,
    broker,
    serial_ports,
)
