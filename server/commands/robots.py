"""`fairzone robots`: enrol a robot, renew or take back its credential, and list them, as the organiser does it."""

import json
from collections.abc import Callable, Iterable
from datetime import UTC

import click
from sqlmodel import Session

from server.commands.database import opened
from server.commands.terminal import refusals_in_words
from server.features.enrolment.queries import list_credentials, robot_facts
from server.features.enrolment.rules.credentials import CredentialPurpose
from server.features.enrolment.rules.snippets import Way, robot_snippets
from server.features.enrolment.schemas import RobotCredentialOut
from server.features.enrolment.service import bridge_account, issue, revoke, rotate, secret_of, topics_of
from server.features.exhibitors.rules import NAMED_BY_KEY, VDA5050, RobotKind, split_robot_key
from server.features.exhibitors.schemas import PROTOCOLS, RobotEdit
from server.features.exhibitors.service import enrol_robot
from server.infra.identity import SYSTEM
from server.kernel.clock import SystemClock
from server.settings import Settings, read_settings

KINDS = [one.value for one in RobotKind]
WITHOUT_CREDENTIAL = frozenset(PROTOCOLS) - NAMED_BY_KEY - {VDA5050}
"""Protocols of robots behind a port: there the bridge has the credential."""


class KeyType(click.ParamType[tuple[str, str]]):
    """`<exhibitor>/<robot>`, both in small letters, digits and hyphens."""

    name = "EXHIBITOR/ROBOT"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        """The two codes; anything else ends the command with a sentence."""
        found = split_robot_key(str(value))
        if found is None:
            self.fail(f"{value} is no robot: write it as exhibitor/robot, such as nanling/tea-1", param, ctx)
        return found


KEY = KeyType()
rehearsal = click.option("--rehearsal", is_flag=True, help="The credential for rehearsing, not the one for the fair.")


@click.group()
def robots() -> None:
    """Enrol robots, and give, renew and take back their credentials."""


@robots.command()
@click.argument("key", type=KEY)
@click.option("--kind", type=click.Choice(KINDS), help="What the robot is; needed for a new one.")
@click.option("--protocol", type=click.Choice(PROTOCOLS), default="fair-mqtt", show_default=True)
@click.option("--name-en", help="Its name in English; made of the code unless given.")
@click.option("--name-zh", help="Its name in Chinese; the English one unless given.")
@click.option("--address", default="", help="VDA 5050: manufacturer/serialNumber. Serial: the port's name.")
@click.option(
    "--option", "options", multiple=True, metavar="NAME=JSON", help="For the protocol: system_id=7. Repeatable."
)
@rehearsal
@refusals_in_words
def enrol(key: tuple[str, str], *, rehearsal: bool, options: Iterable[str], **about: str | None) -> None:
    """Enrol a robot that is not there yet, and print its credential with one line to paste."""
    settings = read_settings()
    with opened() as database, database.write() as session:
        if robot_facts(session, *key) is None:
            enrol_robot(session, SYSTEM, key[0], _described(key[1], options, **about), key[1])
            click.echo(f"Robot {'/'.join(key)} enrolled.")
        if _protocol(session, key) in WITHOUT_CREDENTIAL:
            click.echo("It comes by a port: the bridge at the booth has the credential, see the page of booth bridges.")
            return
        _tell(issue(session, SYSTEM, "/".join(key), _purpose(rehearsal=rehearsal), SystemClock().now()), settings)


@robots.command("rotate")
@click.argument("key", type=KEY)
@rehearsal
@refusals_in_words
def renew(key: tuple[str, str], *, rehearsal: bool) -> None:
    """Give a robot a new credential; what is connected with the old one is cut off."""
    settings = read_settings()
    _do(
        lambda session: _tell(
            rotate(session, SYSTEM, "/".join(key), _purpose(rehearsal=rehearsal), SystemClock().now()), settings
        )
    )


@robots.command("revoke")
@click.argument("key", type=KEY)
@rehearsal
@refusals_in_words
def take_back(key: tuple[str, str], *, rehearsal: bool) -> None:
    """Take a robot's credential back; what is connected with it is cut off."""
    _do(lambda session: revoke(session, SYSTEM, "/".join(key), _purpose(rehearsal=rehearsal)))
    click.echo(f"The credential of {'/'.join(key)} is taken back.")


@robots.command("list")
@click.option("--exhibitor", default="", help="Of this exhibitor alone, by its code.")
@refusals_in_words
def list_them(exhibitor: str) -> None:
    """List the credentials: robot, purpose, until when it holds. Secrets are not shown."""
    now = SystemClock().now()
    with opened() as database, database.read() as session:
        for one in list_credentials(session, exhibitor):
            state = f"until {one.ends_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if one.term.holds(now) else "ended"
            word = "taken back" if one.revoked_at else state
            click.echo(f"{one.robot:<40} {one.purpose:<10} {one.protocol:<12} {word}")


@robots.command("broker")
@refusals_in_words
def broker_account() -> None:
    """Print the lines for bridge.toml with which the zone's own bridge gets into the broker."""
    account = bridge_account(read_settings().secret_key)
    click.echo(f'[mqtt]\nusername = "{account.username}"\npassword = "{account.secret}"')


def _protocol(session: Session, key: tuple[str, str]) -> str:
    """In what the robot speaks, whatever was said on the command line."""
    found = robot_facts(session, *key)
    return found.protocol if found else ""


def _do(act: Callable[[Session], object]) -> None:
    with opened() as database, database.write() as session:
        act(session)


def _purpose(*, rehearsal: bool) -> CredentialPurpose:
    return CredentialPurpose.REHEARSAL if rehearsal else CredentialPurpose.FAIR


def _described(code: str, options: Iterable[str], **about: str | None) -> RobotEdit:
    """A new robot as it was described; what was left out follows from its code."""
    if about["kind"] is None:
        raise click.UsageError(f"There is no such robot yet. Give --kind to enrol it, one of: {', '.join(KINDS)}.")
    name = about["name_en"] or code.replace("-", " ").title()
    given = {**about, "name_en": name, "name_zh": about["name_zh"] or name, "options": dict(map(_option, options))}
    return RobotEdit.model_validate(given)


def _option(text: str) -> tuple[str, object]:
    """One NAME=JSON; a value that is no JSON is a text."""
    name, equals, value = text.partition("=")
    if not (name and equals):
        raise click.UsageError(f"{text} is no NAME=JSON.")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value


def _tell(credential: RobotCredentialOut, settings: Settings) -> None:
    """Print the credential and one line to paste. Only here and on the exhibitor's page it is shown."""
    secret, site = (
        secret_of(credential, settings.secret_key),
        settings.public_url or f"http://127.0.0.1:{settings.port}",
    )
    way = Way(settings.broker_url or "mqtt://127.0.0.1:1883", site, credential.username, secret)
    click.echo(f"User name and client id: {credential.username}")
    click.echo(f"Password, and token for HTTPS: {secret}")
    click.echo(f"Holds until {credential.ends_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC. One line to try it:")
    click.echo(robot_snippets(way, credential.protocol, credential.robot, topics_of(credential))[0].text)
