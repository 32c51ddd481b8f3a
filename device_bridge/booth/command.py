"""`fairzone bridge`: run, check, status, bundle. Without one of these words it runs."""

import json
import logging
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from device_bridge.booth.words import Language, language_of
from device_bridge.settings import SettingsError, as_worker, load_settings

if TYPE_CHECKING:
    from device_bridge.vitals import Vitals

EXAMPLE = """\b
The configuration, an example:
  [bridge]
  server = "https://fairzone.example"
  spool = "/var/lib/fairzone/spool.db"
  spool_limit_mb = 500
  when_full = "refuse-new"
  ports_dir = "/dev/serial/by-id"
  [mqtt]
  host = "127.0.0.1"
  port = 1883
  [[serial]]
  name = "booth-d19-2c05-1"
  url = "/dev/serial/by-id/usb-FTDI_FT232R-if00-port0"

The server's token comes from FAIRZONE_BRIDGE_TOKEN or as `token` under [bridge].
"""
_config = click.option(
    "--config",
    type=click.Path(path_type=Path),
    default=Path("bridge.toml"),
    show_default=True,
    help="The bridge's TOML file.",
)
_language = click.option("--lang", type=click.Choice(["zh", "en"]), help="Default: the machine's own language.")
_as_json = click.option("--json", "as_json", is_flag=True, help="The same for programs.")


class RunByDefault(click.Group):
    """A group whose first command stands for the group itself: `fairzone bridge --config x` runs the bridge."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the word `run` where none of the commands is named."""
        if not args or (args[0] not in self.commands and args[0] not in ("-h", "--help")):
            args = ["run", *args]
        return super().parse_args(ctx, args)


@click.group("bridge", cls=RunByDefault, epilog=EXAMPLE)
def bridge_command() -> None:
    """Take telemetry from robots to the server: `run` unless one of the commands is named."""


@bridge_command.command("run", epilog=EXAMPLE)
@_config
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Share out the robots.")
@click.option("--worker", type=click.IntRange(0, 63), hidden=True, help="Which of them this process is.")
def run(config: Path, workers: int, worker: int | None) -> None:
    """Run until told to stop.

    With several workers the robots of the broker are shared out among as many processes, each with a spool of its own;
    one that dies is started again. Change their number only between two starts of the robots.
    """
    from device_bridge.machine import stop_on_signals
    from device_bridge.workers import Workers, command_of

    logging.basicConfig(level=logging.INFO, format="%(asctime)s bridge %(levelname)s %(message)s")
    if workers == 1 or worker is not None:
        _run_one(config, workers, worker)
        return
    supervisor = Workers([command_of(config, number, workers) for number in range(workers)])
    stop_on_signals(supervisor.stop)
    supervisor.run()


def _run_one(config: Path, workers: int, worker: int | None) -> None:
    from device_bridge.bridge import Bridge, SpoolInUseError
    from device_bridge.machine import stop_on_signals
    from device_bridge.workers import stop_with_supervisor

    try:
        settings = load_settings(config)
        bridge = Bridge(settings if worker is None else as_worker(settings, worker, workers))
    except (SettingsError, SpoolInUseError) as error:
        click.echo(f"fairzone bridge: {error}", err=True)
        sys.exit(2)
    stop_on_signals(bridge.stop)
    if worker is not None:
        stop_with_supervisor(bridge.stop)
    bridge.run()


@bridge_command.command("check")
@_config
@_language
@_as_json
def check(config: Path, lang: Language | None, *, as_json: bool) -> None:
    """Verify configuration, spool, server, credential, ports and broker, and say what to do.

    Ends with 0 when nothing is wrong, and with 1 otherwise.
    """
    from device_bridge.booth.check import check_everything
    from device_bridge.booth.words import line_of

    findings = check_everything(config, datetime.now(UTC))
    if as_json:
        click.echo(json.dumps([finding.as_json() for finding in findings], ensure_ascii=False, indent=2))
    else:
        for finding in findings:
            click.echo(line_of(finding, language_of(lang)))
    sys.exit(1 if any(finding.is_problem for finding in findings) else 0)


@bridge_command.command("status")
@_config
@_language
@_as_json
def status(config: Path, lang: Language | None, *, as_json: bool) -> None:
    """Say in one line how the bridge of this configuration is doing, of several workers in one each.

    Ends with 0 while it runs, and with 1 otherwise.
    """
    from device_bridge.booth.status import status_line
    from device_bridge.vitals import is_running, read_vitals, spools_of

    try:
        spools = spools_of(load_settings(config).bridge.spool)
    except SettingsError as error:
        click.echo(f"fairzone bridge: {error}", err=True)
        sys.exit(2)
    now = datetime.now(UTC)
    found = [read_vitals(spool) for spool in spools]
    running = [vitals is not None and is_running(vitals, now) for vitals in found]
    for vitals, runs in zip(found, running, strict=True):
        click.echo(_vitals_json(vitals, runs=runs) if as_json else status_line(vitals, now, language_of(lang)))
    sys.exit(0 if all(running) else 1)


def _vitals_json(vitals: "Vitals | None", *, runs: bool) -> str:
    import msgspec

    known = {} if vitals is None else msgspec.to_builtins(vitals)
    return json.dumps({"running": runs, **known}, ensure_ascii=False)


@bridge_command.command("bundle")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="The folder to write to.")
@click.option(
    "--platform", "platforms", type=click.Choice(["linux", "windows", "all"]), default="all", show_default=True
)
@click.option("--python", "pythons", multiple=True, help="For these versions of Python alone, such as 3.12.")
def bundle(out: Path, platforms: str, pythons: tuple[str, ...]) -> None:
    """Pack the bridge for booth machines without internet: wheels, install script, example, instructions.

    Needs a package index on this machine. The zone's server offers what lies in `downloads` in its data folder.
    """
    from device_bridge.booth.bundle import PYTHONS, BundleError, Target, make_bundle

    wanted = list(Target) if platforms == "all" else [Target(platforms)]
    for target in wanted:
        try:
            click.echo(make_bundle(out, target, pythons or PYTHONS))
        except BundleError as error:
            click.echo(f"fairzone bridge bundle: {error}", err=True)
            sys.exit(1)
