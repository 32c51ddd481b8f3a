"""Exhibitors: who shows what, with whom, and with which robots."""

from server.features.exhibitors.api import api
from server.features.exhibitors.views import pages
from server.infra.feature import Feature

FEATURE = Feature(name="exhibitors", blueprints=(pages, api))
