"""The live pages: the zone overview and the screen of each booth, fed by the change feed."""

from server.features.screens.views import pages
from server.infra import icons
from server.infra.feature import Feature, NavEntry

FEATURE = Feature(
    name="screens",
    blueprints=(pages,),
    places=(
        NavEntry(
            "/",
            "nav-zone",
            40,
            "zone.view",
            also="/zone",
            keys="g z",
            first=True,
            icon=icons.PLAN,
            phone={"organiser": 2, "crew": 3, "official": 1, "visitor": 1},
        ),
        NavEntry("/", "nav-plan", 40, "zone.view", also="/zone", icon=icons.PLAN, phone={"buyer": 2}),
    ),
)
