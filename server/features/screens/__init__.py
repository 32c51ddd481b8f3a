"""The live pages: the zone overview and the screen of each booth, fed by the change feed."""

from server.features.screens.views import pages
from server.infra.feature import Feature

FEATURE = Feature(name="screens", blueprints=(pages,))
