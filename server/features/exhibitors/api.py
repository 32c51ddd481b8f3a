"""The API of exhibitors and their robots."""

from typing import Literal

from flask import Response
from pydantic import Field, RootModel

from server.features.exhibitors.queries import find_exhibitor, list_exhibitors, list_robots
from server.features.exhibitors.rules import RobotKind
from server.features.exhibitors.schemas import ExhibitorOut, ExhibitorPage, RobotOut
from server.infra.schema import ApiModel
from server.infra.web.api import answer, api_blueprint
from server.infra.web.context import database
from server.infra.web.guard import guarded
from server.infra.web.paging import PageQuery
from server.infra.web.preconditions import tagged
from server.kernel.errors import NotFoundError

api = api_blueprint("exhibitors", "Exhibitors, what they show and their robots")


class ExhibitorList(RootModel[list[ExhibitorOut]]):
    """Exhibitors by name."""


class RobotList(RootModel[list[RobotOut]]):
    """Robots by key."""


class ExhibitorQuery(PageQuery):
    """Which exhibitors."""

    guangdong: bool | None = None
    category: str = Field(default="", max_length=12)
    text: str = Field(default="", max_length=80)


class ExhibitorPath(ApiModel):
    """An exhibitor by its code."""

    code: str


class RobotQuery(ApiModel):
    """Which robots: of an exhibitor by its code, of a kind."""

    exhibitor: str = Field(default="", max_length=48)
    kind: RobotKind | Literal[""] = ""


@api.get("/exhibitors", responses={200: ExhibitorList})
@guarded("exhibitor.view")
def read_exhibitors(query: ExhibitorQuery) -> Response:
    """Exhibitors by name, a page at a time."""
    with database().read() as session:
        return answer(
            list_exhibitors(
                session,
                guangdong=query.guangdong,
                category=query.category,
                text=query.text,
                offset=query.offset,
                limit=query.per_page,
            )
        )


@api.get("/exhibitors/<code>", responses={200: ExhibitorPage})
@guarded("exhibitor.view")
def read_exhibitor(path: ExhibitorPath) -> Response:
    """One exhibitor with products and staff; its version is the ETag."""
    with database().read() as session:
        found = find_exhibitor(session, path.code)
    if found is None:
        raise NotFoundError(what=path.code)
    return tagged(answer(found), found.exhibitor.version)


@api.get("/robots", responses={200: RobotList})
@guarded("robot.view")
def read_robots(query: RobotQuery) -> Response:
    """The active robots by key."""
    with database().read() as session:
        return answer(list_robots(session, exhibitor=query.exhibitor, kind=query.kind))
