"""What an installation decides: one frozen object, read once from the environment and the data directory."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from server.kernel.errors import SetupError
from server.kernel.ids import new_token

SECRETS_FILE = "secrets"
DEFAULT_PORT = 8460


@dataclass(frozen=True)
class Secrets:
    """What nobody may know: the key that signs sessions, and the token of the bridge that runs beside the server."""

    secret_key: str = field(repr=False)
    bridge_token: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings of one installation. Paths are absolute, durations are in the unit of their name."""

    data_dir: Path
    database_url: str = field(repr=False)
    """Not shown: it may hold a password."""
    secret_key: str = field(repr=False)
    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    public_url: str = ""
    """The address that goes into QR codes and mails; without it, the address of the request."""
    strict_translations: bool = False
    """Whether a missing translation is an error (demo, tests) or falls back to English with a line in the log."""
    secure_cookies: bool = False
    """Whether cookies travel over HTTPS alone; follows `public_url` unless set."""
    trusted_proxies: int = 0
    """How many reverse proxies stand in front and set X-Forwarded-*."""
    threads: int = 24
    """So many Flask requests run at a time in one web process."""
    change_days: float = 1.0
    """So long the change feed is kept; a screen that was away for longer gets a snapshot."""
    outbox_days: float = 30.0
    testing: bool = False


def read_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process. Raises `SetupError` for a missing secret or a value that is no number."""
    values = os.environ if environ is None else environ
    data_dir = data_directory(values)
    public_url = values.get("FAIRZONE_PUBLIC_URL", "").rstrip("/")
    return Settings(
        data_dir=data_dir,
        database_url=values.get("DATABASE_URL") or default_database_url(data_dir),
        secret_key=values.get("FAIRZONE_SECRET_KEY") or read_secrets(data_dir).secret_key,
        host=values.get("FAIRZONE_HOST", "127.0.0.1"),
        port=_whole(values, "FAIRZONE_PORT", DEFAULT_PORT),
        public_url=public_url,
        strict_translations=_yes(values, "FAIRZONE_STRICT_TRANSLATIONS", default=False),
        secure_cookies=_yes(values, "FAIRZONE_SECURE_COOKIES", default=public_url.startswith("https://")),
        trusted_proxies=_whole(values, "FAIRZONE_TRUSTED_PROXIES", 0),
        threads=_whole(values, "FAIRZONE_THREADS", 24),
    )


def data_directory(environ: Mapping[str, str]) -> Path:
    """Where this installation keeps its data: FAIRZONE_DATA, or `fairzone-data` in the working directory."""
    return Path(environ.get("FAIRZONE_DATA", "fairzone-data")).resolve()


def default_database_url(data_dir: Path) -> str:
    """The SQLite database of a data directory, used where DATABASE_URL is not set."""
    return f"sqlite:///{data_dir / 'fairzone.db'}"


def read_secrets(data_dir: Path) -> Secrets:
    """The secrets of this installation. Raises `SetupError` when there are none: there is no default."""
    path = data_dir / SECRETS_FILE
    if not path.exists():
        raise SetupError(
            f"There is no secret key: FAIRZONE_SECRET_KEY is not set and {path} does not exist.",
            "Run `fairzone up` once, which makes one, or set FAIRZONE_SECRET_KEY to at least 32 random characters.",
        )
    stored = json.loads(path.read_text())
    return Secrets(secret_key=stored["secret_key"], bridge_token=stored["bridge_token"])


def ensure_secrets(data_dir: Path) -> Secrets:
    """The secrets of this installation, made at random at the first call, readable by their owner alone."""
    data_dir.mkdir(parents=True, exist_ok=True)
    path = data_dir / SECRETS_FILE
    fresh = {"secret_key": new_token(), "bridge_token": new_token()}
    try:
        # O_EXCL: of two processes that start together, one makes the file; the mode is right from the first byte.
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return read_secrets(data_dir)
    with os.fdopen(descriptor, "w") as file:
        json.dump(fresh, file)
    return Secrets(**fresh)


def _whole(values: Mapping[str, str], name: str, default: int) -> int:
    raw = values.get(name, "")
    if not raw:
        return default
    if not raw.isdecimal():
        raise SetupError(f"{name} is {raw!r}, which is no whole number.", f"Set {name} to a number, or leave it out.")
    return int(raw)


def _yes(values: Mapping[str, str], name: str, *, default: bool) -> bool:
    raw = values.get(name, "").lower()
    if not raw:
        return default
    if raw not in {"1", "0", "true", "false", "yes", "no"}:
        raise SetupError(f"{name} is {raw!r}, which is neither yes nor no.", f"Set {name} to 1 or 0.")
    return raw in {"1", "true", "yes"}
