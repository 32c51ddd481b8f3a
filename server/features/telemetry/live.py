"""The live feed's door into telemetry: what a fresh screen gets, who sees what of a robot, and how old the news is."""

from datetime import datetime

from sqlmodel import Session

from server.features.telemetry.queries import last_report_at, present_states
from server.features.telemetry.rules import in_scope, public_view
from server.features.telemetry.service import TOPIC
from server.infra.identity import Audience
from server.infra.livetopic import LiveScope, LiveTopic, Payload


def _snapshot(session: Session, scope: LiveScope) -> list[Payload]:
    if scope.kind == "timetable":
        return []
    return present_states(session, scope.kind, scope.value)


def _redact(payload: Payload, audience: Audience) -> Payload:
    return payload if audience.sees(payload["exhibitor"]) else public_view(payload)


def _matches(payload: Payload, scope: LiveScope) -> bool:
    return in_scope(payload, scope.kind, scope.value)


def health(session: Session, now: datetime) -> dict[str, float | int | str | None]:
    """How old the newest report is, in seconds; None before the first."""
    newest = last_report_at(session)
    return {"last_report_age_s": (now - newest).total_seconds() if newest else None}


ROBOTS = LiveTopic(name=TOPIC, plural="robots", snapshot=_snapshot, redact=_redact, matches=_matches)
