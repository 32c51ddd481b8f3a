"""The programs' door to accounts: who am I, and the list for the organiser."""

from flask import Response
from pydantic import RootModel

from server.features.accounts import service
from server.features.accounts.queries import list_accounts
from server.features.accounts.schemas import AccountOut, ContactIn, SelfOut
from server.infra.web.api import Problem, answer, api_blueprint
from server.infra.web.context import database, identity, services
from server.infra.web.guard import guarded
from server.infra.web.paging import PageQuery
from server.kernel.errors import InvalidError

api = api_blueprint("accounts", "Who may do what")


class AccountList(RootModel[list[AccountOut]]):
    """Accounts by name."""


@api.get("/account", responses={200: SelfOut})
@guarded("account.self")
def read_self() -> Response:
    """The account behind this token or session."""
    who = identity()
    if who.account_id is None:  # a booth's bridge: its token stands for no account
        return answer(SelfOut.model_validate(who))
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


@api.get("/accounts", responses={200: AccountList})
@guarded("account.list")
def read_accounts(query: PageQuery) -> Response:
    """All accounts, a page at a time."""
    with database().read() as session:
        return answer(list_accounts(session, query.offset, query.per_page))
