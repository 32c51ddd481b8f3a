"""What a buyer does: hold a time, ask for it, move the request, take it back."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session

from server.features.meetings.models import Meeting
from server.features.meetings.queries import find_meeting
from server.features.meetings.queries.availability import Availability, Participants, locked_tables, look
from server.features.meetings.queries.listing import count_open
from server.features.meetings.queries.locks import find_robot, find_staff, locked_exhibitor
from server.features.meetings.rules import MOST_HELD, MOST_OPEN, Act, hold_ends, next_state, request_ends
from server.features.meetings.schemas import HoldIn, MeetingOut
from server.features.meetings.service.refusals import (
    MeetingRefusedError,
    OwnTimeTakenError,
    RegistrationNeededError,
    SlotTakenError,
    TooManyOpenError,
)
from server.features.meetings.service.search import Seats, choose, fault_of_time, nearest, seated, span_from
from server.features.meetings.service.seating import free_all, free_seats, move_request
from server.features.meetings.service.steps import NO_PROPOSAL, close_step, open_step
from server.features.meetings.service.terms import answer_lead
from server.features.reservations.rules import ResourceKind
from server.features.reservations.service import TakenError, claim
from server.infra.audit import record
from server.infra.identity import Identity
from server.kernel.errors import NotFoundError
from server.kernel.ids import new_uid
from server.kernel.spans import Span

_INSERT = insert(Meeting)


def hold(session: Session, by: Identity, new: HoldIn, now: datetime) -> MeetingOut:
    """Keep a time with an exhibitor for a buyer for five minutes: long enough to say what it is about.

    Raises:
        NotFoundError: there is no such exhibitor, or it has no such person or active robot.
        RegistrationNeededError: the account is no buyer's yet.
        TooManyOpenError: the buyer holds or asks for as much as one may at a time.
        MeetingRefusedError: the time cannot be had; says why by name, with alternatives.
    """
    if by.buyer_id is None:
        raise RegistrationNeededError
    exhibitor_id = _found(locked_exhibitor(session, new.exhibitor), new.exhibitor)
    _require_few(session, by.buyer_id, now)
    participants = _participants(session, exhibitor_id, by.buyer_id, new)
    span = span_from(new.starts_at, new.minutes)

    lead = answer_lead(session)

    def refused(reason: Callable[[Sequence[Span]], MeetingRefusedError]) -> MeetingRefusedError:
        return reason(nearest(session, exhibitor_id, participants, span, now=now, lead=lead))

    if fault := fault_of_time(span, now, lead):
        raise refused(fault)
    availability = look(
        session, exhibitor_id, [participants], span, tables=locked_tables(session, exhibitor_id), now=now
    )
    seats = choose(availability, participants, span)
    if not isinstance(seats, Seats):
        refusal = refused(seats)
        refusal.without = _possible_without(availability, participants, span)
        raise refusal
    uid = new_uid()
    ends = hold_ends(now, span.starts_at, lead)
    claimed = seated(f"meeting:{uid}", participants, seats, span, availability.capacity.walk)
    try:
        claim(session, claimed.holder, claimed.wants, until=ends, now=now)
    except TakenError as error:
        # Not seen a moment ago: a demo, or another exhibitor's meeting with this buyer, has come first.
        own = any(one.kind is ResourceKind.BUYER for one in error.taken)
        raise refused(OwnTimeTakenError if own else SlotTakenError) from error
    row = _held(exhibitor_id, participants, seats, span, now) | {"uid": uid, "topic": new.topic, "expires_at": ends}
    session.connection().execute(_INSERT, row)
    told = {name: (None, row[name]) for name in ("state", "starts_at", "ends_at")}
    record(session, by, "meeting.hold", uid, told, version=1)
    session.flush()
    return find_meeting(session, by, uid, now)


def request(
    session: Session, by: Identity, uid: str, version: int, *, topic: str | None = None, now: datetime
) -> MeetingOut:
    """Ask the exhibitor for the time that is held. From now on only the buyer's own time is reserved: others may ask.

    Raises `NotFoundError`, `MeetingRefusedError` or `StaleError`.
    """
    step = open_step(session, by, Act.REQUEST, uid=uid, version=version, now=now)
    ends = request_ends(now, step.meeting.starts_at, answer_lead(session))
    free_seats(step, ends)
    said = step.meeting.topic if topic is None else topic
    return close_step(step, topic=said, requested_at=now, expires_at=ends, staff_id=None, table_id=None)


def reschedule(
    session: Session, by: Identity, uid: str, version: int, *, starts_at: datetime, minutes: int, now: datetime
) -> MeetingOut:
    """Ask for another time instead, in the same meeting; a proposal of the exhibitor goes with the old one.

    Raises `NotFoundError`, `MeetingRefusedError` or `StaleError`.
    """
    span = span_from(starts_at, minutes)
    step = open_step(session, by, Act.RESCHEDULE, uid=uid, version=version, now=now, wanted=span)
    lead = answer_lead(session)
    if fault := fault_of_time(span, now, lead):
        raise fault(step.alternatives(span))
    ends = request_ends(now, span.starts_at, lead)
    move_request(step, span, ends)
    return close_step(step, starts_at=span.starts_at, ends_at=span.ends_at, expires_at=ends, reason=None, **NO_PROPOSAL)


def withdraw(session: Session, by: Identity, uid: str, version: int, now: datetime) -> MeetingOut:
    """Take a hold or a request back. Raises `NotFoundError`, `MeetingRefusedError` or `StaleError`."""
    step = open_step(session, by, Act.WITHDRAW, uid=uid, version=version, now=now)
    free_all(step)
    return close_step(step, **NO_PROPOSAL)


def _require_few(session: Session, buyer_id: int, now: datetime) -> None:
    """Raise `TooManyOpenError` for one who has enough. Holds at one exhibitor wait for each other, so none slips by."""
    held, queued = count_open(session, buyer_id, now)
    if held >= MOST_HELD or held + queued >= MOST_OPEN:
        raise TooManyOpenError(held=MOST_HELD, open=MOST_OPEN)


def _participants(session: Session, exhibitor_id: int, buyer_id: int, new: HoldIn) -> Participants:
    staff = _found(find_staff(session, exhibitor_id, new.staff), new.staff) if new.staff else None
    robot = _found(find_robot(session, exhibitor_id, new.robot), new.robot) if new.robot else None
    return Participants(buyer_id, staff, robot)


def _possible_without(availability: Availability, participants: Participants, span: Span) -> tuple[str, ...]:
    """What of that which was asked for is in the way alone: the person, so that a colleague could meet; the robot."""
    others = {"staff": replace(participants, staff_id=None), "robot": replace(participants, robot_id=None)}
    return tuple(
        name
        for name, other in others.items()
        if other != participants and isinstance(choose(availability, other, span), Seats)
    )


def _held(exhibitor_id: int, participants: Participants, seats: Seats, span: Span, now: datetime) -> dict[str, Any]:
    """The row of a new meeting, but for its uid, its topic and its end."""
    return {
        "exhibitor_id": exhibitor_id,
        "buyer_id": participants.buyer_id,
        "asked_staff_id": participants.staff_id,
        "staff_id": seats.staff_id,
        "table_id": seats.table_id,
        "robot_id": participants.robot_id,
        "starts_at": span.starts_at,
        "ends_at": span.ends_at,
        "state": next_state(None, Act.HOLD),
        "version": 1,
        "sequence": 0,
        "reason_text": "",
        "created_at": now,
        "changed_at": now,
    }


def _found(key: int | None, name: str) -> int:
    if key is None:
        raise NotFoundError(what=name)
    return key
