"""What `fairzone doctor` examines: one installation, by its environment and its folders; and how a finding looks."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from server.infra import probes
from server.settings import LEAST_SECRET_CHARS, data_directory, default_database_url, read_settings

SERVER_FOLDER = Path(__file__).parents[1]
DEMO_MARK = "robots.json"
"""The list of robots that the demo's simulators play: no hall has one."""
NOT_OF_THE_DEMO = frozenset({"DATABASE_URL", "FAIRZONE_BRIDGE_TOKEN", "FAIRZONE_SECRET_KEY"})
"""What the demo does not hear of, so an examination of its folder must not either."""


class CheckStatus(StrEnum):
    """How serious a finding is."""

    OK = "ok"
    NOTE = "note"
    PROBLEM = "problem"


@dataclass(frozen=True)
class CheckResult:
    """One line of the account: what was looked at, how it is, and for a problem how to mend it."""

    check: str
    status: CheckStatus
    text: str
    remedy: str = ""


@dataclass(frozen=True)
class ExaminedInstallation:
    """What is examined: the environment, the folders, and the moment of the examination."""

    environ: Mapping[str, str]
    data_dir: Path
    now: datetime
    installed_at: datetime
    """When this version came to the machine: no clock that is right says an earlier moment."""
    server: Path = SERVER_FOLDER

    @property
    def is_demo(self) -> bool:
        """Whether this is the folder of a demo."""
        return _is_demo(self.data_dir)

    @property
    def database_url(self) -> str:
        """The database that this installation uses."""
        return self.environ.get("DATABASE_URL") or default_database_url(self.data_dir)

    @property
    def bridge_settings(self) -> Path:
        """Where the bridge's settings stand when it runs on this machine."""
        return self.data_dir / "bridge.toml"

    def bridge(self) -> dict[str, Any]:
        """The bridge's settings, empty when it runs elsewhere or they cannot be read."""
        try:
            return tomllib.loads(self.bridge_settings.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
            return {}

    def section(self, name: str) -> dict[str, Any]:
        """One table of the bridge's settings, empty when it is missing or no table."""
        found = self.bridge().get(name)
        return found if isinstance(found, dict) else {}

    def serial_addresses(self) -> list[str]:
        """The addresses of the serial ports that the bridge's settings name."""
        ports = self.bridge().get("serial")
        named = [port for port in ports if isinstance(port, dict)] if isinstance(ports, list) else []
        return [str(port.get("url", "")) for port in named]

    def says_where_the_server_is(self) -> bool:
        """Whether the bridge's settings name an address at which a server can be."""
        return _host_and_port(self.section("bridge").get("server")) is not None

    def web(self) -> tuple[str, int]:
        """Host and port of the web process: where the bridge beside it reports to, or as the environment says.

        Raises:
            SetupError: the environment says something that cannot be.
        """
        told = _host_and_port(self.section("bridge").get("server"))
        if told is not None and told[0] == probes.LOOPBACK and told[1]:
            return told
        settings = read_settings({**self.environ, "FAIRZONE_SECRET_KEY": "-" * LEAST_SECRET_CHARS})
        return probes.reachable(settings.host), settings.port


def examine(
    environ: Mapping[str, str], data_dir: Path | None, now: datetime, installed_at: datetime | None = None
) -> ExaminedInstallation:
    """The installation that the environment names, or the one in `data_dir`.

    `installed_at` is the time of this program's own files unless it is given.
    """
    installed = installed_at or datetime.fromtimestamp(Path(__file__).stat().st_mtime, UTC)
    if data_dir is None:
        return ExaminedInstallation(environ, data_directory(environ), now, installed)
    folder = data_dir.resolve()
    foreign = NOT_OF_THE_DEMO if _is_demo(folder) else frozenset()
    heard = {name: value for name, value in environ.items() if name not in foreign}
    return ExaminedInstallation({**heard, "FAIRZONE_DATA": str(folder)}, folder, now, installed)


def _is_demo(folder: Path) -> bool:
    return (folder / DEMO_MARK).is_file()


def _host_and_port(address: object) -> tuple[str, int] | None:
    """What an address names, port 0 when it names none; nothing for what is no address."""
    try:
        told = urlsplit(str(address))
        host, port = told.hostname, told.port or 0
    except ValueError:
        return None
    return (host, port) if host else None
