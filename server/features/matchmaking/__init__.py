"""Matchmaking: who fits a buyer and why, and the search over exhibitors, products and categories."""

from server.features.matchmaking.api import api
from server.features.matchmaking.views import pages
from server.infra.feature import Feature

FEATURE = Feature(name="matchmaking", blueprints=(pages, api))
