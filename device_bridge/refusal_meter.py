"""How many refusals are kept raw: a robot that is wrong in the same way all day must not fill the disk.

The first of a kind in a minute are kept one by one; the rest of that minute is one row that says how many there were.
"""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

KEPT_A_MINUTE = 20
"""Of one robot and one reason."""
_MINUTE_S = 60

Kind = tuple[str, str]
"""(robot, or nothing where none is known; reason)."""


class RefusalCounts:
    """The refusals of the present minute by kind. `draft` counts on a copy until its batch is on disk."""

    def __init__(self, minute: int = 0, counts: Mapping[Kind, int] = MappingProxyType({})) -> None:
        self.minute = minute
        self._counts = dict(counts)

    def draft(self) -> "RefusalCounts":
        """A copy that may be thrown away."""
        return RefusalCounts(self.minute, self._counts)

    def count(self, kind: Kind, at: datetime) -> int:
        """Count one more; how many of its kind there have been in its minute, this one included."""
        minute = int(at.timestamp()) // _MINUTE_S
        if minute != self.minute:
            self.minute = minute
            self._counts.clear()
        self._counts[kind] = self._counts.get(kind, 0) + 1
        return self._counts[kind]
