"""What an installation decides: one frozen object, read once from the environment and the data directory."""

import json
import math
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from pathlib import Path
from typing import Literal, TypedDict
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from server.kernel.errors import SetupError
from server.kernel.ids import new_token
from server.kernel.quotas import QUOTAS, Quotas, read_quotas

SECRETS_FILE = "secrets"
DEFAULT_PORT = 8460
LAST_PORT = 65535
LEAST_SECRET_CHARS = 32
DEFAULT_CHANGE_DAYS = 0.02
_FOLDERS = frozenset({"downloads", "logs", "serial"})
"""What may stand beside the files of a data folder."""
_Security = Literal["tls", "starttls", "none"]
_MAIL_SCHEMES: Mapping[str, tuple[_Security, int]] = {
    "smtps": ("tls", 465),
    "smtp+starttls": ("starttls", 587),
    "smtp": ("none", 25),
}
"""How a mail server is spoken to, and at which port when the address names none."""
_QUOTED = "Write such signs of user and password as %23 (#), %3F (?), %2F (/), %40 (@), %3A (:) and %25 (%)."
FIRST_PRINTABLE = 32
_BROKER_PORTS = {"mqtt": 1883, "mqtts": 8883}
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True)
class Secrets:
    """What nobody may know: the key that signs sessions, and the token of the bridge that runs beside the server."""

    secret_key: str = field(repr=False)
    bridge_token: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class MailServer:
    """Where mail is handed over. `security`: TLS from the first byte, TLS by STARTTLS or not at all, or none."""

    host: str
    port: int
    security: _Security
    username: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True, kw_only=True)
class BrokerAdmin:
    """The broker that lets robots in, and the account that may tell it whom. `ca_file` empty: the machine's own CAs."""

    host: str
    port: int
    username: str
    password: str = field(repr=False)
    tls: bool = False
    ca_file: str = ""


@dataclass(frozen=True)
class MailAddress:
    """A name and its address, as a mail shows its sender."""

    name: str
    address: str

    @property
    def domain(self) -> str:
        """What stands behind the @."""
        return self.address.rpartition("@")[2]


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
    fair_name: tuple[str, str] = ("", "")
    """What the fair is called, in English and in Chinese; the landing page says it."""
    fair_place: tuple[str, str] = ("", "")  # where it is
    trusted_proxies: int = 0
    """How many reverse proxies stand in front and set X-Forwarded-*."""
    countries_file: str = ""
    """The table of the countries' names; empty for the built-in one."""
    threads: int = 24
    """So many Flask requests run at a time in one web process."""
    change_days: float = DEFAULT_CHANGE_DAYS
    """So long the change feed is kept, by default about half an hour; who was away for longer gets a snapshot.

    More would seldom help: a screen that missed more than 2,000 changes gets a snapshot anyway.
    """
    answer_minutes: int = 45  # a request for a meeting ends so long before its start; no nearer time can be asked for
    outbox_days: float = 30.0  # so long events and mails are kept
    mail_server: MailServer | None = None
    """Without one, mail is kept where the organiser reads it, and nothing is sent."""
    mail_from: MailAddress = MailAddress("FairZone", "invitations@fairzone.invalid")
    """The sender of every mail and the organiser in every calendar."""
    broker_url: str = ""
    """Where robots find the broker, as mqtt:// or mqtts://; without it, the host of the request at the usual port."""
    broker_admin: BrokerAdmin | None = None
    """Without one, nobody is told who may speak: the broker lets in whom it likes, as in the demo."""
    quotas: Quotas = field(default_factory=lambda: QUOTAS)
    """How much one exhibitor or account may have."""
    session_idle_hours: float = 12.0
    """So long a log-in lasts after its person last did something."""
    session_hours: float = 168.0
    """So long a log-in lasts whatever its person does."""
    testing: bool = False


class _MailSettings(TypedDict, total=False):
    mail_server: MailServer
    mail_from: MailAddress


