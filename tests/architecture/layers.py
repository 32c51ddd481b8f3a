"""The layer table: one row a layer, saying which files it is, which layers it may import and what it may touch.

A file without a row, a feature outside the order, and an import that no row allows are violations. The table is the
architecture; prose about it lives beside the rows.
"""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from tests.architecture.source import PACKAGES, Module, imports

# Low to high: a feature may use those before it and never those after it.
FEATURE_ORDER = (
    "accounts",
    "inbox",
    "reservations",
    "exhibitors",
    "buyers",
    "floorplan",
    "timetable",
    "enrolment",
    "telemetry",
    "matchmaking",
    "meetings",
    "leads",
    "privacy",
    "screens",
    "insight",
)

# A feature that has to name what a later one keeps reaches for its table by hand, and only for these.
LATER_TABLES = {
    # Whose a log-in is, and where a buyer is written to: asked with every request, in one query.
    "accounts": {"buyer", "exhibitor"},
    # Where an exhibitor is, and what hangs on its people and robots, stands on its own pages.
    "exhibitors": {"booth", "booth_assignment", "buyer", "demo", "fair_day", "meeting"},
}

ANY = ("*",)
TABLES = ("sqlmodel", "sqlalchemy")
SHAPES = ("pydantic", "pydantic_core", "annotated_types")

# The standard library's modules that reach outside the process or make the same call answer differently twice.
OUTSIDE = frozenset(
    {
        "asyncio",
        "concurrent",
        "ctypes",
        "email",
        "ftplib",
        "glob",
        "http",
        "imaplib",
        "io",
        "mmap",
        "multiprocessing",
        "os",
        "pathlib",
        "pickle",
        "poplib",
        "pty",
        "queue",
        "random",
        "sched",
        "secrets",
        "select",
        "selectors",
        "shelve",
        "shutil",
        "signal",
        "smtplib",
        "socket",
        "socketserver",
        "sqlite3",
        "ssl",
        "subprocess",
        "tempfile",
        "termios",
        "threading",
        "time",
        "tty",
        "urllib",
        "uuid",
        "xmlrpc",
    }
)


@dataclass(frozen=True)
class Row:
    """One layer. `may` names layers; inside features `own:x` is the same feature's x and `earlier:x` a lower one's."""

    layer: str
    paths: tuple[str, ...]
    may: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()
    forbids: frozenset[str] = frozenset()


def feature_files(*names: str) -> tuple[str, ...]:
    """The paths of a layer inside every feature: one file, or a folder of that name when it has grown."""
    return tuple(path for name in names for path in (f"server/features/*/{name}.py", f"server/features/*/{name}/**"))


