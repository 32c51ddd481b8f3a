"""A name means one thing: no two public classes of the product share one, unless a row says why."""

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping

from tests.architecture.source import Module

SHARED: Mapping[str, str] = {
    "Fault": "a robot's fault is a word of the wire, a field's one of the API's document; both are published",
    **dict.fromkeys(
        ("Action", "ConnectionMessage", "Error", "FactsheetMessage", "Position", "Power", "Safety", "StateMessage"),
        "VDA 5050 calls it so in each of its versions",
    ),
    "VisualizationMessage": "VDA 5050 calls it so in each of its versions",
}
"""Names that more than one class has, with the reason."""


def classes(modules: Mapping[str, Module]) -> Mapping[str, list[str]]:
    """The files that define a public class at their top, by its name; migrations apart."""
    found: dict[str, list[str]] = defaultdict(list)
    for module in modules.values():
        if "/migrations/" not in module.path:
            for node in module.tree.body:
                if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                    found[node.name].append(module.path)
    return found


def homonyms(modules: Mapping[str, Module], shared: Mapping[str, str] = SHARED) -> Iterator[str]:
    """Every name that two classes share without a reason, and every reason that nobody needs any more."""
    found = classes(modules)
    for name, paths in sorted(found.items()):
        if len(paths) > 1 and name not in shared:
            yield f"{name} is a class in {', '.join(sorted(paths))}: one name for two things"
    yield from (f"{name} has a reason to be shared, and is not" for name in shared if len(found.get(name, ())) < 2)
