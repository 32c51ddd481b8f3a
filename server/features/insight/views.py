"""The organiser's pages: the day at a glance, and who changed what."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any

from flask import Blueprint, render_template, request
from sqlmodel import Session

from server.features.insight.api import FIRST_YEAR, LAST_YEAR, wanted_of
from server.features.insight.queries import NamedThing, chinese_names, exhibitor_names, named_things, names_of_kinds
from server.features.insight.rules import WORKER_LATE_S, minutes_since
from server.features.insight.schemas import EntryOut
from server.features.insight.service import count_wanted, entries, people, things, today
from server.features.insight.wording import Names
from server.infra.i18n import fair_date
from server.infra.regions import name_key
from server.infra.web.context import database, features, now
from server.infra.web.guard import guarded
from server.infra.web.language import called, language, t
from server.infra.web.paging import Page, asked_page
from server.infra.web.wording import field_in_words, known, value_in_words
from server.kernel.clock import FAIR_ZONE
from server.kernel.permissions import Role

pages = Blueprint("insight", __name__, template_folder="templates")

PER_PAGE = 50


@pages.get("/today")
@guarded("dashboard.view")
def day() -> str:
    """What the organiser wants to know at a glance, now."""
    moment = now()
    with database().read() as session:
        found = today(session, moment)
        named = named_things(session, [entry.key for entry in found.changes])
        names = Names(people=_in_chinese(session, [entry.who for entry in found.changes]))
    oldest = found.meetings.oldest_request_at
    return render_template(
        "insight/today.html",
        today=found,
        oldest_min=minutes_since(oldest, moment) if oldest else None,
        worker_late=found.worker_age_s is None or found.worker_age_s > WORKER_LATE_S,
        **_words(names, named),
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
        named = named_things(session, [*(entry.key for entry in found), *_values(found, "robot")])
        people_zh = _in_chinese(session, [*who, *_values(found, "staff")])
        own = _names(names, named, names_of_kinds(session), people_zh)
    return render_template(
        "insight/audit.html",
        page=Page(found, total, number, PER_PAGE),
        wanted={**asked, "day": day.isoformat() if day else ""},
        people=sorted(
            ((name, people_zh.get(name, name)) for name in who), key=lambda pair: name_key(pair[1], language())
        ),
        things=what,
        **_words(own, named),
    )


def _date(text: str) -> date | None:
    """The day that an address asks for; none for nonsense: better a list than a refusal."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year < LAST_YEAR else None


def _values(found: Iterable[EntryOut], field: str) -> list[str]:
    """What the entries say of a field, before and after."""
    told = [one for entry in found for one in entry.changes if one.field == field]
    return [str(value) for one in told for value in (one.old, one.new) if value]


def _names(
    exhibitors: Mapping[str, tuple[str, str]],
    named: Mapping[tuple[str, str], NamedThing],
    categories: Mapping[str, tuple[str, str]],
    people: Mapping[str, str],
) -> Names:
    """The names in the reader's language; each pair is the English and the Chinese one."""
    chinese = language().startswith("zh")
    return Names(
        exhibitors={code: pair[chinese] for code, pair in exhibitors.items()},
        categories={code: pair[chinese] for code, pair in categories.items()},
        robots={key: called(one) for (thing, key), one in named.items() if thing == "robot"},
        people=people,
    )


def _in_chinese(session: Session, names: list[str]) -> dict[str, str]:
    """The Chinese names of these people and firms, for a Chinese page."""
    return chinese_names(session, names) if language().startswith("zh") else {}


def _words(names: Names, named: Mapping[tuple[str, str], NamedThing]) -> dict[str, Any]:
    """How the log is worded; `named` is what changed."""
    return {
        "did": lambda entry: _did(entry, named.get((entry.thing, entry.key)), names.people.get(entry.who, entry.who)),
        "thing_word": _thing,
        "field_word": _field,
        "value_word": lambda value, field: value_in_words(value, field, names.of(field)),
        "place_of": place_of,
    }


def _did(entry: EntryOut, named: NamedThing | None, who: str) -> str:
    """The entry in one sentence; in general words when its action has no sentence of its own."""
    action = entry.action.replace(".", "-")
    key = called(named) if named and not named.buyer else entry.key
    if entry.action == "meeting.expire" and any(one.field == "state" and one.old == "held" for one in entry.changes):
        action = "meeting-lapse"
    general = t("audit-did", who=who, key=key, thing=_thing(entry.thing))
    return known(f"audit-did-{action}", general, who=who, key=key, other=_other(entry, named))


def _other(entry: EntryOut, named: NamedThing | None) -> str:
    """Whom a meeting is with, seen from who changed it; both sides when it was neither."""
    if named is None:
        return t("audit-somebody")
    if entry.role == Role.BUYER:
        return called(named)
    if entry.role in {Role.EXHIBITOR_STAFF, Role.EXHIBITOR_ADMIN}:
        return called(named, "buyer")
    return t("audit-both", buyer=called(named, "buyer"), exhibitor=called(named))


def place_of(thing: str, key: str) -> str:
    """The address of the page that shows a changed thing; empty where there is none."""
    pattern = next((one.log_pages[thing] for one in features() if thing in one.log_pages), "")
    first, _, rest = key.partition("/")
    return pattern.format(key=key, first=first, rest=rest)


def _thing(thing: str) -> str:
    return known(f"audit-thing-{thing}", thing)


def _field(field: str) -> str:
    """The name of a field; a change of somebody's hours has a field a day, named by its date."""
    if day := _date(field):
        return fair_date(datetime.combine(day, time(12), FAIR_ZONE), language())
    return field_in_words(field)
