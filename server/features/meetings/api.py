"""The API of the meetings: free times, bookings, and one address an act.

Booking takes an `Idempotency-Key`; every act needs `If-Match` with the version that was seen. A refusal is a 409 with
the nearest free times as `alternatives`.
"""

import datetime as dt
from functools import partial
from http import HTTPStatus
from typing import Any

from flask import Response
from flask_openapi3 import APIBlueprint
from pydantic import BaseModel, Field

from server.features.meetings import service
from server.features.meetings.queries import diary, find_meeting, slots
from server.features.meetings.rules import LENGTH_STEP, LONGEST, SHORTEST, State
from server.features.meetings.schemas import (
    HoldIn,
    MeetingList,
    MeetingOut,
    SlotsOut,
)
from server.features.meetings.views.steps import END, ENDING, STEPS, StepForm
from server.infra.schema import ApiModel, Code
from server.infra.web.api import Problem, answer, api_blueprint, operation
from server.infra.web.context import database, identity, now
from server.infra.web.forms import Press
from server.infra.web.guard import guarded
from server.infra.web.paging import PageQuery
from server.infra.web.preconditions import answered_once, if_match, tagged

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


def _told(meeting: MeetingOut) -> Response:
    return tagged(answer(meeting), meeting.version)


def _with_steps(blueprint: APIBlueprint) -> APIBlueprint:
    """The interface with an address for each act."""
    for act, step in {**STEPS, END: ENDING}.items():
        body = {} if step.asks is Press else {"body": step.asks}
        view = operation(step.name, step.about, partial(_step, step), path=MeetingPath, **body)
        blueprint.post(f"/meetings/<uid>/{act}", responses=ANSWERS)(guarded(step.action)(view))
    return blueprint


def _step(step: StepForm, path: MeetingPath, body: BaseModel | None = None) -> Response:
    seen = if_match()
    with database().write() as session:
        return _told(step.use_case(session, identity(), path.uid, seen, **dict(body or ()), now=now()))


api = _with_steps(api_blueprint("meetings", "Free times, meetings, and what may happen to them"))


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
