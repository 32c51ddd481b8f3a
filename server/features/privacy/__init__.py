"""Privacy: what is kept about a person, handed out to that person; and everything of it erased."""

from server.features.privacy.api import api
from server.features.privacy.jobs import JOBS
from server.features.privacy.views import pages
from server.infra.feature import Feature

FEATURE = Feature(name="privacy", blueprints=(pages, api), jobs=JOBS)
