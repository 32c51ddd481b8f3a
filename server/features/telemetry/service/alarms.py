"""Alarms about robots: each stands from its first word until nothing was heard of it for a while."""

from collections.abc import Iterable
from typing import Any

from sqlmodel import Session

from device_bridge.alarms import AlarmKind
from device_bridge.wire.batch import Alarm
from server.features.telemetry.models import RobotAlarm
from server.features.telemetry.queries.alarms import newest_alarms
from server.features.telemetry.rules import Places, RobotPlace
from server.features.telemetry.rules.alarms import goes_on
from server.infra.changes import announce
from server.kernel.text import storable

MOST_CHARS = 600
MOST_LANGUAGES = 8
TOPIC = "alarm"
"""The topic of the change feed under which an alarm is announced, keyed by its robot."""


OTHER = "other"
"""What an alarm of a kind that this server has no word for is kept as: the kinds are as few as their words."""


def keep_alarms(session: Session, alarms: Iterable[Alarm], places: Places) -> None:
    """Open alarms and let those that stand last longer; what was heard before changes nothing."""
    known = sorted((_named(alarm) for alarm in alarms if alarm.robot in places), key=lambda alarm: alarm.at)
    standing = newest_alarms(session, {places[alarm.robot].id for alarm in known})
    for alarm in known:
        place = places[alarm.robot]
        row = standing.get((place.id, alarm.kind))
        if row is not None and alarm.at <= row.last_seen:
            continue
        if row is None or not goes_on(row.last_seen, alarm.at):
            row = RobotAlarm(robot_id=place.id, kind=alarm.kind, opened_at=alarm.at, last_seen=alarm.at, detail={})
            standing[place.id, alarm.kind] = row
        row.last_seen, row.detail = alarm.at, dict(alarm.detail)
        session.add(row)
        announce(session, TOPIC, place.key, _news(alarm, row, place))
    session.flush()


def _named(alarm: Alarm) -> Alarm:
    """The alarm as it is kept: of a kind that has a word, in sentences that every database takes."""
    kind = alarm.kind if alarm.kind in set(AlarmKind) else OTHER
    detail = {language: storable(text)[:MOST_CHARS] for language, text in alarm.detail.items()}
    return Alarm(alarm.robot, kind, alarm.at, dict(list(detail.items())[:MOST_LANGUAGES]))


def _news(alarm: Alarm, row: RobotAlarm, place: RobotPlace) -> dict[str, Any]:
    """What an open page of its exhibitor is told at once."""
    return {
        "robot": place.key,
        "exhibitor": place.exhibitor,
        "kind": alarm.kind,
        "opened_at": row.opened_at.isoformat(),
        "at": alarm.at.isoformat(),
        "detail": alarm.detail,
    }
