"""The migrations lead to exactly the tables that the code works with, on both databases, and back again."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect, text
from sqlmodel import SQLModel

from server.features import import_models
from server.infra.db import Database
from server.infra.migrate import current_version, downgrade, newest_version, upgrade
from tests.support.postgres import PostgresCluster


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_pair(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Database, Database]]:
    """Two empty databases of the same kind."""
    if request.param == "sqlite":
        urls = [f"sqlite:///{tmp_path}/{name}.db" for name in ("migrated", "made")]
    else:
        cluster: PostgresCluster = request.getfixturevalue("postgres_cluster")
        urls = [cluster.create_database() for _ in range(2)]
    pair = Database(urls[0]), Database(urls[1])
    yield pair
    for database in pair:
        database.close()


def schema_of(database: Database) -> dict[str, Any]:
    """Everything that the database says about its tables, in an order that does not depend on how they were made."""
    found = inspect(database.engine)
    return {
        name: {
            "columns": sorted(
                (column["name"], str(column["type"]), column["nullable"]) for column in found.get_columns(name)
            ),
            "key": found.get_pk_constraint(name),
            "foreign": by_name(found.get_foreign_keys(name)),
            "unique": by_name(found.get_unique_constraints(name)),
            "checks": by_name(found.get_check_constraints(name)),
            "indexes": by_name(found.get_indexes(name)),
        }
        for name in found.get_table_names()
        if name != "alembic_version"
    }


def by_name(things: list[Any]) -> list[Any]:
    return sorted(things, key=lambda thing: str(thing["name"]))


def test_the_migrations_make_the_tables_of_the_models(empty_pair: tuple[Database, Database]) -> None:
    migrated, made = empty_pair
    upgrade(migrated)
    import_models()
    SQLModel.metadata.create_all(made.engine)

    assert schema_of(migrated) == schema_of(made)


def test_every_enum_is_text_with_a_check(empty_pair: tuple[Database, Database]) -> None:
    migrated, _ = empty_pair
    upgrade(migrated)

    checks = {check["name"] for check in inspect(migrated.engine).get_check_constraints("account")}
    assert "ck_account_role" in checks


def test_upgrading_twice_changes_nothing(empty_pair: tuple[Database, Database]) -> None:
    database, _ = empty_pair
    upgrade(database)
    before = schema_of(database)

    upgrade(database)

    assert (schema_of(database), current_version(database)) == (before, newest_version())


def test_the_way_back_leaves_nothing(empty_pair: tuple[Database, Database]) -> None:
    database, _ = empty_pair
    upgrade(database)

    downgrade(database, "base")

    assert (schema_of(database), current_version(database)) == ({}, None)


def test_foreign_keys_are_on_again_after_a_migration(empty_pair: tuple[Database, Database]) -> None:
    database, _ = empty_pair
    upgrade(database)
    if database.dialect == "postgresql":
        return

    with database.write() as session:
        assert session.connection().execute(text("PRAGMA foreign_keys")).scalar() == 1
