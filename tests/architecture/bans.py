"""What no code may do wherever it stands: each ban is one function from a module to the sentences that it breaks."""

import ast
import re
from collections.abc import Callable, Iterator

from tests.architecture.layers import matches, place_of
from tests.architecture.source import Module

COMMITS_IN = "server/infra/db.py"
SUMS_IN = "server/infra/sums.py"
COMMAND_LINES = (
    "device_bridge/cli.py",
    "device_bridge/bridge.py",
    "device_bridge/embedded_broker.py",
    "device_bridge/simulators/command.py",
    "server/commands/*.py",
    "server/demo/*.py",
    "server/doctor/*.py",
    "server/features/*/commands.py",
)
# Where waiting is the job: the wires themselves, and the loops at the root of a process.
MAY_SLEEP = frozenset(
    {"transports", "simulators", "forwarder", "bridge root", "broker", "roots", "infra", "web", "demo"}
)
# Where the time is always an argument.
TIMELESS = frozenset(
    {"rules", "models", "schemas", "queries", "service", "wire", "protocols", "accounting", "robot behaviour"}
)
VAGUE = frozenset({"manager", "helper", "helpers", "util", "utils", "common", "misc"})
NAIVE = frozenset({"utcnow", "utcfromtimestamp"})
ACTS_ON_IMPORT = frozenset(
    {
        "open",
        "connect",
        "read_text",
        "read_bytes",
        "getenv",
        "now",
        "create_engine",
        "urlopen",
        "run",
        "Popen",
        "start",
        "mkdir",
        "socket",
        "sleep",
    }
)

Ban = Callable[[Module], Iterator[str]]


def called(node: ast.Call) -> str:
    """The last word of what is called: `commit` for both `commit()` and `session.commit()`."""
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


def calls(module: Module) -> Iterator[tuple[str, ast.Call]]:
    """Every call in the module with the last word of what is called."""
    return ((called(node), node) for node in module.nodes if isinstance(node, ast.Call))


def commits_elsewhere(module: Module) -> Iterator[str]:
    """Only the unit of work commits; a service that does so cannot be composed."""
    if not module.path.startswith("server/") or module.path == COMMITS_IN:
        return
    for name, node in calls(module):
        if name == "commit":
            yield f"{module.path}:{node.lineno}: commits outside {COMMITS_IN}"


def prints(module: Module) -> Iterator[str]:
    """Only a command line talks to a terminal; everything else logs."""
    if any(matches(module.path, pattern) for pattern in COMMAND_LINES):
        return
    for name, node in calls(module):
        if name == "print" and isinstance(node.func, ast.Name):
            yield f"{module.path}:{node.lineno}: prints outside a command line"


def naive_times(module: Module) -> Iterator[str]:
    """A time without a zone is a wrong time in a fair with guests from 40 countries."""
    for name, node in calls(module):
        bare_now = name == "now" and not node.args and not node.keywords and reads_class(node, {"datetime"})
        bare_stamp = name == "fromtimestamp" and len(node.args) + len(node.keywords) < len(("stamp", "zone"))
        if name in NAIVE or bare_now or bare_stamp or (name == "today" and reads_class(node, {"date", "datetime"})):
            yield f"{module.path}:{node.lineno}: {name}() gives a time without a zone"


def reads_class(node: ast.Call, names: set[str]) -> bool:
    """Whether the call is made on one of these classes, by whatever path."""
    if not isinstance(node.func, ast.Attribute):
        return False
    owner = node.func.value
    last = owner.attr if isinstance(owner, ast.Attribute) else owner.id if isinstance(owner, ast.Name) else ""
    return last in names


def asks_the_clock(module: Module) -> Iterator[str]:
    """In these layers the time is an argument, so that a test can choose it."""
    place = place_of(module)
    if place is None or place.row.layer not in TIMELESS:
        return
    for name, node in calls(module):
        if name == "now" and reads_class(node, {"datetime"}):
            yield f"{module.path}:{node.lineno}: {place.row.layer} asks the clock instead of taking the time"


