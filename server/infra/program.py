"""One program that a supervisor keeps running, and its present process: started, asked, ended, never left behind.

Every process leads a session of its own, so that a terminal's Ctrl-C reaches the supervisor alone and so that whatever
the process starts is ended with it. It is bound to its supervisor by the kernel (`server.infra.bound`).
"""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

FAIRZONE = (sys.executable, "-m", "device_bridge")
"""How a child is called: this very Python, whatever stands in PATH."""
BOUND = Path(__file__).with_name("bound.py")
MAX_LOG_BYTES = 8 * 1024 * 1024
_PAUSE_S = 0.02


@dataclass(frozen=True, kw_only=True)
class Program:
    """What to run, when, and how to tell that it works."""

    name: str
    command: tuple[str, ...]
    env: Mapping[str, str] = field(repr=False)
    """The whole environment. Not shown: it may hold secrets."""
    stage: int = 0
    """Started when everything of the lower stages is ready."""
    is_ready: Callable[[float], bool] = lambda _seconds: True
    """Asked with the seconds since the start, again and again until it says yes; must answer within a second or so."""
    ready_within_s: float = 60.0
    stop_s: float = 5.0
    """So long it may take to end after SIGTERM."""
    log: Path | None = None
    """Where its output goes; None leaves it in the supervisor's own."""


class BoundProcess:
    """One running process of a program."""

    def __init__(self, program: Program) -> None:
        if threading.current_thread() is not threading.main_thread():
            # The kernel binds a child to the THREAD that started it.
            raise RuntimeError("A supervised program must be started by the main thread.")
        self._program = program
        self._process = _start(program)
        self.started_at = time.monotonic()

    @property
    def pid(self) -> int:
        """Its process id, which is also the id of its session and of its group."""
        return self._process.pid

    @property
    def seconds(self) -> float:
        """For how long it has been running."""
        return time.monotonic() - self.started_at

    def ended(self) -> int | None:
        """None while it runs; then its exit code, negative for a signal, once nothing of its group is left."""
        if self._process.returncode is not None:
            return self._process.returncode
        # Looked at without reaping: until it is reaped its id cannot be given to somebody else's group.
        if os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
            return None
        self._signal_group(signal.SIGKILL)
        return self._process.wait()

    def end(self, seconds: float, hurried: Callable[[], bool] = lambda: False) -> bool:
        """Ask it to end; kill its whole group when it has not after `seconds`, or once `hurried()`.

        Returns whether it ended by itself.
        """
        if self.ended() is not None:
            return True
        self._process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and not hurried():
            if self.ended() is not None:
                return True
            time.sleep(_PAUSE_S)
        self.kill()
        return False

    def kill(self) -> None:
        """End the process, and everything in its group, with kill -9."""
        if self._process.returncode is None:
            self._signal_group(signal.SIGKILL)
            self._process.wait()

    def _signal_group(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, number)


def describe_end(code: int) -> str:
    """How a process ended, in words."""
    if code >= 0:
        return f"ended with exit code {code}"
    try:
        return f"was killed by {signal.Signals(-code).name}"
    except ValueError:
        return f"was killed by signal {-code}"


def log_tail(path: Path | None, lines: int = 15) -> str:
    """The last lines that a program wrote, an empty string where they went elsewhere."""
    if path is None or not path.is_file():
        return ""
    return "\n".join(path.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])


def _start(program: Program) -> "subprocess.Popen[bytes]":
    sink = _open_log(program.log) if program.log else None
    try:
        return subprocess.Popen(  # noqa: S603  # the command is the product's own
            # -I -S: the binding needs nothing but the standard library, and this costs a hundredth of a second.
            [sys.executable, "-I", "-S", str(BOUND), str(os.getpid()), *program.command],
            env=dict(program.env),
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT if sink else None,
            start_new_session=True,
        )
    finally:
        if sink is not None:
            os.close(sink)


def _open_log(path: Path) -> int:
    """A descriptor that appends to the log; one that has grown too long becomes the old one first."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > MAX_LOG_BYTES:
        path.replace(path.with_suffix(".old.log"))
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
