"""Child processes of tests: each in a process group of its own, ready before it is used, and none left behind.

Every child inherits a token in its environment, and so does everything that it starts. Whatever still carries the
token when a test ends is a survivor, whichever group or session it moved to, and fails the test that left it.
"""

import contextlib
import os
import secrets
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

TOKEN = "FAIRZONE_TEST_TOKEN"  # a marker, no secret
PAUSE_SECONDS = 0.02


class NotReadyError(Exception):
    """A child died, or was not ready in time; the message ends with the last lines that it wrote."""


class SurvivorsError(Exception):
    """A test ended and processes that it had started lived on (they have been killed now)."""


def wait_until(question: Callable[[], bool], *, seconds: float, what: str) -> None:
    """Ask again and again until the answer is yes.

    Raises:
        TimeoutError: the answer was still no after `seconds`; the message says what was waited for.
    """
    deadline = time.monotonic() + seconds
    while not question():
        if time.monotonic() > deadline:
            message = f"waited {seconds:g} s for {what}"
            raise TimeoutError(message)
        time.sleep(PAUSE_SECONDS)


@dataclass(frozen=True)
class Child:
    """One started program; it leads a process group, and everything that it writes goes to one file."""

    name: str
    process: "subprocess.Popen[bytes]"
    log: Path

    @property
    def pid(self) -> int:
        """The process id, which is also the id of its group."""
        return self.process.pid

    def is_running(self) -> bool:
        """Whether the program itself, not its children, still runs."""
        return self.process.poll() is None

    def output(self) -> str:
        """Everything written so far to standard output and standard error."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def signal_group(self, number: signal.Signals) -> None:
        """Send a signal to the whole group, as a terminal does; a group that is gone is no error."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, number)

    def kill(self) -> None:
        """End the whole group with kill -9; returns when the program is reaped."""
        self.signal_group(signal.SIGKILL)
        self.process.wait(timeout=60)

    def kill_alone(self) -> None:
        """End the program with kill -9 and not of its children: what a supervisor's death looks like to them."""
        self.process.kill()
        self.process.wait(timeout=60)

    def stop(self, number: signal.Signals = signal.SIGTERM, *, seconds: float = 60) -> int:
        """Ask the program to end and return its exit code.

        Raises:
            TimeoutError: it still runs after `seconds` (it has been killed now).
        """
        if self.is_running():
            self.process.send_signal(number)
        return self.wait(seconds=seconds)

    def wait(self, *, seconds: float) -> int:
        """The exit code, once the program has ended by itself.

        Raises:
            TimeoutError: it still runs after `seconds` (it has been killed now).
        """
        try:
            return self.process.wait(timeout=seconds)
        except subprocess.TimeoutExpired as error:
            self.kill()
            message = f"{self.name} still ran after {seconds:g} s; the end of its output:\n{tail(self.output())}"
            raise TimeoutError(message) from error


def tail(text: str, lines: int = 30) -> str:
    """The last lines of a text."""
    return "\n".join(text.splitlines()[-lines:])


class Children:
    """Starts the children of one test and answers for all of them at its end."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._token = secrets.token_hex(8)
        self._started: list[Child] = []

    def start(
        self,
        command: Sequence[object],
        *,
        name: str | None = None,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        ready: Callable[[], bool] | None = None,
        seconds: float = 90,
    ) -> Child:
        """Start a program and wait until `ready()` says yes; every word of the command is taken as text.

        `env` is added to the test's own environment.

        Raises:
            NotReadyError: it died or was not ready within `seconds`.
        """
        label = name or Path(str(command[0])).name
        log = self._folder / f"{len(self._started):02d}-{label}.log"
        with log.open("wb") as sink:
            process = subprocess.Popen(
                [str(word) for word in command],
                env={**os.environ, **(env or {}), TOKEN: self._token},
                cwd=cwd,
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        child = Child(label, process, log)
        self._started.append(child)
        if ready is not None:
            self._await(child, ready, seconds)
        return child

    def _await(self, child: Child, ready: Callable[[], bool], seconds: float) -> None:
        try:
            wait_until(lambda: ready() or not child.is_running(), seconds=seconds, what=f"{child.name} to be ready")
        except TimeoutError as error:
            child.kill()
            message = f"{error}; the end of its output:\n{tail(child.output())}"
            raise NotReadyError(message) from error
        if not child.is_running():
            message = f"{child.name} ended with {child.process.returncode}; its output:\n{tail(child.output())}"
            raise NotReadyError(message)

    def survivors(self) -> list[psutil.Process]:
        """Every living process that one of the children started, or is, in whatever group it may be by now."""
        return [process for process in psutil.process_iter() if carries(process, self._token)]

    def end(self) -> list[str]:
        """Stop everything: first politely, then with kill -9; return what outlived the programs that the test started.

        A child that still runs at the end is no survivor (the test simply did not stop it); a process that lives on
        after the child that started it has ended is one.
        """
        for child in reversed(self._started):
            with contextlib.suppress(TimeoutError):
                child.stop(seconds=5)
        deadline = time.monotonic() + 30
        while self.survivors() and time.monotonic() < deadline:
            time.sleep(PAUSE_SECONDS)
        left = self.survivors()
        names = [describe(process) for process in left]
        for process in left:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        return names


def carries(process: psutil.Process, token: str) -> bool:
    """Whether the process lives and was started, directly or not, with that token."""
    try:
        return process.status() != psutil.STATUS_ZOMBIE and process.environ().get(TOKEN) == token
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return False


def describe(process: psutil.Process) -> str:
    """The process id and command line, as far as they can still be read."""
    try:
        return f"{process.pid} {' '.join(process.cmdline())}"
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return f"{process.pid} (gone)"


@pytest.fixture
def children(tmp_path: Path) -> Iterator[Children]:
    """Starts real programs; when the test ends they are stopped, and a process that outlives them fails the test."""
    folder = tmp_path / "children"
    folder.mkdir()
    started = Children(folder)
    yield started
    left = started.end()
    if left:
        message = "these processes outlived the test that started them:\n" + "\n".join(left)
        raise SurvivorsError(message)
