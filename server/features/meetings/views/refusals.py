"""Refusals on the page where they happen: the reason, what to do, and the nearest free times as buttons."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from server.kernel.errors import FairZoneError


@dataclass(frozen=True)
class Alternative:
    """A time that was free when something else was refused."""

    starts_at: datetime
    ends_at: datetime

    @property
    def minutes(self) -> int:
        """How long it is."""
        return int((self.ends_at - self.starts_at).total_seconds()) // 60


def alternatives(refusal: FairZoneError | None) -> list[Alternative]:
    """The nearest free times that a refusal names, the nearest first."""
    named: Any = refusal.members().get("alternatives", []) if refusal else []
    return [Alternative(_moment(one["starts_at"]), _moment(one["ends_at"])) for one in named]


def _moment(value: Any) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)
