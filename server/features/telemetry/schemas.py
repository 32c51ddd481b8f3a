"""What the telemetry's API gives out, and what of a batch it cannot take in."""

from collections.abc import Iterator
from datetime import UTC, datetime
from datetime import date as calendar_date
from typing import Any, Literal

from pydantic import Field

from device_bridge.wire.batch import Batch
from server.infra.schema import ApiModel

EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)
"""The calendar of the bridge's decoders: no narrower, or what they took would be refused here for ever. Beyond it a
time may not be convertible to UTC."""


class LedgerOut(ApiModel):
    """One robot's account over all its boots: `sent` = `stored` + `lost` + `open` + the numbers that were refused."""

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


class HourOut(ApiModel):
    """One hour: `received` = `stored` + `duplicates` + `rejected`.

    `awaited` = `sent` - `stored` - `lost` - `turned_away`, the numbers whose messages were refused.
    """

    hour: datetime
    sent: int
    received: int
    stored: int
    duplicates: int
    rejected: int
    lost: int
    gaps: int
    turned_away: int
    awaited: int


class SpanOut(ApiModel):
    """A span of reports, both ends inclusive; `noticed_at` is null while it may still come."""

    boot: int
    first: int
    last: int
    noticed_at: datetime | None


class RobotDayOut(ApiModel):
    """A robot's day in the loss ledger."""

    robot: str
    date: calendar_date
    hours: list[HourOut]
    lost: list[SpanOut]
    awaited: list[SpanOut]


class RobotPath(ApiModel):
    """A robot by the codes of its exhibitor and its own."""

    code: str
    robot: str


class DayQuery(ApiModel):
    """Which day, in fair time; today when it is not said."""

    day: str = ""


class AlarmOut(ApiModel):
    """Something about a robot that somebody should look into; `open` until nothing was heard of it for 5 minutes."""

    robot: str
    exhibitor: str
    name_en: str
    name_zh: str
    kind: str
    opened_at: datetime
    last_seen: datetime
    detail: dict[str, str]
    open: bool


class CheckIn(ApiModel):
    """A message to be checked; `form` as the list of forms names it, `robot` as `<exhibitor>/<robot>` or empty."""

    form: str
    message: str = Field(max_length=200_000)
    encoding: Literal["text", "hex"] = "text"
    robot: str = ""


class FormOut(ApiModel):
    """A kind of message that can be checked."""

    key: str
    protocol: str
    kind: str


class FindingOut(ApiModel):
    """What a message says, or why it is refused."""

    kind: str
    says: dict[str, Any]
    code: str
    detail: dict[str, str]
    raw: str
    mended: bool
    """Whether this is what the message would say without its wrong fields."""


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
        if delivery.made_at is not None:
            yield f"deliveries[{number}].made_at", delivery.made_at
    for number, rejection in enumerate(batch.rejections):
        yield f"rejections[{number}].at", rejection.at
    for number, gap in enumerate(batch.gaps):
        yield f"gaps[{number}].noticed_at", gap.noticed_at
    for number, alarm in enumerate(batch.alarms):
        yield f"alarms[{number}].at", alarm.at
    for number, presence in enumerate(batch.presences):
        yield f"presences[{number}].at", presence.at
    for kind in ("presences", "glimpses", "factsheets"):
        for number, heard in enumerate(getattr(batch, kind)):
            yield f"{kind}[{number}].received_at", heard.received_at


def _spans(batch: Batch) -> Iterator[tuple[str, int, int]]:
    for number, gap in enumerate(batch.gaps):
        yield f"gaps[{number}]", gap.first, gap.last
    for number, ledger in enumerate(batch.ledgers):
        yield f"ledgers[{number}]", ledger.first, ledger.high
        for place, (first, last) in enumerate(ledger.missing):
            yield f"ledgers[{number}].missing[{place}]", first, last
