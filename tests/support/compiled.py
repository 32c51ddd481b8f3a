"""The statements that engines compile, compiled once a test process: every test has an engine of its own.

SQLAlchemy keeps them by engine and dialect. All engines of one kind of database have equal dialects here, so that what
was compiled for one serves the next.
"""

from sqlalchemy import Engine, event
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.util import LRUCache

MOST_STATEMENTS = 4000
_compiled: dict[str, LRUCache[object, object]] = {}


def share() -> None:
    """Let all engines of this process share what one of them has compiled."""
    for kind in (SQLiteDialect_pysqlite, PGDialect_psycopg):
        kind.__eq__ = _of_one_kind  # type: ignore[assignment, method-assign]
        kind.__hash__ = _by_kind  # type: ignore[assignment, method-assign]
    event.listen(Engine, "engine_connect", _lend)


def _of_one_kind(mine: Dialect, other: object) -> bool:
    return type(mine) is type(other)


def _by_kind(mine: Dialect) -> int:
    return hash(type(mine))


def _lend(connection: Connection) -> None:
    name = connection.engine.dialect.name
    if name not in _compiled:
        _compiled[name] = LRUCache(MOST_STATEMENTS)
    connection.execution_options(compiled_cache=_compiled[name])
