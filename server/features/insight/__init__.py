"""Insight: what the organiser wants to know of the day, and the log of every change."""

from server.features.insight.api import api
from server.features.insight.views import pages
from server.infra import icons
from server.infra.feature import Feature, NavEntry

FEATURE = Feature(
    name="insight",
    blueprints=(pages, api),
    places=(
        NavEntry(
            address="/today",
            sentence="nav-today",
            rank=10,
            action="dashboard.view",
            keys="g d",
            first=True,
            icon=icons.CLOCK,
            phone={"organiser": 1},
        ),
        NavEntry(address="/audit", sentence="nav-audit", rank=180, action="audit.view", keys="g a"),
    ),
    next_steps={"organiser": "/today#setup"},
)
