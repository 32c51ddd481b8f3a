"""What the telemetry's door gives out, and what of a batch it cannot take in."""

from collections.abc import Iterator
from datetime import UTC, datetime

from device_bridge.wire.batch import Batch
from server.infra.schema import ApiModel

EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)
"""The calendar of the bridge's decoders: no narrower, or what they took would be refused here for ever. Beyond it a
time may not be convertible to UTC."""


class LedgerOut(ApiModel):
    """One robot's account over all its boots: `sent` = `stored` + `lost` + `open`."""

    robot: str
    exhibitor: str
    name_en: str
    name_zh: str
    protocol: str
    sent: int
    stored: int
    duplicates: int
    lost: int
    open: int
    refused: int
    gaps: int
    updated_at: datetime


def impossible_part(batch: Batch) -> str | None:
    """The place and fault of the first thing in `batch` that no table can keep, or None when all can be kept."""
    found = next((place for place, moment in _moments(batch) if not EARLIEST <= moment <= LATEST), None)
    if found is not None:
        return f"a time from {EARLIEST.year} to {LATEST.year} is expected - at `$.{found}`"
    found = next((place for place, first, last in _spans(batch) if last < first), None)
    return None if found is None else f"the end of a span lies before its beginning - at `$.{found}`"


def _moments(batch: Batch) -> Iterator[tuple[str, datetime]]:
    for number, delivery in enumerate(batch.deliveries):
        yield f"deliveries[{number}].received_at", delivery.received_at
        yield f"deliveries[{number}].report.time", delivery.report.time
    for number, rejection in enumerate(batch.rejections):
        yield f"rejections[{number}].at", rejection.at
    for number, gap in enumerate(batch.gaps):
        yield f"gaps[{number}].noticed_at", gap.noticed_at


def _spans(batch: Batch) -> Iterator[tuple[str, int, int]]:
    for number, gap in enumerate(batch.gaps):
        yield f"gaps[{number}]", gap.first, gap.last
    for number, ledger in enumerate(batch.ledgers):
        yield f"ledgers[{number}]", ledger.first, ledger.high
        for place, (first, last) in enumerate(ledger.missing):
            yield f"ledgers[{number}].missing[{place}]", first, last
