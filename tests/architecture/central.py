"""What is central knows no feature: whoever adds one touches its own folder, the permission table and the order."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.source import Module, read_tree

# The two central files that a feature does touch.
OPEN = frozenset({"server/kernel/permissions.py", "server/features/__init__.py"})
# What the frame itself needs, by file: it lets people in.
ALLOWED = {
    "server/infra/web/returning.py": {"/login", "/logout", "/register"},
    # The name of a live stream that every page may follow.
    "server/infra/live.py": {"timetable"},
    "server/templates/base.html": {"/login", "/logout", "/register", "/account"},
    "server/templates/web/error.html": {"/register"},
}
CENTRAL = (
    "server/infra/",
    "server/kernel/",
    "server/app.py",
    "server/asgi.py",
    "server/worker.py",
    "server/hall.py",
)
_IN_TEMPLATE = re.compile(r"""["'](/[a-z][^"'\s]*)["']""")
ROUTES = frozenset({"get", "post", "put", "patch", "delete", "route"})


def central_routes(root: Path) -> Iterator[str]:
    """Every central file that names a feature, or the path of a page that a feature serves; a sentence each."""
    modules = read_tree(root, ("server",))
    routes = {route for module in modules.values() for route in served(module)}
    names = {module.path.split("/")[2] for module in modules.values() if in_feature(module)}
    for module in modules.values():
        if module.path.startswith(CENTRAL) and module.path not in OPEN:
            yield from named(module.path, literals(module), routes | names)
    for path in sorted((root / "server" / "templates").rglob("*.html")):
        lines = enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        found = ((word, number) for number, line in lines for word in _IN_TEMPLATE.findall(line))
        yield from named(path.relative_to(root).as_posix(), found, routes)


def in_feature(module: Module) -> bool:
    """Whether the module lies in a feature's folder."""
    return module.path.startswith("server/features/") and module.path.count("/") > len(("features", "name"))


def served(module: Module) -> Iterator[str]:
    """The paths of the pages that a feature's module serves; `/` is everybody's home."""
    if not in_feature(module):
        return
    for node in module.nodes:
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in ROUTES
            and node.args
        ):
            path = node.args[0]
            if isinstance(path, ast.Constant) and isinstance(path.value, str) and path.value.startswith("/"):
                yield path.value
    yield from ()


def literals(module: Module) -> Iterator[tuple[str, int]]:
    """Every text in a module that is no docstring, with its line."""
    prose = {id(node.value) for node in module.nodes if isinstance(node, ast.Expr)}
    for node in module.nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            yield node.value, node.lineno


def named(path: str, found: Iterator[tuple[str, int]], known: set[str]) -> Iterator[str]:
    """The sentences for those words that belong to a feature."""
    for word, line in found:
        bare = word.split("?")[0].split("#")[0].removeprefix("/api/v1")
        if bare != "/" and bare in known and bare not in ALLOWED.get(path, ()):
            yield f"{path}:{line}: {word} belongs to a feature, which declares it in its own folder"