SERVER_ROWS = (
    Row("package", ("server/__init__.py", "device_bridge/__init__.py"), forbids=OUTSIDE),
    # Pure: standard library only. Clocks and ids are made here and nowhere else, so these two may ask the machine.
    Row(
        "kernel",
        ("server/kernel/clock.py", "server/kernel/ids.py"),
        ("kernel",),
        forbids=OUTSIDE - {"secrets", "time", "uuid"},
    ),
    Row("kernel", ("server/kernel/*.py",), ("kernel",), forbids=OUTSIDE),
    Row("settings", ("server/settings.py",), ("kernel",)),
    # The part of the plumbing that tables are declared with; no session, no engine.
    Row("columns", ("server/infra/columns.py", "server/infra/sums.py"), ("kernel",), TABLES, OUTSIDE),
    # The validated shape of what comes in and goes out, without Flask.
    Row("shapes", ("server/infra/schema.py",), ("kernel",), SHAPES, OUTSIDE),
    # Who asks, as a plain value; queries narrow what they show by it.
    Row("identity", ("server/infra/identity.py",), ("kernel",), forbids=OUTSIDE),
    # What speaks HTTP: Flask's side, and the live feed beside it.
    Row(
        "web",
        ("server/infra/web/**", "server/infra/live.py", "server/infra/wsgi.py"),
        ("kernel", "settings", "columns", "shapes", "identity", "infra", "web"),
        ANY,
    ),
    Row("infra", ("server/infra/**",), ("kernel", "settings", "columns", "shapes", "identity", "infra", "wire"), ANY),
    # Decisions: everything comes in by argument.
    Row("rules", feature_files("rules", "signals", "notices"), ("kernel", "own:rules"), forbids=OUTSIDE),
    Row("models", feature_files("models"), ("kernel", "columns", "own:rules", "own:models"), TABLES, OUTSIDE),
    # Which protocols there are, the registry knows: no list of them is written down a second time.
    Row("schemas", ("server/features/exhibitors/schemas/protocols.py",), ("protocols",), forbids=OUTSIDE),
    Row(
        "schemas",
        feature_files("schemas", "events"),
        ("kernel", "shapes", "wire", "own:rules", "own:schemas"),
        ("sqlmodel", *SHAPES),
        OUTSIDE,
    ),
    Row(
        "queries",
        feature_files("queries"),
        (
            "kernel",
            "columns",
            "identity",
            *("own:queries", "own:models", "own:schemas", "own:rules"),
            # A read that two features need has one home, in the earlier one.
            *("earlier:queries", "earlier:models", "earlier:schemas", "earlier:rules"),
        ),
        TABLES,
        OUTSIDE,
    ),
    # The server is the bridge of the robots that speak over HTTPS: it reads and counts them by the same pure code.
    Row(
        "service",
        ("server/features/telemetry/service/**",),
        (
            *("kernel", "columns", "identity", "infra", "wire", "protocols", "accounting"),
            *("own:service", "own:queries", "own:models", "own:schemas", "own:rules"),
            *("earlier:service", "earlier:schemas", "earlier:rules"),
        ),
        (*TABLES, "msgspec"),
        OUTSIDE,
    ),
    # What a robot's options may be, only its protocol's decoder knows.
    Row("service", ("server/features/exhibitors/service/speaking.py",), ("kernel", "protocols", "own:rules")),
    # Use cases. They take a session and never open or commit one; no Flask.
    Row(
        "service",
        feature_files("service"),
        (
            *("kernel", "columns", "identity", "infra", "wire"),
            *("own:service", "own:queries", "own:models", "own:schemas", "own:rules"),
            *("earlier:service", "earlier:schemas", "earlier:rules"),
        ),
        (*TABLES, *SHAPES, "msgspec", "argon2", "segno"),
        frozenset({"socket", "subprocess", "threading", "http", "urllib", "smtplib"}),
    ),
    # What follows from an event: run by the worker in a unit of work of its own, told what the installation decides.
    Row(
        "handlers",
        feature_files("handlers"),
        (
            *("kernel", "settings", "infra"),
            *("own:handlers", "own:service", "own:queries", "own:schemas", "own:rules"),
            # News goes upward: what an earlier feature says has happened may have consequences here.
            "earlier:schemas",
        ),
        (*TABLES, *SHAPES),
        frozenset({"socket", "subprocess", "threading", "http", "urllib", "smtplib"}),
    ),
    # The edge: opens the unit of work, calls the service, translates out.
    Row(
        "edge",
        feature_files("views", "api", "desk", "planning_pages", "wording", "live", "jobs", "exports", "commands"),
        (
            *("kernel", "identity", "shapes", "infra", "web", "wire"),
            *("own:edge", "own:service", "own:queries", "own:schemas", "own:rules"),
            "earlier:rules",
        ),
        (
            "flask",
            "flask_openapi3",
            "flask_login",
            "markupsafe",
            "werkzeug",
            "click",
            "msgspec",
            "segno",
            *SHAPES,
            *TABLES,
        ),
        frozenset({"socket", "subprocess", "threading", "sqlite3", "random"}),
    ),
    # What the composition roots read of a feature. It names its service where that is the source of identities or the
    # handler of events, and its models so that the migrations see every table.
    Row(
        "manifest",
        ("server/features/*/__init__.py",),
        ("infra", "identity", "own:edge", "own:handlers", "own:service", "own:models", "own:rules"),
        forbids=OUTSIDE,
    ),
    Row("registry", ("server/features/__init__.py",), ("infra", "kernel", "manifest"), forbids=OUTSIDE),
    Row("migrations", ("server/migrations/**",), ("*",), ANY),
    # What starts the processes, and the commands around them.
    Row(
        "roots",
        (
            *(f"server/{name}.py" for name in ("app", "asgi", "worker", "hall")),
            *("server/commands/**", "server/doctor/**"),
        ),
        ("*",),
        ANY,
    ),
    # The invented fair. A real hall may know that there is one (its folder, its mark), but imports nothing of it.
    Row("demo", ("server/demo/**",), ("*",), ANY),
)

