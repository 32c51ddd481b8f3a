"""The use cases of the telemetry: take a batch of the bridge, idempotently, and let old data go."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import blake2b
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Table, and_, delete, func, or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from device_bridge.wire.batch import (
    Batch,
    Delivery,
    Enrolment,
    Enrolments,
    Gap,
    Ledger,
    Receipt,
    Rejection,
    encode_report,
)
from device_bridge.wire.report import MAX_MESSAGE_BYTES, Report, Source
from server.features.telemetry.models import LossGap, LossLedger, QuarantinedMessage, RobotState, TelemetryReport
from server.features.telemetry.queries import all_robot_places, enrolled_robots, present_cursors
from server.features.telemetry.rules import RobotPlace, display_state, silent_after
from server.infra.changes import announce
from server.infra.db import insert_new, upsert

TOPIC = "robot"
"""The topic of the change feed under which a robot's new state is announced, keyed by the robot."""

Places = Mapping[str, RobotPlace]
_CHANNEL_CHARS = 16


def store_batch(session: Session, batch: Batch, now: datetime) -> Receipt:
    """Take a batch: whatever of it was taken before changes nothing. Reports of unknown robots go to quarantine."""
    everyone = all_robot_places(session)
    places = {key: place for key, place in everyone.items() if place.active}
    known = [delivery for delivery in batch.deliveries if delivery.report.robot in places]
    strangers = [_stranger(batch.bridge, item) for item in batch.deliveries if item.report.robot not in places]
    stored = insert_new(session, TelemetryReport, _report_rows(known, places), ("robot_id", "boot", "seq"))
    _advance_states(session, known, places)
    # What was lost or refused while a robot was enrolled is accounted for, also when it is not any more.
    rejections = _quarantine(session, (*batch.rejections, *strangers), everyone)
    _keep_gaps(session, batch.gaps, everyone)
    _keep_ledgers(session, batch.ledgers, everyone, now)
    return Receipt(stored=stored, duplicates=len(known) - stored, rejections=rejections)


def enrolments(session: Session) -> Enrolments:
    """Who may speak, for the bridge."""
    return Enrolments(
        tuple(
            Enrolment(
                robot=row.key,
                protocol=row.protocol,
                address=row.address,
                source=Source(row.source),
                options=row.options,
            )
            for row in enrolled_robots(session)
        )
    )


def forget_old_telemetry(session: Session, before: datetime) -> int:
    """Remove reports, refusals, gaps and accounts from before this moment; return how many.

    The present states stay, and each robot's newest account.
    """
    later = aliased(LossLedger)
    newest = select(func.max(later.boot)).where(later.robot_id == LossLedger.robot_id).scalar_subquery()
    statements = (
        delete(LossLedger).where(col(LossLedger.updated_at) < before, col(LossLedger.boot) < newest),
        delete(TelemetryReport).where(col(TelemetryReport.received_at) < before),
        delete(QuarantinedMessage).where(col(QuarantinedMessage.at) < before),
        delete(LossGap).where(col(LossGap.noticed_at) < before),
    )
    return sum(int(session.connection().execute(statement).rowcount) for statement in statements)


def _report_rows(deliveries: Iterable[Delivery], places: Places) -> list[dict[str, Any]]:
    return [
        {
            "robot_id": places[delivery.report.robot].id,
            "boot": delivery.report.boot,
            "seq": delivery.report.seq,
            "received_at": delivery.received_at,
            "reported_at": delivery.report.time,
            "backfill": delivery.backfill,
            "body": encode_report(delivery.report).decode(),
        }
        for delivery in deliveries
    ]


def _advance_states(session: Session, deliveries: Iterable[Delivery], places: Places) -> None:
    """Bring each robot's present state forward, never back, and announce those that moved."""
    newest: dict[str, Delivery] = {}
    for delivery in deliveries:
        report = delivery.report
        known = newest.get(report.robot)
        if not delivery.backfill and (known is None or _cursor(known.report) < _cursor(report)):
            newest[report.robot] = delivery
    present = present_cursors(session, (places[robot].id for robot in newest))
    ahead = {
        robot: _state(delivery, places[robot])
        for robot, delivery in newest.items()
        if _cursor(delivery.report) > present.get(places[robot].id, (-1, -1))
    }
    rows = [
        {
            "robot_id": places[robot].id,
            "boot": newest[robot].report.boot,
            "seq": newest[robot].report.seq,
            "received_at": newest[robot].received_at,
            "body": body,
        }
        for robot, body in ahead.items()
    ]
    upsert(session, RobotState, rows, ("robot_id",), newer=_is_newer)
    for robot, body in ahead.items():
        announce(session, TOPIC, robot, body)