def sums_that_overflow(module: Module) -> Iterator[str]:
    """What strangers send is added up by the one sum that cannot overflow on either database."""
    if not module.path.startswith("server/") or module.path == SUMS_IN:
        return
    for name, node in calls(module):
        if name in {"sum", "total"} and isinstance(node.func, ast.Attribute):
            yield f"{module.path}:{node.lineno}: adds up in the database; use Total of {SUMS_IN}"


def sleeps(module: Module) -> Iterator[str]:
    """Only transports and the roots of processes wait for time to pass."""
    place = place_of(module)
    if place is None or place.row.layer in MAY_SLEEP:
        return
    for name, node in calls(module):
        if name == "sleep":
            yield f"{module.path}:{node.lineno}: {place.row.layer} sleeps"


def vague_names(module: Module) -> Iterator[str]:
    """Names that say nothing about what a thing is."""
    for name, line in defined_names(module):
        found = VAGUE & set(words(name))
        if found:
            yield f"{module.path}:{line}: the name {name} says nothing ({', '.join(sorted(found))})"


def defined_names(module: Module) -> Iterator[tuple[str, int]]:
    """The names that the module gives: its own, and those of its classes, functions, arguments and variables."""
    yield from ((part, 1) for part in module.name.split("."))
    for node in module.nodes:
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, node.lineno
        elif isinstance(node, ast.arg):
            yield node.arg, node.lineno
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id, node.lineno


def words(name: str) -> list[str]:
    """The lower-case words of a snake_case or CamelCase name."""
    return [word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", name)]


def without_a_sentence(module: Module) -> Iterator[str]:
    """A module opens with one sentence that says what it is."""
    first = (ast.get_docstring(module.tree) or "").split("\n\n")[0].strip()
    if not first.endswith((".", ":", ")")):
        yield f"{module.path}:1: does not open with a sentence that says what it is"


def acts_on_import(module: Module) -> Iterator[str]:
    """Importing a module defines things and does nothing else; Alembic's files and `__main__` are there to run."""
    if module.path.startswith("server/migrations/") or module.path.endswith("__main__.py"):
        return
    for node in module.tree.body:
        acting = [name for name in called_at_import(node) if name in ACTS_ON_IMPORT]
        loose = isinstance(node, ast.Expr) and isinstance(node.value, ast.Call | ast.Await)
        if acting or loose or isinstance(node, ast.For | ast.While | ast.With):
            yield f"{module.path}:{node.lineno}: does something on import{f' ({acting[0]})' if acting else ''}"


def called_at_import(node: ast.stmt) -> Iterator[str]:
    """What a statement at the top of a module calls when the module is imported."""
    if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
        deferred = {
            inner for found in ast.walk(node.value) if isinstance(found, ast.Lambda) for inner in ast.walk(found)
        }
        for found in ast.walk(node.value):
            if isinstance(found, ast.Call) and found not in deferred:
                yield called(found)


IGNORE = re.compile(
    r"#\s*(?:noqa|type:\s*ignore|pragma)"
    r"(?P<rule>:\s*no cover|:\s*[A-Z]+\d+(?:,\s*[A-Z]+\d+)*|\[[\w, -]+\])?"
    r"\s*(?:[-#:]\s*(?P<reason>\S.*))?"
)


def unreasoned_ignores(module: Module) -> Iterator[str]:
    """Every ignore names its rule and carries its reason on the same line: `# noqa: S311 - seeded`."""
    for number, line in enumerate(module.text.splitlines(), start=1):
        for mark in IGNORE.finditer(line):
            if not mark["rule"]:
                yield f"{module.path}:{number}: an ignore names no rule"
            elif not mark["reason"]:
                yield f"{module.path}:{number}: an ignore gives no reason"


BANS: tuple[Ban, ...] = (
    commits_elsewhere,
    prints,
    naive_times,
    asks_the_clock,
    sums_that_overflow,
    sleeps,
    vague_names,
    without_a_sentence,
    acts_on_import,
    unreasoned_ignores,
)
