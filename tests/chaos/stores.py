"""The databases that a run may stand on, and how each can be hurt."""

import contextlib
from pathlib import Path
from typing import Protocol

import psutil
import psycopg

from server.infra.db import Database
from server.infra.migrate import upgrade
from tests.support.postgres import SETTINGS, PostgresCluster, as_owner, binary, make_cluster
from tests.support.processes import Child, Children

START_S = 30.0
SESSIONS_S = 10.0
"""So long may sessions take to notice that their server is dead."""
CRASH_SAFE = {**SETTINGS, "synchronous_commit": "on", "max_connections": "60"}
"""A commit that was answered outlives kill -9 of every process; only a power cut would need fsync as well."""


class Store(Protocol):
    """A database with the zone's schema."""

    url: str

    def end_sessions(self) -> None:
        """Cut every connection to it."""
        ...

    def kill(self) -> None:
        """End its processes with kill -9."""
        ...

    def start(self) -> None:
        """Start, or start again with the same data."""
        ...


class Sqlite:
    """A file: it has no process and no connections that anybody could cut."""

    def __init__(self, folder: Path, children: Children) -> None:  # noqa: ARG002 - as every store is made
        self.url = f"sqlite:///{folder}/fair.db"

    def start(self) -> None:
        """Bring the schema up to date."""
        migrate(self.url)

    def end_sessions(self) -> None:
        """Nothing to cut."""

    def kill(self) -> None:
        """Nothing to kill."""


class Postgres:
    """A cluster of its own on a socket in `folder`, whose path must be short and open to PostgreSQL's user."""

    def __init__(self, folder: Path, children: Children) -> None:
        self._folder = folder
        self._children = children
        self._cluster = PostgresCluster(folder)
        self._child: Child | None = None
        self._command: list[str] = []
        self.url = ""

    def start(self) -> None:
        """Make the cluster at the first start; wait until it takes connections, after its recovery too."""
        if not self._command:
            settings = [word for key, value in CRASH_SAFE.items() for word in ("-c", f"{key}={value}")]
            data = make_cluster(self._folder)
            self._command = as_owner(binary("postgres"), "-D", data, "-k", self._folder, *settings)
        self._child = self._children.start(
            self._command, name="postgres", cwd=self._folder, ready=self._cluster.answers, seconds=START_S
        )
        if not self.url:
            self.url = self._cluster.create_database()
            migrate(self.url)

    def end_sessions(self) -> None:
        """Let PostgreSQL end every other session."""
        with psycopg.connect(self._cluster.conninfo(), autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE pid <> pg_backend_pid() AND datname LIKE 'fair%'"
            )

    def kill(self) -> None:
        """End the cluster with kill -9; its sessions notice and end by themselves. Does nothing when it is dead."""
        # PostgreSQL writes its state over its environment and leaves our process group: only its own word tells.
        with contextlib.suppress(FileNotFoundError, psutil.NoSuchProcess):
            postmaster = psutil.Process(int((self._folder / "data" / "postmaster.pid").read_text().split()[0]))
            family = [postmaster, *postmaster.children(recursive=True)]
            postmaster.kill()
            _, left = psutil.wait_procs(family, timeout=SESSIONS_S)
            for process in left:
                process.kill()
        if self._child is not None:
            self._child.kill()


def migrate(url: str) -> None:
    """Bring a database's schema up to date; nothing stays connected."""
    database = Database(url)
    upgrade(database)
    database.close()


STORES: dict[str, type[Sqlite] | type[Postgres]] = {"sqlite": Sqlite, "postgresql": Postgres}
"""By the name that `--database` takes."""
