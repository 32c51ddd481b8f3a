"""The supervisor, with real processes: what dies comes back, and nothing outlives it, however it ends."""

import os
import re
import signal
import subprocess
import sys
import threading
from pathlib import Path

import psutil
import pytest

from server.infra.program import BOUND, BoundProcess, Program, describe_end
from tests.support.processes import Child, Children, wait_until

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]


def start(children: Children, folder: Path, *names: str) -> Child:
    """A supervisor of these programs (`tests.support.supervised`)."""
    command: list[str | Path] = [sys.executable, "-m", "tests.support.supervised", folder, *names]
    return children.start(command, name="supervisor", cwd=ROOT)


def says(child: Child, wanted: str) -> None:
    """Wait until the supervisor has said it."""
    wait_until(lambda: re.search(wanted, child.output()) is not None, seconds=30, what=wanted)


def pid_of(child: Child, name: str) -> int:
    """The process id that the supervisor named last for a program."""
    return int(re.findall(rf"{name} is (?:up|back) \(pid (\d+)", child.output())[-1])


def others(children: Children, supervisor: Child) -> list[psutil.Process]:
    """What runs beside the supervisor itself."""
    return [process for process in children.survivors() if process.pid != supervisor.pid]


def test_a_killed_program_is_started_again(children: Children, tmp_path: Path) -> None:
    supervisor = start(children, tmp_path, "steady")
    says(supervisor, "steady is up")

    os.kill(pid_of(supervisor, "steady"), signal.SIGKILL)

    says(supervisor, r"steady was killed by SIGKILL after \d+ s; it starts again in 0.5 s")
    says(supervisor, "steady is back")
    assert len(others(children, supervisor)) == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_everything_even_what_is_deaf_to_it(
    children: Children, tmp_path: Path, number: signal.Signals
) -> None:
    supervisor = start(children, tmp_path, "steady", "deaf", "parent")
    for name in ("steady", "deaf", "parent"):
        says(supervisor, f"{name} is up")
    wait_until(lambda: len(others(children, supervisor)) == 4, seconds=30, what="three programs and a child of one")
    wait_until(lambda: "deaf" in (tmp_path / "deaf.log").read_text(), seconds=30, what="the deaf one to be deaf")

    code = supervisor.stop(number)

    assert code == 0
    assert children.survivors() == []
    assert "deaf did not end by itself and was killed" in supervisor.output()


def test_kill_9_of_the_supervisor_leaves_no_process(children: Children, tmp_path: Path) -> None:
    supervisor = start(children, tmp_path, "steady", "deaf")
    says(supervisor, "steady is up")
    says(supervisor, "deaf is up")

    supervisor.kill_alone()

    wait_until(lambda: children.survivors() == [], seconds=30, what="everything to end with its supervisor")


def test_what_a_dead_program_had_started_is_ended_before_its_next_start(children: Children, tmp_path: Path) -> None:
    supervisor = start(children, tmp_path, "parent")
    says(supervisor, "parent is up")
    wait_until(lambda: len(others(children, supervisor)) == 2, seconds=30, what="the program and its child")
    before = {process.pid for process in others(children, supervisor)}

    os.kill(pid_of(supervisor, "parent"), signal.SIGKILL)

    says(supervisor, "parent is back")
    assert before.isdisjoint(process.pid for process in others(children, supervisor))


def test_a_program_that_never_comes_up_ends_the_supervisor_with_its_last_words(
    children: Children, tmp_path: Path
) -> None:
    supervisor = start(children, tmp_path, "steady", "broken")

    code = supervisor.wait(seconds=90)

    assert code == 1
    assert "broken ended with exit code 7, 4 times in a row, and was never ready" in supervisor.output()
    assert "no disk" in supervisor.output()
    assert children.survivors() == []


def test_a_program_waits_for_those_that_it_stands_on(children: Children, tmp_path: Path) -> None:
    supervisor = start(children, tmp_path, "steady", "late")

    wait_until((tmp_path / "late.log").exists, seconds=30, what="the later program to be started")

    assert "steady is up" in supervisor.output()


def test_a_child_whose_parent_is_gone_already_does_not_begin(tmp_path: Path) -> None:
    nobody = 2**22 - 1
    trace = tmp_path / "ran"

    done = subprocess.run([sys.executable, "-I", "-S", BOUND, str(nobody), "touch", trace], check=False, timeout=60)

    assert (done.returncode, trace.exists()) == (3, False)


def test_a_program_must_be_started_by_the_main_thread() -> None:
    refusals: list[str] = []

    def start_elsewhere() -> None:
        try:
            BoundProcess(Program(name="nothing", command=("true",), env={}))
        except RuntimeError as error:
            refusals.append(str(error))

    thread = threading.Thread(target=start_elsewhere)
    thread.start()
    thread.join()
    assert refusals == ["A supervised program must be started by the main thread."]


@pytest.mark.parametrize(
    ("code", "words"),
    [(0, "ended with exit code 0"), (-9, "was killed by SIGKILL"), (-99, "was killed by signal 99")],
)
def test_the_end_of_a_process_is_told_in_words(code: int, words: str) -> None:
    assert describe_end(code) == words
