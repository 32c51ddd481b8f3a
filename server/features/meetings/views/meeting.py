"""The page of one meeting, for both sides and, to read, the organiser; and every act that it offers."""

from typing import Any

from flask import make_response, render_template, request
from pydantic import BaseModel
from sqlmodel import Session
from werkzeug.wrappers import Response

from server.features.meetings import service
from server.features.meetings.queries import find_meeting
from server.features.meetings.queries.around import NamedRow, booths_of, find_calendar, find_host, needs_of
from server.features.meetings.rules import Act
from server.features.meetings.schemas import MeetingOut
from server.features.meetings.views.blueprint import pages
from server.features.meetings.views.history import history_of, in_words
from server.features.meetings.views.reading import clock_for, side_of
from server.features.meetings.views.refusals import alternatives
from server.features.meetings.views.steps import END, ENDING, STEPS, follow_up
from server.infra.audit import StaleError
from server.infra.web.context import database, identity, now
from server.infra.web.forms import Form, parse, shown, taken
from server.infra.web.guard import guarded
from server.kernel.errors import NotFoundError


@pages.get("/meetings/<uid>")
@guarded("meeting.view")
def meeting(uid: str) -> str:
    """What it is, with whom, where and when, how it stands, what may be done, and what has happened."""
    return _page(uid)


@pages.post("/meetings/<uid>/<act>")
@guarded("meeting.change")
def change_meeting(uid: str, act: str) -> Response:
    """Do an act, and show the meeting, or the desk where it was done; a refusal keeps everything typed."""
    step = ENDING if act == END else STEPS.get(act)
    if step is None:
        raise NotFoundError(what=act)
    form = parse(step.typed or step.asks, request.form)
    target = f"/desk?done={act}&uid={uid}" if request.form.get("back") == "desk" else f"/meetings/{uid}?done={act}"

    def do(session: Session, said: BaseModel) -> str:
        step.use_case(session, identity(), uid, form.version, **dict(said), now=now())
        return target

    return taken(form, do) or make_response(_page(uid, act, form), form.status)


@pages.post("/meetings/<uid>/end")
@guarded("meeting.end")
def end_meeting(uid: str) -> Response:
    """End a meeting as the organiser."""
    return change_meeting(uid, END)


def _page(uid: str, act: str = "", refused: Form[Any] | None = None) -> str:
    """The page; with the form of an act that was not done."""
    moment, by = now(), identity()
    refusal = refused.refusal if refused else None
    with database().read() as session:
        found = find_meeting(session, by, uid, moment)
        calendar = find_calendar(session, by)
        clock = clock_for(calendar, moment)
        booths = booths_of(session, [found.exhibitor])
        needs = needs_of(session, [found.buyer])
        history = history_of(session, found, clock)
        colleagues = _colleagues(session, found)
        named = refusal is not None and "alternatives" in refusal.members()
        found_times = [] if refused is None or named else service.other_times(session, uid, moment)
    return render_template(
        "meetings/meeting.html",
        meeting=found,
        clock=clock,
        side=side_of(by),
        booths=booths.get(found.exhibitor, []),
        needs=needs.get(found.buyer, []),
        history=history,
        colleagues=colleagues,
        forms_of=_forms(found, act, refused),
        fresh=shown({}),
        refused_act=act,
        refused=refused,
        alternatives=alternatives(refusal) or found_times,
        follow=follow_up(act, found.acts) if refused else None,
        news=list(in_words(refusal.differences, clock)) if isinstance(refusal, StaleError) else [],
        done=request.args.get("done") if request.args.get("done") in {*STEPS, END} else None,
        ending=refused if refused and act == END else shown({}, found.version),
    )


def _colleagues(session: Session, meeting: MeetingOut) -> list[NamedRow]:
    """To whom a meeting may be handed over."""
    if Act.HAND_OVER not in meeting.acts:
        return []
    return [one for one in find_host(session, meeting.exhibitor).staff if one.code != meeting.staff]


def _forms(meeting: MeetingOut, act: str, refused: Form[Any] | None) -> dict[str, Form[Any]]:
    """A form for each act that the reader may do now; the refused one with what was typed into it."""
    fresh: dict[str, Form[Any]] = {
        one: shown({"topic": meeting.topic} if one is Act.REQUEST else {}, meeting.version) for one in meeting.acts
    }
    if refused and act in fresh:
        fresh[act] = refused
        refused.version = meeting.version
    return fresh
