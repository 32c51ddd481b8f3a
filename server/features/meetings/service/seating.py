"""What a meeting takes and gives back, and what follows for those who are queued: they wait, or it is offered to them.

All cells of an act change in one `settle`, so that two exhibitors' acts on the same buyers never wait for each other.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlmodel import Session

from server.features.meetings.models import Meeting
from server.features.meetings.queries.availability import (
    MOST_BREAK,
    Availability,
    Participants,
    locked_tables,
    longest_walk,
    look,
)
from server.features.meetings.queries.locks import locked_queue
from server.features.meetings.rules import Act, Reason, State, request_ends
from server.features.meetings.service.refusals import MeetingRefusedError, OwnTimeTakenError, SlotTakenError
from server.features.meetings.service.search import Seats, buyers_part, choose, hull, seated
from server.features.meetings.service.steps import MeetingStep, buyer_of, change, holder_of, participants_of, span_of
from server.features.meetings.service.terms import answer_lead
from server.features.reservations.rules import Claim
from server.features.reservations.service import TakenError, settle
from server.infra.identity import SYSTEM
from server.kernel.spans import Span


@dataclass(frozen=True)
class SlotContext:
    """What is around a meeting: who else is queued there, and the availability of the exhibitor over all of it."""

    queue: tuple[Meeting, ...]
    availability: Availability


def seat(step: MeetingStep, span: Span, participants: Participants | None = None) -> Seats:
    """Give a meeting all that it needs for a span, in place of what it has; those who cannot be served any more wait.

    Raises:
        MeetingRefusedError: it cannot be had; with alternatives.
    """
    wanted = participants or participants_of(step.meeting)
    around = _around(step, [step.span, span], wanted)
    seats = choose(around.availability, wanted, span, but=step.holder)
    if not isinstance(seats, Seats):
        raise seats(step.alternatives(span))
    claim = seated(step.holder, wanted, seats, span, around.availability.capacity.walk)
    after = around.availability.after(given=[claim])
    pushed = [
        other
        for other in around.queue
        if other.state is State.REQUESTED and _serves(around.availability, other) and not _serves(after, other)
    ]
    _settle(step, after, around.queue, must=[claim], free=[holder_of(other) for other in pushed], span=span)
    for other in pushed:
        change(step.session, SYSTEM, other, Act.WAIT, step.now, reason=Reason.SLOT_TAKEN)
    return seats


def move_request(step: MeetingStep, span: Span, until: datetime) -> None:
    """Let a request own the buyer's time of another span, until it ends.

    Raises:
        MeetingRefusedError: the exhibitor or the buyer is not free then; with alternatives.
    """
    availability = require_free(step, span)
    claim = buyers_part(step.holder, participants_of(step.meeting), span, availability.capacity.walk, until=until)
    _settle(step, None, (), must=[claim], span=span)


def require_free(step: MeetingStep, span: Span) -> Availability:
    """The availability around a span at which this meeting could be now; nothing is taken.

    Raises:
        MeetingRefusedError: why it could not be then; with alternatives.
    """
    participants = participants_of(step.meeting)
    availability = availability_of(step.session, step.meeting.exhibitor_id, [span], [participants], step.now)
    seats = choose(availability, participants, span, but=step.holder)
    if not isinstance(seats, Seats):
        raise seats(step.alternatives(span))
    return availability


def free_all(step: MeetingStep) -> None:
    """Give back all that a meeting owns, and offer it to who waits for it."""
    waiting, after = _waiting(step)
    _settle(step, after, waiting, free=[step.holder])


def free_seats(step: MeetingStep, until: datetime) -> None:
    """Give back all but the buyer's time, which is owned until then, and offer it to who waits for it."""
    waiting, after = _waiting(step)
    _settle(step, after, waiting, must=[_own_part(step, until)])


def prolong(step: MeetingStep, until: datetime) -> None:
    """Let a request own the buyer's time until another moment."""
    _settle(step, None, (), must=[_own_part(step, until)])


