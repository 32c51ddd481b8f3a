"""The guard over child processes: nothing that a test starts may outlive it unseen."""

import signal
import sys
from pathlib import Path

import pytest

from tests.support.ports import accepts, free_port, listening
from tests.support.processes import Child, Children, NotReadyError, describe, wait_until

LISTEN = "import socket,time; s=socket.create_server(('127.0.0.1', {port})); time.sleep(60)"
LEAVE_ONE_BEHIND = (
    "import subprocess,sys; "
    "subprocess.Popen([sys.executable,'-c','import time; time.sleep(60)'],start_new_session=True); print('left')"
)


def python(children: Children, code: str) -> Child:
    return children.start([sys.executable, "-c", code])


def test_a_child_is_ready_before_it_is_used(children: Children) -> None:
    port = free_port()

    child = children.start([sys.executable, "-c", LISTEN.format(port=port)], ready=listening(port), seconds=20)

    assert child.is_running()
    assert accepts(port)


def test_a_child_that_dies_before_it_is_ready_is_reported_with_what_it_wrote(children: Children) -> None:
    with pytest.raises(NotReadyError, match="no such booth"):
        children.start([sys.executable, "-c", "raise SystemExit('no such booth')"], ready=lambda: False, seconds=20)


def test_a_child_that_is_not_ready_in_time_is_killed_and_reported(children: Children) -> None:
    with pytest.raises(NotReadyError, match="waited"):
        children.start([sys.executable, "-c", "import time; time.sleep(60)"], ready=lambda: False, seconds=0.3)

    assert children.survivors() == []


def test_a_killed_child_takes_its_group_along(children: Children) -> None:
    child = python(
        children, "import subprocess,sys; subprocess.run([sys.executable,'-c','import time; time.sleep(60)'])"
    )
    wait_until(lambda: len(children.survivors()) == 2, seconds=30, what="the grandchild")

    child.kill()

    wait_until(lambda: children.survivors() == [], seconds=30, what="the group to be gone")


def test_stopping_returns_the_exit_code(children: Children) -> None:
    code = "import signal,sys,time; signal.signal(signal.SIGTERM, lambda *_: sys.exit(7)); print('up'); time.sleep(60)"
    child = children.start([sys.executable, "-u", "-c", code])
    wait_until(lambda: "up" in child.output(), seconds=30, what="the child to be up")

    assert child.stop(signal.SIGTERM) == 7


@pytest.mark.slow
def test_a_process_that_outlives_its_starter_is_named_and_killed(tmp_path: Path) -> None:
    children = Children(tmp_path)
    child = python(children, LEAVE_ONE_BEHIND)
    child.wait(seconds=90)
    survivor = children.survivors()[0]
    expected = describe(survivor)

    left = children.end()

    assert left == [expected]
    wait_until(lambda: not survivor.is_running() or survivor.status() == "zombie", seconds=30, what="it to be gone")
