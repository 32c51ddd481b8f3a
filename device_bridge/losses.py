"""Writing off what the bridge itself let go for lack of room, so that every account still adds up at the server."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from device_bridge.accounts import Draft
from device_bridge.spool_limit import Dropped
from device_bridge.wire.batch import Delivery, Gap, Item


def write_off(draft: Draft, dropped: Sequence[Dropped], noticed_at: datetime) -> list[Gap]:
    """Count recorded reports as lost instead of stored; the spans that say so."""
    by_boot: dict[tuple[str, int], list[int]] = {}
    for robot, boot, seq in dropped:
        by_boot.setdefault((robot, boot), []).append(seq)
    for (robot, boot), numbers in by_boot.items():
        draft.write_off(robot, boot, len(numbers))
    return [
        Gap(robot, boot, first, last, noticed_at)
        for (robot, boot), numbers in by_boot.items()
        for first, last in spans(numbers)
    ]


def spans(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    """The inclusive spans of these numbers, in ascending order."""
    first = last = None
    for number in sorted(set(numbers)):
        if first is None or last is None:
            first = number
        elif number != last + 1:
            yield first, last
            first = number
        last = number
    if first is not None and last is not None:
        yield first, last


def without_reports(items: Iterable[Item]) -> tuple[list[Gap], list[Dropped]]:
    """What is left of items when no report is stored: the gaps, and the reports that are let go."""
    kept: list[Gap] = []
    dropped: list[Dropped] = []
    for item in items:
        if isinstance(item, Delivery) and not item.rehearsal:
            dropped.append(Dropped(item.report.robot, item.report.boot, item.report.seq))
        elif isinstance(item, Gap):
            kept.append(item)
    return kept, dropped
