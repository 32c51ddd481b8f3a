"""`fairzone db`: bring the database to this version, or say where it stands."""

import click

from server.commands.database import opened
from server.commands.terminal import refusals_in_words
from server.infra import migrate


@click.group()
def db() -> None:
    """Bring the database to this version, or say where it stands."""


@db.command()
@refusals_in_words
def upgrade() -> None:
    """Bring the schema up to date; repeating it changes nothing."""
    with opened() as database:
        migrate.upgrade(database)
        click.echo(f"The schema is at {migrate.current_version(database)}.")


@db.command()
@refusals_in_words
def status() -> None:
    """Say which schema the database has and which this version needs."""
    with opened() as database:
        current = migrate.current_version(database)
    click.echo(f"database: {current or 'empty'}, needed: {migrate.newest_version()}")


@db.command()
@click.argument("message")
@refusals_in_words
def revision(message: str) -> None:
    """Write the next migration step from what the tables have become. Read it before you trust it."""
    with opened() as database:
        click.echo(f"Written: {migrate.write_revision(database, message)}")
