"""The desk of an exhibitor's people: what waits for an answer, then today, and when somebody is free next."""

from datetime import datetime

from flask import render_template, request
from sqlmodel import Session

from server.features.meetings.queries import When, count_diary, diary, find_meeting, open_requests
from server.features.meetings.queries.around import demos_of, find_calendar, needs_of, next_free
from server.features.meetings.rules import Act, State
from server.features.meetings.schemas import MeetingOut
from server.features.meetings.views.blueprint import pages
from server.features.meetings.views.reading import clock_for, side_of
from server.features.meetings.views.steps import STEPS
from server.infra.identity import Identity
from server.infra.web.context import database, identity, now
from server.infra.web.forms import shown
from server.infra.web.guard import guarded
from server.kernel.clock import FAIR_ZONE
from server.kernel.errors import NotFoundError

TODAY = frozenset({State.ACCEPTED, State.DONE, State.NO_SHOW})
ANSWERS = frozenset({Act.ACCEPT, Act.AGREE})
"""The acts that answer a buyer: who may do one of them is waited for."""


@pages.get("/desk")
@guarded("desk.view")
def desk() -> str:
    """Requests, the longest waiting first, and the day; only that part for a page that refreshes itself."""
    moment, by = now(), identity()
    with database().read() as session:
        calendar = find_calendar(session, by)
        day = calendar.current(moment)
        waiting = open_requests(session, by, moment)
        needs = needs_of(session, {one.buyer for one in waiting})
        today = diary(session, by, moment, day=day.date, states=TODAY, limit=200) if day else []
        demos = demos_of(session, by.exhibitor or "", day) if day else []
        free = next_free(session, by.exhibitor_id or 0, moment, day) if day else None
        coming = count_diary(session, by, moment, day=When.COMING, states=TODAY)
        told = _told(session, by, moment)
    questions = [one for one in waiting if ANSWERS & set(one.acts)]
    return render_template(
        "meetings/_desk.html" if _is_refresh() else "meetings/desk.html",
        clock=clock_for(calendar, moment),
        side=side_of(by),
        day=day,
        questions=questions,
        others=[one for one in waiting if one not in questions],
        needs=needs,
        forms_of={one.uid: shown({}, one.version) for one in questions},
        agenda=sorted([*today, *demos], key=lambda one: (one.starts_at, one.ends_at)),
        free=free,
        coming=coming,
        is_today=day is not None and day.date == moment.astimezone(FAIR_ZONE).date(),
        told=told,
        done=request.args.get("done"),
        stamp=" ".join(f"{one.uid}.{one.version}" for one in [*waiting, *today]),
    )


def _is_refresh() -> bool:
    return "HX-Request" in request.headers


def _told(session: Session, by: Identity, moment: datetime) -> MeetingOut | None:
    """The meeting to which the reader has just done something here."""
    uid, done = request.args.get("uid", ""), request.args.get("done", "")
    if _is_refresh() or done not in STEPS:
        return None
    try:
        return find_meeting(session, by, uid, moment)
    except NotFoundError:  # an address that somebody wrote by hand
        return None
