"""How the processes log: one line an event on standard error, set up once by a process root. No secrets go in."""

import logging
import sys
from datetime import UTC, datetime

_NOISY = {"apscheduler": logging.WARNING, "alembic": logging.WARNING, "werkzeug": logging.WARNING}


class LineFormat(logging.Formatter):
    """`2026-04-16T02:00:00.123+00:00 warning server.infra.live: …`: time in UTC, level, place, sentence."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(level)s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """The line, with a stack trace below it where something failed."""
        record.level = record.levelname.lower()
        return super().format(record)

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: ARG002, N802 - logging's own name
        """The moment of the event, RFC 3339."""
        return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")


def set_up(level: str = "INFO") -> None:
    """Log everything from `level` up to standard error; libraries that chatter, from warning up."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(LineFormat())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name, quiet in _NOISY.items():
        logging.getLogger(name).setLevel(quiet)
