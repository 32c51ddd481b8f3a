"""When what a booth's bridge brings came: by the server's clock where the bridge's own cannot be right."""

from datetime import datetime, timedelta
from typing import Any

import msgspec

from device_bridge.alarms import AlarmKind
from device_bridge.wire.batch import Alarm, Batch

TOLERANCE = timedelta(minutes=1)
"""By so much a bridge's clock may be ahead of the server's."""
OLDEST = timedelta(days=30)
"""A bridge may have kept what it brings for so long; what claims to have come earlier comes from a wrong clock."""
WORDS = {
    "en": "The clock of the bridge that speaks for this robot is wrong: it stated a receipt of {said} when it was {now}"
    " here. The zone's own time is used instead. Set the clock of the booth PC by a time server.",
    "zh": "该机器人所用网桥的时钟不准：其上报的接收时间为 {said}，而此处当时为 {now}。"
    "系统已改用展区时间。请将展位电脑与时间服务器校准。",
}
_ARRIVALS = {
    "deliveries": "received_at",
    "rejections": "at",
    "gaps": "noticed_at",
    "alarms": "at",
    "presences": "received_at",
    "glimpses": "received_at",
    "factsheets": "received_at",
}
"""Where each part of a batch says when it came, by the bridge's clock."""


def by_the_servers_clock(batch: Batch, now: datetime) -> Batch:
    """The batch with no time of receipt that cannot be; an alarm says so of each robot that it is about."""
    wrong: dict[str, datetime] = {}
    parts: dict[str, tuple[Any, ...]] = {}
    for name, field_name in _ARRIVALS.items():
        rows = getattr(batch, name)
        if any(_cannot_be(getattr(row, field_name), now) for row in rows):
            parts[name] = tuple(_arrived(row, field_name, now, wrong) for row in rows)
    if not parts:
        return batch
    alarms = parts.pop("alarms", batch.alarms)
    told = tuple(_told(robot, said, now) for robot, said in wrong.items())
    return msgspec.structs.replace(batch, **parts, alarms=(*alarms, *told))


def _cannot_be(said: datetime, now: datetime) -> bool:
    return not now - OLDEST <= said <= now + TOLERANCE


def _arrived(row: Any, field_name: str, now: datetime, wrong: dict[str, datetime]) -> Any:
    said = getattr(row, field_name)
    if not _cannot_be(said, now):
        return row
    robot = row.report.robot if hasattr(row, "report") else row.robot
    if robot:
        wrong[robot] = said
    return msgspec.structs.replace(row, **{field_name: now})


def _told(robot: str, said: datetime, now: datetime) -> Alarm:
    facts = {"said": said.isoformat(timespec="minutes"), "now": now.isoformat(timespec="minutes")}
    return Alarm(
        robot, AlarmKind.BRIDGE_CLOCK, now, {language: text.format(**facts) for language, text in WORDS.items()}
    )
