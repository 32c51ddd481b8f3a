"""What the worker does for the inboxes: old notices are forgotten."""

from server.features.inbox.service import prune_notices
from server.infra.feature import JobSpec

JOBS = (JobSpec(name="prune-notices", seconds=3600, work=prune_notices),)
