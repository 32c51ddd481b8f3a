"""The build hook lays in exactly what the lock file pins, once, and says clearly when it cannot."""

import importlib.util
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from tests.architecture.source import ROOT

Npm = Callable[[Path], "subprocess.CompletedProcess[str]"]


@pytest.fixture
def hook() -> ModuleType:
    """The hook as hatchling loads it: from its path."""
    spec = importlib.util.spec_from_file_location("build_hook", ROOT / "deploy" / "frontend" / "build_hook.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A source tree with nothing laid in."""
    root = tmp_path / "fairzone"
    (root / "tests" / "support").mkdir(parents=True)
    (root / "server" / "static").mkdir(parents=True)
    shutil.copytree(ROOT / "deploy" / "frontend", root / "deploy" / "frontend")
    return root


def npm_that_writes(hook: ModuleType, folders: list[Path]) -> Npm:
    def npm(folder: Path) -> "subprocess.CompletedProcess[str]":
        folders.append(folder)
        for source in [*hook.PAGES, *hook.TESTS]:
            target = folder / "node_modules" / source
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(source, encoding="utf-8")
        return subprocess.CompletedProcess([], 0, "")

    return npm


def test_every_file_is_laid_in_once_and_left_alone_afterwards(
    hook: ModuleType, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders: list[Path] = []
    monkeypatch.setattr(hook, "run_npm", npm_that_writes(hook, folders))

    hook.lay_in(tree)
    hook.lay_in(tree)

    vendor = tree / "server" / "static" / "vendor"
    assert len(folders) == 1
    assert {path.relative_to(vendor).as_posix() for path in vendor.rglob("*") if path.is_file()} == {
        *hook.PAGES.values(),
        hook.STAMP,
    }
    assert (tree / "tests" / "support" / "vendor" / "axe-core" / "axe.min.js").is_file()


def test_another_lock_file_is_laid_in_anew(hook: ModuleType, tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folders: list[Path] = []
    monkeypatch.setattr(hook, "run_npm", npm_that_writes(hook, folders))
    hook.lay_in(tree)

    lock = tree / "deploy" / "frontend" / "package-lock.json"
    lock.write_text(lock.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    hook.lay_in(tree)

    assert len(folders) == 2


def test_a_failing_npm_is_reported_with_what_it_said_and_what_to_do(
    hook: ModuleType, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hook, "run_npm", lambda _: subprocess.CompletedProcess([], 1, "npm error ENOTFOUND"))

    with pytest.raises(hook.FrontendPackagesMissingError, match=r"(?s)npm error ENOTFOUND.*NPM_CONFIG_REGISTRY"):
        hook.lay_in(tree)

    assert not hook.is_current(tree)


def test_this_tree_has_what_its_lock_file_pins(hook: ModuleType) -> None:
    assert hook.is_current(ROOT)


def test_the_files_that_pages_may_use_are_no_stubs(hook: ModuleType) -> None:
    vendor = ROOT / "server" / "static" / "vendor"

    sizes = {target: (vendor / target).stat().st_size for target in hook.PAGES.values()}

    assert {target for target, size in sizes.items() if not target.endswith("LICENSE") and size < 20_000} == set()


def test_every_front_end_package_is_pinned_to_one_version() -> None:
    package = json.loads((ROOT / "deploy" / "frontend" / "package.json").read_text(encoding="utf-8"))

    versions = {**package["dependencies"], **package["devDependencies"]}

    assert {name: text for name, text in versions.items() if not text[0].isdigit()} == {}
