"""What about a robot a person should look into: a wrong clock, two senders under one name, a connection fought for.

Pure: what was seen of a robot is a value that its owner keeps; nothing here knows a clock or a disk.

A robot that sends what it has kept is behind the time without its clock being wrong: its reports then come faster than
they were made. And one that has restarted may still send what it kept of its last start: those reports are older than
the new start. Neither is an alarm.
"""

from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from device_bridge.accounts import Recorded
from device_bridge.freshness import RobotClock
from device_bridge.wire.batch import Alarm
from device_bridge.wire.report import Moment

SKEW = timedelta(seconds=60)
"""A clock that is wrong by more is worth a word."""
STEADY_REPORTS = 3
"""So many reports in a row have to be off."""
STEADY_FOR = timedelta(seconds=2)
"""So long at least a robot has to be behind at its own pace, so that a backlog is not taken for a wrong clock."""
WINDOW = timedelta(minutes=5)
RETURNS = 2
"""So often within the window a start that was over has to go on."""
RESTARTS = 3
"""So often within the window the counter of a protocol without start numbers has to fall back."""
TAKE_OVERS = 3
"""So often within the window a connection has to be taken over: once or twice a robot does so itself, whose radio link
was cut without a word."""
FRACTION_FOR = timedelta(minutes=2)
"""So long a battery has to be between 0 and 1 percent to look like a part of one."""
REPEAT = timedelta(seconds=60)
"""An alarm that lasts is said again so often."""


_FULL = (2**8 - 1, 2**16 - 1, 2**32 - 1)
_NEAR = 16
"""So many reports may be missing where a counter goes round."""


class AlarmKind(StrEnum):
    """What an alarm is about."""

    CLOCK_SKEW = "clock-skew"
    TWO_SENDERS = "two-senders"
    TAKE_OVER = "take-over"
    FRACTION = "battery-fraction"
    OLDER_START = "older-start"
    BRIDGE_CLOCK = "bridge-clock"
    """Raised by the server alone: the clock of the bridge that speaks for the robot is wrong."""


_AHEAD = {
    "en": "The robot's clock is {off} ahead. Set it by a time server: its reports are kept in the order of their"
    " numbers, but the times that they state are wrong.",
    "zh": "机器人时钟快了 {off}。请与时间服务器校准：报告仍按编号排序，但其中的时间不正确。",
}
_BEHIND = {
    "en": "The robot's reports state times {off} ago, and do not catch up. Set its clock by a time server, or let it"
    " send faster than it reports.",
    "zh": "机器人报告的时间落后 {off}，且没有追上。请与时间服务器校准，或让发送速度快于生成速度。",
}
_RETURNED = {
    "en": "Two starts of this robot report in turn ({older} and {newer}): two senders use its name. Look for a second"
    " device with the same credential, and renew the credential if you find none.",
    "zh": "该机器人的两次启动（{older} 与 {newer}）交替发送报告：有两个发送方使用同一身份。"
    "请查找使用相同凭证的另一台设备；如未找到，请更换凭证。",
}
_RESTARTED = {
    "en": "The robot's counter fell back {times} times in {minutes} minutes: two robots use the same serial number, or"
    " one restarts again and again.",
    "zh": "该机器人的计数在 {minutes} 分钟内回退 {times} 次：可能有两台机器人使用相同序列号，或它在反复重启。",
}
_OLDER_START = {
    "en": "The robot started again with a smaller start number ({older} after {newer}). Its reports are shown. Set its"
    " clock by a time server before it starts, so that `boot` is larger after every restart.",
    "zh": "机器人重新启动后的启动编号变小（{newer} 之后为 {older}）。其报告照常显示。"
    "请在启动前与时间服务器校准时钟，使每次重启后 `boot` 都更大。",
}
_TAKEN_OVER = {
    "en": "Another connection took this robot's place {times} times in {minutes} minutes: a second device uses its"
    " client id and credential, or its network breaks again and again. Renew the credential if you find a second"
    " device.",
    "zh": "{minutes} 分钟内该机器人的连接被抢占 {times} 次：有另一台设备使用其客户端标识和凭证，"
    "或其网络反复中断。如发现另一台设备，请更换凭证。",
}


