"""`fairzone web` and `fairzone worker`: the two processes of the server."""

import logging
import os

import click

from server.commands.terminal import refusals_in_words
from server.infra import journal, migrate
from server.infra.db import Database
from server.kernel.clock import SystemClock
from server.settings import read_settings


@click.command()
@refusals_in_words
def web() -> None:
    """Run the web service: pages, API and live feed on one port."""
    from server import asgi

    journal.set_up(os.environ.get("FAIRZONE_LOG_LEVEL", "INFO"))
    settings = read_settings()
    database = Database(settings.database_url)
    migrate.require_current(database)
    asgi.run(settings, database, SystemClock())
    # Everything is closed. The runtime's native threads may still be letting go, and the interpreter's own end, which
    # takes their Python away, has aborted on them.
    logging.shutdown()
    os._exit(os.EX_OK)


@click.command()
@refusals_in_words
def worker() -> None:
    """Run the one scheduler process: outbox, reminders, retention."""
    from server import worker as process

    journal.set_up(os.environ.get("FAIRZONE_LOG_LEVEL", "INFO"))
    settings = read_settings()
    database = Database(settings.database_url)
    migrate.require_current(database)
    process.run(settings, database, SystemClock())
