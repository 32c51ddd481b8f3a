"""A throw-away PostgreSQL cluster on a socket in a temporary folder, with fresh databases copied from templates.

PostgreSQL refuses to run as root, so root runs it as the user `postgres` that Debian's package makes. The cluster's
time zone is deliberately neither UTC nor the fair's: a time that lost its zone on the way shows at once.
"""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from tests.support.parts import MissingPartError, find_program
from tests.support.processes import Children, wait_until

OWNER = "postgres"
MEMORY = Path("/dev/shm")  # noqa: S108 - Linux's own file system in memory
ROOM = 2 << 30
"""So many bytes have to be free in memory for a cluster to live there: a few copies of the demo fair, and its log."""
SETTINGS = {
    "listen_addresses": "",  # a socket in our own folder: no port to collide, nothing to reach from outside
    "timezone": "Asia/Kathmandu",
    "max_connections": "300",
    "shared_buffers": "64MB",
    # The cluster lives as long as the test run: nothing on it needs to survive a power cut.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_wal_size": "256MB",
    # Shared memory as files of the cluster: what an immediate shutdown leaves then goes with its folder.
    "dynamic_shared_memory_type": "mmap",
}


def binary(name: str) -> Path:
    """One of PostgreSQL's programs; Debian keeps the server's out of PATH."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return find_program([name], package="postgresql", folders=folders)


def as_owner(*command: str | Path) -> list[str]:
    """The command as the user that may run PostgreSQL: ourselves, or `postgres` when we are root."""
    words = [str(word) for word in command]
    if os.geteuid() != 0:
        return words
    try:
        pwd.getpwnam(OWNER)
    except KeyError as error:
        part = f"the user `{OWNER}`"
        raise MissingPartError(part, "apt-get install postgresql") from error
    return [str(find_program(["runuser"], package="util-linux")), "-u", OWNER, "--", *words]


class PostgresCluster:
    """A running cluster; every database in it is ours to make and to drop."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made = 0
        self._templates: dict[str, str] = {}

    def url(self, database: str) -> str:
        """The SQLAlchemy address of a database, which DATABASE_URL takes as it is."""
        return f"postgresql+psycopg://{OWNER}@/{database}?host={self._folder}"

    def conninfo(self, database: str = "postgres") -> str:
        """The same address for psycopg itself."""
        return f"host={self._folder} user={OWNER} dbname={database}"

    def create_database(self, template: str | None = None) -> str:
        """Make a fresh database, empty or a copy of the template of that name, and return its SQLAlchemy address."""
        self._made += 1
        name = f"fair_{self._made}"
        source = "template0" if template is None else self._templates[template]
        self._run("CREATE DATABASE {} TEMPLATE {}", name, source)
        return self.url(name)

    def create_template(self, template: str, fill: Callable[[str], None]) -> str:
        """Make a database once, let `fill(url)` migrate or load it, and copy it in every `create_database(template)`.

        `fill` must close every connection that it opens: PostgreSQL does not copy a database that is in use.
        """
        if template not in self._templates:
            url = self.create_database()
            fill(url)
            self._templates[template] = database_of(url)
        return template

    def drop_database(self, url: str) -> None:
        """Drop a database by its address, ending whoever is still connected."""
        self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", database_of(url))

    def answers(self) -> bool:
        """Whether the cluster takes connections yet."""
        with contextlib.suppress(psycopg.OperationalError), psycopg.connect(self.conninfo()):
            return True
        return False

    def _run(self, statement: str, *names: str) -> None:
        with psycopg.connect(self.conninfo(), autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def database_of(url: str) -> str:
    """The name of the database in one of our addresses."""
    return url.partition("?")[0].rpartition("/")[2]


def clusters_home() -> Path | None:
    """Where a cluster's folder goes: into memory, where a database is copied eight times as fast, if there is room."""
    return MEMORY if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM else None


def make_cluster(folder: Path) -> Path:
    """Run initdb in `folder`, which is handed to the user that may run PostgreSQL; return the data folder."""
    if os.geteuid() == 0:
        shutil.chown(folder, OWNER)
    data = folder / "data"
    options = ["--username", OWNER, "--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"]
    done = subprocess.run(
        as_owner(binary("initdb"), "--pgdata", data, *options),
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    if done.returncode != 0:
        message = f"initdb failed: {done.stdout}{done.stderr}"
        raise RuntimeError(message)
    return data


@pytest.fixture(scope="session")
def postgres_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresCluster]:
    """One cluster for the whole run; started when the first test asks, stopped and removed at the end."""
    server = binary("postgres")
    as_owner(server)  # says what is missing before anything is started
    # pytest's own folders are closed to other users; PostgreSQL's user needs this one. The path must stay short:
    # a socket's address has 107 bytes.
    with tempfile.TemporaryDirectory(prefix="fairzone-pg-", dir=clusters_home(), ignore_cleanup_errors=True) as name:
        folder = Path(name)
        data = make_cluster(folder)
        settings = [word for key, value in SETTINGS.items() for word in ("-c", f"{key}={value}")]
        cluster = PostgresCluster(folder)
        started = Children(tmp_path_factory.mktemp("postgres"))
        command = as_owner(server, "-D", data, "-k", folder, *settings)
        child = started.start(command, name="postgres", cwd=folder, ready=cluster.answers, seconds=30)
        try:
            yield cluster
        finally:
            # SIGQUIT is PostgreSQL's immediate shutdown; nothing on this cluster is worth a checkpoint.
            child.signal_group(signal.SIGQUIT)
            child.wait(seconds=90)
            wait_until(lambda: not started.survivors(), seconds=30, what="PostgreSQL to stop")
