"""The bridge's settings: one TOML file, overridden by the environment for what must not stand in a file.

The file's tables are `[bridge]`, `[mqtt]` and `[[serial]]`; `fairzone bridge --help` shows an example.
"""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

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
    transport: Literal["tcp", "websockets"] = "tcp"
    """WebSockets where a network lets nothing but the web out, then mostly with `port = 443` and `tls = true`."""
    path: str = "/mqtt"
    """Where the broker's WebSockets are."""
    tls: bool = False
    ca_file: str | None = None
    """Whose certificates are trusted; without one those that the machine trusts."""
    cert_file: str | None = None
    """The bridge's own certificate, where the broker asks for one; `key_file` holds its key."""
    key_file: str | None = None
    log_file: Path | None = None
    """The broker's log, where it stands on this machine: what the broker denies is told to the robot's exhibitor."""
    worker: int = 0
    """Which of `workers` this bridge is, from 0 on; each has a spool of its own."""
    workers: int = 1
    """Among so many bridges the robots are shared out."""

    def __post_init__(self) -> None:
        """Refuse what cannot work."""
        if not 0 <= self.worker < self.workers:
            raise ValueError(f"worker = {self.worker} is none of the {self.workers} workers; they count from 0")
        if self.key_file and not self.cert_file:
            raise ValueError("key_file is given without cert_file; a key alone proves nothing")
        if not self.tls and (self.ca_file or self.cert_file):
            raise ValueError("ca_file and cert_file mean nothing without tls = true")

    @property
    def session_id(self) -> str:
        """The client id: of several workers each has one of its own, always the same."""
        return self.client_id if self.workers == 1 else f"{self.client_id}-{self.worker}"


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
    spool_limit_mb: Annotated[int, msgspec.Meta(ge=1)] | None = None
    """The most that the spool may hold; without one it takes what the disk has, but for some room that stays free."""
    when_full: Literal["refuse-new", "drop-oldest"] = "refuse-new"
    """What gives at the limit: nothing new is taken and acknowledged, or the oldest is let go and counted as lost."""


class BridgeSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything the bridge is told."""

    bridge: ServerSettings
    mqtt: MqttSettings | None = None
    serial: tuple[SerialSettings, ...] = ()


def as_worker(settings: BridgeSettings, worker: int, workers: int) -> BridgeSettings:
    """What one of several workers is told: its share of the robots, a spool of its own, and ports only for the first.

    Raises `SettingsError` where no broker is named: only robots at a broker can be shared out.
    """
    if settings.mqtt is None:
        raise SettingsError("Several workers share out the robots of a broker; the settings name none under [mqtt].")
    spool = settings.bridge.spool
    own = msgspec.structs.replace(settings.bridge, spool=spool.with_name(f"{spool.stem}-{worker}{spool.suffix}"))
    if worker:
        own = msgspec.structs.replace(own, ports_dir=None)
    mqtt = msgspec.structs.replace(settings.mqtt, worker=worker, workers=workers)
    if worker:  # one of them tells what the broker denied
        mqtt = msgspec.structs.replace(mqtt, log_file=None)
    return BridgeSettings(own, mqtt, () if worker else settings.serial)


_SECRETS = {"FAIRZONE_BRIDGE_TOKEN": ("bridge", "token"), "FAIRZONE_MQTT_PASSWORD": ("mqtt", "password")}


def load_settings(path: Path, environment: Mapping[str, str] = os.environ) -> BridgeSettings:
    """Read the file; secrets may come from the environment instead. Raises `SettingsError`."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise SettingsError(f"{path} is not there. `fairzone bridge --help` shows what belongs into it.") from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path} is not valid TOML: {error}.") from error
    try:
        return msgspec.convert(with_secrets(tables, environment), BridgeSettings, dec_hook=path_of)
    except msgspec.ValidationError as error:
        raise SettingsError(f"{path}: {error}. `fairzone bridge --help` shows an example.") from error


def with_secrets(tables: Mapping[str, Any], environment: Mapping[str, str]) -> dict[str, Any]:
    """The tables with the secrets that the environment holds."""
    whole = dict(tables)
    for variable, (table, key) in _SECRETS.items():
        if variable in environment and isinstance(whole.get(table), dict):
            whole[table] = {**whole[table], key: environment[variable]}
    return whole


def path_of(kind: type, value: object) -> Path:
    """Make a path of a string, which msgspec leaves to us."""
    if kind is Path and isinstance(value, str):
        return Path(value)
    raise TypeError(f"Expected `{kind.__name__}`, got `{type(value).__name__}`")
