"""How long an alarm lasts; pure."""

from datetime import datetime, timedelta

QUIET = timedelta(minutes=5)
"""An alarm of which nothing was heard for so long is over. What lasts is said again every minute."""


def is_open(last_seen: datetime, now: datetime) -> bool:
    """Whether an alarm still stands."""
    return now - last_seen <= QUIET


def goes_on(last_seen: datetime, at: datetime) -> bool:
    """Whether an alarm at this moment is the one of then, or a new one."""
    return at - last_seen <= QUIET
