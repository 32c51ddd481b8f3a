"""The floor plan: hall, booths, what else stands there, and who has which booth."""

from server.features.floorplan.api import api
from server.features.floorplan.live import BOOTHS
from server.features.floorplan.views import pages
from server.infra.feature import Feature

FEATURE = Feature(name="floorplan", blueprints=(pages, api), live_topics=(BOOTHS,))
