"""Who may speak, as the bridge is told."""

from datetime import datetime

import msgspec
from sqlmodel import Session

from device_bridge.wire.batch import Enrolment, Enrolments
from device_bridge.wire.report import Source
from server.features.enrolment.service import rehearsing
from server.features.telemetry.queries.robots import enrolled_robots
from server.features.telemetry.rules.robots import EnrolledRobot
from server.infra.identity import Audience


def enrolments(session: Session, now: datetime, exhibitor: str | None = None) -> Enrolments:
    """Who may speak, for the bridge; for the bridge of an exhibitor's booth that exhibitor's robots alone.

    A robot that may rehearse is named a second time.
    """
    own = Audience(exhibitor=exhibitor, sees_all=exhibitor is None)
    fair = [_enrolment(row) for row in enrolled_robots(session, own)]
    practising = rehearsing(session, now)
    again = [msgspec.structs.replace(one, rehearsal=True) for one in fair if one.robot in practising]
    return Enrolments((*fair, *again))


def _enrolment(row: EnrolledRobot) -> Enrolment:
    return Enrolment(
        robot=row.key, protocol=row.protocol, address=row.address, source=Source(row.source), options=row.options
    )
