"""Whether reports can be kept: the folder of the spool, its disk, and the file itself."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from device_bridge.booth.words import CheckFinding
from device_bridge.health import BYTES_A_MB
from device_bridge.settings import ServerSettings
from device_bridge.spool import HEADROOM_BYTES, Spool
from device_bridge.vitals import Vitals

_WANTED_MB = 256
"""So much room a spool without a limit should find."""


def check_spool(settings: ServerSettings, running: Vitals | None) -> Iterator[CheckFinding]:
    """What is wrong with the spool, or how it stands."""
    path = settings.spool
    blocked = _blocked(path)
    if blocked is not None:
        yield blocked
        return
    free = shutil.disk_usage(path.parent).free // BYTES_A_MB
    wanted = _wanted_mb(settings)
    if free < wanted:
        yield CheckFinding("spool", "problem", "spool-disk", {"path": path, "free_mb": free, "wanted_mb": wanted})
    if running is not None:
        yield CheckFinding("spool", "ok", "spool-running", {"pid": running.pid})
        return
    try:
        waiting = _waiting(path)
    except sqlite3.DatabaseError as error:
        yield CheckFinding("spool", "problem", "spool-unreadable", {"path": path, "why": error})
        return
    yield CheckFinding("spool", "ok", "spool-ok", {"path": path, "waiting": waiting, "free_mb": free})


def _wanted_mb(settings: ServerSettings) -> int:
    """The room that the disk should still have, without what the spool holds already."""
    held = settings.spool.stat().st_size // BYTES_A_MB if settings.spool.exists() else 0
    return max((settings.spool_limit_mb or _WANTED_MB) - held, 0) + HEADROOM_BYTES // BYTES_A_MB


def _blocked(path: Path) -> CheckFinding | None:
    """Why nothing can be written there; None where it can."""
    try:
        if not path.parent.is_dir():
            raise FileNotFoundError(f"there is no folder {path.parent}")
        probe = path.with_name(f"{path.name}.check")
        probe.write_bytes(b"")
        probe.unlink()
        if path.exists() and not os.access(path, os.R_OK | os.W_OK):
            raise PermissionError(f"{path.name} belongs to somebody else")
    except OSError as error:
        facts = {"path": path, "why": error.strerror or error, "command": f"mkdir -p {path.parent}"}
        return CheckFinding("spool", "problem", "spool-no-folder", facts)
    return None


def _waiting(path: Path) -> int:
    if not path.exists():
        return 0
    with closing(Spool(path)) as spool:
        return spool.depth()
