"""The pages of the timetable: the demos of a day, and those of one exhibitor as a part of its page."""

from collections.abc import Sequence
from datetime import datetime

from flask import Blueprint, render_template, request

from server.features.timetable.queries import demos_of_day, list_days, list_demos
from server.features.timetable.schemas import DayOut, DemoOut
from server.infra.web.context import database, now
from server.infra.web.guard import guarded
from server.kernel.provenance import Provenance

pages = Blueprint("timetable", __name__, template_folder="templates")

TO_COME = 12


@pages.get("/timetable")
@guarded("timetable.view")
def timetable() -> str:
    """The demos of the asked day, or of today without those that are over; searched, only on stages when asked so."""
    moment = now()
    text, stages, past = (request.args.get(name, "").strip()[:80] for name in ("q", "stages", "past"))
    with database().read() as session:
        days = list_days(session)
        day = _chosen_day(days, request.args.get("day", ""), moment)
        demos = demos_of_day(session, day) if day else []
    running_day = day is not None and day.opens_at <= moment < day.closes_at
    shown = [demo for demo in demos if past or not running_day or demo.ends_at > moment]
    return render_template(
        "timetable/timetable.html",
        days=days,
        demos=[demo for demo in shown if _matches(demo, text.lower(), stages)],
        running_day=running_day,
        derived=any(one.provenance is Provenance.DERIVED for one in days),
        wanted={"day": day.number if day else 1, "q": text, "stages": stages, "past": past},
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


def _chosen_day(days: Sequence[DayOut], asked: str, moment: datetime) -> DayOut | None:
    """The day of that number; else the one that is not over yet; else the last."""
    if asked.isdecimal() and 1 <= int(asked) <= len(days):
        return days[int(asked) - 1]
    ahead = [day for day in days if moment < day.closes_at]
    return ahead[0] if ahead else next(reversed(days), None)


def _matches(demo: DemoOut, text: str, stages: str) -> bool:
    names = (demo.title_en, demo.title_zh, demo.exhibitor_en, demo.exhibitor_zh, demo.place_en, demo.place_zh)
    return (not stages or demo.stage is not None) and text in " ".join(names).lower()
