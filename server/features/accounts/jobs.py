"""The accounts' regular work: what has ended by itself goes."""

from datetime import datetime, timedelta

from sqlmodel import Session

from server.features.accounts.service.resets import prune_resets
from server.features.accounts.service.sessions import prune_sessions
from server.infra.feature import JobSpec

LONGEST_IDLE = timedelta(days=31)
"""How long sessions last is the web process's to say; one that was quiet for a month has ended in any installation."""


def _forget(session: Session, now: datetime) -> int:
    return prune_sessions(session, now, LONGEST_IDLE) + prune_resets(session, now)


JOBS = (JobSpec(name="account-sessions", seconds=3600, work=_forget),)
