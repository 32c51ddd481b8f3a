"""The database: units of work on SQLite and PostgreSQL. The only module that opens, commits or rolls back.

SQLite runs in WAL mode with two engines: one connection that writes (every unit of work begins IMMEDIATE, so a writer
waits at its start instead of failing at its end) and a pool that only reads. PostgreSQL serves both from one pool.
"""

import os
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel import Session

from server.infra.columns import NAMING_CONVENTION, BigId, UTCDateTime, enum_column
from server.infra.rows import accumulate, insert_new, upsert
from server.kernel.clock import Clock, SystemClock
from server.kernel.errors import SetupError
from server.kernel.folding import folded
from server.kernel.quotas import QUOTAS, Quotas
from server.settings import Settings

__all__ = [
    "NAMING_CONVENTION",
    "BigId",
    "Database",
    "Session",
    "StatementCount",
    "UTCDateTime",
    "accumulate",
    "clock_of",
    "enum_column",
    "insert_new",
    "last_in_transaction",
    "quotas_of",
    "settings_of",
    "upsert",
]

BUSY_TIMEOUT_S = 15
"""So long a SQLite writer waits for another process."""
POOL_TIMEOUT_S = 30
OWNERS_ALONE = 0o600
_SCHEMA_LOCK = 0x5C4E_3A00
"""The advisory lock of PostgreSQL under which the schema changes."""
_CLOSING = "fairzone.closing"
_CLOCK = "fairzone.clock"
_QUOTAS = "fairzone.quotas"
_SETTINGS = "fairzone.settings"


@dataclass
class StatementCount:
    """How many statements ran inside `Database.count_statements`, and which."""

    statements: list[str] = field(default_factory=list)

    @property
    def number(self) -> int:
        """The number of statements so far."""
        return len(self.statements)


