"""`fairzone up`: a real hall's programs on one machine under one supervisor."""

import os
from pathlib import Path

import click

from server import hall
from server.commands.terminal import refusals_told, say
from server.infra.claims import alone_in
from server.infra.supervisor import Supervisor
from server.kernel.clock import SystemClock
from server.settings import data_directory, ensure_secrets, read_settings


@click.command()
@click.option(
    "--bridge", type=click.Path(path_type=Path), help="The bridge's settings. Default: bridge.toml in the data."
)
@click.option("--no-bridge", is_flag=True, help="The bridge runs on another machine.")
def up(bridge: Path | None, *, no_bridge: bool) -> None:
    """Run the server, its worker and the bridge of a real hall under one supervisor.

    The settings come from the environment (DATABASE_URL, FAIRZONE_DATA, FAIRZONE_HOST, FAIRZONE_PORT …); the secrets
    are made at the first start. Exit codes: 0 ended in order, 1 something did not come up, 2 refused.
    """
    with refusals_told():
        data_dir = data_directory(os.environ)
        with alone_in(data_dir):
            secrets = ensure_secrets(data_dir)
            settings = read_settings()
            place = hall.Installation(settings, secrets, None if no_bridge else bridge or data_dir / "bridge.toml")
            hall.make_ready(place, SystemClock().now(), say)
            supervisor = Supervisor(hall.programs(place, os.environ), say)
            supervisor.stop_on_signals()
            supervisor.run()
