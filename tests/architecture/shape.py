"""Measures the shape of the code: how long functions and modules are, and how much is documented and typed.

`python -m tests.architecture.shape` prints the figures. Migrations are left out: Alembic writes them.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.architecture.source import PACKAGES, ROOT, Module, read_tree

MEDIAN_LINES = 8
P99_LINES = 40
LONGEST_FUNCTION = 60
LONGEST_MODULE = 400
LEAST_FUNCTIONS_FOR_QUANTILES = 20  # the quantiles of a handful of functions say nothing


@dataclass(frozen=True)
class Function:
    """One function with its whole length in lines, decorators excluded."""

    where: str
    name: str
    lines: int
    documented: bool
    typed: bool

    @property
    def public(self) -> bool:
        """Whether others may call it: no leading underscore."""
        return not self.name.startswith("_")


def measured(modules: dict[str, Module]) -> dict[str, Module]:
    """The modules that count: all but the migrations."""
    return {name: module for name, module in modules.items() if "migrations" not in module.path.split("/")}


def functions(module: Module) -> Iterator[Function]:
    """Every function and method of a module, nested ones too.

    A function inside a function is nobody's public interface, so it counts as documented.
    """
    inner = {
        found
        for outer in module.nodes
        if isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef)
        for found in ast.walk(outer)
        if isinstance(found, ast.FunctionDef | ast.AsyncFunctionDef) and found is not outer
    }
    for node in module.nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield Function(
                where=f"{module.path}:{node.lineno}",
                name=node.name,
                lines=(node.end_lineno or node.lineno) - node.lineno + 1,
                documented=node in inner or bool(ast.get_docstring(node)),
                typed=is_typed(node),
            )


def is_typed(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether the return value and every argument but self and cls carry a type."""
    arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs, node.args.vararg, node.args.kwarg]
    named = [argument for argument in arguments if argument is not None and argument.arg not in {"self", "cls"}]
    return node.returns is not None and all(argument.annotation for argument in named)


def quantile(values: list[int], share: float) -> int:
    """The value at that share of a list, 0 for an empty one."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0


def broken_limits(modules: dict[str, Module]) -> Iterator[str]:
    """Every limit that the code breaks, one sentence each."""
    counted = measured(modules)
    found = [function for module in counted.values() for function in functions(module)]
    for module in counted.values():
        if module.lines > LONGEST_MODULE:
            yield f"{module.path}: {module.lines} lines, more than {LONGEST_MODULE}"
        yield from undocumented_classes(module)
    for function in found:
        if function.lines > LONGEST_FUNCTION:
            yield f"{function.where}: {function.name} has {function.lines} lines, more than {LONGEST_FUNCTION}"
        if not function.typed:
            yield f"{function.where}: {function.name} is not fully typed"
        if function.public and not function.documented:
            yield f"{function.where}: {function.name} is public and has no docstring"
    yield from broken_quantiles([function.lines for function in found])


def undocumented_classes(module: Module) -> Iterator[str]:
    """The public classes that do not say what they are."""
    for node in module.nodes:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_") and not ast.get_docstring(node):
            yield f"{module.path}:{node.lineno}: the class {node.name} is public and has no docstring"


def broken_quantiles(lengths: list[int]) -> Iterator[str]:
    """The limits on the whole: how long the middle function and the longest hundredth are."""
    if len(lengths) < LEAST_FUNCTIONS_FOR_QUANTILES:
        return
    for name, share, limit in (("median", 0.5, MEDIAN_LINES), ("99th percentile", 0.99, P99_LINES)):
        value = quantile(lengths, share)
        if value > limit:
            yield f"the {name} of the functions' lengths is {value} lines, more than {limit}"


def summary(root: Path) -> str:
    """The figures of a tree in three lines."""
    modules = measured(read_tree(root))
    tests = read_tree(root, ("tests",))
    found = [function for module in modules.values() for function in functions(module)]
    lengths, sizes = [function.lines for function in found], [module.lines for module in modules.values()]
    public = [function for function in found if function.public]
    sentences = sum(function.name.startswith("test_") for module in tests.values() for function in functions(module))
    source_lines, test_lines = sum(sizes), sum(module.lines for module in tests.values())
    return (
        f"modules {len(sizes)}  lines {source_lines}  median {quantile(sizes, 0.5)}  largest {max(sizes, default=0)}\n"
        f"functions {len(found)}  median {quantile(lengths, 0.5)}  p90 {quantile(lengths, 0.9)}  "
        f"p99 {quantile(lengths, 0.99)}  longest {max(lengths, default=0)}  "
        f"public documented {percent(sum(f.documented for f in public), len(public))}  "
        f"typed {percent(sum(f.typed for f in found), len(found))}\n"
        f"tests {sentences}  test lines / source lines {test_lines / max(1, source_lines):.2f}"
    )


def percent(part: int, whole: int) -> str:
    """A share as whole percent, rounded down so that 100 % means all."""
    return f"{100 * part // max(1, whole)} %"


if __name__ == "__main__":
    print(f"{', '.join(PACKAGES)}\n{summary(ROOT)}")
