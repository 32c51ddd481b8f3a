"""The build hook lays in exactly what the lock file pins, once, and says clearly when it cannot."""

import importlib.util
import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from tests.architecture.source import ROOT

SHEET = ".btn{color:red}.carousel{color:blue}"
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
            target.write_text(SHEET if source.endswith(".css") else source, encoding="utf-8")
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
        hook.KNOWN,
    }
    assert (vendor / "bootstrap" / "bootstrap.min.css").read_text(encoding="utf-8") == ".btn{color:red}"
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


def test_a_rule_stays_when_it_can_match_and_goes_when_it_cannot(hook: ModuleType) -> None:
    sheet = (
        '@charset "UTF-8";/*! MIT */:root,[data-bs-theme=light]{--a:1}[data-bs-theme=dark]{--a:2}'
        "a:not(.nav-link,.x){color:red}.btn,.carousel{b:1}.btn .carousel{b:2}.btn-check:checked+.btn{b:3}"
        "@media (min-width:1px){.carousel{c:1}}@media print{.btn{c:2}.carousel{c:3}}@keyframes spin{to{d:1}}"
        "table.btn>:not(caption)>*{e:.5em}"
    )

    assert hook.cut(sheet, frozenset({"btn"})) == (
        '@charset "UTF-8";/*! MIT */:root,[data-bs-theme=light]{--a:1}'
        "a:not(.nav-link,.x){color:red}.btn{b:1}@media print{.btn{c:2}}table.btn>:not(caption)>*{e:.5em}"
    )


def test_every_class_of_bootstrap_that_a_page_uses_is_in_the_stylesheet(hook: ModuleType) -> None:
    known = set((ROOT / hook.VENDOR / hook.KNOWN).read_text(encoding="utf-8").split())
    scripts = [*(ROOT / "server/static/js").glob("*.js"), *(ROOT / "server/features").glob("*/static/*.js")]
    sources = [*(ROOT / "server").rglob("*.html"), *scripts]
    used = {
        word
        for path in sources
        for names in re.findall(r"""class(?:Name)?=["']([^"']*)["']""", path.read_text(encoding="utf-8"))
        for word in re.findall(r"[A-Za-z][\w-]*", re.sub(r"{%.*?%}|{{.*?}}", " ", names))
    }

    # In Bootstrap these are parts of its navigation bar, its grid and its pictures; our own styles know them otherwise.
    ours = {"col", "map", "nav", "placeholder", "row", "showing"}
    assert sorted((used & known) - hook.BOOTSTRAP - ours) == []
