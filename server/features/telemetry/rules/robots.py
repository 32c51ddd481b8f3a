"""Robots as they are enrolled, as they are now, and as one reader may see them; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from server.features.telemetry.rules import public_view
from server.features.telemetry.rules.hearing import Hearing, heard_state


@dataclass(frozen=True)
class EnrolledRobot:
    """One robot that may speak, as it is enrolled."""

    key: str
    exhibitor: str
    protocol: str
    address: str
    source: str
    options: dict[str, Any]
    kind: str
    name_en: str
    name_zh: str
    product_id: int | None = None


@dataclass(frozen=True)
class SeenRobot:
    """A robot's state in one word and its last report, both as one reader may see them."""

    state: str
    report: Mapping[str, Any] | None


@dataclass(frozen=True, kw_only=True)
class PresentRobot(EnrolledRobot):
    """The same with what was last heard of it; `state` is as the live feed sends it, unredacted."""

    exhibitor_en: str
    exhibitor_zh: str
    booth: str | None
    state: Mapping[str, Any] | None
    seen_at: datetime | None
    hearing: Hearing
    """What it last sent that no screen shows."""

    def seen(self, now: datetime, *, own: bool) -> SeenRobot:
        """What a reader may believe of it; its `own` people are also told its faults, and that it is refused."""
        report = self.state if own or self.state is None else public_view(self.state)
        state = present_state(report, now)
        return SeenRobot(heard_state(state, self.hearing, now) if own else state, report)


def present_state(report: Mapping[str, Any] | None, now: datetime) -> str:
    """The state that a reader may believe: `none` was never heard, and who has been quiet for too long is `silent`."""
    if report is None:
        return "none"
    quiet = now - datetime.fromisoformat(report["at"])
    return "silent" if quiet > timedelta(seconds=report["silent_after"]) else str(report["state"])
