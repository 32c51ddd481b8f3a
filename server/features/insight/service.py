"""The use cases of the insight: the organiser's day in figures, and the audit log in pages."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, func, select

from server.features.insight import queries
from server.features.insight.queries import MeetingCount, RobotNow
from server.features.insight.rules import NOT_LIVE, Heard, Trouble, blackout, live_of, minutes_since, trouble_of
from server.features.insight.schemas import (
    AlarmLine,
    BlackoutOut,
    BoothFigures,
    BridgeTroubleLine,
    ChangeOut,
    DayNow,
    DemoFigures,
    DemoLine,
    EntryOut,
    FailureLine,
    MailFigures,
    MeetingFigures,
    RobotFigures,
    TodayOut,
)
from server.features.meetings.rules import State
from server.features.screens.rules import believed_state, day_phase
from server.features.telemetry.rules.hearing import heard_state
from server.features.telemetry.service.bridges import standing_troubles
from server.infra.audit import AuditEntry, AuditFilter, count_entries, list_entries
from server.infra.heartbeat import last_heartbeat
from server.infra.mail import MailMessage, MailState
from server.infra.outbox import failures

NEXT_DEMOS = 5
LATEST = 8
MOST_ALARMS = 10
MOST_FAILURES = 10
"""So many failures are shown; the rest waits behind them."""


def today(session: Session, now: datetime) -> TodayOut:
    """What the organiser wants to know at `now`, in thirteen queries however large the fair is."""
    days = queries.fair_days(session)
    day = _day(days, now)
    until = day.closes_at if day else now
    robots = queries.robots_now(session, now)
    states = {robot.id: heard_state(believed_state(robot.report, now), robot.hearing, now) for robot in robots}
    beat = last_heartbeat(session)
    return TodayOut(
        at=now,
        blackout=_blackout(robots, states, day, now),
        bridges=[BridgeTroubleLine.model_validate(row) for row in standing_troubles(session, now)],
        day=day,
        robots=_robots(list(states.values())),
        demos=_demos([_demo(row, states, now) for row in queries.demos_of_today(session, now, until)], now),
        meetings=_meetings(queries.meeting_counts(session, day.opens_at if day else now, until, now)),
        booths=_booths(session, robots, states),
        mails=_mails(session),
        alarms=_alarms(robots),
        failures=[FailureLine.model_validate(row) for row in failures(session)[:MOST_FAILURES]],
        worker_age_s=max(0, int((now - beat).total_seconds())) if beat else None,
        changes=entries(session, AuditFilter(), limit=LATEST),
    )


def _blackout(
    robots: Sequence[RobotNow], states: Mapping[int, str], day: DayNow | None, now: datetime
) -> BlackoutOut | None:
    heard = [
        Heard(robot.protocol, datetime.fromisoformat(robot.report["at"]), states[robot.id] == "silent")
        for robot in robots
        if robot.report is not None
    ]
    found = blackout(heard, now, open_now=day is not None and day.opens_at <= now < day.closes_at)
    return BlackoutOut(cause=found.cause, robots=found.robots, since=found.since) if found else None


def _alarms(robots: Sequence[RobotNow]) -> list[AlarmLine]:
    """The alarms that stand, the newest first."""
    standing = sorted((alarm for robot in robots for alarm in robot.alarms), key=lambda alarm: alarm.last_seen)
    return [AlarmLine.model_validate(alarm) for alarm in standing[: -MOST_ALARMS - 1 : -1]]


def entries(session: Session, wanted: AuditFilter, *, offset: int = 0, limit: int) -> list[EntryOut]:
    """The entries of the audit log, newest first."""
    return [_entry(row) for row in list_entries(session, wanted, offset, limit)]


def count_wanted(session: Session, wanted: AuditFilter) -> int:
    """How many entries there are of what is wanted."""
    return count_entries(session, wanted)


def people(session: Session) -> list[str]:
    """The names of all who have ever changed something."""
    return list(session.exec(select(AuditEntry.who).distinct().order_by(AuditEntry.who)))


def things(session: Session) -> list[str]:
    """The kinds of things that were ever changed."""
    return list(session.exec(select(AuditEntry.thing).distinct().order_by(AuditEntry.thing)))


def _day(days: Sequence[tuple[datetime, datetime]], now: datetime) -> DayNow | None:
    """The day of the fair that is not over yet, or its last one."""
    for number, (opens_at, closes_at) in enumerate(days, start=1):
        if now < closes_at or number == len(days):
            phase = day_phase(now, opens_at, closes_at)
            return DayNow(number=number, count=len(days), phase=phase, opens_at=opens_at, closes_at=closes_at)
    return None


def _robots(states: Sequence[str]) -> RobotFigures:
    return RobotFigures(
        enrolled=len(states),
        live=live_of(states),
        silent=states.count("silent"),
        refused=states.count("refused"),
        unheard=states.count("none"),
        fault=states.count("fault"),
    )


def _demo(row: Any, states: Mapping[int, str], now: datetime) -> DemoLine:
    demo, exhibitor, booth, stage = row
    state = states.get(demo.robot_id or 0, "none")
    return DemoLine(
        **demo.model_dump(include={"code", "title_en", "title_zh", "starts_at", "ends_at"}),
        exhibitor=exhibitor.code,
        exhibitor_en=exhibitor.name_en,
        exhibitor_zh=exhibitor.name_zh,
        place_en=booth or (stage.name_en if stage else ""),
        place_zh=booth or (stage.name_zh if stage else ""),
        state=state,
        trouble=trouble_of(demo.starts_at, demo.ends_at, state, now),
        late_min=minutes_since(demo.starts_at, now),
    )


def _demos(demos: Sequence[DemoLine], now: datetime) -> DemoFigures:
    coming = [demo for demo in demos if demo.starts_at > now]
    return DemoFigures(
        running=sum(demo.starts_at <= now and demo.state not in NOT_LIVE for demo in demos),
        to_come=len(coming),
        next=coming[:NEXT_DEMOS],
        trouble=sorted((demo for demo in demos if demo.trouble), key=lambda demo: demo.trouble is Trouble.LATE),
    )


def _meetings(counts: Sequence[MeetingCount]) -> MeetingFigures:
    by_state = {count.state: count for count in counts}

    def within(state: State) -> int:
        return by_state[state].within if state in by_state else 0

    asked, queued = by_state.get(State.REQUESTED), by_state.get(State.WAITING)
    return MeetingFigures(
        accepted=within(State.ACCEPTED),
        done=within(State.DONE),
        no_show=within(State.NO_SHOW),
        unanswered=asked.all if asked else 0,
        queued=queued.all if queued else 0,
        oldest_request_at=asked.oldest_request_at if asked else None,
    )


def _booths(session: Session, robots: Sequence[RobotNow], states: Mapping[int, str]) -> BoothFigures:
    occupants = queries.booth_occupants(session)
    alive = {robot.exhibitor for robot in robots if states[robot.id] not in NOT_LIVE}
    return BoothFigures(
        booths=len(occupants),
        vacant=occupants.count(None),
        dark=sum(code is not None and code not in alive for code in occupants),
        without_booth=queries.exhibitors_without_booth(session),
    )


def _mails(session: Session) -> MailFigures:
    tried = func.count().filter(col(MailMessage.attempts) > 0)
    waiting, failed = session.exec(select(func.count(), tried).where(MailMessage.state == MailState.WAITING)).one()
    return MailFigures(waiting=waiting, failed=failed)


def _entry(row: AuditEntry) -> EntryOut:
    shown = row.model_dump(exclude={"changes", "account_id"})
    return EntryOut(**shown, changes=[ChangeOut.model_validate(one) for one in row.differences])
