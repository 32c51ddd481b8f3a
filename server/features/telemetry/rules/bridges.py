"""How long the trouble of a bridge stands; pure."""

from datetime import timedelta

STANDS = timedelta(seconds=60)
"""A bridge says every ten seconds what keeps it from taking reports; what it has not said for so long is over."""
FORGOTTEN = timedelta(days=1)
"""What was over so long ago is not kept."""
