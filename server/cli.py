"""The server's commands: `fairzone web | worker | db | user | seed`. They hang on the entry point of `fairzone`."""

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec, TypeVar

import click
from pydantic import SecretStr, ValidationError

from server.features import import_models
from server.features.accounts import service
from server.features.accounts.queries import list_accounts
from server.features.accounts.rules import MIN_PASSWORD, is_machine
from server.features.accounts.schemas import ContactIn, NewAccount
from server.features.accounts.service import managing
from server.features.accounts.service.resets import hand_over_reset
from server.infra import audit, journal, migrate
from server.infra.db import Database
from server.infra.identity import HOUSE
from server.kernel.clock import SystemClock
from server.kernel.errors import FairZoneError, NotFoundError, SetupError
from server.kernel.ids import new_token
from server.kernel.languages import CHINESE, ENGLISH
from server.kernel.passwords import password_text
from server.kernel.permissions import Role
from server.settings import data_directory, default_database_url, ensure_data_folder, read_settings

Params = ParamSpec("Params")
Result = TypeVar("Result")
ROLES = [role.value for role in Role if role is not Role.VISITOR]
MAX_LISTED = 100_000
DEMO_FOLDER = (".fairzone", "demo")
"""The last parts of the path where `fairzone demo` keeps its data."""
PASSWORD_LENGTH = 16
"""Of a demo log-in, in random characters of 6 bits each."""


def refusals_in_words(command: Callable[Params, Result]) -> Callable[Params, Result]:
    """Let a command end with one sentence instead of a stack trace when it is refused."""

    @wraps(command)
    def told(*args: Params.args, **options: Params.kwargs) -> Result:
        try:
            return command(*args, **options)
        except ValidationError as error:
            faults = "; ".join(
                f"{'.'.join(map(str, fault['loc'])) or 'account'}: {fault['msg']}" for fault in error.errors()
            )
            raise click.ClickException(faults) from error
        except NotFoundError as error:
            raise click.ClickException(f"There is no {error.params['what']} here.") from error
        except FairZoneError as error:
            raise click.ClickException(str(error)) from error

    return told


@contextmanager
def opened() -> Iterator[Database]:
    """The database of this installation while the block runs, for commands that need no secret."""
    import_models()  # an account refers to its exhibitor: the metadata must know both tables before either is written
    url = os.environ.get("DATABASE_URL")
    if not url:
        ensure_data_folder(data_directory(os.environ))
    database = Database(url or default_database_url(data_directory(os.environ)))
    try:
        yield database
    finally:
        database.close()


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


@click.group()
def user() -> None:
    """Create and change log-ins."""


@user.command()
@click.argument("username")
@click.option("--role", type=click.Choice(ROLES), required=True)
@click.option("--name", "display_name", help="As it is shown; the user name unless given.")
@click.option("--exhibitor", help="Code of the exhibitor, for exhibitor_admin and exhibitor_staff.")
@click.option("--email", help="Where this person is written to.")
@click.option("--locale", type=click.Choice((CHINESE, ENGLISH)), help="Language of this person's pages and mails.")
@click.option("--password", help=f"At least {MIN_PASSWORD} characters; asked for when it is not given.")
@refusals_in_words
def add(username: str, role: str, display_name: str | None, password: str | None, **options: str | None) -> None:
    """Make an account. A machine (bridge, screen) gets a token, which is shown once."""
    chosen = Role(role)
    secret = None if is_machine(chosen) else _long_enough(password or _ask_password())
    new = NewAccount.model_validate(
        {"username": username, "display_name": display_name or username, "role": chosen, "password": secret, **options}
    )
    token = new_token()
    with opened() as database, database.write() as session:
        service.create_account(session, new, SystemClock().now())
        audit.record(session, HOUSE, "made", "account", new.username, {"role": (None, chosen)})
        if is_machine(chosen):
            service.set_token(session, new.username, token)
    click.echo(f"Account {new.username} made.")
    if is_machine(chosen):
        click.echo(f"Its token, shown this once: {token}")


