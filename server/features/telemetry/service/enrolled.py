"""Who may speak, as the bridge is told."""

from datetime import datetime

import msgspec
from sqlmodel import Session

from device_bridge.wire.batch import Enrolment, Enrolments
from device_bridge.wire.report import Source
from server.features.enrolment.service import rehearsing
from server.features.telemetry.queries import Enrolled, enrolled_robots


def enrolments(session: Session, now: datetime, exhibitor: str | None = None) -> Enrolments:
    """Who may speak, for the bridge; for the bridge of an exhibitor's booth that exhibitor's robots alone.

    A robot that may rehearse is named a second time.
    """
    rows = [row for row in enrolled_robots(session) if exhibitor in {None, row.key.partition("/")[0]}]
    fair = [_enrolment(row) for row in rows]
    practising = rehearsing(session, now)
    again = [msgspec.structs.replace(one, rehearsal=True) for one in fair if one.robot in practising]
    return Enrolments((*fair, *again))


def _enrolment(row: Enrolled) -> Enrolment:
    return Enrolment(
        robot=row.key, protocol=row.protocol, address=row.address, source=Source(row.source), options=row.options
    )
