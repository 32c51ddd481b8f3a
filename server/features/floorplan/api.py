"""The programs' door to the floor plan."""

from flask import Response
from pydantic import RootModel

from server.features.floorplan.queries import find_booth, find_plan, list_booths
from server.features.floorplan.schemas import BoothOut, PlanOut
from server.infra.schema import ApiModel
from server.infra.web.api import answer, api_blueprint
from server.infra.web.context import database
from server.infra.web.guard import guarded
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
    """One booth by its number."""
    with database().read() as session:
        found = find_booth(session, path.number)
    if found is None:
        raise NotFoundError(what=path.number)
    return answer(found)


@api.get("/plan", responses={200: PlanOut})
@guarded("zone.view")
def read_plan() -> Response:
    """The floor plan in metres: hall, booths, and what else stands there."""
    with database().read() as session:
        found = find_plan(session)
    if found is None:
        raise NotFoundError(what="plan")
    return answer(found)
