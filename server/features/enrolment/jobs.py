"""What the worker does for the enrolment by the clock: credentials end when the fair does."""

from datetime import datetime

from sqlmodel import Session

from server.features.enrolment.service import follow_the_fair
from server.infra.feature import JobSpec


def _follow(session: Session, _now: datetime) -> int:
    return follow_the_fair(session)


JOBS = (JobSpec(name="credentials-follow-the-fair", seconds=60, work=_follow),)
