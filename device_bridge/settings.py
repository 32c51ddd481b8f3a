"""The bridge's settings: one TOML file, overridden by the environment for what must not stand in a file.

The file's tables are `[bridge]`, `[mqtt]` and `[[serial]]`; `fairzone bridge --help` shows an example.
"""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import msgspec


class SettingsError(Exception):
    """The settings cannot be used; the message says which and what to do."""


class MqttSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the broker is and who the bridge is to it."""

    host: str
    port: int = 1883
    version: Literal[3, 5] = 5
    client_id: str = "fairzone-bridge"
    """Fixed: the broker keeps the bridge's session under it."""
    username: str = ""
    password: str = ""
    tls: bool = False
    ca_file: str | None = None


class SerialSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One port. `name` is the robot's address in its enrolment."""

    name: str
    url: str
    """A path (by-id or by-path), a COM port, or a URL such as `socket://` or `rfc2217://`."""
    protocol: str = "fair-serial"
    """A name in the protocol registry."""
    baudrate: int = 115_200
    robot: str = ""
    """Whose port it is, for protocols whose messages name nobody."""
    options: dict[str, Any] = {}
    """What the protocol has to be told, by its own names."""


class ServerSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which server takes the reports, and where they wait for it."""

    server: str
    """`http://host:port` or `https://host`."""
    token: str
    spool: Path
    name: str = "zone"
    """The bridge's own name in what it sends."""
    ports_dir: Path | None = None
    """Where enrolled serial robots have their ports, each under its enrolled address."""


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything the bridge is told."""

    bridge: ServerSettings
    mqtt: MqttSettings | None = None
    serial: tuple[SerialSettings, ...] = ()


_SECRETS = {"FAIRZONE_BRIDGE_TOKEN": ("bridge", "token"), "FAIRZONE_MQTT_PASSWORD": ("mqtt", "password")}


def load_settings(path: Path, environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the file; secrets may come from the environment instead. Raises `SettingsError`."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise SettingsError(f"{path} is not there. `fairzone bridge --help` shows what belongs into it.") from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path} is not valid TOML: {error}.") from error
    for variable, (table, key) in _SECRETS.items():
        if variable in environment and table in tables:
            tables[table][key] = environment[variable]
    try:
        return msgspec.convert(tables, Settings, dec_hook=_path)
    except msgspec.ValidationError as error:
        raise SettingsError(f"{path}: {error}. `fairzone bridge --help` shows an example.") from error


def _path(kind: type, value: object) -> Path:
    """Make a path of a string, which msgspec leaves to us."""
    if kind is Path and isinstance(value, str):
        return Path(value)
    raise TypeError(f"Expected `{kind.__name__}`, got `{type(value).__name__}`")
