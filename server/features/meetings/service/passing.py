"""What the clock does: end what ran out, finish what is over, and offer what became free by other hands.

Every function does its work in one unit of work: it locks all exhibitors first, by their keys, and changes all cells
in one go.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col

from server.features.meetings.events import InviteMethod
from server.features.meetings.models import Meeting
from server.features.meetings.notices import Hint, Voice
from server.features.meetings.queries.leaving import reason_to_end
from server.features.meetings.queries.listing import standing_of
from server.features.meetings.queries.locks import (
    locked_lapsed,
    locked_lapsing,
    locked_of_buyer,
    locked_orphans,
    locked_over,
)
from server.features.meetings.rules import ENDED_BY_CLOCK, WARNED, Act, Reason, Side, State, bar_to, warned_at
from server.features.meetings.service.invites import invite
from server.features.meetings.service.news import report, situation_of
from server.features.meetings.service.seating import availability_of, offer, offers_in
from server.features.meetings.service.steps import NO_PROPOSAL, MeetingStep, change, holder_of, participants_of, span_of
from server.features.meetings.service.terms import answer_lead
from server.features.reservations.rules import Claim
from server.features.reservations.service import release, settle
from server.infra.identity import SYSTEM


def expire_due(session: Session, now: datetime) -> int:
    """End holds and requests that ran out, and offer what is free to those who wait; return how many changed.

    A time may have become free by a demo that moved or by longer hours: all who wait are looked at.
    """
    found = locked_lapsed(session, now)
    lapsed = [meeting for meeting in found if bar_to(Act.EXPIRE, standing_of(meeting), Side.CLOCK, now) is None]
    free = [holder_of(meeting) for meeting in lapsed]
    waiting = [meeting for meeting in found if meeting.state is State.WAITING and meeting not in lapsed]
    offers = _offers(session, waiting, free, now)
    got = settle(session, (), [claim for _, claim in offers], free, now=now)
    for meeting in lapsed:
        change(session, SYSTEM, meeting, Act.EXPIRE, now, reason=ENDED_BY_CLOCK[meeting.state], **NO_PROPOSAL)
    chosen = [meeting for meeting, claim in offers if claim.holder in got]
    for meeting in chosen:
        offer(session, meeting, now)
    return len(lapsed) + len(chosen)


def warn_due(session: Session, now: datetime) -> int:
    """Warn both sides of requests that run out soon, once each; return how many were told of."""
    near = [
        meeting
        for meeting in locked_lapsing(session, now, now + WARNED)
        if meeting.expires_at is not None and warned_at(meeting.changed_at, meeting.expires_at) <= now
    ]
    for meeting in near:
        meeting.warned_of = meeting.expires_at
        report(session, SYSTEM, meeting, Hint.LAPSES, Voice.SYSTEM, situation_of(meeting), now)
    return len(near)


def finish_due(session: Session, now: datetime) -> int:
    """Let meetings that are over be done; return how many."""
    over = locked_over(session, now)
    for meeting in over:
        change(session, SYSTEM, meeting, Act.FINISH, now, **NO_PROPOSAL)
    release(session, *(holder_of(meeting) for meeting in over))
    return len(over)


def end_orphans(session: Session, now: datetime) -> int:
    """End what can no longer take place because somebody or something has gone; return how many.

    Both sides are told why, as after every act; who waits is offered what is free now by `expire_due`.
    """
    found = [(meeting, reason_to_end(session, meeting)) for meeting in locked_orphans(session, now)]
    return _end(session, [(meeting, reason) for meeting, reason in found if reason], now)


def end_of_buyer(session: Session, buyer_id: int, now: datetime) -> int:
    """End all that a buyer has to come, since the buyer leaves; what was written about meetings goes as well."""
    ended = 0
    while found := locked_of_buyer(session, now, buyer_id):
        ended += _end(session, [(meeting, Reason.BUYER_LEFT) for meeting in found], now)
        session.flush()
    mine = update(Meeting).where(col(Meeting.buyer_id) == buyer_id)
    session.connection().execute(mine.values(topic="", reason_text=""))
    session.expire_all()
    return ended


def _end(session: Session, ending: Sequence[tuple[Meeting, Reason]], now: datetime) -> int:
    settle(session, (), free=[holder_of(meeting) for meeting, _ in ending], now=now)
    for meeting, reason in ending:
        act = _ENDING[meeting.state] if reason is not Reason.BUYER_LEFT else _LEAVING[meeting.state]
        promised = {"sequence": meeting.sequence + 1} if act is Act.CANCEL else {}
        change(session, SYSTEM, meeting, act, now, reason=reason, reason_text="", **promised, **NO_PROPOSAL)
        if act is Act.CANCEL:
            invite(MeetingStep(session, SYSTEM, Side.SYSTEM, act, meeting, now), InviteMethod.CANCEL)
    return len(ending)


_ENDING: Mapping[State, Act] = {
    State.HELD: Act.WITHDRAW,
    State.REQUESTED: Act.DECLINE,
    State.WAITING: Act.DECLINE,
    State.ACCEPTED: Act.CANCEL,
}
_LEAVING = {**_ENDING, State.REQUESTED: Act.WITHDRAW, State.WAITING: Act.WITHDRAW}
"""How a meeting ends when something of the exhibitor's goes, and when its buyer does."""


def _offers(
    session: Session, waiting: Sequence[Meeting], free: Sequence[str], now: datetime
) -> list[tuple[Meeting, Claim]]:
    by_exhibitor: dict[int, list[Meeting]] = defaultdict(list)
    for meeting in sorted(waiting, key=lambda one: (one.requested_at or one.created_at, one.id or 0)):
        by_exhibitor[meeting.exhibitor_id].append(meeting)
    found: list[tuple[Meeting, Claim]] = []
    for exhibitor, queue in sorted(by_exhibitor.items()):
        spans, parties = [span_of(one) for one in queue], [participants_of(one) for one in queue]
        availability = availability_of(session, exhibitor, spans, parties, now)
        found += offers_in(availability.after(free=free), queue, now, answer_lead(session))
    return found
