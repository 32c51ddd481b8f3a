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
            "/today",
            "nav-today",
            10,
            "dashboard.view",
            keys="g d",
            first=True,
            icon=icons.CLOCK,
            phone={"organiser": 1},
        ),
        NavEntry("/audit", "nav-audit", 180, "audit.view", keys="g a"),
    ),
    next_steps={"organiser": "/today#setup"},
)
