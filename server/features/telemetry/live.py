"""What the live feed brings of robots: what a fresh screen gets, who sees what of a robot, and how old the news is."""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from server.features.telemetry.queries import last_report_at, openings, present_states, robot_places
from server.features.telemetry.queries.bridges import standing_troubles
from server.features.telemetry.queries.hearings import refused_robots
from server.features.telemetry.rules import FIELD_NOT_TAKEN, in_scope, public_view
from server.features.telemetry.rules.digest import digest_row
from server.features.telemetry.rules.freshness import day_began
from server.features.telemetry.rules.hearing import REFUSED_FOR
from server.features.telemetry.service import ALARM_TOPIC, REFUSAL_TOPIC, TOPIC
from server.infra.db import clock_of
from server.infra.identity import Audience
from server.infra.livetopic import LiveScope, LiveTopic, Payload


def _snapshot(session: Session, scope: LiveScope) -> list[Payload]:
    if scope.kind not in ("zone", "booth", "robot"):
        return []
    since = day_began(clock_of(session).now(), openings(session))
    return present_states(session, scope.kind, scope.value, since)


def _redact(payload: Payload, audience: Audience) -> Payload:
    return payload if audience.sees(payload["exhibitor"]) else public_view(payload)


def _row(payload: Payload, audience: Audience, now: datetime) -> list[Any]:
    return digest_row(payload, now, own=audience.sees(payload["exhibitor"]))


def _matches(payload: Payload, scope: LiveScope) -> bool:
    return in_scope(payload, scope.kind, scope.value) or _is_readers(payload, scope)


def _refused_now(session: Session, scope: LiveScope) -> list[Payload]:
    """Whose messages are refused now, for plans and lists; on a page of one's own robots it stands already."""
    if scope.kind not in ("zone", "booth", "robot"):
        return []
    found = refused_robots(session, clock_of(session).now() - REFUSED_FOR)
    places = robot_places(session) if found else {}
    told = [
        {
            "robot": one.key,
            "exhibitor": one.exhibitor,
            "booths": list(places[one.key].booths) if one.key in places else [],
            "at": one.at.isoformat(),
            "detail": one.detail,
        }
        for one in found
    ]
    return [one for one in told if in_scope(one, scope.kind, scope.value)]


def _of_its_own(payload: Payload, scope: LiveScope) -> bool:
    """Also beside the plan; what is rehearsed or lost of one field alone makes no robot a refused one."""
    if _is_readers(payload, scope):
        return True
    plans = scope.kind in ("zone", "booth", "robot") and in_scope(payload, scope.kind, scope.value)
    return plans and not payload.get("rehearsal") and payload.get("code") != FIELD_NOT_TAKEN


def _nothing_yet(_session: Session, _scope: LiveScope) -> list[Payload]:
    """News alone: what stands already is in the page."""
    return []


def _to_its_own(payload: Payload, audience: Audience) -> Payload | None:
    return payload if audience.sees(payload["exhibitor"]) else None


def _is_readers(payload: Payload, scope: LiveScope) -> bool:
    return f"exhibitor:{payload['exhibitor']}" in scope.names


def _is_alarming(payload: Payload, scope: LiveScope) -> bool:
    return scope.digested or _is_readers(payload, scope)


def health(session: Session, now: datetime) -> dict[str, float | int | str | None]:
    """How old the newest report is, in seconds, None before the first; and what keeps bridges from taking reports."""
    newest = last_report_at(session)
    troubles = sorted({row.kind for row in standing_troubles(session, now)})
    return {
        "last_report_age_s": (now - newest).total_seconds() if newest else None,
        "bridge_trouble": ", ".join(troubles) or None,
    }


ROBOTS = LiveTopic(name=TOPIC, plural="robots", snapshot=_snapshot, redact=_redact, matches=_matches, row=_row)
REFUSALS = LiveTopic(
    name=REFUSAL_TOPIC, plural="refusals", snapshot=_refused_now, redact=_to_its_own, matches=_of_its_own
)
ALARMS = LiveTopic(name=ALARM_TOPIC, plural="alarms", snapshot=_nothing_yet, redact=_to_its_own, matches=_is_alarming)