_FRACTION = {
    "en": "The battery has been {found} % for minutes: it looks like a part of one instead of percent. Send percent, or"
    " write `scales = {{ battery = 100 }}` into the robot's settings.",
    "zh": "电量数分钟来一直为 {found} %：看起来是小数而不是百分数。请发送百分数，"
    "或在机器人设置中写入 `scales = {{ battery = 100 }}`。",
}


class SeenReport(msgspec.Struct, frozen=True):
    """What of a report matters here. `live` is false for what is late, kept by the broker or sent again."""

    robot: str
    boot: int
    seq: int
    time: Moment
    received_at: Moment
    states_boot: bool = True
    states_time: bool = True
    live: bool = True
    battery: float | None = None


class BootSeen(msgspec.Struct):
    """One start of a robot: its number, how far its counter came, and the robot's time when it was first heard."""

    boot: int
    high: int
    began: Moment


class Watched(msgspec.Struct, omit_defaults=True):
    """What is remembered of one robot; `look` brings it forward."""

    present: BootSeen | None = None
    other: BootSeen | None = None
    """The start that was heard before the present one."""
    odd: tuple[Moment, ...] = ()
    """When a start that was over went on, or the counter fell back, within the window."""
    taken: tuple[Moment, ...] = ()
    """When its connection was taken over, within the window."""
    off_since: tuple[Moment, Moment] | None = None
    """(robot's time, receipt) of the first of the reports in a row that are off."""
    off: int = 0
    """How many they are."""
    low: tuple[Moment, int, bool] | None = None
    """(since when, in how many reports, whether ever a part of one) the battery has been between 0 and 1 percent."""
    said: dict[str, Moment] = {}
    """When each alarm was raised last."""
    clock: RobotClock = msgspec.field(default_factory=RobotClock)
    """What is known of its clock."""


def look(watched: Watched, seen: SeenReport) -> tuple[Alarm, ...]:
    """Note a report that was recorded as new; give the alarms that it raises."""
    return _due(watched, (*_senders(watched, seen), *_clock(watched, seen), *_battery(watched, seen)))


