"""What has to have happened before nothing of a person is kept any more; pure."""

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType

LONGEST = timedelta(days=7)
"""So long after an erasure a mail that cannot be sent, or an event that fails, is waited for; then it is emptied."""
HANDLERS: Mapping[str, int] = MappingProxyType({"MeetingActed": 1, "InviteIssued": 1, "NoticeGiven": 2})
"""The events that name the people of a meeting, and how many handlers deal with each."""
