"""What the live feed brings of the exhibitors: names and robots, so that open pages follow when either is edited."""

from sqlmodel import Session

from server.features.exhibitors.service.announcing import TOPIC, exhibitors_for_pages
from server.infra.identity import Audience
from server.infra.livetopic import LiveScope, LiveTopic, Payload


def _snapshot(session: Session, scope: LiveScope) -> list[Payload]:
    return exhibitors_for_pages(session) if scope.digested else []  # a booth's page knows who has the booth


def _redact(payload: Payload, _audience: Audience) -> Payload:
    return payload  # names are public


def _matches(_payload: Payload, scope: LiveScope) -> bool:
    return scope.kind in ("zone", "booth")


EXHIBITORS = LiveTopic(name=TOPIC, plural="exhibitors", snapshot=_snapshot, redact=_redact, matches=_matches)
