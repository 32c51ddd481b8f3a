"""The programs' door to the timetable."""

from flask import Response
from pydantic import AwareDatetime, Field, RootModel

from server.features.timetable.queries import list_days, list_demos
from server.features.timetable.schemas import DayOut, DemoOut
from server.infra.schema import ApiModel
from server.infra.web.api import answer, api_blueprint
from server.infra.web.context import database
from server.infra.web.guard import guarded

api = api_blueprint("timetable", "The days of the fair and the demos on them")


class DayList(RootModel[list[DayOut]]):
    """Days in order."""


class DemoList(RootModel[list[DemoOut]]):
    """Demos by start."""


class DemoQuery(ApiModel):
    """Which demos: that end after `since` and start before `until`, of an exhibitor by code, of a robot by key."""

    since: AwareDatetime | None = None
    until: AwareDatetime | None = None
    exhibitor: str = Field(default="", max_length=48)
    robot: str = Field(default="", max_length=97)
    limit: int = Field(default=200, ge=1, le=1000)


@api.get("/days", responses={200: DayList})
@guarded("timetable.view")
def read_days() -> Response:
    """The days of the fair with their hours."""
    with database().read() as session:
        return answer(list_days(session))


@api.get("/demos", responses={200: DemoList})
@guarded("timetable.view")
def read_demos(query: DemoQuery) -> Response:
    """Demos by start."""
    with database().read() as session:
        return answer(
            list_demos(
                session,
                since=query.since,
                until=query.until,
                exhibitor=query.exhibitor,
                robot=query.robot,
                limit=query.limit,
            )
        )
