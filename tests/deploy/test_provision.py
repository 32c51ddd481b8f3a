"""The provisioning scripts: silent when all is there, one clear sentence when something is missing."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.architecture.source import ROOT

DEBIAN = ROOT / "deploy" / "provision" / "debian.sh"
NEEDED = ("awk", "bash", "cat", "cut", "dirname", "flock", "grep", "mktemp", "sha256sum")


@pytest.fixture
def bare_path(tmp_path: Path) -> Path:
    """A folder for PATH with a shell's bare necessities, and a user who is not root."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in NEEDED:
        found = next(Path(place) / name for place in ("/usr/bin", "/bin") if (Path(place) / name).exists())
        (folder / name).symlink_to(found)
    identity = folder / "id"
    identity.write_text("#!/bin/sh\necho 1000\n", encoding="utf-8")
    identity.chmod(0o755)
    return folder


def run(script: Path, *words: str, path: Path | None = None) -> "subprocess.CompletedProcess[str]":
    env = {**os.environ, "PATH": str(path) if path else os.environ["PATH"]}
    command = ["/bin/bash", str(script), *words]
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=120, check=False)


def test_nothing_is_said_or_done_when_everything_is_there() -> None:
    done = run(DEBIAN, "test")

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_user_who_is_not_root_gets_the_one_command_to_run(bare_path: Path) -> None:
    (bare_path / "apt-get").symlink_to("/bin/false")
    script = bare_path.parent / "debian.sh"
    script.write_text(DEBIAN.read_text(encoding="utf-8").replace("has_program socat", "has_program no-such"), "utf-8")

    done = run(script, "test", path=bare_path)

    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "sudo sh -c 'apt-get update && apt-get install" in done.stderr
    assert "socat" in done.stderr


def test_a_machine_without_apt_is_told_which_packages_it_lacks(bare_path: Path) -> None:
    script = bare_path.parent / "debian.sh"
    text = DEBIAN.read_text(encoding="utf-8").replace("has_program socat", "has_program no-such")
    script.write_text(text.replace("has_program apt-get", "has_program no-apt-get"), encoding="utf-8")

    done = run(script, "test", path=bare_path)

    assert done.returncode == 1
    assert "has no apt-get" in done.stderr
    assert "socat" in done.stderr


def test_only_the_broker_that_is_asked_for_is_missing(bare_path: Path) -> None:
    script = bare_path.parent / "debian.sh"
    text = DEBIAN.read_text(encoding="utf-8").replace("has_program nats-server", "has_program no-such")
    script.write_text(text.replace("has_program apt-get", "has_program no-apt-get"), encoding="utf-8")

    done = run(script, "chaos-nats", path=bare_path)

    assert done.returncode == 1
    assert done.stderr.endswith("these Debian packages: nats-server\n")


def test_an_unknown_set_of_packages_is_refused() -> None:
    done = run(DEBIAN, "everything")

    assert (done.returncode, done.stderr) == (2, "fairzone: unknown set of packages: everything\n")


def test_make_help_lists_the_targets() -> None:
    command = ["make", "--no-print-directory", "-C", str(ROOT), "help"]
    listed = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout

    assert [line.split()[1] for line in listed.splitlines()][:8] == [
        *("demo", "test", "check", "check-dates", "check-orders", "bench", "chaos", "fmt")
    ]


def test_continuous_integration_runs_what_a_person_types() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")

    assert "make test" in script
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
