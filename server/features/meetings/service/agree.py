"""What both sides do: propose another time for the same meeting, agree to it or keep the old one, and cancel."""

from datetime import datetime

from sqlmodel import Session

from server.features.meetings.events import InviteMethod
from server.features.meetings.queries import find_meeting
from server.features.meetings.rules import QUEUED, Act, State, request_ends
from server.features.meetings.schemas import MeetingOut
from server.features.meetings.service.answer import decline
from server.features.meetings.service.invites import invite
from server.features.meetings.service.refusals import NoProposalError
from server.features.meetings.service.search import fault_of_time, span_from
from server.features.meetings.service.seating import free_all, prolong, require_free, seat
from server.features.meetings.service.steps import NO_PROPOSAL, MeetingStep, close_step, open_step
from server.features.meetings.service.terms import answer_lead
from server.infra.identity import Identity
from server.kernel.spans import Span


def propose(
    session: Session, by: Identity, uid: str, version: int, *, starts_at: datetime, minutes: int, now: datetime
) -> MeetingOut:
    """Ask the other side for another time; it takes the place of an earlier proposal and reserves nothing.

    Raises `NotFoundError`, `MeetingRefusedError` or `StaleError`.
    """
    span = span_from(starts_at, minutes)
    step = open_step(session, by, Act.PROPOSE, uid=uid, version=version, now=now, wanted=span)
    if fault := fault_of_time(span, now):
        raise fault(step.alternatives(span))
    require_free(step, span)
    waits = (
        {}
        if step.meeting.expires_at is None
        else {"expires_at": request_ends(now, step.meeting.starts_at, answer_lead(session))}
    )
    if step.meeting.state is State.REQUESTED:
        prolong(step, waits["expires_at"])
    return close_step(
        step, proposed_by=step.side, proposed_starts_at=span.starts_at, proposed_ends_at=span.ends_at, **waits
    )


def agree(session: Session, by: Identity, uid: str, version: int, now: datetime) -> MeetingOut:
    """Take the time that the other side proposed: the meeting moves there and is accepted.

    Raises `NotFoundError`, `MeetingRefusedError` or `StaleError`.
    """
    step = open_step(session, by, Act.AGREE, uid=uid, version=version, now=now)
    span = _proposed(step)
    if fault := fault_of_time(span, now):
        raise fault(step.alternatives(span))
    seats = seat(step, span)
    moved = 1 if step.meeting.state is State.ACCEPTED else 0
    out = close_step(
        step,
        starts_at=span.starts_at,
        ends_at=span.ends_at,
        staff_id=seats.staff_id,
        table_id=seats.table_id,
        sequence=step.meeting.sequence + moved,
        expires_at=None,
        reason=None,
        **NO_PROPOSAL,
    )
    invite(step)
    return out


def keep(session: Session, by: Identity, uid: str, version: int, now: datetime) -> MeetingOut:
    """Leave the time as it is: the proposal goes, whoever made it.

    Raises `NotFoundError`, `MeetingRefusedError` or `StaleError`.
    """
    return close_step(open_step(session, by, Act.KEEP, uid=uid, version=version, now=now), **NO_PROPOSAL)


def cancel(
    session: Session, by: Identity, uid: str, version: int, *, reason_text: str = "", now: datetime
) -> MeetingOut:
    """Call an accepted meeting off; the time is offered to those who wait for it.

    Raises `NotFoundError`, `MeetingRefusedError` or `StaleError`.
    """
    step = open_step(session, by, Act.CANCEL, uid=uid, version=version, now=now)
    free_all(step)
    out = close_step(step, sequence=step.meeting.sequence + 1, reason_text=reason_text, **NO_PROPOSAL)
    invite(step, InviteMethod.CANCEL)
    return out


def end(session: Session, by: Identity, uid: str, version: int, *, reason_text: str, now: datetime) -> MeetingOut:
    """Let the organiser end a meeting or a request, with a reason that both sides read; the time is free again.

    Raises `NotFoundError`, `ForbiddenError`, `MeetingRefusedError` or `StaleError`.
    """
    queued = find_meeting(session, by, uid, now).state in QUEUED
    use_case = decline if queued else cancel
    return use_case(session, by, uid, version, reason_text=reason_text, now=now)


def _proposed(step: MeetingStep) -> Span:
    meeting = step.meeting
    if meeting.proposed_starts_at is None or meeting.proposed_ends_at is None:
        raise NoProposalError(step.alternatives())
    return Span(meeting.proposed_starts_at, meeting.proposed_ends_at)
