"""A migration that has landed is never changed, and every schema that a fair may have is brought up to date, data kept.

`data/<revision>.json` holds the rows of a small fair at that revision, by table, parents first. Whoever adds a
migration adds its digest to `landed.json`, and such a file when the migration moves data.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import JSON, Boolean, Date, DateTime, MetaData, Table, func, insert, select, text

from server.infra.db import Database
from server.infra.migrate import MIGRATIONS, can_upgrade, current_version, migration_config, newest_version, upgrade
from server.kernel.errors import SetupError
from tests.support.postgres import PostgresCluster

HERE = Path(__file__).parent
KEPT = sorted(path.stem for path in (HERE / "data").glob("*.json"))


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty database of each kind."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path}/fair.db"
    else:
        cluster: PostgresCluster = request.getfixturevalue("postgres_cluster")
        url = cluster.create_database()
    database = Database(url)
    yield database
    database.close()


def bring_to(database: Database, revision: str) -> None:
    """Bring an empty database to a revision."""
    with database.migrate() as connection:
        config = migration_config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def as_stored(table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of the file with the values that its columns take."""
    return {name: _value(table.c[name].type, value) for name, value in row.items()}


def _value(kind: object, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, DateTime):
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    if isinstance(kind, Date):
        return date.fromisoformat(value)
    if isinstance(kind, JSON):
        return json.loads(value)
    return bool(value) if isinstance(kind, Boolean) else value


def fill(database: Database, tables: Mapping[str, list[dict[str, Any]]]) -> None:
    """Put the rows of a file into a database that has its schema."""
    known = MetaData()
    known.reflect(database.engine)
    with database.engine.begin() as connection:
        for name, rows in tables.items():
            connection.execute(insert(known.tables[name]), [as_stored(known.tables[name], row) for row in rows])


def counted(database: Database, names: list[str]) -> dict[str, int]:
    """How many rows each table has."""
    known = MetaData()
    known.reflect(database.engine)
    with database.engine.connect() as connection:
        return {
            name: connection.execute(select(func.count()).select_from(known.tables[name])).scalar_one()
            for name in names
        }


@pytest.mark.parametrize("revision", KEPT)
def test_a_fair_of_each_schema_is_brought_up_to_date_with_all_that_it_holds(empty: Database, revision: str) -> None:
    tables = json.loads((HERE / "data" / f"{revision}.json").read_text(encoding="utf-8"))
    bring_to(empty, revision)
    fill(empty, tables)

    upgrade(empty)

    assert current_version(empty) == newest_version()
    assert sum(map(len, tables.values())) > 50
    assert counted(empty, list(tables)) == {name: len(rows) for name, rows in tables.items()}


def test_a_migration_that_has_landed_is_never_changed() -> None:
    landed = json.loads((HERE / "landed.json").read_text(encoding="utf-8"))
    steps = sorted((MIGRATIONS / "versions").glob("*.py"))

    assert {step.name: hashlib.sha256(step.read_bytes()).hexdigest() for step in steps} == landed


def test_a_schema_from_before_the_first_version_is_refused_and_left_alone(empty: Database) -> None:
    upgrade(empty)
    with empty.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0003'"))

    with pytest.raises(SetupError, match=r"before 0\.1\.0 \(schema 0003\)"):
        upgrade(empty)

    assert (can_upgrade(empty), current_version(empty)) == (False, "0003")
