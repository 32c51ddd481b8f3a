"""Accounts: who logs in, by password or token, and in which role."""

from server.features.accounts.api import api
from server.features.accounts.jobs import JOBS
from server.features.accounts.service import Accounts
from server.features.accounts.views import pages
from server.infra.feature import Feature

FEATURE = Feature(name="accounts", blueprints=(pages, api), identities=Accounts(), jobs=JOBS)
