"""Many rows in one go, alike on SQLite and PostgreSQL: insert what is new, insert and overwrite, or add up."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Table, inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel

from server.infra.sums import added
from server.kernel.errors import NotFoundError

Row = Mapping[str, Any]
Tabular = Table | type[SQLModel]


def key_of(keys: Mapping[str, int], name: str) -> int:
    """The key of the row of that name. Raises `NotFoundError` when there is none."""
    if name not in keys:
        raise NotFoundError(what=name)
    return keys[name]


def insert_new(session: Session, table: Tabular, rows: Iterable[Row], key: Sequence[str]) -> int:
    """Insert the rows whose `key` is not there yet and return how many that were.

    All rows name the same columns. They are sent sorted by `key`: two writers that insert the same keys in different
    orders would wait for each other for ever.
    """
    ordered = _sorted(rows, key)
    if not ordered:
        return 0
    statement = _insert(session, _table(table)).on_conflict_do_nothing(index_elements=list(key))
    return _affected(session, statement, ordered)


def upsert(
    session: Session,
    table: Tabular,
    rows: Iterable[Row],
    key: Sequence[str],
    newer: Callable[[Table, Any], ColumnElement[bool]] | None = None,
) -> int:
    """Insert the rows, or overwrite those with the same `key`; return how many were written. No key comes twice.

    `newer(table, excluded)` is a condition on the stored and the incoming row: where it is false, the stored one stays.
    """
    ordered = _sorted(rows, key)
    if not ordered:
        return 0
    target = _table(table)
    statement = _insert(session, target)
    fresh = {name: statement.excluded[name] for name in ordered[0] if name not in key}
    condition = newer(target, statement.excluded) if newer else None
    return _affected(
        session, statement.on_conflict_do_update(index_elements=list(key), set_=fresh, where=condition), ordered
    )


def accumulate(session: Session, table: Tabular, rows: Iterable[Row], key: Sequence[str]) -> None:
    """Insert the rows, or add their figures to those with the same `key`. No key comes twice.

    Figures are whole numbers that are not negative; one that would grow beyond the ceiling of sums stays there.
    """
    ordered = _sorted(rows, key)
    if not ordered:
        return
    target = _table(table)
    statement = _insert(session, target)
    sums = {name: added(target.c[name], statement.excluded[name]) for name in ordered[0] if name not in key}
    _affected(session, statement.on_conflict_do_update(index_elements=list(key), set_=sums), ordered)


def _table(table: Tabular) -> Table:
    if isinstance(table, Table):
        return table
    mapped = inspect(table).local_table
    if not isinstance(mapped, Table):
        raise TypeError(f"{table.__name__} is not mapped to a table")
    return mapped


def _sorted(rows: Iterable[Row], key: Sequence[str]) -> list[Row]:
    return sorted(rows, key=lambda row: tuple(row[name] for name in key))


def _insert(session: Session, table: Table) -> Any:
    dialect = session.get_bind().dialect.name
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


def _affected(session: Session, statement: Any, rows: list[Row]) -> int:
    """Run `statement` for all rows, as one prepared statement that is sent for each, and count those written."""
    values = [dict(row) for row in rows]
    # Without the option the count of many rows is thrown away on PostgreSQL. Asking with RETURNING instead makes one
    # long statement of all rows, which its driver parses anew every time: three times slower.
    result = session.connection().execute(statement, values, execution_options={"preserve_rowcount": True})
    return int(result.rowcount)
