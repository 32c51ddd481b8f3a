"""How the bridge is doing: a small file beside the spool, written anew every second for `fairzone bridge status`.

The file is replaced whole, so that a reader never sees half of it, and is not flushed to the disk: a power cut may
take its last seconds, and with them only figures.
"""

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

import msgspec

from device_bridge.machine import replace_file
from device_bridge.tally import DayCounts

_log = logging.getLogger(__name__)

PERIOD_S = 1.0
_SUFFIX = ".status.json"
DEAD_AFTER = timedelta(seconds=5)
"""A bridge whose file is older than this does not run."""


class PortVitals(msgspec.Struct, frozen=True):
    """One serial port."""

    name: str
    url: str
    open: bool
    quality: dict[str, float] = {}
    """Figures of its line, by name."""
    trouble: dict[str, str] = {}
    """What went wrong last, by language; empty while all is well."""


class LoggedTrouble(msgspec.Struct, frozen=True):
    """The last warning or error of the log."""

    at: datetime
    text: str


class Vitals(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the status line says."""

    at: datetime
    started_at: datetime
    pid: int
    name: str
    server: str
    server_trouble: str = ""
    """Why the server takes nothing at present; empty while it does."""
    broker: Literal["", "connected", "away"] = ""
    """Empty where the bridge has no broker."""
    broker_narrowed: tuple[str, ...] = ()
    """What the broker refuses to the bridge where the right topics are heard all the same, and nothing beside them."""
    broker_unheard: tuple[str, ...] = ()
    """What the broker refuses with nothing in its place: robots that publish there are not heard."""
    ports: tuple[PortVitals, ...] = ()
    enrolled: int = 0
    heard: int = 0
    counts: DayCounts
    waiting: int = 0
    spool_bytes: int = 0
    limit_bytes: int | None = None
    when_full: str = ""
    full: bool = False
    """The spool is at its limit: nothing new is taken, or the oldest is let go."""
    disk_full: bool = False
    """The disk of the spool has no room left: nothing new is taken, and senders keep what they have."""
    spool_fails: bool = False
    """The spool cannot be written for another reason; the last trouble says which."""
    trouble: LoggedTrouble | None = None
    ended: bool = False
    """The bridge has ended in order, and this is the last word."""


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Vitals).decode


def vitals_path(spool: Path) -> Path:
    """Where the bridge of this spool says how it is doing."""
    return spool.with_name(f"{spool.name}{_SUFFIX}")


def spools_of(spool: Path) -> list[Path]:
    """The spool of a configuration, or those of its workers where several have worked and no single one has."""
    if not vitals_path(spool).exists():
        own = vitals_path(spool.with_name(f"{spool.stem}-*{spool.suffix}")).name
        found = sorted(spool.parent.glob(own)) if spool.parent.is_dir() else []
        if found:
            return [path.with_name(path.name.removesuffix(_SUFFIX)) for path in found]
    return [spool]


def read_vitals(spool: Path) -> Vitals | None:
    """The last word of the bridge of this spool; None where there is none, or none that can be read."""
    try:
        return _decode(vitals_path(spool).read_bytes())
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return None


def is_running(vitals: Vitals, now: datetime) -> bool:
    """Whether the bridge that wrote this runs."""
    return not vitals.ended and now - vitals.at < DEAD_AFTER


class TroubleKeeper(logging.Handler):
    """Remembers the last thing that went wrong, as the log says it."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        super().__init__(logging.WARNING)
        self._now = now
        self.last: LoggedTrouble | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Keep this one."""
        self.last = LoggedTrouble(self._now(), record.getMessage()[:300])


class VitalsWriter:
    """Writes what `look` sees, every second, in a thread of its own; `stop` writes the last word."""

    def __init__(self, path: Path, look: Callable[[], Vitals]) -> None:
        self._path = path
        self._look = look
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to write."""
        self._thread = threading.Thread(target=self._run, name="vitals", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Write the last word and end."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(timeout=2 * PERIOD_S)
            self._write()

    def _run(self) -> None:
        self._write()
        while not self._stopping.wait(PERIOD_S):
            self._write()

    def _write(self) -> None:
        try:
            seen = msgspec.structs.replace(self._look(), ended=self._stopping.is_set())
            replace_file(self._path, _encode(seen))
        except Exception as error:  # noqa: BLE001 - a full disk, or a part that ends: no figure may stop the bridge
            _log.debug("the status cannot be written (%s)", error)
