"""What the worker does for the timetable: demos that can no longer take place go."""

from server.features.timetable.service import cancel_orphans
from server.infra.feature import JobSpec

JOBS = (JobSpec(name="demos-orphans", seconds=5, work=cancel_orphans),)
