"""Insight: what the organiser wants to know of the day, and the log of every change."""

from server.features.insight.api import api
from server.features.insight.views import pages
from server.infra.feature import Feature

FEATURE = Feature(name="insight", blueprints=(pages, api))
