"""The bundle for a machine without internet: what is in it, and that it installs and works from itself alone."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from device_bridge.booth import bundle
from device_bridge.booth.bundle import ROOT, BundleError, Target, files_folder, make_bundle, requirements
from device_bridge.booth.command import bridge_command
from device_bridge.booth.faults import faults, read_tables
from device_bridge.booth.repack import repack

HERE = f"{sys.version_info.major}.{sys.version_info.minor}"
SERVERS = {"flask", "sqlalchemy", "sqlmodel", "pydantic", "granian", "werkzeug", "jinja2"}


@pytest.fixture(scope="module")
def linux_bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundle for this machine, unpacked; needs a package index, and fails where there is none."""
    folder = tmp_path_factory.mktemp("bundle")
    packed = make_bundle(folder, Target.LINUX, [HERE])
    shutil.unpack_archive(packed, folder)
    return folder / packed.stem


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_the_bundle_installs_without_an_index_and_brings_the_bridge_alone(linux_bundle: Path, tmp_path: Path) -> None:
    place = tmp_path / "booth"
    # Any look at an index would fail here.
    alone = {
        **os.environ,
        "PIP_INDEX_URL": "http://127.0.0.1:9",
        "PIP_CONFIG_FILE": os.devnull,
        "PYTHON": sys.executable,
    }
    subprocess.run(["sh", str(linux_bundle / "install.sh"), str(place)], check=True, timeout=300, env=alone)
    own = place / "venv" / "bin"
    check = [str(own / "fairzone"), "bridge", "check", "--json", "--config", str(place / "bridge.toml")]
    checked = subprocess.run(check, capture_output=True, text=True, timeout=60, check=False, cwd=tmp_path)
    listed = "import json; from importlib.metadata import distributions as d; print(json.dumps([x.name for x in d()]))"
    names = json.loads(subprocess.check_output([own / "python", "-c", listed], cwd=tmp_path, timeout=60))

    found = {(finding["topic"], finding["code"]) for finding in json.loads(checked.stdout)}
    assert (checked.returncode, ("configuration", "settings-ok") in found) == (1, True)
    assert {name.lower() for name in names} & SERVERS == set()
    assert {"fairzone", "click", "msgspec", "paho-mqtt", "pyserial"} <= {name.lower() for name in names}
    assert (place / "bridge.toml").stat().st_mode & 0o777 == 0o600


