"""Finds copies of a shared read: the same columns of a foreign table, read in two features; and tables named by hand.

A read that two features need has one home, in the earlier one; the later imports it. What the database is asked is
told from the syntax: what `select` names, and by which columns it is narrowed.
"""

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tests.architecture.layers import matches
from tests.architecture.source import Module

SELECTS = frozenset({"select", "sql_select"})
NARROWS = frozenset({"where", "filter", "having"})
Tables = Mapping[str, str]
"""Which feature a table's class belongs to."""


@dataclass(frozen=True)
class Read:
    """What one statement asks for: `Table` or `Table.column` names, and the columns by which it narrows."""

    shown: tuple[str, ...]
    narrowed: tuple[str, ...]

    def tables(self) -> set[str]:
        """The classes of the tables that it shows something of."""
        return {name.partition(".")[0] for name in self.shown}


def tables_of(modules: Mapping[str, Module]) -> dict[str, str]:
    """The classes of all tables of the features, with whose they are."""
    return {
        node.name: module.path.split("/")[2]
        for module in modules.values()
        if matches(module.path, "server/features/*/models.py")
        for node in module.tree.body
        if isinstance(node, ast.ClassDef) and any(word.arg == "table" for word in node.keywords)
    }


def copied_reads(modules: Mapping[str, Module]) -> Iterator[str]:
    """Every read of a foreign table that another feature does, too: a sentence each, with the places."""
    tables = tables_of(modules)
    places: dict[Read, dict[str, str]] = defaultdict(dict)
    for module in modules.values():
        if not module.path.startswith("server/features/"):
            continue
        for read, line in _reads(module.tree, tables):
            places[read].setdefault(module.path.split("/")[2], f"{module.path}:{line}")
    for read, found in places.items():
        foreign = any(tables[table] != feature for table in read.tables() for feature in found)
        if len(found) > 1 and foreign:
            yield f"{', '.join(read.shown)} is read in {' and in '.join(found.values())}: give it one home"


def tables_by_hand(modules: Mapping[str, Module]) -> Iterator[tuple[str, str]]:
    """(feature, table's name) of every `table("…")`: what reaches a later feature's table without its class."""
    for module in modules.values():
        if not module.path.startswith("server/features/"):
            continue
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call) and _name(node.func) == "table" and isinstance(node.args[0], ast.Constant):
                yield module.path.split("/")[2], str(node.args[0].value)


def _reads(tree: ast.Module, tables: Tables) -> Iterator[tuple[Read, int]]:
    for scope in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.Assign | ast.AnnAssign)):
        if isinstance(scope, ast.FunctionDef) or scope in tree.body:
            yield from _reads_in(scope, tables)


def _reads_in(scope: ast.AST, tables: Tables) -> Iterator[tuple[Read, int]]:
    bound = {
        target.id: node.value
        for node in ast.walk(scope)
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Tuple)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
    }
    calls = [node for node in ast.walk(scope) if isinstance(node, ast.Call)]
    narrowing = [call for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr in NARROWS]
    narrowed = {name for call in narrowing for part in call.args for name in _columns_below(part, tables)}
    for call in calls:
        if _name(call.func) in SELECTS:
            shown = [name for part in call.args for name in _shown(part, bound)]
            if shown and all(name.partition(".")[0] in tables for name in shown):
                yield Read(tuple(sorted(shown)), tuple(sorted(narrowed))), call.lineno


def _shown(part: ast.expr, bound: Mapping[str, ast.Tuple]) -> list[str]:
    if isinstance(part, ast.Starred):
        return _shown(part.value, bound)
    if isinstance(part, ast.Tuple):
        return [name for one in part.elts for name in _shown(one, bound)]
    if isinstance(part, ast.Name) and part.id in bound:
        return _shown(bound[part.id], {key: value for key, value in bound.items() if key != part.id})
    if isinstance(part, ast.Call) and _name(part.func) == "col":
        return _shown(part.args[0], bound)
    if isinstance(part, ast.Call) and isinstance(part.func, ast.Attribute) and part.func.attr == "label":
        return _shown(part.func.value, bound)
    return [ast.unparse(part)]


def _columns_below(part: ast.expr, tables: Tables) -> set[str]:
    return {
        f"{node.value.id}.{node.attr}"
        for node in ast.walk(part)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in tables
    }


def _name(function: ast.expr) -> str:
    return function.id if isinstance(function, ast.Name) else ""
