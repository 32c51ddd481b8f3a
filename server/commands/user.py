"""`fairzone user`: create and change log-ins."""

import click
from pydantic import SecretStr

from server.commands.database import opened
from server.commands.terminal import refusals_in_words
from server.features.accounts import service
from server.features.accounts.queries import list_accounts
from server.features.accounts.rules import MIN_PASSWORD, is_machine
from server.features.accounts.schemas import ContactIn, NewAccount
from server.features.accounts.service import managing
from server.features.accounts.service.resets import hand_over_reset
from server.infra import audit
from server.infra.db import Database
from server.infra.identity import SYSTEM
from server.kernel.clock import SystemClock
from server.kernel.ids import new_token
from server.kernel.languages import CHINESE, ENGLISH
from server.kernel.passwords import password_text
from server.kernel.permissions import Role

ROLES = [role.value for role in Role if role is not Role.VISITOR]
MAX_LISTED = 100_000


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
        audit.record(session, SYSTEM, "account.add", new.username, {"role": (None, chosen)})
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
        service.set_email(session, username, checked, SYSTEM)
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


@user.command()
@click.argument("username")
@refusals_in_words
def enable(username: str) -> None:
    """Switch an account on again."""
    with opened() as database, database.write() as session:
        managing.switch_on(session, SYSTEM, username.strip().lower())
    click.echo(f"{username} is switched on.")


@user.command()
@click.argument("username")
@refusals_in_words
def link(username: str) -> None:
    """Make a link with which somebody sets a new password, once and within a day; the path, shown once."""
    with opened() as database, database.write() as session:
        secret = hand_over_reset(session, SYSTEM, username.strip().lower(), SystemClock().now())
    click.echo(f"/reset/{secret}")


def _ask_password() -> str:
    answered: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    return answered
