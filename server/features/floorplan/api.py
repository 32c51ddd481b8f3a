"""The API of the floor plan."""

from flask import Response
from pydantic import RootModel

from server.features.floorplan.queries import find_booth, find_plan, list_booths
from server.features.floorplan.schemas import AssignIn, BoothOut, PlanOut
from server.features.floorplan.service import assign_booth, vacate_booth
from server.infra.schema import ApiModel
from server.infra.web.api import Problem, answer, api_blueprint
from server.infra.web.context import database, identity, now
from server.infra.web.guard import guarded
from server.infra.web.preconditions import if_match, tagged
from server.kernel.errors import NotFoundError

api = api_blueprint("booths", "Booths, who has them, and the floor plan")


class BoothList(RootModel[list[BoothOut]]):
    """Booths by number."""


class BoothQuery(ApiModel):
    """Which booths: only the free ones, only the taken ones, or all."""

    free: bool | None = None


class BoothPath(ApiModel):
    """A booth by its number."""

    number: str


@api.get("/booths", responses={200: BoothList})
@guarded("booth.view")
def read_booths(query: BoothQuery) -> Response:
    """All booths by number, with who has them."""
    with database().read() as session:
        return answer(list_booths(session, free=query.free))


@api.get("/booths/<number>", responses={200: BoothOut})
@guarded("booth.view")
def read_booth(path: BoothPath) -> Response:
    """One booth by its number, with its version as ETag."""
    return _booth(path.number)


@api.put("/booths/<number>/assignment", responses={200: BoothOut, 409: Problem, 412: Problem, 428: Problem})
@guarded("booth.assign")
def put_assignment(path: BoothPath, body: AssignIn) -> Response:
    """Give a vacant booth to an exhibitor; `If-Match` says which version was seen."""
    version = if_match()
    with database().write() as session:
        assign_booth(session, identity(), path.number, body.exhibitor, version=version)
    return _booth(path.number)


@api.delete("/booths/<number>/assignment", responses={200: BoothOut, 409: Problem, 412: Problem, 428: Problem})
@guarded("booth.assign")
def delete_assignment(path: BoothPath) -> Response:
    """Take a booth back, unless demos or meetings are reserved there: then the refusal lists them."""
    version = if_match()
    with database().write() as session:
        vacate_booth(session, identity(), path.number, version=version, now=now())
    return _booth(path.number)


@api.get("/plan", responses={200: PlanOut})
@guarded("zone.view")
def read_plan() -> Response:
    """The floor plan in metres: hall, booths, and what else stands there."""
    with database().read() as session:
        found = find_plan(session)
    if found is None:
        raise NotFoundError(what="plan")
    return answer(found)


def _booth(number: str) -> Response:
    with database().read() as session:
        found = find_booth(session, number)
    if found is None:
        raise NotFoundError(what=number)
    return tagged(answer(found), found.version)
