"""Several bridges on one machine, each with its share of the robots: started, and started again when one dies.

A worker holds the reading end of a pipe whose other end is the supervisor's alone. When the supervisor dies, however
it dies, the pipe ends and the worker stops in order: no worker is left behind to hold its spool.
"""

import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

_log = logging.getLogger(__name__)

_LOOK_S = 0.2
_PAUSE_S = 1.0
"""So long a worker that died stays dead: one that cannot start is not to take the whole machine."""
_PATIENCE_S = 20.0


def command_of(config: Path, worker: int, workers: int) -> list[str]:
    """How a worker of this configuration is started."""
    words = (sys.executable, "-m", "device_bridge", "bridge", "run", "--config", config, "--workers", workers)
    return [*map(str, words), "--worker", str(worker)]


class Workers:
    """Keeps one process running for each command. `run` returns after `stop`, when all of them have ended."""

    def __init__(self, commands: Sequence[Sequence[str]]) -> None:
        self._commands = commands
        self._running: list[subprocess.Popen[bytes]] = []
        self._stopping = threading.Event()

    def stop(self) -> None:
        """Ask `run` to end."""
        self._stopping.set()

    def run(self) -> None:
        """Start all, and start again what ends."""
        try:
            self._running = [_started(command) for command in self._commands]
            while not self._stopping.wait(_LOOK_S):
                self._revive()
        finally:
            self._end()

    def _revive(self) -> None:
        for place, process in enumerate(self._running):
            if process.poll() is None:
                continue
            _log.error("worker %d has ended with %d; starting it again", place, process.returncode)
            if self._stopping.wait(_PAUSE_S):
                return
            _close_pipe(process)
            self._running[place] = _started(self._commands[place])

    def _end(self) -> None:
        for process in self._running:
            _close_pipe(process)
        for place, process in enumerate(self._running):
            try:
                process.wait(_PATIENCE_S)
            except subprocess.TimeoutExpired:
                _log.error("worker %d does not end; killing it", place)
                process.kill()
                process.wait()


def stop_with_supervisor(stop: Callable[[], None]) -> None:
    """In a worker: have `stop` called when the supervisor is gone, or wants this worker to end."""
    threading.Thread(target=_stop_at_the_end, args=(stop,), name="supervisor", daemon=True).start()


def _stop_at_the_end(stop: Callable[[], None]) -> None:
    # The descriptor itself: a thread that waits in a buffered reader would break the interpreter's end.
    while os.read(sys.__stdin__.fileno() if sys.__stdin__ else 0, 1):
        continue
    stop()


def _started(command: Sequence[str]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(command, stdin=subprocess.PIPE)  # noqa: S603 - our own words


def _close_pipe(process: "subprocess.Popen[bytes]") -> None:
    if process.stdin is not None:
        process.stdin.close()
