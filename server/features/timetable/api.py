"""The API of the timetable."""

from flask import Response, current_app
from pydantic import AwareDatetime, Field, RootModel

from server.features.timetable.queries import find_demo, list_days, list_demos
from server.features.timetable.schemas import DayOut, DemoChange, DemoOut, DemoPlan, FreeTime, Obstacle, Substitute
from server.features.timetable.service import cancel_demo, change_demo, plan_demo
from server.infra.schema import ApiModel
from server.infra.web.api import Problem, answer, api_blueprint
from server.infra.web.context import database, identity, now
from server.infra.web.guard import guarded
from server.infra.web.preconditions import answered_once, if_match, tagged
from server.kernel.errors import NotFoundError

api = api_blueprint("timetable", "The days of the fair and the demos on them")


class DayList(RootModel[list[DayOut]]):
    """Days in order."""


class DemoList(RootModel[list[DemoOut]]):
    """Demos by start."""


class DemoQuery(ApiModel):
    """Which demos: that end after `since` and start before `until`, of an exhibitor, of a robot, at a place.

    An exhibitor is named by its code, a robot by its key, a place by a booth's number or a stage's code.
    """

    since: AwareDatetime | None = None
    until: AwareDatetime | None = None
    exhibitor: str = Field(default="", max_length=48)
    robot: str = Field(default="", max_length=97)
    place: str = Field(default="", max_length=48)
    limit: int = Field(default=200, ge=1, le=1000)


class DemoPath(ApiModel):
    """A demo by its code."""

    code: str = Field(max_length=48)


class DemoProblem(Problem):
    """Why a demo was refused, with what is in the way and the nearest times at which everything is free."""

    alternatives: list[FreeTime] = Field(default_factory=list)
    obstacles: list[Obstacle] = Field(default_factory=list)
    substitutes: list[Substitute] = Field(default_factory=list)
    """Who or what could take the place of what is taken, at the very time."""


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
                place=query.place,
                limit=query.limit,
            )
        )


@api.get("/demos/<code>", responses={200: DemoOut, 404: Problem})
@guarded("timetable.view")
def read_demo(path: DemoPath) -> Response:
    """One demo; its ETag goes into `If-Match` of a change."""
    with database().read() as session:
        found = find_demo(session, path.code)
    if found is None:
        raise NotFoundError(what=path.code)
    return tagged(answer(found), found.version)


@api.post("/demos", responses={201: DemoOut, 404: Problem, 409: DemoProblem, 422: Problem})
@guarded("demo.edit")
def add_demo(body: DemoPlan) -> Response:
    """Plan a demo. When something is in the way, 409 says what, and the nearest free times."""
    with database().write() as session:
        return answered_once(session, lambda: plan_demo(session, identity(), body, now()))


@api.patch("/demos/<code>", responses={200: DemoOut, 404: Problem, 409: DemoProblem, 412: Problem, 428: Problem})
@guarded("demo.edit")
def edit_demo(path: DemoPath, body: DemoChange) -> Response:
    """Change what of a demo is given: its words, time, place, robot or person."""
    version = if_match()
    with database().write() as session:
        changed = change_demo(session, identity(), path.code, version, body, now=now())
    return tagged(answer(changed), changed.version)


@api.delete("/demos/<code>", responses={204: None, 404: Problem, 412: Problem, 428: Problem})
@guarded("demo.edit")
def delete_demo(path: DemoPath) -> Response:
    """Take a demo out of the timetable; what it needed is free again."""
    version = if_match()
    with database().write() as session:
        cancel_demo(session, identity(), path.code, version)
    return current_app.response_class(status=204)
