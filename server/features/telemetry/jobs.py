"""The telemetry's regular work: old reports go after the retention time."""

from datetime import datetime, timedelta

from sqlmodel import Session

from server.features.telemetry.service import forget_old_telemetry
from server.infra.feature import JobSpec

RETENTION = timedelta(days=14)
"""Long enough for the fair and the week after; a day of 100 robots at 1 report/s is about 3 million rows."""


def _forget(session: Session, now: datetime) -> int:
    return forget_old_telemetry(session, now - RETENTION)


JOBS = (JobSpec(name="telemetry-retention", seconds=3600, work=_forget),)
