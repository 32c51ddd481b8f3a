"""Bounding what a robot or a booth's bridge can make the zone keep: its starts, and its refusals."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

import msgspec
from sqlmodel import Session

from device_bridge.refusal_meter import KEPT_A_MINUTE
from device_bridge.refusals import refuse
from device_bridge.wire.batch import Batch, Delivery, Rejection, encode_report
from device_bridge.wire.report import MAX_MESSAGE_BYTES
from server.features.telemetry.queries import copies_kept
from server.features.telemetry.queries.bounds import refusals_kept, starts_of
from server.features.telemetry.rules import Places
from server.features.telemetry.rules.bounds import STARTS_AN_HOUR, Starts
from server.infra.sums import capped

MOST_A_MINUTE = 200
"""Refusals of one exhibitor's bridges that are kept one by one, of all their robots and reasons together."""
MOST_A_DAY = 5_000
MORE = "more-refusals"
_MORE_WORDS = {
    "en": "The bridge of {exhibitor} had more refusals in this minute than are kept one by one. These were counted.",
    "zh": "{exhibitor} 的网桥在这一分钟内被拒收的报文过多，未逐条保存，仅计数。",
}


def with_few_starts(session: Session, batch: Batch, places: Places, now: datetime) -> Batch:
    """The batch without what it says of ever new starts of a robot; its reports of them become refusals that say so."""
    robots = {places[robot].id for robot in _robots_of(batch) if robot in places}
    starts = starts_of(session, robots, now)
    unknown = {
        (delivery.report.robot, delivery.report.boot)
        for delivery in batch.deliveries
        if delivery.report.robot in places and not _takes(starts, places, delivery.report.robot, delivery.report.boot)
    }
    ledgers = _kept(batch.ledgers, lambda robot, boot: _takes(starts, places, robot, boot))
    gaps = _kept(batch.gaps, lambda robot, boot: _takes(starts, places, robot, boot))
    if not unknown and len(ledgers) + len(gaps) == len(batch.ledgers) + len(batch.gaps):
        return batch
    over = [one for one in batch.deliveries if (one.report.robot, one.report.boot) in unknown]
    return msgspec.structs.replace(
        batch,
        deliveries=tuple(one for one in batch.deliveries if (one.report.robot, one.report.boot) not in unknown),
        ledgers=ledgers,
        gaps=gaps,
        rejections=(*batch.rejections, *(_refused(one, now) for one in over)),
    )


def with_few_refusals(session: Session, batch: Batch, places: Places, owner: tuple[int, str], now: datetime) -> Batch:
    """The batch of a booth's bridge with so many refusals as are kept one by one; the others are one row, counted.

    `owner` is the exhibitor's row and code. Of those that are only counted, what comes again counts again.
    """
    owner_id, exhibitor = owner
    known = copies_kept(session, [one.id for one in batch.rejections])
    before = refusals_kept(session, owner_id, now)
    kinds, room = dict(before.kinds), min(MOST_A_MINUTE - before.minute, MOST_A_DAY - before.day)
    stay: list[Rejection] = []
    over = 0
    for one in batch.rejections:
        place = places.get(one.robot or "")
        kind = (place.id if place else None, one.code)
        if one.id in known or (room > 0 and kinds.get(kind, 0) < KEPT_A_MINUTE):
            stay.append(one)
            new = one.id not in known
            kinds[kind], room = kinds.get(kind, 0) + new, room - new
        else:
            over += one.copies
    if over:
        stay.append(_more(session, exhibitor, over, now))
    return msgspec.structs.replace(batch, rejections=tuple(stay))


def _more(session: Session, exhibitor: str, number: int, now: datetime) -> Rejection:
    """The one row that stands for all refusals of a minute that are not kept one by one."""
    name = f"{MORE}-{exhibitor}-{int(now.timestamp()) // 60}"[:80]
    words = {language: text.format(exhibitor=exhibitor) for language, text in _MORE_WORDS.items()}
    copies = capped(copies_kept(session, [name]).get(name, 0) + number)
    return Rejection(name, now, "server", exhibitor, MORE, words, b"", 0, copies)


def _robots_of(batch: Batch) -> set[str]:
    named = {row.robot for rows in (batch.ledgers, batch.gaps) for row in rows}
    return named | {delivery.report.robot for delivery in batch.deliveries}


def _takes(starts: Starts, places: Places, robot: str, boot: int) -> bool:
    return robot not in places or starts.takes(places[robot].id, boot)


def _refused(delivery: Delivery, now: datetime) -> Rejection:
    raw = encode_report(delivery.report)
    why = refuse("too-many-starts", most=STARTS_AN_HOUR)
    minute = int(now.timestamp()) // 60
    return Rejection(
        # One row a robot and minute: ever new starts must not become ever new rows.
        id=f"starts-{delivery.report.robot}-{minute}"[:80],
        at=now,
        channel="server",
        address=delivery.report.robot,
        code=why.code,
        detail=why.detail,
        raw=raw[:MAX_MESSAGE_BYTES],
        size=len(raw),
        robot=delivery.report.robot,
        rehearsal=delivery.rehearsal,
    )


def _kept(rows: Iterable[Any], takes: Callable[[str, int], bool]) -> tuple[Any, ...]:
    """Those rows whose robot's start is taken."""
    return tuple(row for row in rows if takes(row.robot, row.boot))