def read_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process. Raises `SetupError` for a missing secret or a value that cannot be."""
    values = os.environ if environ is None else environ
    data_dir = data_directory(values)
    public_url = values.get("FAIRZONE_PUBLIC_URL", "").rstrip("/")
    return Settings(
        data_dir=data_dir,
        database_url=values.get("DATABASE_URL") or default_database_url(data_dir),
        secret_key=_secret_key(values, data_dir),
        host=values.get("FAIRZONE_HOST", "127.0.0.1"),
        port=_port(values),
        public_url=public_url,
        strict_translations=_yes(values, "FAIRZONE_STRICT_TRANSLATIONS", default=False),
        secure_cookies=_yes(values, "FAIRZONE_SECURE_COOKIES", default=public_url.startswith("https://")),
        trusted_proxies=_whole(values, "FAIRZONE_TRUSTED_PROXIES", 0),
        threads=_whole(values, "FAIRZONE_THREADS", 24),
        countries_file=values.get("FAIRZONE_COUNTRIES", "").strip(),
        change_days=_hours(values, "FAIRZONE_CHANGE_HOURS", DEFAULT_CHANGE_DAYS * 24) / 24,
        fair_name=_both_languages(values.get("FAIRZONE_FAIR", "")),
        fair_place=_both_languages(values.get("FAIRZONE_PLACE", "")),
        answer_minutes=min(_whole(values, "FAIRZONE_ANSWER_MINUTES", 45), 24 * 60),
        session_idle_hours=_hours(values, "FAIRZONE_SESSION_IDLE_HOURS", 12.0),
        session_hours=_hours(values, "FAIRZONE_SESSION_HOURS", 168.0),
        broker_url=_broker_url(values.get("FAIRZONE_BROKER_URL", "")),
        broker_admin=_broker(values.get("FAIRZONE_BROKER_ADMIN", "")),
        quotas=read_quotas(values.get("FAIRZONE_QUOTAS", "")),
        **_mail(values),
    )


def _both_languages(text: str) -> tuple[str, str]:
    """`English | 中文` in its two parts; a single one stands for both."""
    english, _, chinese = (part.strip() for part in text.partition("|"))
    return english or chinese, chinese or english


def data_directory(environ: Mapping[str, str]) -> Path:
    """Where this installation keeps its data: FAIRZONE_DATA, or `fairzone-data` in the working directory."""
    return Path(environ.get("FAIRZONE_DATA", "fairzone-data")).resolve()


def default_database_url(data_dir: Path) -> str:
    """The SQLite database of a data directory, used where DATABASE_URL is not set."""
    return f"sqlite:///{data_dir / 'fairzone.db'}"


def read_secrets(data_dir: Path) -> Secrets:
    """The secrets of this installation. Raises `SetupError` when there are none to be read: there is no default."""
    path = data_dir / SECRETS_FILE
    if not path.exists():
        raise SetupError(
            f"There is no secret key: FAIRZONE_SECRET_KEY is not set and {path} does not exist.",
            "Run `fairzone up` once, which makes one, or set FAIRZONE_SECRET_KEY to at least 32 random characters.",
        )
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        return Secrets(secret_key=str(stored["secret_key"]), bridge_token=str(stored["bridge_token"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SetupError(
            f"{path} cannot be read as secrets ({type(error).__name__}).",
            "Let its owner run this program, or delete it: `fairzone up` makes a new one, and everybody logs in again.",
        ) from error


def ensure_secrets(data_dir: Path) -> Secrets:
    """The secrets of this installation, made at random at the first call; the folder is for its owner alone.

    Raises:
        SetupError: there are secrets that cannot be read.
    """
    ensure_data_folder(data_dir)
    path = data_dir / SECRETS_FILE
    if not path.exists():
        _write_secrets(path)
    return read_secrets(data_dir)


def ensure_data_folder(data_dir: Path) -> None:
    """Make the data folder where there is none; it is for its owner alone, unless others live in it, too."""
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    if _is_own_data_folder(data_dir):
        data_dir.chmod(0o700)


def _write_secrets(path: Path) -> None:
    """Make the file, unless another process makes it at the same time: then that one's stands."""
    draft = path.with_name(f"{path.name}.{new_token()[:16]}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump({"secret_key": new_token(), "bridge_token": new_token()}, file)
        # Whole or not at all: nobody reads half a file, and of two that start together the first one's link stays.
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink()


def _is_own_data_folder(folder: Path) -> bool:
    """Whether it may be closed to others: this user's, and not one like /var/lib that others live in."""
    found = folder.stat()
    return (
        found.st_uid == os.geteuid()
        and not found.st_mode & stat.S_ISVTX
        and {entry.name for entry in folder.iterdir() if entry.is_dir()} <= _FOLDERS
    )


def _secret_key(values: Mapping[str, str], data_dir: Path) -> str:
    given = values.get("FAIRZONE_SECRET_KEY")
    if not given:
        return read_secrets(data_dir).secret_key
    if len(given) < LEAST_SECRET_CHARS:
        raise SetupError(
            f"FAIRZONE_SECRET_KEY has {len(given)} characters.",
            f"Set it to at least {LEAST_SECRET_CHARS} random characters, or leave it out.",
        )
    return given


def _port(values: Mapping[str, str]) -> int:
    port = _whole(values, "FAIRZONE_PORT", DEFAULT_PORT)
    if not 1 <= port <= LAST_PORT:
        raise SetupError(f"FAIRZONE_PORT is {port}, which is no port.", f"Set it to a number from 1 to {LAST_PORT}.")
    return port


def _hours(values: Mapping[str, str], name: str, default: float) -> float:
    raw = values.get(name) or str(default)
    try:
        hours = float(raw)
    except ValueError:
        hours = 0.0
    if not (math.isfinite(hours) and hours > 0):
        raise SetupError(f"{name} is {raw!r}, which is no number of hours.", f"Set {name} to 0.5, or leave it out.")
    return hours


def _mail(values: Mapping[str, str]) -> _MailSettings:
    """The settings of the mail that were given. An installation that sends says from whom."""
    found: _MailSettings = {}
    sender, url = values.get("FAIRZONE_MAIL_FROM", ""), values.get("FAIRZONE_SMTP", "")
    if sender:
        found["mail_from"] = _mail_address(sender)
    if url:
        found["mail_server"] = _mail_server(url)
        if not sender:
            raise SetupError(
                "FAIRZONE_SMTP is set, but no sender.",
                'Set FAIRZONE_MAIL_FROM to an address that the mail server takes: "Robot Zone <zone@example.org>".',
            )
    return found


def _mail_address(raw: str) -> MailAddress:
    name, address = parseaddr(raw)
    before, _, domain = address.partition("@")
    if not (before and domain and address.isascii() and address.isprintable() and " " not in address):
        raise SetupError(
            f"FAIRZONE_MAIL_FROM is {raw!r}, which is no address.",
            'Write it as zone@example.org or "Robot Zone <zone@example.org>".',
        )
    return MailAddress(name or "FairZone", address)


def _mail_server(url: str) -> MailServer:
    """The server that a URL names. The URL itself is never shown: it may hold a password."""
    remedy = "Write it as smtps://user:password@host:465, smtp+starttls://user:password@host:587 or smtp://host:25."
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise SetupError("FAIRZONE_SMTP is no address of a mail server.", remedy) from error
    if parts.scheme not in _MAIL_SCHEMES or not host or parts.path not in ("", "/") or port == 0:
        raise SetupError("FAIRZONE_SMTP is no address of a mail server.", remedy)
    _refuse_cut(url, parts, "FAIRZONE_SMTP")
    return _checked_mail_server(parts, host, port)


def _checked_mail_server(parts: SplitResult, host: str, port: int | None) -> MailServer:
    security, usual = _MAIL_SCHEMES[parts.scheme]
    username, password = _login(parts, "FAIRZONE_SMTP")
    if bool(username) != bool(password):
        raise SetupError("FAIRZONE_SMTP has a user without a password, or the reverse.", "Give both, or neither.")
    if password and security == "none" and host not in _LOOPBACK:
        raise SetupError(
            f"FAIRZONE_SMTP would send a password to {host} for everybody on the way to read.",
            "Write smtps:// or smtp+starttls:// instead of smtp://, or leave user and password out.",
        )
    return MailServer(host=host, port=port or usual, security=security, username=username, password=password)


def _login(parts: SplitResult, name: str) -> tuple[str, str]:
    """User and password of an address, exactly as they were meant. Raises `SetupError` for what stands for no text."""
    try:
        user, password = (unquote(part or "", errors="strict") for part in (parts.username, parts.password))
    except UnicodeDecodeError as error:
        raise SetupError(f"User or password in {name} are no UTF-8.", _QUOTED) from error
    if any(ord(one) < FIRST_PRINTABLE for one in user + password):
        raise SetupError(f"User or password in {name} hold a control character.", _QUOTED)
    return user, password


def _refuse_cut(url: str, parts: SplitResult, name: str, *, may_ask: bool = False) -> None:
    """Raise `SetupError` for an address of which a part would be lost: a tab, or what is behind a bare `#` or `?`."""
    lost = any(ord(one) < FIRST_PRINTABLE for one in url) or url != url.strip()
    if lost or parts.fragment or "#" in url or (parts.query and not may_ask) or "@" in parts.query:
        raise SetupError(f"{name} holds a sign that an address cannot hold as it stands.", _QUOTED)


def _broker_url(url: str) -> str:
    parts = urlsplit(url)
    if url and (
        parts.scheme not in _BROKER_PORTS or not parts.hostname or parts.username or parts.path not in {"", "/"}
    ):
        raise SetupError(
            "FAIRZONE_BROKER_URL is no address of a broker.", "Write it as mqtts://zone.example:8883, without a user."
        )
    return url.rstrip("/")


def _broker(url: str) -> BrokerAdmin | None:
    """The broker that a URL names. The URL itself is never shown: it holds a password."""
    if not url:
        return None
    remedy = "Write it as mqtts://admin:password@host:8883 (with ?ca=/path/ca.pem for a CA of your own)."
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise SetupError("FAIRZONE_BROKER_ADMIN is no address of a broker.", remedy) from error
    if parts.scheme not in _BROKER_PORTS or not host or not parts.username or not parts.password:
        raise SetupError("FAIRZONE_BROKER_ADMIN is no address of a broker with user and password.", remedy)
    _refuse_cut(url, parts, "FAIRZONE_BROKER_ADMIN", may_ask=True)
    username, password = _login(parts, "FAIRZONE_BROKER_ADMIN")
    tls = parts.scheme == "mqtts"
    if not tls and host not in _LOOPBACK:
        raise SetupError(f"FAIRZONE_BROKER_ADMIN would send a password to {host} for everybody to read.", remedy)
    return BrokerAdmin(
        host=host,
        port=port or _BROKER_PORTS[parts.scheme],
        username=username,
        password=password,
        tls=tls,
        ca_file=next(iter(parse_qs(parts.query).get("ca", [])), ""),
    )


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
