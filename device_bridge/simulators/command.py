"""`fairzone simulate`: simulated robots that speak the real protocols to a broker and over serial ports."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import click

from device_bridge.simulators.cast import CastError, Part, read_cast
from device_bridge.simulators.faults import Incident, ScriptError, read_script
from device_bridge.simulators.mqtt_link import Broker
from device_bridge.simulators.stage import SENDERS, Production, play

MAX_PORT = 65_535
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


class BrokerAddress(click.ParamType[Broker]):
    """`HOST:PORT`."""

    name = "host:port"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Broker:
        """Return the address, or tell what it should look like."""
        host, _, port = str(value).rpartition(":")
        if not host or not port.isdecimal() or not 0 < int(port) <= MAX_PORT:
            self.fail(f"{value!r} is not HOST:PORT", param, ctx)
        return Broker(host, int(port))


@click.command()
@click.option("--fair", type=_FILE, required=True, help="JSON list of the robots to play.")
@click.option("--broker", type=BrokerAddress(), required=True, help="The MQTT broker, for MQTT 3.1.1.")
@click.option("--ports-dir", type=click.Path(file_okay=False, path_type=Path), required=True, help="For serial ports.")
@click.option("--protocol", "protocols", type=click.Choice(sorted(SENDERS)), multiple=True, help="Default: all.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed plays the same robots.")
@click.option("--rate", type=click.FloatRange(0.01, 100), default=1.0, show_default=True, help="Reports a second.")
@click.option("--only", "only", multiple=True, metavar="ROBOT", help="Play this robot; repeat for more. Default: all.")
@click.option("--duration", type=click.FloatRange(min=0), help="End after so many seconds. Default: never.")
@click.option("--script", type=_FILE, help="Faults: `[ROBOT] at MM:SS e-stop|silence|cable|flat|reboot for N s`.")
def simulate(  # noqa: PLR0913  # one parameter an option, as click has it
    *,
    fair: Path,
    broker: Broker,
    ports_dir: Path,
    protocols: tuple[str, ...],
    seed: int,
    rate: float,
    only: tuple[str, ...],
    duration: float | None,
    script: Path | None,
) -> None:
    """Run simulated robots against a broker and over serial ports."""
    cast = _choose(_read(fair), protocols, only)
    production = Production(broker, ports_dir, seed, rate, duration, _script(script))
    click.echo(f"simulate: {len(cast)} robots, MQTT to {broker.host}:{broker.port}, serial ports in {ports_dir}")
    asyncio.run(play(cast, production))


def _read(path: Path) -> list[Part]:
    try:
        return read_cast(path)
    except CastError as error:
        raise click.ClickException(str(error)) from error


def _choose(cast: Sequence[Part], protocols: tuple[str, ...], only: tuple[str, ...]) -> list[Part]:
    """Return the robots to play; a name that nobody has is refused, since a typing error would play nothing."""
    unknown = set(only) - {part.robot for part in cast}
    if unknown:
        raise click.ClickException(f"No such robot in the list: {', '.join(sorted(unknown))}")
    spoken = set(protocols or SENDERS)
    strange = {part.protocol for part in cast} - SENDERS.keys()
    if strange and not protocols:
        click.echo(f"simulate: nobody here speaks {', '.join(sorted(strange))}; those robots stay silent", err=True)
    return [part for part in cast if part.protocol in spoken and (not only or part.robot in only)]


def _script(path: Path | None) -> tuple[Incident, ...]:
    if path is None:
        return ()
    try:
        return read_script(path.read_text(encoding="utf-8"))
    except ScriptError as error:
        raise click.ClickException(f"{path}: {error}") from error
