"""Matchmaking: who fits a buyer and why, and the search over exhibitors, products and categories."""

from server.features.matchmaking.api import api
from server.features.matchmaking.views import pages
from server.infra import icons
from server.infra.feature import Feature, NavEntry

FEATURE = Feature(
    name="matchmaking",
    blueprints=(pages, api),
    places=(
        NavEntry(
            "/matches", "nav-matches", 30, "match.view", keys="g m", first=True, icon=icons.STAR, phone={"buyer": 1}
        ),
        NavEntry("/search", "nav-search", 110, "search.view", keys="g s"),
    ),
)