BRIDGE_ROWS = (
    # THE contract between bridge and server, and the only thing of the bridge that the server knows.
    Row("wire", ("device_bridge/wire/**",), ("wire",), ("msgspec",), OUTSIDE),
    # Sans-I/O: bytes in, reports out; never opens, waits or raises on input.
    Row("protocols", ("device_bridge/protocols/**",), ("protocols", "wire"), ("msgspec", "pymavlink"), OUTSIDE),
    # What is made of a message: what came, what is missing, what was refused. Pure.
    Row(
        "accounting",
        tuple(
            f"device_bridge/{name}.py"
            for name in (
                "accounts",
                "alarms",
                "arrivals",
                "freshness",
                "ingest",
                "refusal_meter",
                "refusals",
                "refused_numbers",
                "sequence",
                "tally",
            )
        ),
        ("accounting", "protocols", "wire"),
        ("msgspec",),
        OUTSIDE,
    ),
    Row(
        "spool",
        ("device_bridge/spool.py", "device_bridge/spool_limit.py", "device_bridge/glimpses.py"),
        ("spool", "accounting", "wire", "machine"),
        ("msgspec",),
        OUTSIDE - {"sqlite3", "shutil", "threading", "pathlib"},
    ),
    Row(
        "pipeline",
        tuple(
            f"device_bridge/{name}.py"
            for name in ("directory", "topic_advice", "pipeline", "arrival_queue", "losses", "marks", "partition")
        ),
        ("pipeline", "spool", "accounting", "protocols", "wire"),
        ("msgspec",),
        OUTSIDE - {"queue", "threading", "time"},
    ),
    Row("bridge settings", ("device_bridge/settings.py",), ("protocols", "wire"), ("msgspec",)),
    # The only modules that open anything towards a robot.
    Row(
        "transports",
        ("device_bridge/transports/**",),
        ("transports", "pipeline", "accounting", "protocols", "wire", "bridge settings"),
        ("paho", "serial", "pymodbus", "msgspec"),
    ),
    Row(
        "forwarder",
        ("device_bridge/forwarder.py", "device_bridge/server_connection.py"),
        ("forwarder", "spool", "wire"),
        ("msgspec",),
    ),
    # What a simulated robot does is f(seed, t): no clock, and no randomness but a seeded one.
    Row(
        "robot behaviour",
        tuple(
            f"device_bridge/simulators/{name}.py"
            for name in ("behaviour", "faults", "kinds", "kinematics", "noise", "routes", "player", "script")
        ),
        ("robot behaviour", "fleet", "wire"),
        ("msgspec",),
        OUTSIDE - {"random"},
    ),
    Row(
        "fleet",
        ("device_bridge/simulators/fleet.py",),
        ("robot behaviour", "wire"),
        ("msgspec",),
        OUTSIDE - {"pathlib"},
    ),
    # Simulated robots speak to the bridge over the same wires as real ones: they import nothing else of it.
    Row(
        "simulators",
        ("device_bridge/simulators/**",),
        ("simulators", "robot behaviour", "fleet", "wire"),
        ("paho", "serial", "msgspec", "click", "pymavlink", "pymodbus"),
    ),
    Row("broker", ("device_bridge/embedded_broker.py",), ("wire",), ("iotcore", "click")),
    # The one seam towards the operating system.
    Row("machine", ("device_bridge/machine.py",)),
    # How the bridge is doing, as a file that anybody may read.
    Row("vitals", ("device_bridge/vitals.py",), ("machine", "accounting"), ("msgspec",)),
    Row(
        "bridge root",
        ("device_bridge/bridge.py", "device_bridge/health.py", "device_bridge/workers.py"),
        (
            *("bridge root", "pipeline", "spool", "accounting", "protocols", "wire"),
            *("transports", "forwarder", "bridge settings", "machine", "vitals"),
        ),
        ("msgspec",),
    ),
    # What the engineer of a booth calls: run, check, status, bundle.
    Row(
        "booth",
        ("device_bridge/booth/**",),
        (
            *("booth", "bridge root", "bridge settings", "machine", "vitals", "pipeline", "spool", "accounting"),
            *("protocols", "wire", "transports", "forwarder"),
        ),
        ("click", "msgspec", "paho", "serial"),
    ),
    # Loads every command by its entry point, so that it needs none of them.
    Row("command line", ("device_bridge/cli.py", "device_bridge/__main__.py"), ("command line",), ("click",)),
)

ROWS = (*SERVER_ROWS, *BRIDGE_ROWS)

