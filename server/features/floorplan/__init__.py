"""The floor plan: hall, booths, what else stands there, and who has which booth."""

from server.features.floorplan.api import api
from server.features.floorplan.live import BOOTHS
from server.features.floorplan.views import pages
from server.infra import icons
from server.infra.feature import Feature, NavEntry

FEATURE = Feature(
    name="floorplan",
    blueprints=(pages, api),
    live_topics=(BOOTHS,),
    places=(
        NavEntry(
            "/booths", "nav-booths", 80, "booth.view", keys="g b", first=True, icon=icons.SHOP, phone={"organiser": 4}
        ),
    ),
    log_pages={"booth": "/booths/{key}"},
)
