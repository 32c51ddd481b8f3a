"""The pages of the timetable: the demos of a day, those of one exhibitor as a part of its page."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from flask import Blueprint, render_template, request
from sqlmodel import Session

from server.features.timetable.queries import find_demo, list_days, list_demos, list_shown
from server.features.timetable.rules import current_day
from server.features.timetable.schemas import DayOut, DemoOut
from server.infra.changes import last_change
from server.infra.web.context import database, now
from server.infra.web.guard import guarded
from server.kernel.clock import FAIR_ZONE
from server.kernel.folding import folded
from server.kernel.provenance import Provenance

pages = Blueprint("timetable", __name__, template_folder="templates")

TO_COME = 12
ALL_DAYS = "all"
_FILTERS = ("q", "exhibitor", "place", "stages", "past")
_DONE = frozenset({"planned", "changed", "cancelled"})


@pages.app_template_filter("fair_clock")
def fair_clock(moment: datetime) -> str:
    """The hour in fair time without its zone, for tables whose head or page names it."""
    return f"{moment.astimezone(FAIR_ZONE):%H:%M}"


@pages.get("/timetable")
@guarded("timetable.view")
def timetable() -> str:
    """The demos of the asked day or of all, without those of today that are over, filtered by what the address says."""
    moment = now()
    wanted = {name: request.args.get(name, "").strip()[:80] for name in _FILTERS}
    with database().read() as session:
        cursor = last_change(session)
        days = list_days(session)
        chosen = _chosen_days(days, request.args.get("day", ""), moment)
        demos = _demos_of(session, chosen, wanted)
        exhibitors, places = list_shown(session)
        done = _done(session)
    running = any(day.opens_at <= moment < day.closes_at for day in chosen)
    shown = [one for one in demos if _matches(one, wanted) and (wanted["past"] or not running or one.ends_at > moment)]
    return render_template(
        "timetable/timetable.html",
        days=days,
        parts=[(day, [one for one in shown if day.opens_at <= one.starts_at < day.closes_at]) for day in chosen],
        count=len(shown),
        day=chosen[0].number if len(chosen) == 1 else ALL_DAYS,
        running_day=running,
        derived=any(one.provenance is Provenance.DERIVED for one in days),
        wanted=wanted,
        kept={name: value for name, value in wanted.items() if value},
        exhibitors=exhibitors,
        shown_places=places,
        done=done,
        cursor=cursor,
        now=moment,
    )


@pages.get("/exhibitors/<code>/demos")
@guarded("timetable.view")
def demos_of_exhibitor(code: str) -> str:
    """The demos of one exhibitor that are still to come, as a part of its page."""
    moment = now()
    with database().read() as session:
        demos = list_demos(session, since=moment, exhibitor=code, limit=TO_COME)
    template = "timetable/_demos.html" if "HX-Request" in request.headers else "timetable/demos.html"
    return render_template(template, demos=demos, now=moment, code=code)


def _chosen_days(days: Sequence[DayOut], asked: str, moment: datetime) -> list[DayOut]:
    """The day of that number, or all; without a wish the one that is not over yet, else the last."""
    if asked == ALL_DAYS:
        return list(days)
    if asked.isdecimal() and len(asked) <= len("99") and 1 <= int(asked) <= len(days):
        return [days[int(asked) - 1]]
    current = current_day(days, moment)
    return [current] if current else []


def _demos_of(session: Session, days: Sequence[DayOut], wanted: Mapping[str, str]) -> list[DemoOut]:
    if not days:
        return []
    return list_demos(
        session,
        since=days[0].opens_at,
        until=days[-1].closes_at,
        exhibitor=wanted["exhibitor"],
        place=wanted["place"],
    )


def _done(session: Session) -> tuple[str, DemoOut | None] | None:
    """What has just been done, and to which demo."""
    act, code = request.args.get("done", ""), request.args.get("demo", "")[:48]
    return (act, find_demo(session, code) if code else None) if act in _DONE else None


def _matches(demo: DemoOut, wanted: Mapping[str, str]) -> bool:
    names = (demo.title_en, demo.title_zh, demo.exhibitor_en, demo.exhibitor_zh, demo.place_en, demo.place_zh)
    return (not wanted["stages"] or demo.stage is not None) and folded(wanted["q"]) in folded(" ".join(names))
