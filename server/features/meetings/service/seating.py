"""What a meeting takes and gives back, and what follows for those who are queued: they wait, or it is offered to them.

All cells of an act change in one `settle`, so that two exhibitors' acts on the same buyers never wait for each other.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlmodel import Session

from server.features.meetings.models import Meeting
from server.features.meetings.queries.board import (
    MOST_BREAK,
    Availability,
    Participants,
    locked_tables,
    longest_walk,
    look,
)
from server.features.meetings.queries.locks import locked_queue
from server.features.meetings.rules import Act, Reason, State, request_ends
from server.features.meetings.service.cases import MeetingStep, buyer_of, change, holder_of, party_of, span_of
from server.features.meetings.service.refusals import MeetingRefusedError, OwnTimeTakenError, SlotTakenError
from server.features.meetings.service.search import Seats, buyers_part, choose, hull, seated
from server.features.meetings.service.terms import answer_lead
from server.features.reservations.rules import Claim, Span
from server.features.reservations.service import TakenError, settle
from server.infra.identity import SYSTEM


@dataclass(frozen=True)
class SlotContext:
    """What is around a meeting: who else is queued there, and the picture of the exhibitor over all of it."""

    queue: tuple[Meeting, ...]
    picture: Availability


def seat(case: MeetingStep, span: Span, party: Participants | None = None) -> Seats:
    """Give a meeting all that it needs for a span, in place of what it has; those who cannot be served any more wait.

    Raises:
        MeetingRefusedError: it cannot be had; with alternatives.
    """
    wanted = party or party_of(case.meeting)
    around = _around(case, [case.span, span], wanted)
    seats = choose(around.picture, wanted, span, but=case.holder)
    if not isinstance(seats, Seats):
        raise seats(case.alternatives(span))
    claim = seated(case.holder, wanted, seats, span, around.picture.board.walk)
    after = around.picture.after(given=[claim])
    pushed = [
        other
        for other in around.queue
        if other.state is State.REQUESTED and _serves(around.picture, other) and not _serves(after, other)
    ]
    _settle(case, after, around.queue, must=[claim], free=[holder_of(other) for other in pushed], span=span)
    for other in pushed:
        change(case.session, SYSTEM, other, Act.WAIT, case.now, reason=Reason.SLOT_TAKEN)
    return seats


def move_request(case: MeetingStep, span: Span, until: datetime) -> None:
    """Let a request own the buyer's time of another span, until it ends.

    Raises:
        MeetingRefusedError: the exhibitor or the buyer is not free then; with alternatives.
    """
    picture = require_free(case, span)
    claim = buyers_part(case.holder, party_of(case.meeting), span, picture.board.walk, until=until)
    _settle(case, None, (), must=[claim], span=span)


def require_free(case: MeetingStep, span: Span) -> Availability:
    """The picture around a span at which this meeting could be now; nothing is taken.

    Raises:
        MeetingRefusedError: why it could not be then; with alternatives.
    """
    party = party_of(case.meeting)
    picture = picture_of(case.session, case.meeting.exhibitor_id, [span], [party], case.now)
    seats = choose(picture, party, span, but=case.holder)
    if not isinstance(seats, Seats):
        raise seats(case.alternatives(span))
    return picture


def free_all(case: MeetingStep) -> None:
    """Give back all that a meeting owns, and offer it to who waits for it."""
    waiting, after = _waiting(case)
    _settle(case, after, waiting, free=[case.holder])


def free_seats(case: MeetingStep, until: datetime) -> None:
    """Give back all but the buyer's time, which is owned until then, and offer it to who waits for it."""
    waiting, after = _waiting(case)
    _settle(case, after, waiting, must=[_own_part(case, until)])


def prolong(case: MeetingStep, until: datetime) -> None:
    """Let a request own the buyer's time until another moment."""
    _settle(case, None, (), must=[_own_part(case, until)])


