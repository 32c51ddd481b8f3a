"""Reads a tree of Python modules without importing any: their names, syntax trees and imports."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("server", "device_bridge")


@dataclass(frozen=True)
class Import:
    """One imported module and the line that imports it."""

    target: str
    line: int


@dataclass(frozen=True)
class Module:
    """One Python file: its path below the root of the tree, with forward slashes, and its text."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """The module's syntax tree."""
        return ast.parse(self.text, self.path)

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """Every node of the syntax tree, the module itself first: many tests walk it."""
        return tuple(ast.walk(self.tree))

    @property
    def name(self) -> str:
        """The dotted name by which others import it."""
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    @property
    def lines(self) -> int:
        """How many lines the file has."""
        return len(self.text.splitlines())


def read_tree(root: Path, packages: tuple[str, ...] = PACKAGES) -> dict[str, Module]:
    """Every module of the packages below `root`, by dotted name."""
    paths = [path for package in packages for path in sorted((root / package).rglob("*.py"))]
    modules = [_module(path.relative_to(root).as_posix(), path.read_text(encoding="utf-8")) for path in paths]
    return {module.name: module for module in modules}


@cache
def _module(path: str, text: str) -> Module:
    """One module a path and text, so that a file is parsed once for all tests that read it."""
    return Module(path, text)


def imports(module: Module, known: dict[str, Module]) -> Iterator[Import]:
    """Everything that the module imports, wherever in the file: in functions and under TYPE_CHECKING as well.

    `from package import name` counts as the module `package.name` where there is one, and as `package` otherwise.
    """
    for node in module.nodes:
        if isinstance(node, ast.Import):
            yield from (Import(alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = absolute(module, node)
            for alias in node.names:
                deeper = f"{base}.{alias.name}"
                yield Import(deeper if deeper in known else base, node.lineno)


def absolute(module: Module, node: ast.ImportFrom) -> str:
    """The dotted name that a `from` import starts at, relative imports resolved."""
    if not node.level:
        return node.module or ""
    package = module.name.split(".") if module.path.endswith("/__init__.py") else module.name.split(".")[:-1]
    start = package[: len(package) - node.level + 1]
    return ".".join([*start, node.module] if node.module else start)
