"""What was refused: kept as it came, counted once, and told at once to the exhibitor whose robot it was."""

from collections.abc import Iterable, Mapping
from hashlib import blake2b
from typing import Any

from sqlmodel import Session

from device_bridge.wire.batch import Delivery, Rejection, encode_report
from device_bridge.wire.report import MAX_MESSAGE_BYTES
from server.features.telemetry.models import QuarantinedMessage
from server.features.telemetry.queries import copies_kept
from server.features.telemetry.rules import Places, RobotPlace
from server.features.telemetry.rules.hours import HourTally
from server.features.telemetry.service.hearings import keep_refused
from server.infra.changes import announce
from server.infra.db import upsert
from server.kernel.text import storable

TOPIC = "refusal"
"""The topic of the change feed under which a refused message is announced, keyed by its robot."""
_CHANNEL_CHARS = 16


def as_refusal(bridge: str, delivery: Delivery) -> Rejection:
    """The refusal of a report whose robot may not speak any more."""
    raw = encode_report(delivery.report)
    key = f"{bridge}-unknown-{delivery.report.robot}-{delivery.report.boot}-{delivery.report.seq}"
    return Rejection(
        # A digest: a long key cut short would be the same for many reports, and all but one of them would be lost.
        id=blake2b(key.encode(), digest_size=20).hexdigest(),
        at=delivery.received_at,
        channel="server",
        address=delivery.report.robot,
        code="not-enrolled",
        detail={
            "en": "This robot is not enrolled any more. Enrol it on the exhibitor's page.",
            "zh": "该机器人已不在登记之列。请在参展商页面登记。",
        },
        raw=raw[:MAX_MESSAGE_BYTES],
        size=len(raw),
        robot=delivery.report.robot,
        rehearsal=delivery.rehearsal,
    )


def quarantine(
    session: Session, rejections: Iterable[Rejection], places: Places, tally: HourTally, bridge: Mapping[str, Any]
) -> int:
    """Keep what was refused; of several rows of one id the one that stands for most. Tell those whom it concerns.

    A field that could not be read is kept the same way, and its message is counted where it was taken. `bridge` has the
    columns that say whose bridge brought it, and when.
    """
    most: dict[str, Rejection] = {}
    for rejection in rejections:
        known = most.get(rejection.id)
        if known is None or known.copies < rejection.copies:
            most[rejection.id] = rejection
    kept = copies_kept(session, [storable(name) for name in most])
    grown = [row for row in most.values() if row.copies > kept.get(storable(row.id), 0)]
    for rejection in grown:
        place = places.get(rejection.robot or "")
        if place and not rejection.rehearsal and not rejection.field:
            tally.add(place.id, rejection.at, "rejected", rejection.copies - kept.get(storable(rejection.id), 0))
        if place:
            announce(session, TOPIC, place.key, _news(rejection, place))
    keep_refused(session, [row for row in grown if not row.field], places)
    rows = [{**_quarantine_row(rejection, places), **bridge} for rejection in grown]
    return upsert(
        session, QuarantinedMessage, rows, ("rejection_id",), newer=lambda table, new: new.copies > table.c.copies
    )


def _news(rejection: Rejection, place: RobotPlace) -> dict[str, Any]:
    """What an open page of its exhibitor is told at once."""
    return {
        "robot": place.key,
        "exhibitor": place.exhibitor,
        "booths": list(place.booths),
        "at": rejection.at.isoformat(),
        "code": storable(rejection.code),
        "detail": {storable(language): storable(text) for language, text in rejection.detail.items()},
        "copies": rejection.copies,
        "rehearsal": rejection.rehearsal,
    }


def _quarantine_row(rejection: Rejection, places: Places) -> dict[str, Any]:
    place = places.get(rejection.robot) if rejection.robot else None
    return {
        "rejection_id": storable(rejection.id),
        "robot_id": place.id if place else None,
        "at": rejection.at,
        "channel": storable(rejection.channel)[:_CHANNEL_CHARS],
        "address": storable(rejection.address),
        "code": storable(rejection.code),
        "detail": {storable(language): storable(text) for language, text in rejection.detail.items()},
        "raw": rejection.raw,
        "size": rejection.size,
        "copies": rejection.copies,
        "rehearsal": rejection.rehearsal,
    }
