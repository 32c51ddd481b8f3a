"""Keeping what bridges say that keeps them from taking reports."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete
from sqlmodel import Session, col, select

from device_bridge.wire.batch import Batch, BridgeTrouble
from server.features.telemetry.models import BridgeTroubleRow
from server.features.telemetry.rules.bridges import FORGOTTEN, STANDS
from server.infra.db import upsert
from server.kernel.text import storable

_NAME_CHARS = 80


def keep_troubles(session: Session, batch: Batch, exhibitor: str | None, now: datetime) -> None:
    """Note the troubles of the bridge behind a batch, of the kinds that have words here; the rest changes nothing."""
    kinds = sorted(set(batch.troubles) & set(BridgeTrouble))
    if not kinds:
        return
    row, owner = BridgeTroubleRow, exhibitor or ""
    bridge = "" if exhibitor else storable(batch.bridge)[:_NAME_CHARS]
    session.connection().execute(delete(row).where(col(row.last_seen) < now - FORGOTTEN))
    query = select(row).where(row.exhibitor == owner, row.bridge == bridge, col(row.last_seen) >= now - STANDS)
    standing = {known.kind: known.since for known in session.exec(query)}
    rows: list[dict[str, Any]] = [
        {
            "exhibitor": owner,
            "bridge": bridge,
            "kind": str(kind),
            "since": min(standing.get(kind, now), now),
            "last_seen": now,
        }
        for kind in kinds
    ]
    upsert(
        session, row, rows, ("exhibitor", "bridge", "kind"), newer=lambda table, new: new.last_seen >= table.c.last_seen
    )
