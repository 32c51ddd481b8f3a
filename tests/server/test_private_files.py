"""What an installation writes is for its owner alone, whatever its owner's umask lets others read."""

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from device_bridge.spool import Spool
from server.infra.db import Database, Session
from server.settings import ensure_secrets


@pytest.fixture(autouse=True)
def open_to_all() -> Iterator[None]:
    """A umask that closes nothing."""
    before = os.umask(0)
    yield
    os.umask(before)


def modes(folder: Path) -> dict[str, int]:
    """Who may what with everything in a folder, and with the folder."""
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in (folder, *folder.rglob("*"))}


def readable(folder: Path) -> dict[str, int]:
    """What of it others may touch."""
    return {name: mode for name, mode in modes(folder).items() if mode & 0o077}


def test_database_and_its_companions_are_for_their_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "made" / "data"
    database = Database(f"sqlite:///{folder}/fair.db")
    with database.write() as session:
        _write(session)
        found = modes(folder)
    database.close()

    assert (set(found) >= {"data", "fair.db", "fair.db-wal", "fair.db-shm"}, readable(folder)) == (True, {})


def test_a_database_that_others_could_read_is_closed_when_it_is_opened(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir(0o700)
    for name in ("fair.db", "fair.db-wal"):
        (folder / name).touch(0o666)

    database = Database(f"sqlite:///{folder}/fair.db")
    with database.write() as session:
        _write(session)
        found = readable(folder)
    database.close()

    assert found == {}


def test_secrets_and_spool_are_for_their_owner_alone(tmp_path: Path) -> None:
    ensure_secrets(tmp_path / "data")
    spool = Spool(tmp_path / "data" / "spool.db")

    assert readable(tmp_path / "data") == {}
    spool.close()


@pytest.mark.slow
def test_what_seed_makes_is_for_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir(0o755)
    env = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    command = [sys.executable, "-m", "device_bridge", "seed", "--into-a-hall", "--yes"]
    ours = {"FAIRZONE_DATA": str(folder), "PYTHONPATH": str(Path(__file__).parents[2])}

    done = subprocess.run(command, env={**env, **ours}, capture_output=True, text=True, timeout=120, check=False)

    assert (done.returncode, done.stderr) == (0, "")
    assert (readable(folder), "fairzone.db" in modes(folder)) == ({}, True)


def _write(session: Session) -> None:
    session.connection().exec_driver_sql("CREATE TABLE kept (id INTEGER)")
