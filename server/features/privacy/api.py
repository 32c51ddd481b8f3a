"""The API of privacy: what is kept about the caller, what would end with the account, and erasing it."""

from flask import Response, request

from server.features.privacy import service
from server.features.privacy.schemas import EndingOut, ErasedOut, ErasureIn, OwnData
from server.features.privacy.views import erased
from server.infra.web.api import Problem, answer, api_blueprint
from server.infra.web.context import database, identity, services
from server.infra.web.guard import guarded
from server.infra.web.language import language
from server.infra.web.session import idle_time

api = api_blueprint("privacy", "What is kept about the caller")


@api.get("/account/data", responses={200: OwnData})
@guarded("account.data")
def read_data() -> Response:
    """Everything that is kept about the caller; the inbox is in the language of the request."""
    with database().read() as session:
        return answer(service.own_data(session, identity(), services().catalogues, language(), idle_time()))


@api.get("/account/erasure", responses={200: EndingOut, 409: Problem})
@guarded("account.data")
def read_ending() -> Response:
    """What would end with the caller's account."""
    with database().read() as session:
        return answer(service.preview(session, identity()))


@api.post("/account/erasure", responses={200: ErasedOut, 401: Problem, 409: Problem})
@guarded("account.erase")
def erase(body: ErasureIn) -> Response:
    """Erase the caller's account for good: meetings to come are cancelled, and everybody concerned is told."""
    return answer(erased(body, request.remote_addr or ""))
