"""The organiser's pages: plan a demo, change it, move it, take it out. What is refused keeps every word that was typed.

Choosing an exhibitor offers its own booths, robots and people: by a part of the page where scripts run, else by a
button that sends the form.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, make_response, render_template, request
from sqlmodel import Session
from werkzeug.wrappers import Response

from server.features.timetable.queries import find_choices, find_demo, list_days, list_exhibitor_names
from server.features.timetable.rules import day_of, moment_on, nearest_day
from server.features.timetable.schemas import Choices, DayOut, DemoChange, DemoForm, DemoOut, DemoPlan, NamedChoice
from server.features.timetable.service import (
    DemoGoneError,
    ForeignPartError,
    cancel_demo,
    change_demo,
    plan_demo,
)
from server.infra.audit import Difference, StaleError
from server.infra.i18n import fair_datetime
from server.infra.web.context import database, identity, now
from server.infra.web.forms import Form, FormFault, again, parse, pressed, shown, taken
from server.infra.web.guard import guarded
from server.infra.web.language import by_name, language
from server.kernel.clock import FAIR_ZONE
from server.kernel.errors import NotFoundError
from server.kernel.spans import next_on_grid

pages = Blueprint("timetable_desk", __name__, template_folder="templates")

USUAL_MIN = 20
SHOW_CHOICES = "choose"
PUT_IN = "at:"
PUT_WITH = "with:"
_PLACES = frozenset({"booth", "stage"})
_PARTS = _PLACES | {"robot", "staff"}
_PREFILLED = ("exhibitor", "place", "robot", "staff", "title_en", "title_zh", "day", "start", "minutes")


@dataclass(frozen=True)
class _Sheet:
    """What the form's page is made of."""

    days: list[DayOut]
    exhibitors: list[NamedChoice]
    choices: Choices | None
    demo: DemoOut | None

    def day(self, number: str) -> DayOut | None:
        """The day of that number."""
        return next((day for day in self.days if str(day.number) == number), None)

    def clock(self, moment: datetime) -> dict[str, str]:
        """A moment as the form has it: the number of its day, and the hour in fair time."""
        day = day_of(self.days, moment, moment) or nearest_day(self.days, moment)
        return {"day": str(day.number) if day else "", "start": f"{moment.astimezone(FAIR_ZONE):%H:%M}"}


@pages.get("/timetable/demos/new")
@guarded("demo.edit")
def new_demo() -> Response:
    """The form of a new demo, filled in as the address says; its script gets what depends on the exhibitor alone."""
    given = {name: request.args.get(name, "")[:200] for name in _PREFILLED}
    sheet = _sheet(given["exhibitor"])
    values = {**sheet.clock(next_on_grid(now())), "minutes": str(USUAL_MIN), **{k: v for k, v in given.items() if v}}
    form: Form[DemoForm] = Form(values=values)
    alone = "HX-Request" in request.headers and "HX-History-Restore-Request" not in request.headers
    response = _page(sheet, form, template="timetable/_choices.html" if alone else "timetable/demo.html")
    response.vary.update(("HX-Request", "Cookie", "Accept-Language"))
    return response


@pages.post("/timetable/demos/new")
@guarded("demo.edit")
def plan() -> Response:
    """Plan the demo that was typed."""
    form = parse(DemoForm, request.form)
    sheet = _sheet(form.text("exhibitor"))
    return _put_in(sheet, form) or _saved(sheet, form, _plan)


@pages.get("/timetable/demos/<demo>")
@guarded("demo.edit")
def demo_form(demo: str) -> Response:
    """The form of a demo that is there."""
    sheet = _sheet_of(demo)
    if sheet.demo is None:
        raise NotFoundError(what=demo)
    return _page(sheet, shown(_typed(sheet, sheet.demo), sheet.demo.version))


