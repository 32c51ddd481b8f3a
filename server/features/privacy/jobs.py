"""What the worker does for those who have erased their accounts: empties the mails that had still to leave."""

from server.features.privacy.service import finish_erasures
from server.infra.feature import JobSpec

JOBS = (JobSpec(name="privacy-erasures", seconds=30, work=finish_erasures),)
