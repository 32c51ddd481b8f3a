"""Trees whose nodes are codes, each with the one above it."""

from collections.abc import Mapping


def lineage(code: str, parents: Mapping[str, str | None]) -> list[str]:
    """A code and those above it, up to its root; one that is its own ancestor ends where it repeats."""
    line: list[str] = []
    node: str | None = code
    while node is not None and node in parents and node not in line:
        line.append(node)
        node = parents[node]
    return line
