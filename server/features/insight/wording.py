"""How the organiser's pages word what the log holds."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Names:
    """Names in the reader's language by their codes: of exhibitors, categories, robots and people."""

    exhibitors: Mapping[str, str] = field(default_factory=dict)
    categories: Mapping[str, str] = field(default_factory=dict)
    robots: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)
    """Chinese names by the names in Latin letters that the log has."""

    def of(self, name: str) -> Mapping[str, str]:
        """The names for a field; empty for one that holds none."""
        categories = dict.fromkeys(("category", "categories", "wants", "need"), self.categories)
        return {"exhibitor": self.exhibitors, "robot": self.robots, "staff": self.people, **categories}.get(name, {})
