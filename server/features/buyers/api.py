"""The API of the buyers: register, and everything that a buyer may look at and change about themselves."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from flask import Response
from pydantic import Field, RootModel
from sqlmodel import Session

from server.features.buyers import service
from server.features.buyers.queries import category_groups, list_buyers
from server.features.buyers.schemas import (
    BuyerOut,
    BuyerSelf,
    CategoryGroup,
    ConsentsIn,
    NeedWords,
    ProfileIn,
    RegistrationIn,
)
from server.infra.schema import ApiModel
from server.infra.web.api import Problem, answer, api_blueprint
from server.infra.web.context import database, identity, now, services, settings
from server.infra.web.devices import attempt_of
from server.infra.web.guard import guarded
from server.infra.web.language import language
from server.infra.web.paging import PageQuery
from server.infra.web.preconditions import if_match, tagged
from server.kernel.ids import new_token, zone_code

api = api_blueprint("buyers", "Buyers: registration, profile, needs and consents")
EDITED: dict[str | int | HTTPStatus, Any] = {200: BuyerSelf, 409: Problem, 412: Problem, 428: Problem}


class BuyerList(RootModel[list[BuyerOut]]):
    """Buyers by code."""


class CategoryList(RootModel[list[CategoryGroup]]):
    """What there is to look for, in the parts of the taxonomy."""


class BuyerQuery(PageQuery):
    """Which buyers: of a country, by words in name, company or code."""

    country: str = Field(default="", max_length=2)
    text: str = Field(default="", max_length=80)


class NeedPath(ApiModel):
    """One thing that a buyer looks for, by its number."""

    need: int


class Registered(ApiModel):
    """Who registered: the name to log in with, and a token that stands for the account from now on."""

    username: str
    token: str
    buyer: BuyerSelf


@api.post("/buyers", responses={201: Registered, 409: Problem})
@guarded("buyer.register")
def register(body: RegistrationIn) -> Response:
    """Register a buyer with needs and consents. The token is shown this once."""
    code, token = zone_code(f"{settings().secret_key}:{uuid4().hex}"), new_token()
    with services().throttle.verifying(attempt_of(body.email or code)):
        password_hash = service.secured(body.password)
        with database().write() as session:
            who = service.register(session, body, code=code, password_hash=password_hash, locale=language(), now=now())
            service.give_token(session, who, token)
            buyer = service.own_buyer(session, who)
    return answer(Registered(username=who.username, token=token, buyer=buyer), 201)


@api.get("/buyers", responses={200: BuyerList})
@guarded("buyer.view")
def read_buyers(query: BuyerQuery) -> Response:
    """Buyers by code, a page at a time; for the organiser alone."""
    with database().read() as session:
        found = list_buyers(session, country=query.country, text=query.text, offset=query.offset, limit=query.per_page)
    return answer(found)


@api.get("/categories", responses={200: CategoryList})
@guarded("exhibitor.view")
def read_categories() -> Response:
    """What there is to look for at this fair."""
    with database().read() as session:
        return answer(category_groups(session))


@api.get("/buyer", responses={200: BuyerSelf})
@guarded("buyer.self")
def read_self() -> Response:
    """Everything that is kept about the buyer who asks; the ETag is the version for `If-Match`."""
    with database().read() as session:
        return _self(service.own_buyer(session, identity()))


@api.put("/buyer", responses=EDITED)
@guarded("buyer.self")
def change_profile(body: ProfileIn) -> Response:
    """Say who the buyer is; what is left out becomes empty."""
    return _edited(lambda session, version: service.change_profile(session, identity(), body, version))


@api.put("/buyer/consents", responses=EDITED)
@guarded("buyer.self")
def change_consents(body: ConsentsIn) -> Response:
    """Agree from now on to exactly these purposes."""
    return _edited(lambda session, version: service.change_consents(session, identity(), body, version, now()))


@api.delete("/buyer/consents", responses={200: BuyerSelf})
@guarded("buyer.self")
def withdraw_consents() -> Response:
    """Withdraw every consent at once, but for the one that ends with the account (`POST /account/erasure`)."""
    with database().write() as session:
        return _self(service.withdraw_consents(session, identity(), now()))


@api.post("/buyer/needs", responses=EDITED)
@guarded("buyer.self")
def add_need(body: NeedWords) -> Response:
    """Look for one thing more."""
    return _edited(lambda session, version: service.add_need(session, identity(), body, version))


@api.put("/buyer/needs/<int:need>", responses={**EDITED, 404: Problem})
@guarded("buyer.self")
def change_need(path: NeedPath, body: NeedWords) -> Response:
    """Say otherwise what is looked for."""
    return _edited(lambda session, version: service.change_need(session, identity(), path.need, body, version))


@api.delete("/buyer/needs/<int:need>", responses={**EDITED, 404: Problem})
@guarded("buyer.self")
def remove_need(path: NeedPath) -> Response:
    """Look for one thing less."""
    return _edited(lambda session, version: service.remove_need(session, identity(), path.need, version))


def _edited(act: Callable[[Session, int], BuyerSelf]) -> Response:
    """What the buyer is after an edit of the version that was seen."""
    version = if_match()
    with database().write() as session:
        return _self(act(session, version))


def _self(buyer: BuyerSelf) -> Response:
    return tagged(answer(buyer), buyer.version)
