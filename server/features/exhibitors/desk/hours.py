"""The desk's page of somebody's hours: a row of stretches a day, copied to the other days with one click."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time

from flask import Blueprint, make_response, render_template, request
from sqlmodel import Session
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from server.features.exhibitors.desk.staff import own_person
from server.features.exhibitors.queries import list_openings
from server.features.exhibitors.rules import (
    HoursSpan,
    Opening,
    clock_on,
    fitted,
    hours_fault,
    overlapping,
    with_bookings,
)
from server.features.exhibitors.schemas import DayHours, HoursEdit, StaffDesk, StretchIn
from server.features.exhibitors.service import StaffBookedError, edit_hours
from server.infra.web.context import database, identity, now, own_exhibitor
from server.infra.web.forms import Form, FormFault, again, pressed, taken
from server.infra.web.guard import guarded
from server.kernel.clock import FAIR_ZONE

pages = Blueprint("desk_hours", __name__)

_TEMPLATE = "exhibitors/desk_hours.html"
_LEAST_ROWS = 2
_MOST_ROWS = 6


@dataclass
class HoursOfDay:
    """One day of the form: what was typed into its rows, and what is wrong with it."""

    opening: Opening
    rows: list[tuple[str, str]] = field(default_factory=list)
    stretches: list[HoursSpan] = field(default_factory=list)
    fault: FormFault | None = None

    @property
    def name(self) -> str:
        """The name of the day in the form's fields and in the summary of faults."""
        return self.opening.date.isoformat()

    @property
    def shown_rows(self) -> list[tuple[str, str]]:
        """What was typed, and empty rows for more."""
        return self.rows + [("", "")] * max(_LEAST_ROWS - len(self.rows), 0)

    def say(self, stretches: Sequence[HoursSpan]) -> None:
        """Put other hours into the rows."""
        self.rows = [(_clock(one.starts_at), _clock(one.ends_at)) for one in sorted(stretches)]
        self.stretches = list(stretches)
        self.fault = None


@pages.get("/desk/staff/<person>/hours")
@guarded("exhibitor.edit-own")
def hours(person: str) -> str:
    """Somebody's hours on every day of the fair."""
    row = own_person(person)
    return render_template(_TEMPLATE, form=Form(version=row.version), row=row, days=_stored(row, _openings()))


@pages.post("/desk/staff/<person>/hours")
@guarded("exhibitor.edit-own")
def save_hours(person: str) -> Response:
    """Keep the hours, or show them again: with what is in the way, or with a day copied, or with one row more."""
    days = _typed(_openings(), request.form)
    form = _form(days)
    verb, _, name = request.form.get("act", "save").partition(":")
    if verb in _HELPS:
        _HELPS[verb](days, name)
        form.errors = {day.name: day.fault for day in days if day.fault and verb != "more"}
        return make_response(render_template(_TEMPLATE, form=form, row=own_person(person), days=days, helped=verb))

    def act(session: Session, data: HoursEdit) -> str:
        edit_hours(session, identity(), f"{own_exhibitor()}/{person}", data, form.version, now=now())
        return "/desk/staff?saved=yes"

    return taken(form, act) or again(_TEMPLATE, form, row=own_person(person), days=days, kept=_kept(form, days))


def _openings() -> list[Opening]:
    with database().read() as session:
        return list_openings(session)


def _stored(row: StaffDesk, openings: Sequence[Opening]) -> list[HoursOfDay]:
    days = [HoursOfDay(opening) for opening in openings]
    for day in days:
        day.say([HoursSpan(*one) for one in row.hours if day.opening.has(one[0])])
    return days


def _typed(openings: Sequence[Opening], typed: "MultiDict[str, str]") -> list[HoursOfDay]:
    days = []
    for opening in openings:
        name = opening.date.isoformat()
        pairs = zip(typed.getlist(f"from-{name}"), typed.getlist(f"to-{name}"), strict=False)
        day = HoursOfDay(
            opening, [(first.strip(), last.strip()) for first, last in pairs if first.strip() or last.strip()]
        )
        _read(day)
        days.append(day)
    return days


def _read(day: HoursOfDay) -> None:
    """Understand what was typed; the first thing that is wrong is the day's fault."""
    opening = day.opening
    for first, last in day.rows[:_MOST_ROWS]:
        try:
            stretch = HoursSpan(*(clock_on(time.fromisoformat(text), opening) for text in (first, last)))
        except ValueError:
            day.fault = day.fault or FormFault("form-hours-incomplete" if not (first and last) else "form-time")
            continue
        day.stretches.append(stretch)
        if fault := hours_fault(stretch, opening):
            day.fault = day.fault or FormFault(f"form-hours-{fault}", _opening_words(opening))
    if overlapping(day.stretches):
        day.fault = day.fault or FormFault("form-hours-overlap")


def _opening_words(opening: Opening) -> Mapping[str, str]:
    return {"opens": _clock(opening.opens_at), "closes": _clock(opening.closes_at)}


def _form(days: Sequence[HoursOfDay]) -> Form[HoursEdit]:
    """What was typed as a form: with data when no day has a fault."""
    carried = pressed()
    form: Form[HoursEdit] = Form(version=carried.version, idempotency_key=carried.idempotency_key)
    form.errors = {day.name: day.fault for day in days if day.fault}
    if not form.errors:
        form.data = HoursEdit(
            days=[
                DayHours(
                    date=day.opening.date,
                    stretches=[StretchIn(starts_at=one.starts_at, ends_at=one.ends_at) for one in day.stretches],
                )
                for day in days
            ]
        )
    return form


def _copy(days: Sequence[HoursOfDay], name: str) -> None:
    """Put one day's hours into all others, cut where those end earlier."""
    for source in (day for day in days if day.name == name and not day.fault):
        for day in days:
            if day is not source:
                day.say(fitted(source.stretches, source.opening, day.opening))


def _more(days: Sequence[HoursOfDay], name: str) -> None:
    """One more row for a day."""
    for day in days:
        if day.name == name and len(day.rows) < _MOST_ROWS:
            day.rows = [*day.shown_rows, ("", "")]


def _clear(days: Sequence[HoursOfDay], name: str) -> None:
    """Nobody there on a day."""
    for day in days:
        if day.name == name:
            day.say([])


def _use(days: Sequence[HoursOfDay], told: str) -> None:
    """Put hours that were offered into a day: `2026-04-16=09:00-12:00,13:00-18:00`."""
    name, _, spans = told.partition("=")
    for day in days:
        if day.name == name:
            day.rows = [(first, last) for first, _, last in (span.partition("-") for span in spans.split(","))]
            day.stretches, day.fault = [], None
            _read(day)


_HELPS: dict[str, Callable[[Sequence[HoursOfDay], str], None]] = {
    "use": _use,
    "copy": _copy,
    "more": _more,
    "clear": _clear,
}


def _kept(form: Form[HoursEdit], days: Sequence[HoursOfDay]) -> list[HoursOfDay]:
    """After a refusal for bookings: the same hours made longer by as little as all bookings need."""
    if not isinstance(form.refusal, StaffBookedError):
        return []
    longer = []
    for day in days:
        needed = [one for one in form.refusal.bookings if day.opening.has(one.starts_at)]
        if needed:
            fitting = HoursOfDay(day.opening)
            fitting.say(with_bookings(day.stretches, needed))
            longer.append(fitting)
    return longer


def _clock(moment: datetime) -> str:
    return moment.astimezone(FAIR_ZONE).strftime("%H:%M")
