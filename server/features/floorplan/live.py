"""The live feed's door into the floor plan: a booth that changes hands, so that screen and overview change with it."""

from sqlmodel import Session

from server.features.floorplan.service import TOPIC
from server.infra.identity import Audience
from server.infra.livetopic import LiveScope, LiveTopic, Payload


def _nothing_yet(_session: Session, _scope: LiveScope) -> list[Payload]:
    return []  # a page that was just loaded knows who has the booth


def _redact(payload: Payload, _audience: Audience) -> Payload:
    return payload  # the plan is public


def _matches(payload: Payload, scope: LiveScope) -> bool:
    return scope.kind == "zone" or (scope.kind == "booth" and scope.value == payload["booth"])


BOOTHS = LiveTopic(name=TOPIC, plural="booths", snapshot=_nothing_yet, redact=_redact, matches=_matches)
