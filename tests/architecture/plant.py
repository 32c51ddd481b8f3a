"""Plants small trees of modules, so that every rule is seen to bite."""

from pathlib import Path

from tests.architecture.source import Module, read_tree


def plant(root: Path, files: dict[str, str]) -> dict[str, Module]:
    """Write the files below `root` and read the packages back; missing packages are made empty."""
    for path, text in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    for package in ("server", "device_bridge"):
        (root / package).mkdir(exist_ok=True)
    return read_tree(root)


def module(text: str, path: str = "server/kernel/clock.py") -> Module:
    """One module that stands nowhere on disk."""
    return Module(path, text)
