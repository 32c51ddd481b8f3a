"""The API of the insight: the organiser's figures, and the audit log."""

from datetime import date, datetime, time, timedelta

from flask import Response
from pydantic import Field, RootModel

from server.features.insight.schemas import EntryOut, TodayOut
from server.features.insight.service import count_wanted, entries, today
from server.infra.audit import AuditFilter
from server.infra.web.api import answer, api_blueprint
from server.infra.web.context import database, now
from server.infra.web.guard import guarded
from server.infra.web.paging import PageQuery
from server.kernel.clock import FAIR_ZONE

FIRST_YEAR, LAST_YEAR = 2000, 2100
"""In which years a day is looked for; at the ends of the calendar a day has no hours in fair time."""

api = api_blueprint("insight", "The day in figures, and who changed what")


class EntryList(RootModel[list[EntryOut]]):
    """Entries of the audit log, newest first."""


class AuditQuery(PageQuery):
    """Which entries: by the name of who changed, the kind and key of the thing, the day in fair time, any text."""

    who: str = Field(default="", max_length=120)
    thing: str = Field(default="", max_length=40)
    key: str = Field(default="", max_length=120)
    text: str = Field(default="", max_length=80)
    day: date | None = Field(default=None, ge=date(FIRST_YEAR, 1, 1), lt=date(LAST_YEAR, 1, 1))


@api.get("/today", responses={200: TodayOut})
@guarded("dashboard.view")
def read_today() -> Response:
    """What the organiser wants to know now."""
    with database().read() as session:
        return answer(today(session, now()))


@api.get("/audit", responses={200: EntryList})
@guarded("audit.view")
def read_audit(query: AuditQuery) -> Response:
    """The audit log a page at a time; `X-Total-Count` says how many entries there are of what is asked for."""
    asked = query.model_dump(include={"who", "thing", "key", "text"})
    wanted = wanted_of(asked, query.day)
    with database().read() as session:
        response = answer(entries(session, wanted, offset=query.offset, limit=query.per_page))
        response.headers["X-Total-Count"] = str(count_wanted(session, wanted))
    return response


def wanted_of(asked: dict[str, str], day: date | None) -> AuditFilter:
    """The filter of what was asked for; a day is one in fair time."""
    since = datetime.combine(day, time(0), FAIR_ZONE) if day else None
    until = since + timedelta(days=1) if since else None
    return AuditFilter(
        who=asked["who"], thing=asked["thing"], key=asked["key"], text=asked["text"], since=since, until=until
    )
