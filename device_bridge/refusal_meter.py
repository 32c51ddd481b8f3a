"""How many refusals are kept raw: a robot that is wrong in the same way all day must not fill the disk. Pure.

The first of a kind in a minute are kept one by one; the rest of that minute is one row that says how many there were.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import blake2b
from types import MappingProxyType

import msgspec

from device_bridge.accounts import account_name
from device_bridge.wire.batch import Item, Rejection

KEPT_A_MINUTE = 20
"""Of one robot and one reason."""
COLLAPSED = "more-"
"""How the id of a refusal begins that stands for many of its minute."""
_MINUTE_S = 60


def kind_of(refusal: Rejection) -> str:
    """Whose refusal it is, and for which reason or field."""
    return f"{account_name(refusal.robot or '', rehearsal=refusal.rehearsal)} {refusal.code}{refusal.field}"


def minute_of(moment: datetime) -> int:
    """The number of a minute since 1970."""
    return int(moment.timestamp()) // _MINUTE_S


class RefusalCounts:
    """The refusals of the present minute by kind. `draft` counts on a copy until its batch is on disk.

    `run` stands in the ids of the rows that collect the rest: whoever has counted anew takes another.
    """

    def __init__(self, run: str, minute: int = 0, counts: Mapping[str, int] = MappingProxyType({})) -> None:
        self._run = run
        self._minute = minute
        self._counts = dict(counts)

    def draft(self) -> "RefusalCounts":
        """A copy that may be thrown away."""
        return RefusalCounts(self._run, self._minute, self._counts)

    def metered(self, items: Iterable[Item]) -> list[Item]:
        """Keep the first refusals of a kind in a minute; let the rest of the minute be one row with their number."""
        kept: list[Item] = []
        rest: dict[str, Rejection] = {}
        for item in items:
            if isinstance(item, Rejection):
                # Of a field that cannot be read one message a minute shows all there is to see.
                over = self._count(item) - (0 if item.field else KEPT_A_MINUTE)
                if over > 0:
                    name = self.row_of(item)
                    rest[name] = msgspec.structs.replace(item, id=name, copies=over)
                    continue
            kept.append(item)
        return [*kept, *rest.values()]

    def row_of(self, refusal: Rejection) -> str:
        """The id of the row that collects what is over of the refusal's kind in its minute."""
        name = f"{self._run}-{minute_of(refusal.at)}-{kind_of(refusal)}"
        return f"{COLLAPSED}{blake2b(name.encode(), digest_size=16).hexdigest()}"

    def _count(self, refusal: Rejection) -> int:
        """Count one more; how many of its kind there have been in its minute, this one included."""
        minute, kind = minute_of(refusal.at), kind_of(refusal)
        if minute != self._minute:
            self._minute = minute
            self._counts.clear()
        self._counts[kind] = self._counts.get(kind, 0) + 1
        return self._counts[kind]