@pages.post("/timetable/demos/<demo>")
@guarded("demo.edit")
def change(demo: str) -> Response:
    """Change the demo to what was typed; one that is gone meanwhile can be planned anew with the same words."""
    sheet = _sheet_of(demo)
    if sheet.demo is None:
        form = parse(DemoForm, request.form)
        return _page(_sheet(form.text("exhibitor")), form.refuse(DemoGoneError()))
    form = parse(DemoForm, request.form, exhibitor=sheet.demo.exhibitor)
    return _put_in(sheet, form) or _saved(sheet, form, _change)


@pages.get("/timetable/demos/<demo>/cancel")
@guarded("demo.edit")
def ask_cancel(demo: str) -> Response:
    """Ask whether the demo is really to go."""
    with database().read() as session:
        found = _existing(session, demo)
    return _question(found, shown({}, found.version))


@pages.post("/timetable/demos/<demo>/cancel")
@guarded("demo.edit")
def cancel(demo: str) -> Response:
    """Take the demo out of the timetable."""
    form = pressed()

    def act(session: Session, _data: object) -> str:
        gone = cancel_demo(session, identity(), demo, form.version)
        return f"/timetable?{urlencode({'day': _sheet('').clock(gone.starts_at)['day'], 'done': 'cancelled'})}"

    done = taken(form, act)
    if done:
        return done
    with database().read() as session:
        return _question(_existing(session, demo), form)


def _plan(session: Session, data: DemoForm, _form: Form[DemoForm], starts_at: datetime, _sheet: _Sheet) -> DemoOut:
    plan_of_demo = DemoPlan.model_validate({**data.on(starts_at), "exhibitor": data.exhibitor})
    return plan_demo(session, identity(), plan_of_demo, now())


def _change(session: Session, data: DemoForm, form: Form[DemoForm], starts_at: datetime, sheet: _Sheet) -> DemoOut:
    code = sheet.demo.code if sheet.demo else ""
    wanted = DemoChange.model_validate(data.on(starts_at))
    return change_demo(session, identity(), code, form.version, wanted, now=now())


Save = Callable[[Session, DemoForm, Form[DemoForm], datetime, _Sheet], DemoOut]


def _saved(sheet: _Sheet, form: Form[DemoForm], save: Save) -> Response:
    """Save what was typed and go to the timetable; or the form again, with what is wrong."""
    day = sheet.day(form.text("day"))
    if day is None:
        form.errors.setdefault("day", FormFault("form-choose"))
    data = form.data
    if form.errors or data is None or day is None:
        return _page(sheet, form)
    starts_at = moment_on(day, day.date, data.start)
    try:
        done = taken(form, lambda session, _data: _after(save(session, data, form, starts_at, sheet), sheet))
    except NotFoundError:
        return _gone(sheet, form)
    if isinstance(form.refusal, ForeignPartError):
        field = str(form.refusal.params["field"])
        form.errors["place" if field in _PLACES else field] = FormFault("form-choose")
        form.refusal = None
    return done or _page(sheet, form)


def _gone(sheet: _Sheet, form: Form[DemoForm]) -> Response:
    """The form again when its exhibitor is unknown, or its demo has just been cancelled."""
    if sheet.demo is None:
        form.errors["exhibitor"] = FormFault("form-choose")
        return _page(sheet, form)
    anew = _Sheet(sheet.days, _names(), sheet.choices, None)
    return _page(anew, form.refuse(DemoGoneError()))


def _after(saved: DemoOut, sheet: _Sheet) -> str:
    """Where to go when a demo is saved: to its day, with a word that it is."""
    day = sheet.clock(saved.starts_at)["day"]
    done = "changed" if sheet.demo else "planned"
    return f"/timetable?{urlencode({'day': day, 'done': done, 'demo': saved.code})}#d-{saved.code}"