class Database:
    """One database by its URL (`sqlite:////path/fair.db`, `postgresql://user:pass@host/name`)."""

    def __init__(self, url: str, clock: Clock | None = None) -> None:
        self.url = _checked(url)
        self._clock = clock or SystemClock()
        self.settings: Settings | None = None
        """What the installation decides, for use cases that depend on it; the composition roots set it."""
        self._busy = threading.local()
        self.quotas: Quotas = QUOTAS
        """How much one exhibitor or account may have in it: the installation decides."""
        if self.dialect == "sqlite":
            self._writer = _sqlite_engine(self.url, begin="BEGIN IMMEDIATE", pool_size=1)
            self._reader = _sqlite_engine(self.url, begin="BEGIN", pool_size=16)
        else:
            self._writer = _postgresql_engine(self.url)
            self._reader = self._writer.execution_options(postgresql_readonly=True)

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self.url.get_backend_name()

    @property
    def engine(self) -> Engine:
        """The engine that writes: for migrations, which bring their own transactions."""
        return self._writer

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A unit of work: committed when the block ends, rolled back when it raises. Units of work do not nest."""
        if getattr(self._busy, "writing", False):
            raise RuntimeError("A unit of work is already open in this thread: pass its session on.")
        self._busy.writing = True
        try:
            with self._session(self._writer) as session:
                yield session
                for close in session.info.pop(_CLOSING, {}).values():
                    session.flush()
                    close(session)
                session.commit()
        finally:
            self._busy.writing = False

    def read(self) -> AbstractContextManager[Session]:
        """A session that sees what is committed and changes nothing."""
        return self._session(self._reader)

    def answers(self) -> bool:
        """Whether the database can be reached and asked."""
        try:
            with self.read() as session:
                session.connection().execute(text("SELECT 1"))
        except SQLAlchemyError:  # refused, gone midway, or no connection left in the pool
            return False
        return True

    @contextmanager
    def count_statements(self) -> Iterator[StatementCount]:
        """Count the statements of all sessions, in whatever thread, while the block runs."""
        count = StatementCount()

        def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            count.statements.append(statement)

        engines = {self._writer, self._reader} if self.dialect == "sqlite" else {self._writer}
        for engine in engines:
            event.listen(engine, "before_cursor_execute", note)
        try:
            yield count
        finally:
            for engine in engines:
                event.remove(engine, "before_cursor_execute", note)

    @contextmanager
    def migrate(self) -> Iterator[Connection]:
        """One transaction for a change of the schema, one process at a time.

        SQLite changes a table by copying it: with foreign keys on, dropping the old copy would delete its children.
        They are off meanwhile and checked before the commit.
        """
        with self._writer.connect() as connection:
            raw: Any = connection.connection.dbapi_connection
            if self.dialect == "sqlite":
                raw.execute("PRAGMA foreign_keys=OFF")
            try:
                self._lock_schema(connection)
                yield connection
                self._refuse_orphans(connection)
                connection.commit()
            finally:
                connection.rollback()
                if self.dialect == "sqlite":
                    raw.execute("PRAGMA foreign_keys=ON")

    def close(self) -> None:
        """Give all connections back."""
        self._reader.dispose()
        self._writer.dispose()

    def _lock_schema(self, connection: Connection) -> None:
        if self.dialect == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _SCHEMA_LOCK})
        else:
            connection.execute(text("SELECT 1"))  # begins, and BEGIN IMMEDIATE is the lock

    def _refuse_orphans(self, connection: Connection) -> None:
        if self.dialect == "sqlite" and connection.execute(text("PRAGMA foreign_key_check")).first():
            raise RuntimeError("The migration leaves rows that refer to nothing; nothing was changed.")

    def _session(self, engine: Engine) -> Session:
        return Session(engine, info={_CLOCK: self._clock, _QUOTAS: self.quotas, _SETTINGS: self.settings})


def clock_of(session: Session) -> Clock:
    """The clock of the database behind `session`: for the columns that infra stamps itself."""
    clock: Clock = session.info[_CLOCK]
    return clock


def quotas_of(session: Session) -> Quotas:
    """How much one exhibitor or account may have in the database behind `session`."""
    quotas: Quotas = session.info[_QUOTAS]
    return quotas


def settings_of(session: Session) -> Settings | None:
    """What the installation behind `session` decides; nothing where nobody has said so, as in a command."""
    found: Settings | None = session.info.get(_SETTINGS)
    return found


def last_in_transaction(session: Session, name: str, act: Callable[[Session], None]) -> None:
    """Run `act` once, after everything else of this unit of work and before its commit; `name` keeps it to once."""
    session.info.setdefault(_CLOSING, {})[name] = act


def _checked(url: str) -> URL:
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and parsed.database in (None, "", ":memory:"):
        raise SetupError(
            "A SQLite database in memory cannot be shared between readers and writer.",
            "Give DATABASE_URL a file: sqlite:////var/lib/fairzone/fair.db",
        )
    if parsed.get_backend_name() not in ("sqlite", "postgresql"):
        raise SetupError(
            f"DATABASE_URL names {parsed.get_backend_name()}.", "FairZone runs on sqlite:/// and postgresql:// alone."
        )
    return parsed.set(drivername="postgresql+psycopg") if parsed.get_backend_name() == "postgresql" else parsed


def _sqlite_engine(url: URL, *, begin: str, pool_size: int) -> Engine:
    path = Path(str(url.database))
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # isolation_level=None: the driver starts no transactions of its own, so that ours can be IMMEDIATE.
    engine = create_engine(
        url,
        connect_args={"isolation_level": None, "check_same_thread": False, "timeout": BUSY_TIMEOUT_S},
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=POOL_TIMEOUT_S,
    )

    @event.listens_for(engine, "do_connect")
    def close_to_others(*_about: Any) -> None:
        _close_to_others(path)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _entry: ConnectionPoolEntry) -> None:
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "temp_store=MEMORY"):
            connection.execute(f"PRAGMA {pragma}")
        connection.create_function("fairzone_folded", 1, _folded, deterministic=True)
        if begin == "BEGIN":
            connection.execute("PRAGMA query_only=ON")

    @event.listens_for(engine, "begin")
    def start(connection: Any) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _folded(text: object) -> str | None:
    """A value as a search compares it; what a JSON column holds is text to SQLite."""
    return None if text is None else folded(str(text))


def _close_to_others(path: Path) -> None:
    """Make the file where there is none, and leave it to its owner alone; SQLite makes its companions like it."""
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, OWNERS_ALONE))
    for file in (path, *(path.with_name(path.name + suffix) for suffix in ("-wal", "-shm", "-journal"))):
        # Somebody else's file is theirs to close; a companion may go at any moment.
        with suppress(FileNotFoundError, PermissionError):
            if stat.S_IMODE(file.stat().st_mode) & ~OWNERS_ALONE:
                file.chmod(OWNERS_ALONE)


def _postgresql_engine(url: URL) -> Engine:
    return create_engine(
        url,
        pool_size=10,
        max_overflow=10,
        pool_timeout=POOL_TIMEOUT_S,
        pool_pre_ping=True,  # a restarted server costs a reconnect, not a failed request
        connect_args={"application_name": "fairzone"},
    )