@pytest.mark.slow
def test_the_sums_in_the_bundle_are_those_of_its_files(linux_bundle: Path) -> None:
    lines = (linux_bundle / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    sums = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}

    files = [path for path in linux_bundle.rglob("*") if path.is_file() and path.name != "SHA256SUMS"]

    found = {path.relative_to(linux_bundle).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
    assert found == sums
    (wheel,) = linux_bundle.glob("wheels/fairzone-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        assert "device_bridge/booth/files/install.sh" in archive.namelist()
    assert {name for name in found if "/" not in name} == {
        *("README.md", "bridge.toml", "fairzone-bridge.service", "install.sh", "requirements.txt")
    }


@pytest.fixture
def bare_wheel(tmp_path: Path) -> Path:
    """A wheel with requirements of several kinds and nothing else."""
    wheel = tmp_path / "fairzone-9.9-py3-none-any.whl"
    metadata = (
        "Metadata-Version: 2.4\nName: fairzone\nVersion: 9.9\nProvides-Extra: mavlink\nProvides-Extra: server\n"
        'Requires-Dist: click>=8.2\nRequires-Dist: pymavlink>=2; extra == "mavlink"\n'
        "Requires-Dist: flask>=3; extra == 'server'\n\nA text.\n"
    )
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("fairzone-9.9.dist-info/METADATA", metadata)
    return wheel


def test_only_what_a_booth_needs_is_asked_for(bare_wheel: Path) -> None:
    assert requirements(bare_wheel) == (["click>=8.2", "pymavlink>=2"], ["mavlink"])


def test_the_projects_base_is_what_a_booth_needs_and_no_part_of_the_server() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    base = {re.split(r"[\s\[<>=!~;]", line, maxsplit=1)[0].lower() for line in project["dependencies"]}

    assert base & SERVERS == set()
    assert {"click", "msgspec", "paho-mqtt", "pyserial"} <= base


def test_a_windows_bundle_has_its_own_wheels_script_and_line_ends(
    tmp_path: Path, bare_wheel: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, ...]] = []

    def pip(*words: str) -> None:
        asked.append(words)
        if words[0] == "wheel":
            shutil.copy(bare_wheel, words[words.index("--wheel-dir") + 1])

    monkeypatch.setattr(bundle, "_pip", pip)
    packed = make_bundle(tmp_path / "out", Target.WINDOWS, ["3.12"])

    with zipfile.ZipFile(packed) as archive:
        files = {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}
    assert packed.name == "fairzone-booth-bridge-9.9-windows.zip"
    assert set(files) == {
        *("README.md", "SHA256SUMS", "bridge.toml", "install.ps1", "requirements.txt"),
        "wheels/fairzone-9.9-py3-none-any.whl",
    }
    assert files["requirements.txt"] == b"fairzone[mavlink]==9.9\n"
    assert files["install.ps1"].startswith(b"\xef\xbb\xbf#")
    assert files["bridge.toml"].count(b"\r\n") == files["bridge.toml"].count(b"\n") > 20
    download = asked[1]
    assert download[:7] == ("download", "--only-binary", ":all:", "--implementation", "cp", "--python-version", "3.12")
    assert download[7:9] == ("--platform", "win_amd64")
    assert download[-4:] == ("click>=8.2", "pymavlink>=2", "colorama==0.4.6", "pip")


def test_a_machine_without_an_index_is_told_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object, **_more: object) -> "subprocess.CompletedProcess[str]":
        return subprocess.CompletedProcess([], 1, "", "ERROR: No matching distribution found for click")

    monkeypatch.setattr(subprocess, "run", refuse)
    with pytest.raises(BundleError, match="Check that this machine reaches a package index"):
        make_bundle(tmp_path, Target.LINUX, [HERE])

    result = CliRunner().invoke(bridge_command, ["bundle", "--out", str(tmp_path), "--platform", "linux"])

    assert (result.exit_code, "No matching distribution found for click" in result.output) == (1, True)
    assert list(tmp_path.glob("*.zip")) == []


@pytest.mark.slow
def test_an_installed_wheel_is_put_together_again_as_it_was(tmp_path: Path) -> None:
    wheel = repack("click", tmp_path)

    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--no-compile"]
    subprocess.run([*command, "--target", tmp_path / "again", wheel], check=True, timeout=60)
    with zipfile.ZipFile(wheel) as archive:
        assert archive.testzip() is None
        assert "click/core.py" in archive.namelist()
    assert (tmp_path / "again" / "click" / "core.py").is_file()


def test_the_example_is_understood_but_for_the_token_and_names_every_decision() -> None:
    path = files_folder() / "bridge.toml"
    found = read_tables(path)

    assert isinstance(found, tuple)
    text, tables = found
    assert list(faults(path, text, tables)) == []
    assert set(tables["bridge"]) == {"server", "token", "name", "spool", "spool_limit_mb", "when_full"}


def test_the_services_unit_starts_what_the_installer_lays_down() -> None:
    unit = (files_folder() / "fairzone-bridge.service").read_text(encoding="utf-8")
    script = (files_folder() / "install.sh").read_text(encoding="utf-8")

    assert "ExecStart=/opt/fairzone-bridge/venv/bin/fairzone bridge run --config /etc/fairzone/bridge.toml\n" in unit
    assert "Type=notify" in unit
    assert all(path in script for path in ("/opt/fairzone-bridge", "/etc/fairzone", "fairzone-bridge.service"))
    subprocess.run(["sh", "-n", files_folder() / "install.sh"], check=True, timeout=60)
