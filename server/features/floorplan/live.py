"""What the live feed brings of the floor plan: a booth that changes hands, so that screens follow."""

from sqlmodel import Session

from server.features.floorplan.queries import list_booths
from server.features.floorplan.service import TOPIC
from server.infra.identity import Audience
from server.infra.livetopic import LiveScope, LiveTopic, Payload


def _snapshot(session: Session, scope: LiveScope) -> list[Payload]:
    if not scope.digested:
        return []  # a booth's page knows who has the booth
    return [
        {"booth": booth.number, "exhibitor": booth.occupant.code if booth.occupant else None, "version": booth.version}
        for booth in list_booths(session)
    ]


def _redact(payload: Payload, _audience: Audience) -> Payload:
    return payload  # the plan is public


def _matches(payload: Payload, scope: LiveScope) -> bool:
    return scope.kind == "zone" or (scope.kind == "booth" and scope.value == payload["booth"])


BOOTHS = LiveTopic(name=TOPIC, plural="booths", snapshot=_snapshot, redact=_redact, matches=_matches)