def _put_in(sheet: _Sheet, form: Form[DemoForm]) -> Response | None:
    """The form again when a button did not ask to save it: to offer an exhibitor's own, or to put a free time in."""
    act = form.text("act")
    if act != SHOW_CHOICES and not act.startswith((PUT_IN, PUT_WITH)):
        return None
    form.errors, form.data = {}, None
    if act.startswith(PUT_WITH):
        field, _, code = act.removeprefix(PUT_WITH).partition(":")
        chosen_part = {"place": f"{field}:{code}"} if field in _PLACES else {field: code}
        form.values = {**form.values, **({} if field not in _PARTS else chosen_part)}
        return _page(sheet, form, put_with=True)
    chosen = _moment(act.removeprefix(PUT_IN))
    if chosen is not None:
        form.values = {**form.values, **sheet.clock(chosen)}
    return _page(sheet, form, filled=chosen)


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _sheet(exhibitor: str) -> _Sheet:
    """What a new demo of that exhibitor needs."""
    with database().read() as session:
        choices = find_choices(session, exhibitor) if exhibitor.isprintable() else None
        return _Sheet(list_days(session), by_name(list_exhibitor_names(session)), choices, None)


def _sheet_of(code: str) -> _Sheet:
    """What the change of that demo needs."""
    with database().read() as session:
        demo = find_demo(session, code)
        return _Sheet(list_days(session), [], find_choices(session, demo.exhibitor) if demo else None, demo)


def _names() -> list[NamedChoice]:
    with database().read() as session:
        return by_name(list_exhibitor_names(session))


def _existing(session: Session, code: str) -> DemoOut:
    found = find_demo(session, code)
    if found is None:
        raise NotFoundError(what=code)
    return found


def _typed(sheet: _Sheet, demo: DemoOut) -> dict[str, Any]:
    """A demo as its form shows it."""
    return {
        "exhibitor": demo.exhibitor,
        "place": f"booth:{demo.booth}" if demo.booth else f"stage:{demo.stage}",
        "robot": (demo.robot or "").removeprefix(f"{demo.exhibitor}/"),
        "staff": demo.staff_code,
        "title_en": demo.title_en,
        "title_zh": demo.title_zh,
        **sheet.clock(demo.starts_at),
        "minutes": (demo.ends_at - demo.starts_at) // timedelta(minutes=1),
    }


def _page(
    sheet: _Sheet,
    form: Form[DemoForm],
    *,
    filled: datetime | None = None,
    put_with: bool = False,
    template: str = "timetable/demo.html",
) -> Response:
    if isinstance(form.refusal, StaleError):
        form.refusal.differences = [_worded(one, sheet.choices) for one in form.refusal.differences]
    free = getattr(form.refusal, "alternatives", [])
    page = render_template(
        template,
        sheet=sheet,
        form=form,
        filled=filled,
        put_with=put_with,
        substitutes=getattr(form.refusal, "substitutes", []),
        alternatives=[(one, sheet.clock(one.starts_at)) for one in free],
        asks_other_time=hasattr(form.refusal, "alternatives"),
    )
    response: Response = make_response(page, form.status)
    return response


def _worded(one: Difference, choices: Choices | None) -> Difference:
    """A difference in words that the form uses: names instead of codes, fair time instead of UTC."""
    names = _words_of(choices) if choices else {}
    old, new = (_word(one.field, value, names) for value in (one.old, one.new))
    return Difference(one.field, old, new)


def _word(field: str, value: Any, names: Mapping[str, str]) -> Any:
    if field == "starts_at" and isinstance(value, str):
        return fair_datetime(datetime.fromisoformat(value), language())
    return names.get(f"{field}:{value}", value)


def _words_of(choices: Choices) -> dict[str, str]:
    """The names of what may be chosen, by field and value."""
    chinese = language().startswith("zh")
    listed = {
        **{f"robot:{choices.exhibitor}/{one.code}": one for one in choices.robots},
        **{f"staff:{one.code}": one for one in choices.staff},
        **{f"stage:{one.code}": one for one in choices.stages},
    }
    return {key: one.name_zh if chinese else one.name_en for key, one in listed.items()}


def _question(demo: DemoOut, form: Form[Any]) -> Response:
    """The page that asks before a demo goes."""
    return again("timetable/cancel.html", form, demo=demo)
