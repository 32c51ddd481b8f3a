"""The programs' door to the meetings: free times, bookings, and one address an act.

Booking takes an `Idempotency-Key`; every act needs `If-Match` with the version that was seen. A refusal is a 409 with
the nearest free times as `alternatives`.
"""

import datetime as dt
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from flask import Response
from pydantic import BaseModel, Field
from sqlmodel import Session

from server.features.meetings import service
from server.features.meetings.queries import diary, find_meeting, slots
from server.features.meetings.rules import LENGTH_STEP, LONGEST, SHORTEST, State
from server.features.meetings.schemas import (
    Code,
    EndIn,
    HoldIn,
    MeetingList,
    MeetingOut,
    ReasonIn,
    SlotsOut,
    StaffIn,
    TimeIn,
    TopicIn,
)
from server.infra.schema import ApiModel
from server.infra.web.api import Problem, answer, api_blueprint
from server.infra.web.context import database, identity, now
from server.infra.web.guard import guarded
from server.infra.web.paging import PageQuery
from server.infra.web.preconditions import answered_once, if_match, tagged

api = api_blueprint("meetings", "Free times, meetings, and what may happen to them")
ANSWERS: dict[str | int | HTTPStatus, type[BaseModel] | dict[Any, Any] | None] = {
    200: MeetingOut,
    404: Problem,
    409: Problem,
    412: Problem,
    428: Problem,
}
"""What an act on a meeting may be answered with."""


class SlotPath(ApiModel):
    """An exhibitor by its code."""

    code: Code


class MeetingPath(ApiModel):
    """A meeting by its uid."""

    uid: str = Field(max_length=40)


class SlotQuery(ApiModel):
    """On which day of the fair (its date in fair time), and for how many minutes."""

    date: dt.date
    minutes: int = Field(default=30, ge=SHORTEST, le=LONGEST, multiple_of=LENGTH_STEP)


class DiaryQuery(PageQuery):
    """Which of the meetings: on a day (its date in fair time), in a state; nothing means all."""

    day: dt.date | None = Field(default=None, ge=dt.date(2000, 1, 1), lt=dt.date(2100, 1, 1))
    state: State | None = None


@api.get("/exhibitors/<code>/slots", responses={200: SlotsOut, 404: Problem})
@guarded("slot.view")
def read_slots(path: SlotPath, query: SlotQuery) -> Response:
    """The times of an exhibitor on a day of the fair: which are free for the reader, and how many wait for each."""
    with database().read() as session:
        lead = service.answer_lead(session)
        return answer(slots(session, identity(), path.code, query.date, minutes=query.minutes, now=now(), lead=lead))


@api.post("/meetings", responses={201: MeetingOut, 404: Problem, 409: Problem})
@guarded("meeting.book")
def hold_meeting(body: HoldIn) -> Response:
    """Hold a time for five minutes; sent again with the same `Idempotency-Key` it gives the same answer."""
    with database().write() as session:
        return answered_once(session, lambda: service.hold(session, identity(), body, now()))


@api.get("/meetings", responses={200: MeetingList})
@guarded("meeting.view")
def read_diary(query: DiaryQuery) -> Response:
    """The reader's meetings by start; the organiser's are all."""
    states = None if query.state is None else {query.state}
    with database().read() as session:
        return answer(
            diary(
                session,
                identity(),
                now(),
                day=query.day,
                states=states,
                offset=query.offset,
                limit=query.per_page,
            )
        )


@api.get("/meetings/<uid>", responses={200: MeetingOut, 404: Problem})
@guarded("meeting.view")
def read_meeting(path: MeetingPath) -> Response:
    """One meeting, with its version as ETag."""
    with database().read() as session:
        return _told(find_meeting(session, identity(), path.uid, now()))


@api.post("/meetings/<uid>/request", responses=ANSWERS)
@guarded("meeting.book")
def request_meeting(path: MeetingPath, body: TopicIn) -> Response:
    """Ask the exhibitor for the time that is held."""
    return _act(lambda session, seen: service.request(session, identity(), path.uid, seen, topic=body.topic, now=now()))


