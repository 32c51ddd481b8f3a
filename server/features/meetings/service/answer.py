"""What an exhibitor does: accept or decline a request, hand a meeting over to a colleague, say that nobody came."""

from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from server.features.meetings.queries import find_meeting
from server.features.meetings.queries.locks import find_staff
from server.features.meetings.rules import Act, State
from server.features.meetings.schemas import MeetingOut
from server.features.meetings.service.invites import invite
from server.features.meetings.service.seating import free_all, seat
from server.features.meetings.service.steps import NO_PROPOSAL, close_step, open_step, participants_of
from server.infra.identity import Identity
from server.kernel.errors import NotFoundError


def accept(session: Session, by: Identity, uid: str, version: int, now: datetime) -> MeetingOut:
    """Promise the time that a buyer asked for. Requests for it that nobody else can serve wait from now on.

    Raises `NotFoundError`, `MeetingRefusedError` or `StaleError`.
    """
    step = open_step(session, by, Act.ACCEPT, uid=uid, version=version, now=now)
    seats = seat(step, step.span)
    out = close_step(
        step, staff_id=seats.staff_id, table_id=seats.table_id, expires_at=None, reason=None, **NO_PROPOSAL
    )
    invite(step)
    return out


def decline(
    session: Session, by: Identity, uid: str, version: int, *, reason_text: str = "", now: datetime
) -> MeetingOut:
    """Say no to a request. Raises `NotFoundError`, `MeetingRefusedError` or `StaleError`."""
    step = open_step(session, by, Act.DECLINE, uid=uid, version=version, now=now)
    free_all(step)
    return close_step(step, reason=None, reason_text=reason_text, **NO_PROPOSAL)


def hand_over(session: Session, by: Identity, uid: str, version: int, *, staff: str, now: datetime) -> MeetingOut:
    """Let a colleague meet instead, at the same time and under the same uid; to whom it is already changes nothing.

    Raises:
        NotFoundError: there is no such meeting, or nobody of that code works for the exhibitor.
        MeetingRefusedError: the colleague is not free then; with the times at which that one is.
        StaleError: the meeting has changed since.
    """
    step = open_step(session, by, Act.HAND_OVER, uid=uid, version=version, now=now)
    meeting = step.meeting
    colleague = find_staff(session, meeting.exhibitor_id, staff)
    if colleague is None:
        raise NotFoundError(what=staff)
    if meeting.staff_id == colleague:
        return find_meeting(session, by, uid, now)
    participants = replace(participants_of(meeting), staff_id=colleague)
    seats = seat(step, step.span, participants)
    out = close_step(
        step, asked_staff_id=colleague, staff_id=seats.staff_id, table_id=seats.table_id, sequence=meeting.sequence + 1
    )
    invite(step)
    return out


def no_show(session: Session, by: Identity, uid: str, version: int, now: datetime) -> MeetingOut:
    """Say that the buyer did not come, from the start of the meeting on; the people and the table are free again.

    Raises `NotFoundError`, `MeetingRefusedError` or `StaleError`.
    """
    step = open_step(session, by, Act.NO_SHOW, uid=uid, version=version, now=now)
    if step.meeting.state is State.ACCEPTED:
        free_all(step)
    return close_step(step, **NO_PROPOSAL)
