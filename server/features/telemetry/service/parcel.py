"""The reports inside one request, each by itself; and what is kept of those that were refused."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b

import msgspec

from device_bridge.protocols.heard import UNREADABLE, Malformed, Untaken, invalid
from device_bridge.refusal_meter import KEPT_A_MINUTE
from device_bridge.refusals import FIELD_NOT_TAKEN
from device_bridge.wire.batch import MAX_RAW_BYTES, Rejection
from server.features.telemetry.queries.speakers import Speaker
from server.kernel.errors import FairZoneError

MOST_REPORTS = 500
"""In one request."""
CHANNEL = "https"
_LONGEST_ID = 80
_list = msgspec.json.Decoder(list[msgspec.Raw]).decode


class TooManyAtOnceError(FairZoneError):
    """More reports in one request than are taken; `most` says how many are."""

    code = "too-many-at-once"
    status = 413


@dataclass(frozen=True)
class Parcel:
    """One report of a request as it came, by its place in it; `fault` where not even that can be told."""

    index: int
    raw: bytes
    fault: Malformed | None = None


def opened(body: bytes) -> list[Parcel]:
    """The reports in a body: one object, or a list of them.

    Raises `TooManyAtOnceError`.
    """
    if not body.lstrip().startswith(b"["):
        return [Parcel(0, body)]
    try:
        items = _list(body)
    except UNREADABLE as error:
        return [Parcel(0, body, invalid(error))]
    if len(items) > MOST_REPORTS:
        raise TooManyAtOnceError(most=MOST_REPORTS, found=len(items))
    return [Parcel(index, bytes(item)) for index, item in enumerate(items)]


def as_rejections(
    speaker: Speaker,
    refused: Iterable[tuple[Parcel, Malformed]],
    before: Mapping[str, int],
    now: datetime,
    new_id: Callable[[], str],
) -> tuple[Rejection, ...]:
    """What the quarantine keeps: the first of a kind in a minute one by one, the rest as one row with their number.

    `before` is how many of each code this minute has had already.
    """
    counts = dict(before)
    found: dict[str, Rejection] = {}
    for parcel, why in refused:
        counts[why.code] = counts.get(why.code, 0) + 1
        over = counts[why.code] - KEPT_A_MINUTE
        name = f"{CHANNEL}-{new_id()}" if over <= 0 else _rest(speaker, why.code, now)
        found[name] = Rejection(
            id=name,
            at=now,
            channel=CHANNEL,
            address=speaker.key,
            code=why.code,
            detail=why.detail,
            raw=parcel.raw[:MAX_RAW_BYTES],
            size=len(parcel.raw),
            copies=max(1, over),
            robot=speaker.key,
            rehearsal=speaker.rehearsal,
        )
    return tuple(found.values())


def untaken_fields(
    speaker: Speaker,
    found: Iterable[tuple[Parcel, Untaken]],
    now: datetime,
    kept: Callable[[list[str]], dict[str, int]],
) -> tuple[Rejection, ...]:
    """The fields that could not be read, of reports that were taken: one row a field and minute that counts them.

    `kept` tells how many each row stands for already.
    """
    rows: dict[str, Rejection] = {}
    for parcel, untaken in found:
        name = _rest(speaker, untaken.field, now)
        row = rows.get(name)
        rows[name] = Rejection(
            *(name, now, CHANNEL, speaker.key, FIELD_NOT_TAKEN, untaken.detail),
            *(parcel.raw[:MAX_RAW_BYTES], len(parcel.raw), row.copies + 1 if row else 1),
            robot=speaker.key,
            rehearsal=speaker.rehearsal,
            field=untaken.field[:80],
        )
    before = kept(list(rows))
    return tuple(msgspec.structs.replace(row, copies=row.copies + before.get(row.id, 0)) for row in rows.values())


def _rest(speaker: Speaker, code: str, now: datetime) -> str:
    purpose = "r" if speaker.rehearsal else "f"
    name = f"{CHANNEL}-more-{speaker.id}-{purpose}-{int(now.timestamp()) // 60}-{code}"
    # A digest where it is too long: cut short it would be the same for two.
    return name if len(name) <= _LONGEST_ID else f"{CHANNEL}-{blake2b(name.encode(), digest_size=20).hexdigest()}"
