"""What the live feed brings of the timetable: the demos to come, and every change of them as it happens."""

from sqlmodel import Session

from server.features.timetable.queries import demos_in_scope, live_demos
from server.features.timetable.service import TOPIC
from server.infra.db import clock_of
from server.infra.identity import Audience
from server.infra.livetopic import LiveScope, LiveTopic, Payload

TO_COME = 60
"""More demos than an exhibitor has in a fair."""
SOON = 30
"""So many of the whole zone's: more than run at once. Who has seen the last of them asks anew."""


def _snapshot(session: Session, scope: LiveScope) -> list[Payload]:
    if scope.kind not in ("zone", "booth", "robot"):
        return []  # a page of the timetable itself reads the list anew
    limit = SOON if scope.kind == "zone" else TO_COME
    demos = demos_in_scope(session, scope.kind, scope.value, clock_of(session).now(), limit)
    return live_demos(session, demos)


def _redact(payload: Payload, _audience: Audience) -> Payload:
    return payload  # the timetable is public


def _matches(payload: Payload, scope: LiveScope) -> bool:
    if scope.kind == "booth":
        return scope.value in payload["booths"]
    return scope.kind in ("zone", TOPIC) or payload.get(scope.kind) == scope.value


DEMOS = LiveTopic(name=TOPIC, plural="demos", snapshot=_snapshot, redact=_redact, matches=_matches)
