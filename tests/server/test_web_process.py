"""The web process as it is run: its end, and what it refuses to start with."""

import http.client
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from server.settings import ensure_secrets
from tests.support.ports import accepts, free_port
from tests.support.processes import wait_until

COMMAND = [sys.executable, "-c", "from server.commands.processes import web; web()"]


def environment(tmp_path: Path, database_url: str, port: int) -> dict[str, str]:
    ours = {"FAIRZONE_DATA": str(tmp_path), "DATABASE_URL": database_url, "FAIRZONE_PORT": str(port)}
    return {**os.environ, **ours, "PYTHONPATH": str(Path(__file__).parents[2])}


@pytest.fixture
def serving(tmp_path: Path, database_url: str) -> Iterator[tuple["subprocess.Popen[bytes]", int]]:
    """A web process that serves, and its port."""
    ensure_secrets(tmp_path)
    port = free_port()
    process = subprocess.Popen(COMMAND, env=environment(tmp_path, database_url, port), stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: accepts(port), seconds=30, what="the web process")
        yield process, port
    finally:
        process.kill()
        process.wait(60)


@pytest.mark.slow
def test_sigterm_ends_a_process_with_open_streams_before_its_supervisor_loses_patience(
    serving: tuple["subprocess.Popen[bytes]", int],
) -> None:
    process, port = serving
    with ExitStack() as stack:
        for _ in range(20):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            stack.callback(connection.close)
            connection.request("GET", "/live?zone=1")
            stack.enter_context(connection.getresponse()).readline()

        process.terminate()
        code = process.wait(60)

    assert code == 0


@pytest.mark.slow
def test_without_a_secret_the_process_says_what_to_do_and_ends(tmp_path: Path, database_url: str) -> None:
    done = subprocess.run(
        COMMAND,
        env=environment(tmp_path, database_url, free_port()),
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )

    assert (done.returncode, "Run `fairzone up` once" in done.stderr, "Traceback" in done.stderr) == (1, True, False)


@pytest.mark.slow
def test_with_an_empty_database_the_process_says_what_to_do_and_ends(tmp_path: Path) -> None:
    ensure_secrets(tmp_path)

    done = subprocess.run(
        COMMAND,
        env=environment(tmp_path, f"sqlite:///{tmp_path}/empty.db", free_port()),
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )

    assert (done.returncode, "Run `fairzone db upgrade`" in done.stderr) == (1, True)


@pytest.mark.slow
def test_of_two_web_processes_that_start_at_once_one_gets_the_port(migrated_sqlite: Path, tmp_path: Path) -> None:
    ensure_secrets(tmp_path)
    shutil.copy(migrated_sqlite, tmp_path / "fair.db")
    port = free_port()
    env = environment(tmp_path, f"sqlite:///{tmp_path}/fair.db", port)
    started = [subprocess.Popen(COMMAND, env=env, stderr=subprocess.PIPE) for _ in range(2)]
    try:
        wait_until(lambda: any(process.poll() is not None for process in started), seconds=30, what="one of two to end")
        refused, serving = sorted(started, key=lambda process: process.poll() is None)
        wait_until(lambda: accepts(port), seconds=30, what="the other to serve")

        said = refused.communicate(timeout=60)[1].decode()
        assert (refused.returncode, f"port {port}: it is taken" in said, "Traceback" in said) == (1, True, False)
        assert serving.poll() is None
    finally:
        for process in started:
            process.kill()
            process.communicate(timeout=60)
