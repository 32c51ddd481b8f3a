"""Accounts: who logs in, by password or token, and in which role."""

from server.features.accounts.api import api
from server.features.accounts.handlers import handlers_of
from server.features.accounts.jobs import JOBS
from server.features.accounts.service import Accounts
from server.features.accounts.views import pages
from server.features.accounts.views.listing import pages as lists
from server.features.accounts.views.passwords import pages as passwords
from server.infra.feature import Feature, NavEntry

FEATURE = Feature(
    name="accounts",
    blueprints=(pages, passwords, lists, api),
    identities=Accounts(),
    jobs=JOBS,
    handlers_of=handlers_of,
    places=(
        NavEntry("/account", "nav-account", 130, "account.edit-own", keys="g c"),
        NavEntry("/accounts", "nav-accounts", 170, "account.list", keys="g u"),
    ),
    log_words={"role": "role-"},
)
