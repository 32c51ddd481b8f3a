"""The page of one meeting, for both sides and, to read, the organiser; and every act that it offers."""

from dataclasses import dataclass, field
from typing import Any

from flask import make_response, redirect, render_template, request
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
from server.features.meetings.views.refusals import ELSEWHERE, alternatives
from server.features.meetings.views.steps import END, ENDING, STEPS, StepForm, follow_up
from server.infra.audit import StaleError
from server.infra.web.context import database, identity, now
from server.infra.web.forms import Form, parse, shown
from server.infra.web.guard import guarded
from server.infra.web.preconditions import form_once
from server.kernel.errors import FairZoneError, NotFoundError


@dataclass(frozen=True)
class RefusedStep:
    """An act that was not done, with all that was typed."""

    act: str
    form: Form[Any] = field(default_factory=Form)

    @property
    def status(self) -> int:
        """The HTTP status of the refusal."""
        return self.form.refusal.status if self.form.refusal else 422


@pages.get("/meetings/<uid>")
@guarded("meeting.view")
def meeting(uid: str) -> str:
    """What it is, with whom, where and when, how it stands, what may be done, and what has happened."""
    return _page(uid)


@pages.post("/meetings/<uid>/<act>")
@guarded("meeting.change")
def change_meeting(uid: str, act: str) -> Response:
    """Do an act, and show the meeting, or the desk where it was done; a refusal keeps everything typed."""
    step = STEPS.get(act)
    if step is None:
        raise NotFoundError(what=act)
    return _changed(uid, act, step)


@pages.post("/meetings/<uid>/end")
@guarded("meeting.end")
def end_meeting(uid: str) -> Response:
    """End a meeting as the organiser."""
    return _changed(uid, END, ENDING)


def _changed(uid: str, act: str, step: StepForm) -> Response:
    form = parse(step.asks, request.form)
    try:
        if form.data is not None:
            return redirect(_done(uid, act, step, form), 303)
    except ELSEWHERE:
        raise
    except FairZoneError as refusal:
        form.refuse(refusal)
    refused = RefusedStep(act, form)
    return make_response(_page(uid, refused), refused.status)


def _done(uid: str, act: str, step: StepForm, form: Form[Any]) -> str:
    """Do an act, once for two taps; where to go then."""
    moment, by, said = now(), identity(), dict(form.data or ())
    target = "/desk" if request.form.get("back") == "desk" else f"/meetings/{uid}"

    def do(session: Session) -> str:
        step.use_case(session, by, uid, form.version, **said, now=moment)
        return f"{target}?done={act}" + (f"&uid={uid}" if target == "/desk" else "")

    with database().write() as session:
        return form_once(session, lambda: do(session))


def _page(uid: str, refused: RefusedStep | None = None) -> str:
    moment, by = now(), identity()
    with database().read() as session:
        found = find_meeting(session, by, uid, moment)
        calendar = find_calendar(session, by)
        clock = clock_for(calendar, moment)
        booths = booths_of(session, [found.exhibitor])
        needs = needs_of(session, [found.buyer])
        history = history_of(session, found, clock)
        colleagues = _colleagues(session, found)
        named = refused is not None and "alternatives" in (refused.form.refusal or NotFoundError()).members()
        found_times = [] if refused is None or named else service.other_times(session, uid, moment)
    refusal = refused.form.refusal if refused else None
    return render_template(
        "meetings/meeting.html",
        meeting=found,
        clock=clock,
        side=side_of(by),
        booths=booths.get(found.exhibitor, []),
        needs=needs.get(found.buyer, []),
        history=history,
        colleagues=colleagues,
        forms_of=_forms(found, refused),
        fresh=shown({}),
        refused=refused,
        alternatives=alternatives(refusal) or found_times,
        follow=follow_up(refused.act, found.acts) if refused else None,
        news=list(in_words(refusal.differences, clock)) if isinstance(refusal, StaleError) else [],
        done=request.args.get("done") if request.args.get("done") in {*STEPS, END} else None,
        ending=refused.form if refused and refused.act == END else shown({}, found.version),
    )


def _colleagues(session: Session, meeting: MeetingOut) -> list[NamedRow]:
    """To whom a meeting may be handed over."""
    if Act.HAND_OVER not in meeting.acts:
        return []
    return [one for one in find_host(session, meeting.exhibitor).staff if one.code != meeting.staff]


def _forms(meeting: MeetingOut, refused: RefusedStep | None) -> dict[str, Form[Any]]:
    """A form for each act that the reader may do now; the refused one with what was typed into it."""
    fresh: dict[str, Form[Any]] = {
        act: shown({"topic": meeting.topic} if act is Act.REQUEST else {}, meeting.version) for act in meeting.acts
    }
    if refused and refused.act in fresh:
        fresh[refused.act] = refused.form
        refused.form.version = meeting.version
    return fresh