# Folders without Python that may lie inside the packages.
DATA_FOLDERS = (
    "server/data/**",
    "server/static/**",
    "server/templates/**",
    "server/translations/**",
    "server/migrations/**",
    "server/features/*/templates/**",
    "server/features/*/translations/**",
    "server/features/*/static/**",
)


@dataclass(frozen=True)
class Place:
    """Where a module stands: its row, and its feature inside features."""

    row: Row
    feature: str | None


def matches(path: str, pattern: str) -> bool:
    """Whether a path matches a pattern: `*` within one folder, a last `**` for everything below."""
    parts, wanted = path.split("/"), pattern.split("/")
    if wanted[-1] == "**":
        wanted = wanted[:-1]
        parts = parts[: len(wanted)] if len(parts) > len(wanted) else []
    return len(parts) == len(wanted) and all(map(fnmatchcase, parts, wanted))


def place_of(module: Module, rows: Iterable[Row] = ROWS) -> Place | None:
    """The first row whose paths name the module, or None for a module without a row."""
    for row in rows:
        if any(matches(module.path, pattern) for pattern in row.paths):
            parts = module.path.split("/")
            inside = parts[:2] == ["server", "features"] and len(parts) > len(("server", "features", "file"))
            return Place(row, parts[2] if inside else None)
    return None


def violations(modules: dict[str, Module]) -> Iterator[str]:
    """Every broken rule of the table, one sentence each, with file and line."""
    for module in modules.values():
        place = place_of(module)
        if place is None:
            yield f"{module.path}: no layer has a row for this file"
            continue
        if place.feature is not None and place.feature not in FEATURE_ORDER:
            yield f"{module.path}: the feature {place.feature} is not in the feature order"
            continue
        for found in imports(module, modules):
            reason = refused(place, found.target, modules)
            if reason:
                yield f"{module.path}:{found.line}: {place.row.layer} may not import {found.target} ({reason})"


def refused(place: Place, target: str, modules: dict[str, Module]) -> str:
    """Why this place may not import that target; an empty string when it may."""
    top = target.partition(".")[0]
    if top in PACKAGES:
        return refused_inside(place, target, modules)
    if top in sys.stdlib_module_names:
        return "it reaches outside, or answers differently twice" if top in place.row.forbids else ""
    if place.row.packages == ANY or top in place.row.packages:
        return ""
    return "the row does not name this package"


def refused_inside(place: Place, target: str, modules: dict[str, Module]) -> str:
    """The same for a target inside our own packages."""
    module = modules.get(target)
    if module is None:
        return "there is no such module"
    there = place_of(module)
    if there is None:
        return "the target has no row"
    if there.row.layer == "demo" and place.row.layer != "demo":
        return "nothing of a real hall knows the demo"
    if place.row.may == ANY:
        return "the server knows the wire alone" if crosses(place, there) else ""
    if there.feature is None or place.feature is None:
        return "" if there.row.layer in place.row.may else f"the row does not name {there.row.layer}"
    return refused_between(place, there)


def refused_between(place: Place, there: Place) -> str:
    """The same for two places inside features."""
    if place.feature == there.feature:
        return "" if f"own:{there.row.layer}" in place.row.may else f"the row does not name its own {there.row.layer}"
    if there.feature not in FEATURE_ORDER:
        return "the feature is not in the feature order"
    if FEATURE_ORDER.index(str(there.feature)) > FEATURE_ORDER.index(str(place.feature)):
        return "a later feature"
    return "" if f"earlier:{there.row.layer}" in place.row.may else f"the row does not name earlier {there.row.layer}"


def crosses(place: Place, there: Place) -> bool:
    """Whether a root of the server reaches into the bridge beyond the wire."""
    return place.row in SERVER_ROWS and there.row in BRIDGE_ROWS and there.row.layer != "wire"


def stray_folders(root: Path) -> Iterator[str]:
    """Folders inside the packages that hold files, but no Python and no row as data."""
    for package in PACKAGES:
        for folder in sorted(path for path in (root / package).rglob("*") if path.is_dir()):
            path = folder.relative_to(root).as_posix()
            files = [file for file in folder.iterdir() if file.is_file()]
            if "__pycache__" in folder.parts or not files or any(file.suffix == ".py" for file in files):
                continue
            if not any(matches(f"{path}/.", pattern) for pattern in DATA_FOLDERS):
                yield f"{path}: no row names this folder of data"