def offers_in(
    picture: Availability, queue: Collection[Meeting], now: datetime, lead: timedelta
) -> list[tuple[Meeting, Claim]]:
    """Those who wait for a time at least `lead` ahead and could be served, in their order, with what each would own."""
    walk = picture.board.walk
    return [
        (
            other,
            buyers_part(
                holder_of(other), party_of(other), span_of(other), walk, until=request_ends(now, other.starts_at, lead)
            ),
        )
        for other in queue
        if other.state is State.WAITING and other.starts_at - lead > now and _serves(picture, other)
    ]


def offer(session: Session, meeting: Meeting, now: datetime) -> None:
    """Let somebody who waited be queued again: the time is free."""
    ends = request_ends(now, meeting.starts_at, answer_lead(session))
    change(session, SYSTEM, meeting, Act.OFFER, now, reason=Reason.SLOT_FREE, expires_at=ends)


def picture_of(
    session: Session, exhibitor_id: int, spans: Sequence[Span], parties: Collection[Participants], now: datetime
) -> Availability:
    """The picture of an exhibitor around these spans, its booths locked to be shared."""
    within = hull(spans).longer(before=MOST_BREAK, after=MOST_BREAK)
    return look(session, exhibitor_id, parties, within, tables=locked_tables(session, exhibitor_id), now=now)


def _around(case: MeetingStep, spans: list[Span], party: Participants) -> SlotContext:
    touched = hull(spans).longer(before=MOST_BREAK, after=MOST_BREAK)
    exhibitor = case.meeting.exhibitor_id
    queue = locked_queue(case.session, [exhibitor], case.now, touched)
    queue = [other for other in queue if other.id != case.meeting.id]
    spans = [*spans, *(span_of(other) for other in queue)]
    parties = [party, *(party_of(other) for other in queue)]
    return SlotContext(tuple(queue), picture_of(case.session, exhibitor, spans, parties, case.now))


def _waiting(case: MeetingStep) -> tuple[Sequence[Meeting], Availability | None]:
    """Who waits around a meeting, and the picture once it is free; no picture when nobody waits."""
    touched = case.span.longer(before=MOST_BREAK, after=MOST_BREAK)
    exhibitor = case.meeting.exhibitor_id
    queue = locked_queue(case.session, [exhibitor], case.now, touched)
    queue = [other for other in queue if other.state is State.WAITING and other.id != case.meeting.id]
    if not queue:
        return (), None
    parties = [party_of(other) for other in queue]
    picture = picture_of(case.session, exhibitor, [span_of(other) for other in queue], parties, case.now)
    return queue, picture.after(free=[case.holder])


def _settle(
    case: MeetingStep,
    after: Availability | None,
    queue: Collection[Meeting],
    *,
    must: Sequence[Claim] = (),
    free: Sequence[str] = (),
    span: Span | None = None,
) -> None:
    """Change the cells of an act, which wants this `span`, and of those who are offered what it gives back."""
    offers = offers_in(after, queue, case.now, answer_lead(case.session)) if after else []
    try:
        got = settle(case.session, must, [claim for _, claim in offers], free, now=case.now)
    except TakenError as error:
        # Not seen a moment ago: a demo or another exhibitor's meeting has come first.
        raise _lost(case, span or case.span, error) from error
    for other, claim in offers:
        if claim.holder in got:
            offer(case.session, other, case.now)


def _own_part(case: MeetingStep, until: datetime) -> Claim:
    walk = longest_walk(case.session)
    return buyers_part(case.holder, party_of(case.meeting), case.span, walk, until=until)


def _lost(case: MeetingStep, span: Span, error: TakenError) -> MeetingRefusedError:
    reason = OwnTimeTakenError if buyer_of(case.meeting) in error.taken else SlotTakenError
    return reason(case.alternatives(span))


def _serves(picture: Availability, meeting: Meeting) -> bool:
    party = replace(party_of(meeting), usual_staff_id=None, usual_table_id=None)
    return picture.serves(party, span_of(meeting))
