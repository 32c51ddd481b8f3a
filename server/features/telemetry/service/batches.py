"""Taking the bridge's batches: whatever of one was taken before changes nothing, and what is new is counted once."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import func
from sqlmodel import Session, select

from device_bridge.wire.batch import Batch, Delivery, Ledger, Receipt, encode_report
from device_bridge.wire.report import Source
from server.features.enrolment.service import narrowed
from server.features.telemetry.models import RehearsalReport, TelemetryReport
from server.features.telemetry.queries import all_robot_places, lock_robots, reports_since
from server.features.telemetry.queries.bounds import exhibitor_of
from server.features.telemetry.rules import Places
from server.features.telemetry.rules.hours import HourTally, Reach
from server.features.telemetry.service.alarms import keep_alarms
from server.features.telemetry.service.bounds import with_few_refusals, with_few_starts
from server.features.telemetry.service.bridges import keep_troubles
from server.features.telemetry.service.hearings import keep_asides
from server.features.telemetry.service.history import told_apart
from server.features.telemetry.service.ledger_rows import count_sent, keep_gaps, keep_hours, keep_ledgers
from server.features.telemetry.service.presences import keep_beside
from server.features.telemetry.service.receipt_times import by_the_servers_clock
from server.features.telemetry.service.refusals import as_refusal, quarantine
from server.features.telemetry.service.states import advance_states
from server.infra.db import insert_new
from server.infra.news import announce_news

Key = tuple[int, int, int]
"""(robot's row, boot, number) of a report."""


def store_batch(session: Session, batch: Batch, now: datetime, exhibitor: str | None = None) -> Receipt:
    """Take a batch: whatever of it was taken before changes nothing. Reports of unknown robots go to quarantine.

    From the bridge of an exhibitor's booth only what concerns that exhibitor's robots is taken.
    """
    everyone = all_robot_places(session)
    # The zone's own bridge stands beside the server; a booth's may say what it likes of its clock.
    batch = by_the_servers_clock(narrowed(batch, exhibitor), now) if exhibitor else batch
    batch = _sourced(batch, everyone)
    lock_robots(session, {everyone[robot].id for robot in _spoken_of(batch) if robot in everyone})
    batch = told_apart(session, with_few_starts(session, batch, everyone, now), now)
    owner = exhibitor_of(session, exhibitor) if exhibitor else None
    if exhibitor and owner:
        batch = with_few_refusals(session, batch, everyone, (owner, exhibitor), now)
    places = {key: place for key, place in everyone.items() if place.active}
    heard = [delivery for delivery in batch.deliveries if delivery.report.robot in places]
    known = [delivery for delivery in heard if not delivery.rehearsal]
    strangers = [as_refusal(batch.bridge, item) for item in batch.deliveries if item.report.robot not in places]
    tally = HourTally()
    new = _store_reports(session, known, places)
    rehearsed = _store_rehearsals(session, [one for one in heard if one.rehearsal], places)
    advance_states(session, known, places)
    keep_asides(session, known, places)
    for owner_code in sorted({places[one.report.robot].exhibitor for one in heard if one.rehearsal or one.backfill}):
        announce_news(session, "robots", f"exhibitor:{owner_code}")
    keep_beside(session, batch, places)
    # What was lost or refused while a robot was enrolled is accounted for, also when it is not any more.
    rejections = quarantine(
        session, (*batch.rejections, *strangers), everyone, tally, {"exhibitor_id": owner, "kept_at": now}
    )
    keep_gaps(session, batch.gaps, everyone, tally)
    keep_ledgers(session, batch.ledgers, everyone, now, tally)
    ledgers = [ledger for ledger in batch.ledgers if ledger.robot in everyone]
    sure = {(everyone[one.robot].id, one.boot): Reach(one.first, _surely_sent(one)) for one in ledgers}
    count_sent(session, _count_stored(known, places, new, tally), sure, now, tally)
    keep_hours(session, tally)
    keep_alarms(session, batch.alarms, places)
    keep_troubles(session, batch, exhibitor, now)
    stored = len(new) + rehearsed
    return Receipt(stored=stored, duplicates=len(heard) - stored, rejections=rejections)


def _surely_sent(ledger: Ledger) -> int:
    """How far an account surely goes beyond the reports that are stored: to what was refused."""
    return ledger.high if ledger.refused else ledger.first


def _sourced(batch: Batch, everyone: Places) -> Batch:
    """The batch with every report of the source class that its robot is enrolled with, whatever the bridge says."""
    deliveries = tuple(
        delivery
        if (place := everyone.get(delivery.report.robot)) is None or place.source == delivery.source
        else msgspec.structs.replace(delivery, source=Source(place.source))
        for delivery in batch.deliveries
    )
    return msgspec.structs.replace(batch, deliveries=deliveries)


def _spoken_of(batch: Batch) -> set[str]:
    """The keys of all robots that a batch says anything of."""
    parts: tuple[Iterable[Any], ...] = (
        *(batch.gaps, batch.ledgers, batch.alarms, batch.rejections),
        *(batch.presences, batch.glimpses, batch.factsheets),
    )
    named = {part.robot for of_kind in parts for part in of_kind if part.robot}
    return named | {delivery.report.robot for delivery in batch.deliveries}


def _store_reports(session: Session, deliveries: Collection[Delivery], places: Places) -> set[Key]:
    """Store reports and say which were new. The caller holds the robots' rows, so that nobody else adds to them."""
    rows = _report_rows(deliveries, places)
    last = session.exec(select(func.max(TelemetryReport.id))).one() or 0
    stored = insert_new(session, TelemetryReport, rows, ("robot_id", "boot", "seq"))
    if stored == len(rows):
        return {(row["robot_id"], row["boot"], row["seq"]) for row in rows}
    # Ids rise, and those of older rows were drawn before: what lies behind the last one of these robots is ours.
    return reports_since(session, last, {row["robot_id"] for row in rows}) if stored else set()


def _store_rehearsals(session: Session, deliveries: Collection[Delivery], places: Places) -> int:
    """Keep what robots rehearse where no screen and no figure of the fair looks; how much of it was new."""
    shown = ("robot_id", "boot", "seq", "received_at", "body")
    rows = [{name: row[name] for name in shown} for row in _report_rows(deliveries, places)]
    return insert_new(session, RehearsalReport, rows, ("robot_id", "boot", "seq"))


def _count_stored(
    deliveries: Iterable[Delivery], places: Places, new: set[Key], tally: HourTally
) -> dict[tuple[int, int], list[tuple[int, datetime]]]:
    """Count the new reports in their hours; give their (number, receipt) by boot."""
    found: dict[tuple[int, int], list[tuple[int, datetime]]] = {}
    left = set(new)
    for delivery in deliveries:
        report = delivery.report
        robot_id = places[report.robot].id
        if (key := (robot_id, report.boot, report.seq)) in left:
            left.remove(key)
            tally.add(robot_id, delivery.received_at, "stored")
            found.setdefault((robot_id, report.boot), []).append((report.seq, delivery.received_at))
    return found


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
