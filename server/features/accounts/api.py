"""The programs' door to accounts: who am I, and the list for the organiser."""

from flask import Response
from pydantic import RootModel

from server.features.accounts.queries import list_accounts
from server.features.accounts.schemas import AccountOut, SelfOut
from server.infra.web.api import answer, api_blueprint
from server.infra.web.context import database, identity
from server.infra.web.guard import guarded
from server.infra.web.paging import PageQuery

api = api_blueprint("accounts", "Who may do what")


class AccountList(RootModel[list[AccountOut]]):
    """Accounts by name."""


@api.get("/account", responses={200: SelfOut})
@guarded("account.self")
def read_self() -> Response:
    """The account behind this token or session."""
    who = identity()
    return answer(SelfOut.model_validate(who, from_attributes=True))


@api.get("/accounts", responses={200: AccountList})
@guarded("account.list")
def read_accounts(query: PageQuery) -> Response:
    """All accounts, a page at a time."""
    with database().read() as session:
        return answer(list_accounts(session, query.offset, query.per_page))
