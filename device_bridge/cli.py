"""The `fairzone` command: lists every installed command and loads only the one that is asked for.

A booth PC has the bridge without the server: commands whose code is not installed stay in the list and, when called,
say which extra brings them.
"""

from collections.abc import Iterable
from importlib.metadata import EntryPoint, entry_points, version

import click

GROUP = "fairzone.commands"

# What `fairzone --help` shows beside each name, so that listing the commands loads none of them. The order is the
# order of the list: what a newcomer needs first comes first.
SUMMARIES = {
    "demo": "Run the whole demo zone on this machine: broker, bridge, server, robots.",
    "up": "Run the server and its worker under one supervisor.",
    "bridge": "Take telemetry from MQTT and serial ports to the server.",
    "simulate": "Run simulated robots against a broker or a serial port.",
    "broker": "Run the embedded MQTT broker, for the demo and for tests.",
    "web": "Run the web service: pages, API and live feed on one port.",
    "worker": "Run the one scheduler process: outbox, reminders, retention.",
    "seed": "Load the demo fair into the database.",
    "user": "Create and change log-ins.",
    "robots": "Enrol robots; give, renew and take back their credentials.",
    "db": "Bring the database to this version, or say where it stands.",
    "doctor": "Say what is wrong with this installation, and how to mend it.",
}

# A missing module of somebody else's means a missing extra, `server` unless it stands here; a missing one of ours is
# a fault and must be seen.
EXTRAS = {"iotcore": "demo"}
OURS = ("device_bridge", "server")


class CommandUnavailableError(click.ClickException):
    """A command whose extra is not installed; the message names the extra and the command that installs it."""

    def __init__(self, command: str, module: str) -> None:
        extra = EXTRAS.get(module, "server")
        super().__init__(
            f"`fairzone {command}` needs the extra `{extra}` (the module `{module}` is not installed).\n"
            f'Install it with: python -m pip install "fairzone[{extra}]"'
        )


class LazyGroup(click.Group):
    """A group whose commands are entry points, each loaded when it is called."""

    def __init__(self, *, points: Iterable[EntryPoint] | None = None, **settings: object) -> None:
        super().__init__(name="fairzone", **settings)  # type: ignore[arg-type]  # click's own long list of settings
        self._points = points

    def points(self) -> dict[str, EntryPoint]:
        """The installed entry points by command name."""
        found = entry_points(group=GROUP) if self._points is None else self._points
        return {point.name: point for point in found}

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        """Known commands in the order of the list above, then those of other distributions by name."""
        order = {name: place for place, name in enumerate(SUMMARIES)}
        return sorted(self.points(), key=lambda name: (order.get(name, len(order)), name))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  # click's
        """The loaded command, or None for a name that nobody registered.

        Raises:
            CommandUnavailableError: the command is known, but the extra that brings its code is not installed.
        """
        point = self.points().get(cmd_name)
        return None if point is None else load(point)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without loading any."""
        rows = [(name, SUMMARIES.get(name, "")) for name in self.list_commands(ctx)]
        if rows:
            with formatter.section("Commands"):
                formatter.write_dl(rows)


def load(point: EntryPoint) -> click.Command:
    """The command behind an entry point; a missing extra becomes a sentence instead of a traceback."""
    try:
        command = point.load()
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if missing in OURS or not missing:
            raise
        raise CommandUnavailableError(point.name, missing) from error
    if not isinstance(command, click.Command):
        message = f"the entry point {point.name} = {point.value} of group {GROUP} is no click command"
        raise TypeError(message)
    return command


main = LazyGroup(
    help="FairZone runs the service-robot zone of a trade fair.",
    context_settings={"help_option_names": ["-h", "--help"]},
)
main = click.version_option(version("fairzone"), prog_name="fairzone")(main)
