"""What of a batch is history: it is stored and counted, and never shown as what is."""

from datetime import datetime

import msgspec
from sqlmodel import Session

from device_bridge.wire.batch import Batch, Delivery
from device_bridge.wire.report import Source
from server.features.telemetry.queries import opening_hours
from server.features.telemetry.rules.freshness import day_began, is_history, may_be_history


def told_apart(session: Session, batch: Batch, now: datetime) -> Batch:
    """The batch with every report marked as history that is of an earlier day of the fair."""
    if not any(may_be_history(one.report.time, one.received_at, now) for one in batch.deliveries):
        return batch
    began = day_began(now, opening_hours(session))
    deliveries = tuple(_marked(one, began) for one in batch.deliveries)
    return msgspec.structs.replace(batch, deliveries=deliveries)


def _marked(delivery: Delivery, began: datetime) -> Delivery:
    # A replay's own times are old by nature: only its receipt tells.
    made = delivery.received_at if delivery.source is Source.REPLAY else delivery.report.time
    if delivery.backfill or not is_history(made, delivery.received_at, began):
        return delivery
    return msgspec.structs.replace(delivery, backfill=True)
