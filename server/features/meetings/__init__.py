"""Meetings: a buyer asks for a time, an exhibitor answers, and nobody is promised twice."""

from server.features.meetings.api import api
from server.features.meetings.handlers import handlers_of
from server.features.meetings.jobs import JOBS
from server.features.meetings.views import pages
from server.infra.feature import Feature

FEATURE = Feature(name="meetings", blueprints=(pages, api), jobs=JOBS, handlers_of=handlers_of)
