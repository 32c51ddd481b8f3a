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
            address="/matches",
            sentence="nav-matches",
            rank=30,
            action="match.view",
            keys="g m",
            first=True,
            icon=icons.STAR,
            phone={"buyer": 1},
        ),
        NavEntry(address="/search", sentence="nav-search", rank=110, action="search.view", keys="g s"),
    ),
)