def _cursor(report: Report) -> tuple[int, int]:
    return report.boot, report.seq


def _is_newer(table: Table, incoming: Any) -> ColumnElement[bool]:
    """For two bridges that carry the same robot: whoever is behind changes nothing."""
    return or_(incoming.boot > table.c.boot, and_(incoming.boot == table.c.boot, incoming.seq > table.c.seq))


def _state(delivery: Delivery, place: RobotPlace) -> str:
    """A robot's state as the live feed sends it, unredacted, as JSON."""
    report = delivery.report
    pose = report.pose
    state = {
        "robot": report.robot,
        "exhibitor": place.exhibitor,
        "booth": place.booth,
        "booths": place.booths,
        "state": display_state(report.activity, report.estop, frozenset(fault.level for fault in report.errors)),
        "mode": report.mode,
        "activity": report.activity,
        "task": {"en": report.task, "zh": report.task} if isinstance(report.task, str) else report.task,
        "battery": report.battery,
        "speed": report.speed,
        "pose": {"x": pose.x, "y": pose.y, "theta": pose.theta} if pose else None,
        "at": delivery.received_at.isoformat(),
        "source": delivery.source,
        "silent_after": silent_after(delivery.protocol),
        "estop": report.estop,
        "errors": [{"level": fault.level, "code": fault.code, "text": fault.text} for fault in report.errors],
        "metrics": report.metrics,
    }
    return msgspec.json.encode(state).decode()


def _stranger(bridge: str, delivery: Delivery) -> Rejection:
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
    )


def _quarantine(session: Session, rejections: Iterable[Rejection], places: Places) -> int:
    """Keep what was refused; of several rows of one id the one that stands for most."""
    most: dict[str, Rejection] = {}
    for rejection in rejections:
        known = most.get(rejection.id)
        if known is None or known.copies < rejection.copies:
            most[rejection.id] = rejection
    rows = [_quarantine_row(rejection, places) for rejection in most.values()]
    return upsert(
        session, QuarantinedMessage, rows, ("rejection_id",), newer=lambda table, new: new.copies > table.c.copies
    )


def _quarantine_row(rejection: Rejection, places: Places) -> dict[str, Any]:
    place = places.get(rejection.robot) if rejection.robot else None
    return {
        "rejection_id": _storable(rejection.id),
        "robot_id": place.id if place else None,
        "at": rejection.at,
        "channel": _storable(rejection.channel)[:_CHANNEL_CHARS],
        "address": _storable(rejection.address),
        "code": _storable(rejection.code),
        "detail": {language: _storable(text) for language, text in rejection.detail.items()},
        "raw": rejection.raw,
        "size": rejection.size,
        "copies": rejection.copies,
    }


def _storable(text: str) -> str:
    """The text without NUL characters, which PostgreSQL takes in no text; the raw message keeps them."""
    return text.replace("\0", "\ufffd")


def _keep_gaps(session: Session, gaps: Iterable[Gap], places: Places) -> None:
    rows = [
        {
            "robot_id": places[gap.robot].id,
            "boot": gap.boot,
            "first": gap.first,
            "last": gap.last,
            "noticed_at": gap.noticed_at,
        }
        for gap in gaps
        if gap.robot in places
    ]
    insert_new(session, LossGap, rows, ("robot_id", "boot", "first"))


def _keep_ledgers(session: Session, ledgers: Iterable[Ledger], places: Places, now: datetime) -> None:
    rows = [
        {
            "robot_id": places[ledger.robot].id,
            "boot": ledger.boot,
            "revision": ledger.revision,
            "first": ledger.first,
            "high": ledger.high,
            "mark": ledger.mark,
            "stored": ledger.stored,
            "duplicates": ledger.duplicates,
            "lost": ledger.lost,
            "missing": [list(span) for span in ledger.missing],
            "open": sum(last - first + 1 for first, last in ledger.missing),
            "updated_at": now,
        }
        for ledger in ledgers
        if ledger.robot in places
    ]
    upsert(
        session,
        LossLedger,
        rows,
        ("robot_id", "boot"),
        newer=lambda table, incoming: incoming.revision > table.c.revision,
    )
