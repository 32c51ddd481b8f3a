"""The use cases of the insight: the organiser's day in figures, and the audit log in pages."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlmodel import Session, col, func, select

from server.features.insight.queries import MeetingCount, TodayFacts, read_today
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
from server.features.timetable.schemas import DemoOut
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
    """What the organiser wants to know at `now`, in fifteen queries however large the fair is."""
    facts = read_today(session, now, MOST_ALARMS)
    states = {robot.key: robot.seen(now, own=True).state for robot in facts.robots}
    beat = last_heartbeat(session)
    return TodayOut(
        at=now,
        blackout=_blackout(facts, states, now),
        bridges=[BridgeTroubleLine.model_validate(row) for row in facts.troubles],
        day=DayNow.model_validate(facts.day) if facts.day else None,
        robots=_robots(list(states.values())),
        demos=_demos([_demo(demo, states, now) for demo in facts.demos], now),
        meetings=_meetings(facts.meetings),
        booths=_booths(facts, states),
        mails=_mails(session),
        alarms=[AlarmLine.model_validate(row) for row in facts.alarms],
        failures=[FailureLine.model_validate(row) for row in failures(session)[:MOST_FAILURES]],
        worker_age_s=max(0, int((now - beat).total_seconds())) if beat else None,
        changes=entries(session, AuditFilter(), limit=LATEST),
    )


def _blackout(facts: TodayFacts, states: Mapping[str, str], now: datetime) -> BlackoutOut | None:
    heard = [
        Heard(robot.protocol, robot.seen_at, states[robot.key] == "silent")
        for robot in facts.robots
        if robot.seen_at is not None
    ]
    found = blackout(heard, now, open_now=facts.day is not None and facts.day.phase == "open")
    return BlackoutOut(cause=found.cause, robots=found.robots, since=found.since) if found else None


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


def _robots(states: Sequence[str]) -> RobotFigures:
    return RobotFigures(
        enrolled=len(states),
        live=live_of(states),
        silent=states.count("silent"),
        refused=states.count("refused"),
        unheard=states.count("none"),
        fault=states.count("fault"),
    )


def _demo(demo: DemoOut, states: Mapping[str, str], now: datetime) -> DemoLine:
    state = states.get(demo.robot or "", "none")
    return DemoLine(
        **demo.model_dump(include=set(DemoLine.model_fields)),
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


def _booths(facts: TodayFacts, states: Mapping[str, str]) -> BoothFigures:
    occupants = [booth.occupant.code if booth.occupant else None for booth in facts.booths]
    alive = {robot.exhibitor for robot in facts.robots if states[robot.key] not in NOT_LIVE}
    return BoothFigures(
        booths=len(occupants),
        vacant=occupants.count(None),
        dark=sum(code is not None and code not in alive for code in occupants),
        without_booth=facts.exhibitors - len(set(occupants) - {None}),
    )


def _mails(session: Session) -> MailFigures:
    tried = func.count().filter(col(MailMessage.attempts) > 0)
    waiting, failed = session.exec(select(func.count(), tried).where(MailMessage.state == MailState.WAITING)).one()
    return MailFigures(waiting=waiting, failed=failed)


def _entry(row: AuditEntry) -> EntryOut:
    shown = row.model_dump(exclude={"changes", "account_id"})
    return EntryOut(**shown, changes=[ChangeOut.model_validate(one) for one in row.differences])
