"""What the worker does for the meetings: what ran out ends, what is free is offered, what is over is done."""

from server.features.meetings.service import expire_due, finish_due
from server.infra.feature import JobSpec

JOBS = (
    JobSpec(name="meetings-expire", seconds=15, work=expire_due),
    JobSpec(name="meetings-finish", seconds=60, work=finish_due),
)
