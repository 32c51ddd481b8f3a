"""What the worker does for the meetings: what is gone or over ends, what ran out expires, what is free is offered."""

from server.features.meetings.service import end_orphans, expire_due, finish_due, warn_due
from server.infra.feature import JobSpec

JOBS = (
    JobSpec(name="meetings-orphans", seconds=5, work=end_orphans),
    JobSpec(name="meetings-expire", seconds=15, work=expire_due),
    JobSpec(name="meetings-warn", seconds=30, work=warn_due),
    JobSpec(name="meetings-finish", seconds=60, work=finish_due),
)