def offers_in(
    availability: Availability, queue: Collection[Meeting], now: datetime, lead: timedelta
) -> list[tuple[Meeting, Claim]]:
    """Those who wait for a time at least `lead` ahead and could be served, in their order, with what each would own."""
    walk = availability.capacity.walk
    return [
        (
            other,
            buyers_part(
                holder_of(other),
                participants_of(other),
                span_of(other),
                walk,
                until=request_ends(now, other.starts_at, lead),
            ),
        )
        for other in queue
        if other.state is State.WAITING and other.starts_at - lead > now and _serves(availability, other)
    ]


def offer(session: Session, meeting: Meeting, now: datetime) -> None:
    """Let somebody who waited be queued again: the time is free."""
    ends = request_ends(now, meeting.starts_at, answer_lead(session))
    change(session, SYSTEM, meeting, Act.OFFER, now, reason=Reason.SLOT_FREE, expires_at=ends)


def availability_of(
    session: Session, exhibitor_id: int, spans: Sequence[Span], parties: Collection[Participants], now: datetime
) -> Availability:
    """The availability of an exhibitor around these spans, its booths locked to be shared."""
    within = hull(spans).longer(before=MOST_BREAK, after=MOST_BREAK)
    return look(session, exhibitor_id, parties, within, tables=locked_tables(session, exhibitor_id), now=now)


def _around(step: MeetingStep, spans: list[Span], participants: Participants) -> SlotContext:
    touched = hull(spans).longer(before=MOST_BREAK, after=MOST_BREAK)
    exhibitor = step.meeting.exhibitor_id
    queue = locked_queue(step.session, [exhibitor], step.now, touched)
    queue = [other for other in queue if other.id != step.meeting.id]
    spans = [*spans, *(span_of(other) for other in queue)]
    parties = [participants, *(participants_of(other) for other in queue)]
    return SlotContext(tuple(queue), availability_of(step.session, exhibitor, spans, parties, step.now))


def _waiting(step: MeetingStep) -> tuple[Sequence[Meeting], Availability | None]:
    """Who waits around a meeting, and the availability once it is free; no availability when nobody waits."""
    touched = step.span.longer(before=MOST_BREAK, after=MOST_BREAK)
    exhibitor = step.meeting.exhibitor_id
    queue = locked_queue(step.session, [exhibitor], step.now, touched)
    queue = [other for other in queue if other.state is State.WAITING and other.id != step.meeting.id]
    if not queue:
        return (), None
    parties = [participants_of(other) for other in queue]
    availability = availability_of(step.session, exhibitor, [span_of(other) for other in queue], parties, step.now)
    return queue, availability.after(free=[step.holder])


def _settle(
    step: MeetingStep,
    after: Availability | None,
    queue: Collection[Meeting],
    *,
    must: Sequence[Claim] = (),
    free: Sequence[str] = (),
    span: Span | None = None,
) -> None:
    """Change the cells of an act, which wants this `span`, and of those who are offered what it gives back."""
    offers = offers_in(after, queue, step.now, answer_lead(step.session)) if after else []
    try:
        got = settle(step.session, must, [claim for _, claim in offers], free, now=step.now)
    except TakenError as error:
        # Not seen a moment ago: a demo or another exhibitor's meeting has come first.
        raise _lost(step, span or step.span, error) from error
    for other, claim in offers:
        if claim.holder in got:
            offer(step.session, other, step.now)


def _own_part(step: MeetingStep, until: datetime) -> Claim:
    walk = longest_walk(step.session)
    return buyers_part(step.holder, participants_of(step.meeting), step.span, walk, until=until)


def _lost(step: MeetingStep, span: Span, error: TakenError) -> MeetingRefusedError:
    reason = OwnTimeTakenError if buyer_of(step.meeting) in error.taken else SlotTakenError
    return reason(step.alternatives(span))


def _serves(availability: Availability, meeting: Meeting) -> bool:
    participants = replace(participants_of(meeting), usual_staff_id=None, usual_table_id=None)
    return availability.serves(participants, span_of(meeting))
