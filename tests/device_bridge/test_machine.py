"""The seam towards the operating system: locks, whole files, signals, the word to the service's keeper."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from device_bridge import machine
from device_bridge.machine import (
    FileInUseError,
    holders,
    lock,
    make_private,
    replace_file,
    stop_on_signals,
    tell_service,
)


def test_a_lock_is_held_by_one_and_goes_with_its_process(tmp_path: Path) -> None:
    path = tmp_path / "spool.lock"
    take = f"import device_bridge.machine as m, pathlib; m.lock(pathlib.Path({str(path)!r}))"
    code = f"{take}; print('held', flush=True)\ninput()"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(FileInUseError):
            lock(path)
        other.kill()

    os.close(lock(path))


def test_a_private_file_stays_as_it_is_but_for_its_rights(tmp_path: Path) -> None:
    path = tmp_path / "spool.db"
    path.write_bytes(b"reports")
    path.chmod(0o644)

    make_private(path)

    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"reports", 0o600)


def test_a_replaced_file_is_whole_and_leaves_no_draft(tmp_path: Path) -> None:
    path = tmp_path / "status.json"
    replace_file(path, b"first")

    replace_file(path, b"second")

    assert [(entry.name, entry.read_bytes()) for entry in tmp_path.iterdir()] == [("status.json", b"second")]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_every_polite_signal_asks_to_stop(number: signal.Signals) -> None:
    before = {name: signal.getsignal(name) for name in (signal.SIGTERM, signal.SIGINT)}
    asked: list[bool] = []
    stop_on_signals(lambda: asked.append(True))

    signal.raise_signal(number)

    for name, handler in before.items():
        signal.signal(name, handler)
    assert asked == [True]


def test_ctrl_break_asks_to_stop_where_the_system_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows' own signal stands in for itself here under a number that Linux knows."""
    before = {name: signal.getsignal(name) for name in (signal.SIGTERM, signal.SIGINT, signal.SIGUSR2)}
    monkeypatch.setattr(signal, "SIGBREAK", signal.SIGUSR2, raising=False)
    asked: list[bool] = []
    stop_on_signals(lambda: asked.append(True))

    signal.raise_signal(signal.SIGUSR2)

    for name, handler in before.items():
        signal.signal(name, handler)
    assert asked == [True]


@pytest.mark.parametrize("kind", ["path", "abstract"])
def test_systemd_hears_the_word(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    name = str(tmp_path / "notify") if kind == "path" else f"@fairzone-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as keeper:
        keeper.bind("\0" + name[1:] if name.startswith("@") else name)
        monkeypatch.setenv("NOTIFY_SOCKET", name)

        tell_service("READY=1")

        assert keeper.recv(100) == b"READY=1"


def test_nobody_is_told_where_nobody_listens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "gone"))

    assert tell_service("READY=1") is None  # type: ignore[func-returns-value]


def test_who_holds_a_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "port"
    path.touch()
    with path.open("rb") as file, subprocess.Popen(["sleep", "60"], stdin=file) as other:
        found = holders(path)
        other.kill()

    assert found == [f"sleep ({other.pid})"]


def test_nothing_but_this_seam_asks_which_system_it_runs_on() -> None:
    root = Path(machine.__file__).parent
    asking = [
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        if any(
            word in path.read_text(encoding="utf-8")
            for word in ("sys.platform", "os.name", "import fcntl", "import msvcrt")
        )
    ]

    assert [path for path in asking if not path.startswith("simulators/")] == ["machine.py"]