@api.post("/meetings/<uid>/reschedule", responses=ANSWERS)
@guarded("meeting.book")
def reschedule_meeting(path: MeetingPath, body: TimeIn) -> Response:
    """Ask for another time instead."""
    return _act(
        lambda session, seen: service.reschedule(
            session, identity(), path.uid, seen, starts_at=body.starts_at, minutes=body.minutes, now=now()
        )
    )


@api.post("/meetings/<uid>/withdraw", responses=ANSWERS)
@guarded("meeting.book")
def withdraw_meeting(path: MeetingPath) -> Response:
    """Take a hold or a request back."""
    return _act(lambda session, seen: service.withdraw(session, identity(), path.uid, seen, now=now()))


@api.post("/meetings/<uid>/accept", responses=ANSWERS)
@guarded("meeting.answer")
def accept_meeting(path: MeetingPath) -> Response:
    """Promise the time that was asked for."""
    return _act(lambda session, seen: service.accept(session, identity(), path.uid, seen, now=now()))


@api.post("/meetings/<uid>/decline", responses=ANSWERS)
@guarded("meeting.answer")
def decline_meeting(path: MeetingPath, body: ReasonIn) -> Response:
    """Say no to a request."""
    return _act(
        lambda session, seen: service.decline(
            session, identity(), path.uid, seen, reason_text=body.reason_text, now=now()
        )
    )


@api.post("/meetings/<uid>/hand_over", responses=ANSWERS)
@guarded("meeting.answer")
def hand_meeting_over(path: MeetingPath, body: StaffIn) -> Response:
    """Let a colleague meet instead."""
    return _act(
        lambda session, seen: service.hand_over(session, identity(), path.uid, seen, staff=body.staff, now=now())
    )


@api.post("/meetings/<uid>/no_show", responses=ANSWERS)
@guarded("meeting.answer")
def report_no_show(path: MeetingPath) -> Response:
    """Say that the buyer did not come."""
    return _act(lambda session, seen: service.no_show(session, identity(), path.uid, seen, now=now()))


@api.post("/meetings/<uid>/propose", responses=ANSWERS)
@guarded("meeting.change")
def propose_time(path: MeetingPath, body: TimeIn) -> Response:
    """Ask the other side for another time."""
    return _act(
        lambda session, seen: service.propose(
            session, identity(), path.uid, seen, starts_at=body.starts_at, minutes=body.minutes, now=now()
        )
    )


@api.post("/meetings/<uid>/agree", responses=ANSWERS)
@guarded("meeting.change")
def agree_to_time(path: MeetingPath) -> Response:
    """Take the time that the other side proposed."""
    return _act(lambda session, seen: service.agree(session, identity(), path.uid, seen, now=now()))


@api.post("/meetings/<uid>/keep", responses=ANSWERS)
@guarded("meeting.change")
def keep_time(path: MeetingPath) -> Response:
    """Leave the time as it is: the proposal goes."""
    return _act(lambda session, seen: service.keep(session, identity(), path.uid, seen, now=now()))


@api.post("/meetings/<uid>/cancel", responses=ANSWERS)
@guarded("meeting.change")
def cancel_meeting(path: MeetingPath, body: ReasonIn) -> Response:
    """Call an accepted meeting off."""
    return _act(
        lambda session, seen: service.cancel(
            session, identity(), path.uid, seen, reason_text=body.reason_text, now=now()
        )
    )


@api.post("/meetings/<uid>/end", responses=ANSWERS)
@guarded("meeting.end")
def end_meeting(path: MeetingPath, body: EndIn) -> Response:
    """End a meeting or a request as the organiser; both sides are told why."""
    return _act(
        lambda session, seen: service.end(session, identity(), path.uid, seen, reason_text=body.reason_text, now=now())
    )


def _act(act: Callable[[Session, int], MeetingOut]) -> Response:
    seen = if_match()
    with database().write() as session:
        return _told(act(session, seen))


def _told(meeting: MeetingOut) -> Response:
    return tagged(answer(meeting), meeting.version)