def _long_enough(password: str) -> SecretStr:
    """The password that the organiser gives somebody: longer than what buyers may choose for themselves."""
    try:
        text = password_text(password)
    except ValueError as error:
        raise click.ClickException("This password is no text.") from error
    if len(text) < MIN_PASSWORD:
        raise click.ClickException(f"A password has at least {MIN_PASSWORD} characters.")
    return SecretStr(text)


@user.command("list")
@refusals_in_words
def list_users() -> None:
    """List the accounts: name, role, exhibitor, whether switched off."""
    with opened() as database, database.read() as session:
        accounts = list_accounts(session, 0, MAX_LISTED)
    for account in accounts:
        off = "" if account.active else " (off)"
        click.echo(
            f"{account.username:<32} {account.role:<16} {account.exhibitor or '':<20} {account.display_name}{off}"
        )


@user.command()
@click.argument("username")
@click.option("--password", help="Asked for when it is not given.")
@refusals_in_words
def password(username: str, password: str | None) -> None:
    """Give an account a new password and end its sessions."""
    secret = _long_enough(password or _ask_password())
    with opened() as database, database.write() as session:
        service.set_password(session, username, secret)
    click.echo(f"{username} has a new password; its sessions have ended.")


@user.command()
@click.argument("username")
@click.argument("address", default="")
@refusals_in_words
def email(username: str, address: str) -> None:
    """Say where somebody is written to; without an address, nowhere."""
    checked = ContactIn(email=address or None).email
    with opened() as database, database.write() as session:
        service.set_email(session, username, checked, HOUSE)
    click.echo(f"{username} is written to at {checked}." if checked else f"{username} has no address any more.")


@user.command()
@click.argument("username")
@refusals_in_words
def token(username: str) -> None:
    """Give an account a new bearer token, shown once; an earlier one ends."""
    fresh = new_token()
    with opened() as database, database.write() as session:
        service.set_token(session, username, fresh)
    click.echo(fresh)


@user.command()
@click.argument("username")
@refusals_in_words
@click.option("--yes", is_flag=True, help="Do not ask, whatever ends with it.")
def disable(username: str, *, yes: bool) -> None:
    """Switch an account off and end its sessions; a buyer's meetings and requests are listed first, and end with it."""
    with opened() as database:
        ending = _ending_with(database, username)
        for line in ending:
            click.echo(line)
        if ending and not yes:
            click.confirm("These are cancelled, and everybody concerned is told. Go on?", abort=True)
        with database.write() as session:
            service.disable(session, username)
    click.echo(f"{username} is switched off.")


def _ending_with(database: Database, username: str) -> list[str]:
    """The meetings and requests to come of the buyer behind an account, a line each."""
    from server.features.privacy.queries import ending_with
    from server.kernel.clock import FAIR_ZONE

    with database.read() as session:
        found = ending_with(session, username, SystemClock().now())
    meetings = found.meetings if found else []
    return [f"{one.starts_at.astimezone(FAIR_ZONE):%Y-%m-%d %H:%M} {one.exhibitor} ({one.state})" for one in meetings]


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
    from server.demo_fair import DEMO_LOGINS, is_demo, load_demo_fair

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
    return not os.environ.get("DATABASE_URL") and data_directory(os.environ).parts[-2:] == DEMO_FOLDER


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


@user.command()
@click.argument("username")
@refusals_in_words
def enable(username: str) -> None:
    """Switch an account on again."""
    with opened() as database, database.write() as session:
        managing.switch_on(session, HOUSE, username.strip().lower())
    click.echo(f"{username} is switched on.")


@user.command()
@click.argument("username")
@refusals_in_words
def link(username: str) -> None:
    """Make a link with which somebody sets a new password, once and within a day; the path, shown once."""
    with opened() as database, database.write() as session:
        secret = hand_over_reset(session, HOUSE, username.strip().lower(), SystemClock().now())
    click.echo(f"/reset/{secret}")


def _ask_password() -> str:
    answered: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    return answered
