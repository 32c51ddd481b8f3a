"""The API of matches and search."""

from flask import Response
from pydantic import Field

from server.features.matchmaking import service
from server.features.matchmaking.rules.searching import Kind
from server.features.matchmaking.schemas import Asked, MatchesOut, SearchOut
from server.infra.web.api import answer, api_blueprint
from server.infra.web.context import database, identity, now, services
from server.infra.web.guard import guarded
from server.infra.web.paging import PageQuery

api = api_blueprint("matchmaking", "Who fits a buyer and why, and what the fair shows")


class SearchQuery(PageQuery):
    """What is looked for."""

    q: str = Field(default="", max_length=120)
    kind: Kind | None = None
    category: str = Field(default="", max_length=12)


@api.get("/matches", responses={200: MatchesOut})
@guarded("match.view")
def read_matches(query: Asked) -> Response:
    """Every exhibitor for the buyer who asks: who fits, part by part, who is left out, and what to relax."""
    with database().read() as session:
        return answer(service.find_matches(session, services().catalogues, identity(), query, now()))


@api.get("/search", responses={200: SearchOut})
@guarded("search.view")
def read_search(query: SearchQuery) -> Response:
    """Exhibitors, products and categories for what was typed, in Chinese or English, the best first."""
    wanted = service.Search(query.q.strip(), query.kind, query.category, query.offset, query.per_page)
    with database().read() as session:
        return answer(service.find(session, wanted))
