"""The tree of the robots' kinds, and how near two of its nodes are: credit for what they share, by how rare that is.

The nearness is Lin's (An information-theoretic definition of similarity, ICML 1998): what two nodes have in common
counts by its information, -log of the share of the fair's products at or below it. What only a root holds together
counts nothing, and medical robots are a root of their own (ISO 8373:2021), so that they share nothing with service
robots.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import log

from server.kernel.trees import lineage

MEDICAL = "AP6"
SERVICE = "SR"
SHARED_CREDIT = 0.8
"""The most that a node earns which is not what was looked for, but near it."""
_UNSEEN = 0.5
"""A kind that nobody shows counts as half a product: rare, not impossible."""


@dataclass(frozen=True)
class Nearness:
    """How near an offered kind is to a wanted one, in [0, 1], and the narrowest kind that holds both."""

    score: float
    shared: str | None


@dataclass(frozen=True)
class Taxonomy:
    """The kinds by the one above each (`None` above a root), and how much each one tells."""

    parents: Mapping[str, str | None]
    telling: Mapping[str, float]

    def line(self, code: str) -> list[str]:
        """A kind and those above it, up to its root."""
        return lineage(code, self.parents)

    def root(self, code: str) -> str:
        """The root above a kind; an unknown one is its own."""
        return (self.line(code) or [code])[-1]

    def nearness(self, wanted: str, offered: str) -> Nearness:
        """1 for what was wanted or a kind of it; less for a neighbour; 0 for what shares nothing but a root."""
        above = self.line(offered)
        if wanted in above:
            return Nearness(1.0, wanted)
        shared = next((code for code in self.line(wanted) if code in above), None)
        if shared is None or not self.telling.get(shared):
            return Nearness(0.0, None)
        both = self.telling[wanted] + self.telling[offered]
        return Nearness(min(1.0, 2 * self.telling[shared] / both) * SHARED_CREDIT, shared)


def plant(parents: Mapping[str, str | None], products: Iterable[str]) -> Taxonomy:
    """The tree with what each kind tells; `products` are the kinds of the fair's products, one entry each."""
    below: Counter[str] = Counter()
    for kind in products:
        below.update(lineage(kind, parents))
    telling = {}
    for code in parents:
        root = lineage(code, parents)[-1]
        telling[code] = max(0.0, -log(max(below[code], _UNSEEN) / max(below[root], 1)))
    return Taxonomy(parents, telling)
