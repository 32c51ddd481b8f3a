"""Reads of what keeps bridges from taking reports."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from server.features.exhibitors.models import Exhibitor
from server.features.telemetry.models import BridgeTroubleRow
from server.features.telemetry.rules.bridges import STANDS


@dataclass(frozen=True)
class TroubleNow:
    """What keeps a bridge from taking reports; of a booth's bridge with its exhibitor."""

    exhibitor: str
    exhibitor_en: str
    exhibitor_zh: str
    bridge: str
    kind: str
    since: datetime
    last_seen: datetime


def standing_troubles(session: Session, now: datetime, exhibitor: str | None = None) -> list[TroubleNow]:
    """What keeps bridges from taking reports now, the zone's own first; of one exhibitor's booth where it is named."""
    row, own = BridgeTroubleRow, Exhibitor
    columns: Any = (row, own.name_en, own.name_zh)
    query: Any = (
        select(*columns)
        .outerjoin(own, col(own.code) == col(row.exhibitor))
        .where(col(row.last_seen) >= now - STANDS)
        .order_by(col(row.exhibitor), col(row.bridge), col(row.kind))
    )
    if exhibitor is not None:
        query = query.where(row.exhibitor == exhibitor)
    return [
        TroubleNow(one.exhibitor, name_en or "", name_zh or "", one.bridge, one.kind, one.since, one.last_seen)
        for one, name_en, name_zh in session.execute(query)
    ]
