"""What makes a test depend on the machine or the day: limits of a few seconds, deadlines, and waits for seconds."""

import ast
from collections.abc import Iterator

from tests.architecture.bans import called
from tests.architecture.source import Module

ONLY_A_HANG_S = 30
"""An assertion on how long something took allows at least this much: only what hangs takes longer."""
STOPWATCHES = frozenset({"monotonic", "perf_counter", "monotonic_ns", "perf_counter_ns"})
MEASURES = ("tests/bench/", "tests/chaos/")
"""Where measuring is the job."""


def measures_the_machine(module: Module) -> Iterator[str]:
    """Assertions that a span of the stopwatch is shorter than what a busy machine may need."""
    if module.path.startswith(MEASURES):
        return
    for scope in (node for node in module.nodes if isinstance(node, ast.FunctionDef)):
        spans = {name for node in ast.walk(scope) for name in assigned(node) if is_span(assigned_value(node))}
        for node in (one for one in ast.walk(scope) if isinstance(one, ast.Compare)):
            limit = upper_limit(node, spans)
            if limit is not None and limit < ONLY_A_HANG_S:
                yield f"{module.path}:{node.lineno}: asserts on {limit:g} s; only a hang may exceed a limit of time"


def assigned(node: ast.AST) -> Iterator[str]:
    """The plain names that a statement gives a value to."""
    if isinstance(node, ast.Assign):
        yield from (target.id for target in node.targets if isinstance(target, ast.Name))


def assigned_value(node: ast.AST) -> ast.expr | None:
    """The value of an assignment."""
    return node.value if isinstance(node, ast.Assign) else None


def is_span(node: ast.expr | None) -> bool:
    """Whether an expression holds the difference of two readings of a stopwatch."""
    return node is not None and any(
        isinstance(part, ast.BinOp)
        and isinstance(part.op, ast.Sub)
        and isinstance(part.left, ast.Call)
        and called(part.left) in STOPWATCHES
        for part in ast.walk(node)
    )


def upper_limit(node: ast.Compare, spans: set[str]) -> float | None:
    """The number that a span is compared with, when it must be smaller."""
    is_measured = is_span(node.left) or (isinstance(node.left, ast.Name) and node.left.id in spans)
    if not is_measured or not isinstance(node.ops[0], ast.Lt | ast.LtE):
        return None
    limit = node.comparators[0]
    return float(limit.value) if isinstance(limit, ast.Constant) and isinstance(limit.value, int | float) else None


def sets_deadlines(module: Module) -> Iterator[str]:
    """Deadlines of single property tests: the profile decides once for all that there are none."""
    for node in module.nodes:
        if isinstance(node, ast.Call) and called(node) in {"settings", "hypothesis_settings"}:
            yield from (
                f"{module.path}:{word.value.lineno}: sets a deadline; tests/support/properties.py decides"
                for word in node.keywords
                if word.arg == "deadline"
            )


SECONDS = {
    "tests/bench/": "measuring is its job",
    "tests/chaos/": "its plan is a plan in time",
    "tests/support/": "the one place where conditions are polled",
    "tests/device_bridge/booth/test_check.py": "a process that holds a port until it is killed",
    "tests/device_bridge/simulators/": "simulated robots that send for a while",
    "tests/device_bridge/test_bridge.py": "time in which nothing may happen",
    "tests/device_bridge/test_port_robots.py": "time in which nothing may happen",
    "tests/device_bridge/transports/": "wires that are silent for a while, and polls",
    "tests/journeys/test_invites.py": "deaths at random moments",
    "tests/journeys/test_kill.py": "deaths at random moments",
    "tests/journeys/test_outsiders.py": "a robot that speaks twice a second",
    "tests/journeys/test_many_tabs.py": "a robot that speaks five times a second",
}
"""Where tests may wait for seconds instead of for what they need, and why."""
WAITS = frozenset({"sleep", "wait_for_timeout"})


def waits_for_seconds(module: Module) -> Iterator[str]:
    """Waits that end after a time, whatever has happened: too long on a quick machine, too short on a busy one."""
    if module.path.startswith(tuple(SECONDS)):
        return
    for node in module.nodes:
        if isinstance(node, ast.Call) and called(node) in WAITS and not yields_once(node):
            yield f"{module.path}:{node.lineno}: waits for seconds; wait for what must have happened"


def yields_once(node: ast.Call) -> bool:
    """Whether a wait is one of no time, which only lets others go on."""
    return bool(node.args) and isinstance(node.args[0], ast.Constant) and node.args[0].value == 0


RULES = (measures_the_machine, sets_deadlines, waits_for_seconds)
