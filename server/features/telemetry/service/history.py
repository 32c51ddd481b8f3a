"""What of a batch is history: it is stored and counted, and never shown as what is."""

from datetime import datetime, timedelta

import msgspec
from sqlmodel import Session

from device_bridge.wire.batch import Batch, Delivery
from device_bridge.wire.report import Source
from server.features.telemetry.queries import openings
from server.features.telemetry.rules.freshness import day_began, is_history, may_be_history


def told_apart(session: Session, batch: Batch, now: datetime) -> Batch:
    """The batch with every report marked as history that is of an earlier day of the fair."""
    if not any(may_be_history(made_at(one), one.received_at, now) for one in batch.deliveries):
        return batch
    began = day_began(now, openings(session))
    deliveries = tuple(_marked(one, began) for one in batch.deliveries)
    return msgspec.structs.replace(batch, deliveries=deliveries)


def made_at(delivery: Delivery) -> datetime:
    """When a report was made as far as anybody knows: its robot's clock is corrected by what it is known to be off."""
    # A replay's own times are old by nature: only its receipt tells.
    if delivery.source is Source.REPLAY:
        return delivery.received_at
    if delivery.made_at is not None:
        return min(delivery.made_at, delivery.received_at)
    return delivery.report.time - timedelta(seconds=delivery.clock_off_s)


def shown_at(delivery: Delivery) -> datetime:
    """As of when a report is shown: when it came, unless it was held on its way."""
    held = delivery.made_at is not None and delivery.source is not Source.REPLAY
    return made_at(delivery) if held else delivery.received_at


def order_of(delivery: Delivery) -> tuple[int, int]:
    """Where a report stands among those of its robot: by start, then by number."""
    return delivery.rank or delivery.report.boot, delivery.report.seq


def _marked(delivery: Delivery, began: datetime) -> Delivery:
    if delivery.backfill or not is_history(made_at(delivery), delivery.received_at, began):
        return delivery
    return msgspec.structs.replace(delivery, backfill=True)
