"""The free times to which a meeting may be moved, or which may be proposed for it."""

from datetime import datetime, timedelta

from flask import redirect, render_template, request
from werkzeug.wrappers import Response

from server.features.meetings.queries import diary, find_meeting, slots_to_move
from server.features.meetings.queries.around import Calendar, find_calendar
from server.features.meetings.rules import OWNING, Act
from server.features.meetings.service import answer_lead
from server.features.meetings.views.blueprint import pages
from server.features.meetings.views.reading import LENGTHS, asked_day, asked_length, clock_for, halves, side_of
from server.features.meetings.views.steps import TIMED
from server.infra.web.context import database, identity, now
from server.infra.web.forms import shown
from server.infra.web.guard import guarded
from server.kernel.clock import FAIR_ZONE


@pages.get("/meetings/<uid>/<act>")
@guarded("meeting.change")
def other_times(uid: str, act: str) -> str | Response:
    """The times of a day, for an act that asks for one; back to the meeting when there is nothing to choose."""
    moment, by = now(), identity()
    with database().read() as session:
        found = find_meeting(session, by, uid, moment)
        if act not in TIMED or act not in found.acts:
            return redirect(f"/meetings/{uid}", 303)
        calendar = find_calendar(session, by)
        day = asked_day(calendar, request.args.get("day") or _day_of(found.starts_at, calendar), moment)
        minutes = asked_length(request.args, found.minutes)
        lead = answer_lead(session) if act == Act.RESCHEDULE else timedelta(0)
        free = slots_to_move(session, uid, day.date, minutes=minutes, now=moment, lead=lead) if day else None
        own = diary(session, by, moment, day=day.date, states=OWNING) if day and by.buyer_id else []
    return render_template(
        "meetings/times.html",
        meeting=found,
        act=Act(act),
        clock=clock_for(calendar, moment),
        side=side_of(by),
        days=calendar.days,
        day=day,
        slots=free,
        halves=halves(free, own),
        lengths=sorted({*LENGTHS, minutes}),
        minutes=minutes,
        form=shown({}, found.version),
    )


def _day_of(moment: datetime, calendar: Calendar) -> str:
    there = moment.astimezone(FAIR_ZONE).date()
    return next((str(day.number) for day in calendar.days if day.date == there), "")
