"""The free times of an exhibitor: a buyer chooses one, and it is held while the request is written."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote, urlencode

from flask import make_response, redirect, render_template, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from server.features.meetings.queries import diary, slots
from server.features.meetings.queries.around import NamedRow, find_calendar, find_host
from server.features.meetings.rules import OWNING
from server.features.meetings.schemas import MAX_TOPIC, HoldIn
from server.features.meetings.service import answer_lead, hold
from server.features.meetings.views.blueprint import pages
from server.features.meetings.views.reading import LENGTHS, asked_day, asked_length, clock_for, halves
from server.features.meetings.views.refusals import alternatives
from server.infra.web.context import database, identity, now
from server.infra.web.forms import Form, parse, shown, taken
from server.infra.web.guard import guarded

_CHOSEN = ("minutes", "staff", "robot", "topic")
"""What the reader has chosen besides the day; it goes along in the address."""


@pages.get("/exhibitors/<code>/meet")
@guarded("slot.view")
def meet(code: str) -> str:
    """The times of an exhibitor on a day: free, free with others waiting, or taken."""
    chosen = {name: request.args.get(name, "")[:MAX_TOPIC] for name in _CHOSEN}
    return _page(code, request.args, shown(chosen))


@pages.post("/exhibitors/<code>/meet")
@guarded("meeting.book")
def choose_time(code: str) -> Response:
    """Hold the chosen time and go on to the request; without a time, show those of what else was chosen."""
    typed = _typed()
    if not typed.get("starts_at"):
        return redirect(_address(code, typed), 303)
    form = parse(HoldIn, typed, exhibitor=code)
    done = taken(form, lambda session, wanted: f"/meetings/{hold(session, identity(), wanted, now()).uid}")
    return done or make_response(_page(code, typed, form), form.status)


def _typed() -> "MultiDict[str, str]":
    """What was typed; a button that takes the time without the person or the robot leaves that one out."""
    typed = request.form.copy()
    part, _, start = typed.pop("without", "").partition(":")
    if part in {"staff", "robot"}:
        typed[part], typed["starts_at"] = "", start
    return typed


def _address(code: str, typed: "MultiDict[str, str]") -> str:
    """The address of the times that somebody wants to see."""
    chosen = {name: typed.get(name, "")[:MAX_TOPIC] for name in _CHOSEN}
    chosen["day"] = typed.get("to_day") or typed.get("day", "")
    return f"/exhibitors/{quote(code)}/meet?{urlencode({name: value for name, value in chosen.items() if value})}"


def _page(code: str, asked: "MultiDict[str, str]", form: Form[Any]) -> str:
    moment, by = now(), identity()
    minutes = asked_length(asked)
    with database().read() as session:
        calendar = find_calendar(session, by)
        day = asked_day(calendar, asked.get("day", ""), moment)
        host = find_host(session, code)
        keys = {"staff_id": _key(host.staff, form.text("staff")), "robot_id": _key(host.robots, form.text("robot"))}
        lead = answer_lead(session)
        found = slots(session, by, code, day.date, minutes=minutes, now=moment, lead=lead, **keys) if day else None
        own = diary(session, by, moment, day=day.date, states=OWNING) if day and by.buyer_id else []
    return render_template(
        "meetings/meet.html",
        code=code,
        clock=clock_for(calendar, moment),
        days=calendar.days,
        day=day,
        slots=found,
        halves=halves(found, own),
        host=host,
        lengths=sorted({*LENGTHS, minutes}),
        minutes=minutes,
        form=form,
        alternatives=alternatives(form.refusal),
        without=getattr(form.refusal, "without", ()),
        books=by.may("meeting.book"),
    )


def _key(choices: Iterable[NamedRow], code: str) -> int | None:
    """The key of the one chosen, if one is."""
    return next((one.id for one in choices if one.code == code), None)
