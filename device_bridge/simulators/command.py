"""`fairzone simulate`: simulated robots that speak the real protocols to a broker and over serial ports."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import click
import msgspec

from device_bridge.simulators.fleet import FleetError, RobotSpec, crowd, read_fleet
from device_bridge.simulators.mqtt_link import Broker
from device_bridge.simulators.options import BrokerAddress, Speed
from device_bridge.simulators.playback import SENDERS, Playback, play_fleet
from device_bridge.simulators.recorder_command import record, replay
from device_bridge.simulators.script import NOTHING, Script, ScriptError, read_script

MOST_ROBOTS = 5_000
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


class PlayByDefault(click.Group):
    """A group whose command `play` stands for the group itself: `fairzone simulate --fair x` plays."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the word `play` where none of the commands is named."""
        if not args or (args[0] not in self.commands and args[0] not in ("-h", "--help")):
            args = ["play", *args]
        return super().parse_args(ctx, args)


@click.group(cls=PlayByDefault, commands=[record, replay])
def simulate() -> None:
    """Simulated robots: `play` unless one of the commands is named."""


@simulate.command()
@click.option("--fair", type=_FILE, required=True, help="JSON list of the robots to play.")
@click.option("--broker", type=BrokerAddress(), required=True, help="The MQTT broker, for MQTT 3.1.1.")
@click.option("--ports-dir", type=click.Path(file_okay=False, path_type=Path), required=True, help="For serial ports.")
@click.option("--protocol", "protocols", type=click.Choice(sorted(SENDERS)), multiple=True, help="Default: all.")
@click.option("--server", default="", help="`https://host`, for robots that report over HTTPS.")
@click.option("--tokens", type=_FILE, help="Their tokens: a JSON object, robot to token.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed plays the same robots.")
@click.option("--rate", type=click.FloatRange(0.01, 100), default=1.0, show_default=True, help="Reports a second.")
@click.option("--only", "only", multiple=True, metavar="ROBOT", help="Play this robot; repeat for more. Default: all.")
@click.option("--duration", type=click.FloatRange(min=0), help="End after so many seconds of the robots' time.")
@click.option("--speed", type=Speed(), default="1", show_default=True, help="The robots' time against ours, or `max`.")
@click.option("--robots", type=click.IntRange(1, MOST_ROBOTS), help="So many: the first ones, or more like them.")
@click.option("--script", type=_FILE, help="Faults, one a line, as `at 00:05 drop 3 bytes`; README.")
def play(  # noqa: PLR0913  # one parameter an option, as click has it
    *,
    fair: Path,
    broker: Broker,
    ports_dir: Path,
    protocols: tuple[str, ...],
    server: str,
    tokens: Path | None,
    seed: int,
    rate: float,
    only: tuple[str, ...],
    duration: float | None,
    speed: float | None,
    robots: int | None,
    script: Path | None,
) -> None:
    """Run simulated robots against a broker and over serial ports."""
    if speed != 1.0 and duration is None:
        raise click.UsageError(
            "With another --speed than 1 give a --duration, or the robots' clocks run into the future."
        )
    fleet = _choose(_read(fair), protocols, only)
    fleet = crowd(fleet, robots) if robots and fleet else fleet
    known = _tokens(tokens)
    fleet = [spec for spec in fleet if spec.protocol != "fair-https" or (server and spec.robot in known)]
    playback = Playback(broker, ports_dir, seed, rate, duration, _script(script), speed, server, known)
    click.echo(f"simulate: {len(fleet)} robots, MQTT to {broker.host}:{broker.port}, serial ports in {ports_dir}")
    asyncio.run(play_fleet(fleet, playback))


def _read(path: Path) -> list[RobotSpec]:
    try:
        return read_fleet(path)
    except FleetError as error:
        raise click.ClickException(str(error)) from error


def _choose(fleet: Sequence[RobotSpec], protocols: tuple[str, ...], only: tuple[str, ...]) -> list[RobotSpec]:
    """Return the robots to play; a name that nobody has is refused, since a typing error would play nothing."""
    unknown = set(only) - {spec.robot for spec in fleet}
    if unknown:
        raise click.ClickException(f"No such robot in the list: {', '.join(sorted(unknown))}")
    spoken = set(protocols or SENDERS)
    strange = {spec.protocol for spec in fleet} - SENDERS.keys()
    if strange and not protocols:
        click.echo(f"simulate: nobody here speaks {', '.join(sorted(strange))}; those robots stay silent", err=True)
    return [spec for spec in fleet if spec.protocol in spoken and (not only or spec.robot in only)]


def _tokens(path: Path | None) -> dict[str, str]:
    """Return the tokens of a file. A robot without one cannot speak over HTTPS and stays silent."""
    try:
        return {} if path is None else msgspec.json.decode(path.read_bytes(), type=dict[str, str])
    except msgspec.DecodeError as error:
        raise click.ClickException(f"{path}: {error}") from error


def _script(path: Path | None) -> Script:
    if path is None:
        return NOTHING
    try:
        return read_script(path.read_text(encoding="utf-8"))
    except ScriptError as error:
        raise click.ClickException(f"{path}: {error}") from error
