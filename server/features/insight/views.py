"""The organiser's pages: the day at a glance, and who changed what."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from flask import Blueprint, render_template, request

from server.features.insight.api import wanted_of
from server.features.insight.queries import exhibitor_names
from server.features.insight.rules import WORKER_LATE_S, as_moment, minutes_since, place_of
from server.features.insight.schemas import EntryOut
from server.features.insight.service import count_wanted, entries, people, things, today
from server.infra.i18n import fair_date, fair_datetime
from server.infra.web.context import database, now, services
from server.infra.web.guard import guarded
from server.infra.web.language import language, t
from server.infra.web.paging import Page, asked_page
from server.kernel.clock import FAIR_ZONE

pages = Blueprint("insight", __name__, template_folder="templates")

PER_PAGE = 50


@pages.get("/today")
@guarded("dashboard.view")
def day() -> str:
    """What the organiser wants to know at a glance, now."""
    moment = now()
    with database().read() as session:
        found, names = today(session, moment), exhibitor_names(session)
    oldest = found.meetings.oldest_request_at
    return render_template(
        "insight/today.html",
        today=found,
        oldest_min=minutes_since(oldest, moment) if oldest else None,
        worker_late=found.worker_age_s is None or found.worker_age_s > WORKER_LATE_S,
        **_words(names),
    )


@pages.get("/audit")
@guarded("audit.view")
def audit() -> str:
    """The audit log: filtered by person, thing, day and text; newest first, a page at a time."""
    asked = {name: request.args.get(name, "").strip()[:120] for name in ("who", "thing", "key", "text")}
    day = _date(request.args.get("day", ""))
    wanted, number = wanted_of(asked, day), asked_page(request.args)
    with database().read() as session:
        total = count_wanted(session, wanted)
        found = entries(session, wanted, offset=(number - 1) * PER_PAGE, limit=PER_PAGE)
        who, what, names = people(session), things(session), exhibitor_names(session)
    return render_template(
        "insight/audit.html",
        page=Page(found, total, number, PER_PAGE),
        wanted={**asked, "day": day.isoformat() if day else ""},
        people=who,
        things=what,
        **_words(names),
    )


def _date(text: str) -> date | None:
    """The day that an address asks for; none for nonsense: better a list than a refusal."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _words(names: Mapping[str, tuple[str, str]]) -> dict[str, Any]:
    """How the log is worded; `names` are the exhibitors' English and Chinese names by code."""
    own = {code: pair[language().startswith("zh")] for code, pair in names.items()}
    return {
        "did": _did,
        "thing_word": _thing,
        "field_word": _field,
        "value_word": lambda value, field: _value(value, own, field),
        "place_of": place_of,
    }


def _did(entry: EntryOut) -> str:
    """The entry in one sentence; in general words when its action has no sentence of its own."""
    verb = entry.action.removeprefix(f"{entry.thing}.").replace("_", "-")
    general = t("audit-did", who=entry.who, key=entry.key, thing=_thing(entry.thing))
    return _known(f"audit-did-{entry.thing}-{verb}", general, who=entry.who, key=entry.key)


def _thing(thing: str) -> str:
    return _known(f"audit-thing-{thing}", thing)


def _field(field: str) -> str:
    """The name of a field; a change of somebody's hours has a field a day, named by its date."""
    if day := _date(field):
        return fair_date(datetime.combine(day, time(12), FAIR_ZONE), language())
    return _known(f"audit-field-{field.replace('_', '-')}", field)


def _known(sentence: str, otherwise: str, /, **values: str) -> str:
    """The `sentence` if the reader's catalogue has it: what is logged may be older than its words."""
    return t(sentence, **values) if services().catalogues.has(language(), sentence) else otherwise


def _value(value: Any, names: Mapping[str, str], field: str = "") -> str:
    """A logged value in words: a name for a code, a moment in fair time, a list with commas, nothing as a word."""
    if value is None or value in ("", []):
        return t("audit-nothing")
    if isinstance(value, bool):
        return t("audit-yes") if value else t("audit-no")
    if isinstance(value, list):
        return ", ".join(_value(item, names) for item in value)
    if field == "state":
        return _known(f"meeting-state-{value}", value)
    if field == "exhibitor":
        return names.get(value, value)
    moment = as_moment(value)
    return fair_datetime(moment, language()) if moment else str(value)
