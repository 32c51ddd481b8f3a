"""`fairzone seed`: load the demo fair where it belongs; a hall's data are safe from it."""

import os

import click

from server.commands.database import opened
from server.commands.terminal import refusals_in_words
from server.demo.fair import DEMO_LOGINS, is_demo, load_demo_fair
from server.demo.zone import DEMO_FOLDER
from server.infra import migrate
from server.kernel.clock import SystemClock
from server.kernel.errors import SetupError
from server.kernel.ids import new_token
from server.settings import data_directory

PASSWORD_LENGTH = 16
"""Of a demo log-in, in random characters of 6 bits each."""


@click.command()
@click.option("--fresh", is_flag=True, help="Delete an earlier demo fair first, with all that hangs on it.")
@click.option("--logins", is_flag=True, help="Make the demo's log-ins too; their passwords are shown this once.")
@click.option(
    "--into-a-hall", is_flag=True, help="Mix invented exhibitors into an installation that is not the demo's."
)
@click.option("--yes", is_flag=True, help="With --into-a-hall: do not ask to type the folder's name.")
@refusals_in_words
def seed(*, fresh: bool, logins: bool, into_a_hall: bool, yes: bool) -> None:
    """Load the demo fair into the demo's database, which is made or brought up to date first.

    Anything else than the demo's folder is a hall's: there it is refused unless it is asked for twice.
    """
    passwords = {login.username: new_token()[:PASSWORD_LENGTH] for login in DEMO_LOGINS if logins}
    with opened() as database:
        if not _is_demo_folder() and not is_demo(database):
            _ask_twice(fresh=fresh, into_a_hall=into_a_hall, yes=yes)
        migrate.upgrade(database)
        click.echo(load_demo_fair(database, SystemClock().now(), passwords, fresh=fresh))
    for username, chosen in passwords.items():
        click.echo(f"{username:<16} {chosen}")


def _is_demo_folder() -> bool:
    """Whether the database is the file in the folder of `fairzone demo`."""
    return not os.environ.get("DATABASE_URL") and data_directory(os.environ).parts[-2:] == DEMO_FOLDER.parts


def _ask_twice(*, fresh: bool, into_a_hall: bool, yes: bool) -> None:
    """Refuse to touch a hall's installation, unless its operator has said so twice. Nothing is ever deleted there."""
    place = data_directory(os.environ)
    if fresh:
        raise SetupError(
            f"{place} is not the demo's: nothing was deleted.", "`--fresh` works where a demo fair stands alone."
        )
    if not into_a_hall:
        raise SetupError(
            f"{place} is not the demo's: nothing was loaded. A hall has real exhibitors, and these are invented.",
            "For the demo run `fairzone demo`. To mix the demo fair into this installation all the same: "
            "fairzone seed --into-a-hall",
        )
    if not yes and click.prompt(f"Type {place.name} to load invented exhibitors there") != place.name:
        raise SetupError("That is not the folder's name: nothing was loaded.", "Run the same command again.")
