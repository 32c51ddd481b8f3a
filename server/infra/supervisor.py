"""Keeps a set of programs running: starts them in order, restarts what dies, and ends all of them with itself.

One thread and no callbacks from elsewhere: the loop looks at every program about ten times a second.
"""

import signal
import threading
import time
from collections.abc import Callable, Sequence

from server.infra.program import BoundProcess, Program, describe_end, log_tail

PERIOD_S = 0.1
BACK_OFF_S = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
"""How long a program rests before its next start: the longer, the more often it has failed in a row."""
STEADY_S = 30.0
"""A program that has been ready for so long has its earlier failures forgiven."""
FIRST_TRIES = 4
"""A program that fails so often without ever having been ready will not work: the supervisor gives up."""
END_S = 12.0
"""All programs together get so long to end; then they are killed."""

Say = Callable[[str], None]


class StartFailedError(Exception):
    """A program never became ready; the message says which, how it ended, and what it wrote last."""


class SupervisedProgram:
    """One program with its present process and its history of failures."""

    def __init__(self, program: Program, say: Say) -> None:
        self.program = program
        self.process: BoundProcess | None = None
        self.is_ready = False
        self.was_ready = False
        self._say = say
        self._failures = 0
        self._start_at = 0.0

    def step(self) -> None:
        """Look at the program once. Raises `StartFailedError` when there is no hope for it."""
        if self.process is None:
            self._start_when_due()
        elif (code := self.process.ended()) is not None:
            self._lost(self.process, describe_end(code))
        elif not self.is_ready:
            self._ask(self.process)
        elif self._failures and self.process.seconds > STEADY_S:
            self._failures = 0

    def end(self, seconds: float, hurried: Callable[[], bool]) -> None:
        """End the program, by force after `seconds` or once `hurried()`."""
        if self.process is not None and not self.process.end(seconds, hurried):
            self._say(f"{self.program.name} did not end by itself and was killed")
        self.process = None

    def _start_when_due(self) -> None:
        if time.monotonic() >= self._start_at:
            self.process = BoundProcess(self.program)

    def _ask(self, process: BoundProcess) -> None:
        if self.program.is_ready(process.seconds):
            verb = "is back" if self.was_ready else "is up"
            self.is_ready = self.was_ready = True
            self._say(f"{self.program.name} {verb} (pid {process.pid}, after {process.seconds:.1f} s)")
        elif process.seconds > self.program.ready_within_s:
            process.kill()
            self._lost(process, f"was not ready within {self.program.ready_within_s:.0f} s and was killed")

    def _lost(self, process: BoundProcess, how: str) -> None:
        self.process, self.is_ready = None, False
        self._failures += 1
        if not self.was_ready and self._failures >= FIRST_TRIES:
            raise StartFailedError(self._account(how))
        rest = BACK_OFF_S[min(self._failures, len(BACK_OFF_S)) - 1]
        self._start_at = time.monotonic() + rest
        self._say(f"{self.program.name} {how} after {process.seconds:.0f} s; it starts again in {rest:g} s")

    def _account(self, how: str) -> str:
        written = log_tail(self.program.log)
        told = f" The last that it wrote ({self.program.log}):\n{written}" if written else ""
        return f"{self.program.name} {how}, {FIRST_TRIES} times in a row, and was never ready.{told}"


class Supervisor:
    """Runs `programs` until it is told to stop; `say` gets one line an event."""

    def __init__(self, programs: Sequence[Program], say: Say) -> None:
        self._keepers = [
            SupervisedProgram(program, say) for program in sorted(programs, key=lambda program: program.stage)
        ]
        self._say = say
        self._stopping = threading.Event()
        self._hurry = False

    @property
    def all_ready(self) -> bool:
        """Whether every program is ready at this moment."""
        return all(keeper.is_ready for keeper in self._keepers)

    @property
    def stopping(self) -> bool:
        """Whether the end has begun."""
        return self._stopping.is_set()

    def stop(self) -> None:
        """End `run`. Called a second time, while the programs are ending, it lets them be killed."""
        self._hurry = self._stopping.is_set()
        self._stopping.set()

    def stop_on_signals(self) -> None:
        """Let Ctrl-C, SIGTERM and a closed terminal stop it; the last unless it was started under `nohup`."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if number is not signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, lambda _number, _frame: self.stop())

    def run(self, finished: Callable[[], bool] = lambda: False) -> None:
        """Keep everything running until `stop`, or until `finished()` says so; then end everything.

        Raises:
            StartFailedError: a program does not come up at all.
        """
        try:
            while not self._stopping.is_set() and not finished():
                self._step()
                self._stopping.wait(PERIOD_S)
        finally:
            self._stopping.set()
            self._end_all()

    def _step(self) -> None:
        for keeper in self._keepers:
            lower = (other for other in self._keepers if other.program.stage < keeper.program.stage)
            if keeper.process is not None or all(other.was_ready for other in lower):
                keeper.step()

    def _end_all(self) -> None:
        """Last started, first ended: whoever sends goes before whoever receives."""
        deadline = time.monotonic() + END_S
        for keeper in reversed(self._keepers):
            left = max(0.0, deadline - time.monotonic())
            keeper.end(min(keeper.program.stop_s, left), lambda: self._hurry)