def taken_over(watched: Watched, robot: str, at: datetime) -> tuple[Alarm, ...]:
    """Note that another connection has ended the robot's; give the alarm that it raises."""
    watched.taken = _lately(watched.taken, at)
    if len(watched.taken) < TAKE_OVERS:
        return ()
    facts = {"times": len(watched.taken), "minutes": int(WINDOW.total_seconds() // 60)}
    detail = {language: text.format(**facts) for language, text in _TAKEN_OVER.items()}
    return _due(watched, (Alarm(robot, AlarmKind.TAKE_OVER, at, detail),))


def started_again(watched: Watched, before: Recorded, recorded: Recorded, at: datetime) -> tuple[Alarm, ...]:
    """The alarm of a start that has just become the robot's present one though its number is smaller."""
    if recorded.rank == before.rank:
        return ()
    facts = {"older": recorded.report.boot, "newer": recorded.rank - 1}
    detail = {language: text.format(**facts) for language, text in _OLDER_START.items()}
    return _due(watched, (Alarm(recorded.report.robot, AlarmKind.OLDER_START, at, detail),))


def _due(watched: Watched, found: tuple[Alarm, ...]) -> tuple[Alarm, ...]:
    due = tuple(alarm for alarm in found if not _said_lately(watched, alarm))
    for alarm in due:
        watched.said[alarm.kind] = alarm.at
    return due


def _said_lately(watched: Watched, alarm: Alarm) -> bool:
    said = watched.said.get(alarm.kind)
    return said is not None and timedelta() <= alarm.at - said < REPEAT


def _senders(watched: Watched, seen: SeenReport) -> tuple[Alarm, ...]:
    present, other = watched.present, watched.other
    if present is not None and seen.boot == present.boot:
        present.high = max(present.high, seen.seq)
        return ()
    if other is not None and seen.boot == other.boot:
        return _gone_on(watched, seen, other) if seen.seq > other.high else ()
    watched.other, watched.present = present, BootSeen(seen.boot, seen.seq, seen.time)
    if seen.states_boot or present is None or _went_round(present.high, seen.seq):
        return ()
    watched.odd = _lately(watched.odd, seen.received_at)
    if len(watched.odd) < RESTARTS:
        return ()
    facts = {"times": len(watched.odd), "minutes": int(WINDOW.total_seconds() // 60)}
    return (_alarm(seen, AlarmKind.TWO_SENDERS, _RESTARTED, facts),)


def _went_round(high: int, seq: int) -> bool:
    """Whether a counter of 8, 16 or 32 bits began anew because it was full."""
    return seq <= _NEAR and any(full - _NEAR <= high <= full for full in _FULL)


def _gone_on(watched: Watched, seen: SeenReport, other: BootSeen) -> tuple[Alarm, ...]:
    """A start that another one had followed goes on. What it made before the newer start is a backlog."""
    other.high = seen.seq
    present = watched.present
    if present is None or (seen.boot < present.boot and seen.time <= present.began):
        return ()
    watched.present, watched.other = other, present
    if seen.boot > present.boot:
        return ()
    watched.odd = _lately(watched.odd, seen.received_at)
    if len(watched.odd) < RETURNS:
        return ()
    return (_alarm(seen, AlarmKind.TWO_SENDERS, _RETURNED, {"older": seen.boot, "newer": present.boot}),)


def _lately(moments: tuple[Moment, ...], now: datetime) -> tuple[Moment, ...]:
    """The moments of the window, this one too; not more than matter."""
    kept = tuple(moment for moment in moments if now - moment < WINDOW)
    return (*kept[-RESTARTS - RETURNS :], now)


def _clock(watched: Watched, seen: SeenReport) -> tuple[Alarm, ...]:
    off = seen.time - seen.received_at
    if not (seen.live and seen.states_time) or abs(off) <= SKEW:
        watched.off, watched.off_since = 0, None
        return ()
    behind = off < timedelta()
    began = watched.off_since
    if began is None or (began[0] < began[1]) != behind or (behind and _catches_up(began, seen)):
        watched.off, watched.off_since = 1, (seen.time, seen.received_at)
        return ()
    watched.off += 1
    if watched.off < STEADY_REPORTS or (behind and seen.received_at - began[1] < STEADY_FOR):
        return ()
    return (_alarm(seen, AlarmKind.CLOCK_SKEW, _BEHIND if behind else _AHEAD, {}, abs(off)),)


def _battery(watched: Watched, seen: SeenReport) -> tuple[Alarm, ...]:
    """A hint only: one percent is a battery, too. Nothing is ever made of it but what its enrolment says."""
    if not seen.live or seen.battery is None:
        return ()
    if not 0 < seen.battery <= 1:
        watched.low = None
        return ()
    since, reports, part = watched.low or (seen.received_at, 0, False)
    watched.low = since, reports + 1, part or seen.battery != 1
    if seen.received_at - since < FRACTION_FOR or reports < STEADY_REPORTS or not watched.low[2]:
        return ()
    detail = {language: text.format(found=f"{seen.battery:g}") for language, text in _FRACTION.items()}
    return (Alarm(seen.robot, AlarmKind.FRACTION, seen.received_at, detail),)


def _catches_up(began: tuple[datetime, datetime], seen: SeenReport) -> bool:
    """Whether reports have come twice as fast as they were made, or faster."""
    return seen.time - began[0] > 2 * (seen.received_at - began[1])


def _alarm(
    seen: SeenReport, kind: AlarmKind, words: dict[str, str], facts: dict[str, int], off: timedelta = timedelta()
) -> Alarm:
    detail = {language: text.format(off=_length(off, language), **facts) for language, text in words.items()}
    return Alarm(seen.robot, kind, seen.received_at, detail)


_UNITS = (
    (timedelta(days=365), ("years", "年")),
    (timedelta(days=2), ("days", "天")),
    (timedelta(hours=2), ("h", "小时")),
    (timedelta(minutes=2), ("min", "分钟")),
    (timedelta(), ("s", "秒")),
)
_LENGTHS = (timedelta(days=365), timedelta(days=1), timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1))


def _length(off: timedelta, language: str) -> str:
    """A length of time in its largest unit: `2 h`, `2 小时`."""
    place = next(place for place, (least, _) in enumerate(_UNITS) if off >= least)
    return f"{off // _LENGTHS[place]} {_UNITS[place][1][language == 'zh']}"
