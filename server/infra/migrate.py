"""The schema: brings a database to this build's version, and says where it stands. The steps are in `migrations/`."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from server.infra.db import Database
from server.kernel.errors import SetupError

MIGRATIONS = Path(__file__).parent.parent / "migrations"


def upgrade(database: Database) -> None:
    """Bring the schema up to date, in one transaction; repeating it changes nothing.

    Raises:
        SetupError: the schema is one that no step leads on from.
    """
    if not can_upgrade(database):
        raise SetupError(
            f"The database was made by a version before 0.1.0 (schema {current_version(database)}), or by a later one.",
            "Nothing was changed. Work with the version that made it, or set DATABASE_URL to an empty database.",
        )
    with database.migrate() as connection:
        config = migration_config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def downgrade(database: Database, revision: str) -> None:
    """Take the schema back to `revision` (`base` for none), in one transaction. Data that it held is lost."""
    with database.migrate() as connection:
        config = migration_config()
        config.attributes["connection"] = connection
        command.downgrade(config, revision)


def current_version(database: Database) -> str | None:
    """The version of the database's schema, None for an empty database."""
    with database.read() as session:
        return MigrationContext.configure(session.connection()).get_current_revision()


def can_upgrade(database: Database) -> bool:
    """Whether the database is empty, or its schema is one of this build's steps."""
    known = {step.revision for step in ScriptDirectory.from_config(migration_config()).walk_revisions()}
    return current_version(database) in (None, *known)


def newest_version() -> str | None:
    """The version that this build works with."""
    return ScriptDirectory.from_config(migration_config()).get_current_head()


def require_current(database: Database) -> None:
    """Raise `SetupError` when the schema is not this build's."""
    if current_version(database) != newest_version():
        raise SetupError("The database has not the schema of this version.", "Run `fairzone db upgrade`.")


def write_revision(database: Database, message: str) -> str:
    """Write the step from the database's schema to what the tables have become; return the path of its file."""
    with database.migrate() as connection:
        config = migration_config()
        config.attributes["connection"] = connection
        script = command.revision(config, message, autogenerate=True)
    return str(getattr(script, "path", ""))


def migration_config() -> Config:
    """Alembic's configuration; there is no ini file, since nothing in it would be a choice."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config
