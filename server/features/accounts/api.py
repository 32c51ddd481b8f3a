"""The API of accounts: who am I, and the list for the organiser."""

from flask import Response
from pydantic import RootModel

from server.features.accounts import service
from server.features.accounts.queries import list_accounts
from server.features.accounts.schemas import AccountOut, ContactIn, SelfOut, SessionOut, TokenOut
from server.infra.schema import ApiModel
from server.infra.web.acts import note
from server.infra.web.api import Problem, answer, api_blueprint
from server.infra.web.context import database, identity, services
from server.infra.web.guard import guarded
from server.infra.web.paging import PageQuery
from server.infra.web.session import idle_time
from server.kernel.errors import InvalidError
from server.kernel.ids import new_token

api = api_blueprint("accounts", "Who may do what")


class AccountList(RootModel[list[AccountOut]]):
    """Accounts by name."""


class SessionList(RootModel[list[SessionOut]]):
    """The devices on which somebody is logged in, the one that was used last first."""


class SessionPath(ApiModel):
    """One of these, by its number."""

    device: int


@api.get("/account", responses={200: SelfOut})
@guarded("account.self")
def read_self() -> Response:
    """The account behind this token or session."""
    who = identity()
    if who.account_id is None:  # a booth's bridge, whose token stands for no account
        return answer(SelfOut.model_validate(who, from_attributes=True))
    with database().read() as session:
        return answer(service.own_account(session, who))


@api.put("/account", responses={200: SelfOut, 409: Problem})
@guarded("account.edit-own")
def change_self(body: ContactIn) -> Response:
    """Say where and in which language the caller is written to."""
    known = services().catalogues.languages
    if body.locale not in {None, *known}:
        raise InvalidError(detail=f"locale: {' | '.join(known)}")
    with database().write() as session:
        return answer(service.change_contact(session, identity(), body))


@api.get("/account/sessions", responses={200: SessionList})
@guarded("account.edit-own")
def read_sessions() -> Response:
    """The devices on which the caller is logged in."""
    with database().read() as session:
        return answer(service.own_sessions(session, identity(), idle_time()))


@api.delete("/account/sessions/<int:device>", responses={204: None, 404: Problem})
@guarded("account.edit-own")
def end_session(path: SessionPath) -> Response:
    """Log one of these devices out, with the live streams that it has open."""
    with database().write() as session:
        service.end_own_session(session, identity(), path.device)
    note("session ended")
    return Response(status=204)


@api.post("/account/token", responses={201: TokenOut})
@guarded("account.edit-own")
def make_token() -> Response:
    """Make a token that stands for the caller; an earlier one ends. It is shown this once."""
    token = new_token()
    with database().write() as session:
        ends_at = service.make_own_token(session, identity(), token)
    note("token made")
    return answer(TokenOut(token=token, ends_at=ends_at), 201)


@api.delete("/account/token", responses={204: None, 404: Problem})
@guarded("account.edit-own")
def take_token() -> Response:
    """Take the caller's token back."""
    with database().write() as session:
        service.take_own_token(session, identity())
    note("token taken back")
    return Response(status=204)


@api.get("/accounts", responses={200: AccountList})
@guarded("account.list")
def read_accounts(query: PageQuery) -> Response:
    """All accounts, a page at a time."""
    with database().read() as session:
        return answer(list_accounts(session, query.offset, query.per_page))
