"""Buyers: who comes to buy, from where, what they look for, and what they agreed to."""

from server.features.buyers.api import api
from server.features.buyers.views import pages
from server.infra.feature import Feature

FEATURE = Feature(name="buyers", blueprints=(pages, api))
