"""What a robot says of itself, for its own people: its factsheet and its last word on its connection."""

from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlmodel import Session

from server.features.telemetry.models import RobotSheet
from server.features.telemetry.queries.hours import OwnRobot, find_own_robot
from server.features.telemetry.rules.presence import Said
from server.features.telemetry.rules.sheets import facts_of
from server.features.telemetry.service.presences import said_of
from server.infra.identity import Audience
from server.kernel.errors import NotFoundError


@dataclass(frozen=True)
class OwnWords:
    """What one robot said of itself; without a factsheet there are no facts."""

    robot: OwnRobot
    said: Said | None
    facts: dict[str, str]
    received_at: datetime | None
    raw: str
    """The whole message, indented."""


def own_words(session: Session, audience: Audience, robot: tuple[str, str]) -> OwnWords:
    """What the robot with these codes said of itself, in three queries.

    Raises `NotFoundError` for a robot that is not there, or whose troubles are not for `audience`.
    """
    found = find_own_robot(session, audience, *robot)
    if found is None:
        raise NotFoundError(what="/".join(robot))
    said = said_of(session, [found.id]).get(found.id)
    sheet = session.get(RobotSheet, found.id)
    if sheet is None:
        return OwnWords(found, said, {}, None, "")
    body = sheet.body.encode()
    raw = msgspec.json.format(body, indent=2).decode()
    return OwnWords(found, said, facts_of(msgspec.json.decode(body)), sheet.received_at, raw)
