"""One act on one meeting: who does it, may it be done, and the writing down of what it changed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from server.features.meetings.models import Meeting
from server.features.meetings.notices import occasion_of
from server.features.meetings.queries import find_meeting
from server.features.meetings.queries.availability import Participants
from server.features.meetings.queries.leaving import reason_to_end
from server.features.meetings.queries.listing import side_of, standing_of
from server.features.meetings.queries.locks import locked_meeting
from server.features.meetings.queries.people import staff_name, table_number
from server.features.meetings.rules import ENDED, Act, Refusal, Side, State, bar_to, may_ever, next_state
from server.features.meetings.schemas import MeetingOut
from server.features.meetings.service.news import report, situation_of, voice_of
from server.features.meetings.service.refusals import (
    BARS,
    MeetingRefusedError,
    NoLongerError,
    NotPossibleError,
    SlotTakenError,
    StaleMeetingError,
)
from server.features.meetings.service.search import nearest
from server.features.meetings.service.terms import answer_lead
from server.features.reservations.rules import Resource, ResourceKind
from server.infra.audit import StaleError, differences, record, require_version
from server.infra.identity import SYSTEM, Identity
from server.kernel.errors import ForbiddenError, NotFoundError
from server.kernel.spans import Span


@dataclass(frozen=True)
class MeetingStep:
    """An act of somebody on a meeting that is locked; `side` is theirs."""

    session: Session
    by: Identity
    side: Side
    act: Act
    meeting: Meeting
    now: datetime

    @property
    def span(self) -> Span:
        """When the meeting is."""
        return span_of(self.meeting)

    @property
    def holder(self) -> str:
        """Under which name it owns its cells."""
        return holder_of(self.meeting)

    def alternatives(self, wanted: Span | None = None) -> list[Span]:
        """The nearest times at which this meeting could be."""
        participants = participants_of(self.meeting)
        exhibitor = self.meeting.exhibitor_id
        # What is agreed, or proposed, may be in the next minute; what a buyer asks for has to be answered first.
        asked = self.side is Side.BUYER and self.meeting.state is not State.ACCEPTED
        lead = answer_lead(self.session) if asked else timedelta(0)
        return nearest(
            self.session, exhibitor, participants, wanted or self.span, now=self.now, lead=lead, but=self.holder
        )

    def others(self, wanted: Span | None = None) -> list[Span]:
        """The same, but for the time at which it is already."""
        return [span for span in self.alternatives(wanted) if span != self.span]


def open_step(
    session: Session, by: Identity, act: Act, *, uid: str, version: int, now: datetime, wanted: Span | None = None
) -> MeetingStep:
    """Lock a meeting for an act of `by`, who saw its `version`, and who may have `wanted` another time for it.

    Raises:
        NotFoundError: there is no such meeting, or it is other people's.
        ForbiddenError: `by` may see it and is none of its people.
        MeetingRefusedError: the act does not follow from its state or its time; says so by name, with alternatives.
        StaleError: it has changed since, in a way that leaves the act possible; with alternatives, too.
    """
    meeting = locked_meeting(session, by, uid)
    if meeting is None:
        raise NotFoundError(what=uid)
    side = side_of(by, meeting)
    if side is None or not may_ever(side, act):
        raise ForbiddenError(action=act.value)
    step = MeetingStep(session, by, side, act, meeting, now)
    bar = bar_to(act, standing_of(meeting), side, now)
    if bar is not None:
        raise _barred(step, bar)
    try:
        require_version(session, "meeting", uid, meeting.version, version)
    except StaleError as stale:
        raise StaleMeetingError(stale, step.others(wanted)) from stale
    if act in _NEEDS_ALL and (reason := reason_to_end(session, meeting)):
        raise NoLongerError(reason)
    return step


_NEEDS_ALL = frozenset({Act.REQUEST, Act.RESCHEDULE, Act.ACCEPT, Act.PROPOSE, Act.AGREE})
"""Acts that go on with a meeting: whoever and whatever it needs has to be there still."""


def close_step(step: MeetingStep, **changes: Any) -> MeetingOut:
    """Let the act have happened: the next state, these `changes`, a version more and an entry in the log."""
    change(step.session, step.by, step.meeting, step.act, step.now, **changes)
    step.session.flush()
    return find_meeting(step.session, step.by, step.meeting.uid, step.now)


def change(session: Session, by: Identity, meeting: Meeting, act: Act, now: datetime, **changes: Any) -> None:
    """Apply an act to a meeting whose cells are in order already, and record it."""
    new = {"state": next_state(meeting.state, act), **changes}
    before, voice = situation_of(meeting), voice_of(by, meeting, act)
    if new["state"] in ENDED:
        new["ended_by"] = voice
    told = _in_words(session, differences({name: getattr(meeting, name) for name in new}, new))
    told.pop("ended_by", None)  # the entry itself says who
    for name, value in new.items():
        setattr(meeting, name, value)
    meeting.version += 1
    meeting.changed_at = now
    record(session, by, f"meeting.{act.value.replace('_', '-')}", meeting.uid, told, version=meeting.version)
    report(session, by, meeting, occasion_of(act, State(before.state)), voice, before, now)


def _in_words(session: Session, told: dict[str, tuple[Any, Any]]) -> dict[str, tuple[Any, Any]]:
    """The changes for the log, where the keys of people and tables would mean nothing to its readers."""
    told.pop("asked_staff_id", None)
    for key, word, name_of in (("staff_id", "staff", staff_name), ("table_id", "table", table_number)):
        if key in told:
            old, new = told.pop(key)
            told[word] = (name_of(session, old), name_of(session, new))
    return told


def other_times(session: Session, uid: str, now: datetime) -> list[Span]:
    """The nearest times at which a meeting could be, but for its own; nothing for one that is not there."""
    meeting = session.execute(select(Meeting).where(col(Meeting.uid) == uid)).scalar()
    if meeting is None:
        return []
    return MeetingStep(session, SYSTEM, Side.SYSTEM, Act.PROPOSE, meeting, now).others()


NO_PROPOSAL: dict[str, Any] = {"proposed_by": None, "proposed_starts_at": None, "proposed_ends_at": None}
"""The changes that take a proposal away."""


def holder_of(meeting: Meeting) -> str:
    """Under which name a meeting owns its cells."""
    return f"meeting:{meeting.uid}"


def span_of(meeting: Meeting) -> Span:
    """When a meeting is."""
    return Span(meeting.starts_at, meeting.ends_at)


def participants_of(meeting: Meeting) -> Participants:
    """Who meets, and whom and what was asked for."""
    return Participants(meeting.buyer_id, meeting.asked_staff_id, meeting.robot_id, meeting.staff_id, meeting.table_id)


def buyer_of(meeting: Meeting) -> Resource:
    """The buyer as a resource."""
    return Resource(ResourceKind.BUYER, meeting.buyer_id)


def _barred(step: MeetingStep, bar: Refusal) -> MeetingRefusedError:
    alternatives = step.alternatives()
    if bar in BARS:
        return BARS[bar](alternatives)
    if step.act is Act.ACCEPT and step.meeting.state is State.WAITING:
        return SlotTakenError(alternatives)
    return NotPossibleError(step.act, step.meeting.state, alternatives)
