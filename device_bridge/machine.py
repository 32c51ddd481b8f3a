"""What differs between Linux and Windows: signals, the lock of a file, private files, the word to the service keeper.

The one seam of the bridge towards its operating system; nothing else in the bridge asks which one it is. Serial ports
are the library's own seam (`COM3` there, `/dev/serial/by-id/…` here), and paths are `pathlib`'s.

Run here on Linux alone. What is written for Windows and was never run: `msvcrt.locking`, CTRL+BREAK, and that
`os.replace` waits for nobody who reads the file. The bridge is no Windows service in the sense of the Service Control
Manager: the booth's install script has the Task Scheduler start it, which ends it hard; its spool outlives that.
"""

import getpass
import os
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path

_PRIVATE = 0o600
_STOP_SIGNALS = ("SIGTERM", "SIGINT", "SIGBREAK")
"""SIGTERM is systemd's, SIGINT is CTRL+C, SIGBREAK is CTRL+BREAK, the only one that Windows sends to a group."""


class FileInUseError(Exception):
    """Another process holds the lock."""


def lock(path: Path) -> int:
    """Take the file for this process and give its descriptor; the lock goes when the process does, however it ends.

    Raises `FileInUseError`.
    """
    held = os.open(path, os.O_CREAT | os.O_RDWR, _PRIVATE)
    try:
        _lock_at_once(held)
    except OSError as error:
        os.close(held)
        raise FileInUseError(str(path)) from error
    return held


if sys.platform == "win32":
    import msvcrt

    def _lock_at_once(held: int) -> None:
        """Lock the first byte, or raise `OSError`."""
        msvcrt.locking(held, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock_at_once(held: int) -> None:
        """Lock the file, or raise `OSError`."""
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)


def make_private(path: Path) -> None:
    """Make the file, for nobody else to read; on Windows the folder's own rights decide."""
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, _PRIVATE))
    path.chmod(_PRIVATE)


def replace_file(path: Path, body: bytes) -> None:
    """Put a whole file in the place of another: whoever reads it finds the old one or the new one, never half."""
    draft = path.with_name(f"{path.name}.new")
    draft.write_bytes(body)
    draft.replace(path)


def stop_on_signals(stop: Callable[[], None]) -> None:
    """Have `stop` called for every signal that asks this process to end."""
    for name in _STOP_SIGNALS:
        number = getattr(signal, name, None)
        if number is not None:
            signal.signal(number, lambda _signum, _frame: stop())


def tell_service(word: str) -> None:
    """Tell systemd how it stands (`READY=1`, `STATUS=…`, `STOPPING=1`); nothing happens where nobody asked to be told.

    Source: sd_notify(3).
    """
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address or not hasattr(socket, "AF_UNIX"):
        return
    name = "\0" + address[1:] if address.startswith("@") else address
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notified:
        try:
            notified.connect(name)
            notified.send(word.encode())
        except OSError:
            return


WINDOWS = os.name == "nt"
SET_CLOCK = "w32tm /resync" if WINDOWS else "sudo timedatectl set-ntp true"
"""What sets this machine's clock."""
_PROCESSES = Path("/proc")


def user_name() -> str:
    """Who runs this, as the machine knows them."""
    return getpass.getuser()


def group_of(path: Path) -> str:
    """The group that a device belongs to; empty where files have none."""
    try:
        return path.group()
    except (OSError, KeyError, NotImplementedError):
        return ""


def join_group(group: str, user: str) -> str:
    """The command that gives a user a group's rights; what stands for it where there are no groups."""
    return f"sudo usermod -aG {group or 'dialout'} {user}" if not WINDOWS else "Run this as administrator"


def holders(path: Path) -> list[str]:
    """Which other programs have a file open, as `name (process)`; only those that this user may look into.

    Empty on Windows, where nobody can ask without a driver's tool; there the second opener is refused anyway.
    """
    wanted = path.resolve()
    others = (process for process in sorted(_PROCESSES.glob("[0-9]*")) if process.name != str(os.getpid()))
    return [f"{_name_of(process)} ({process.name})" for process in others if _has_open(process, wanted)]


def _has_open(process: Path, wanted: Path) -> bool:
    try:
        return any(entry.readlink() == wanted for entry in (process / "fd").iterdir())
    except OSError:
        return False


def _name_of(process: Path) -> str:
    try:
        return (process / "comm").read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return "?"
