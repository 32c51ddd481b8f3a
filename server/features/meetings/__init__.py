"""Meetings: a buyer asks for a time, an exhibitor answers, and nobody is promised twice."""

from server.features.meetings.api import api
from server.features.meetings.handlers import handlers_of
from server.features.meetings.jobs import JOBS
from server.features.meetings.views import pages
from server.infra import icons
from server.infra.feature import Feature, NavEntry

FEATURE = Feature(
    name="meetings",
    blueprints=(pages, api),
    jobs=JOBS,
    handlers_of=handlers_of,
    places=(
        NavEntry("/desk", "nav-desk", 20, "desk.view", keys="g d", first=True, icon=icons.STAR, phone={"crew": 1}),
        NavEntry(
            "/diary",
            "nav-diary",
            50,
            "meeting.view",
            keys="g y",
            first=True,
            icon=icons.CALENDAR,
            phone={"buyer": 3, "crew": 2},
        ),
    ),
    log_pages={"meeting": "/meetings/{key}"},
    log_words={"state": "meeting-state-", "reason": "meeting-reason-", "proposed_by": "audit-thing-"},
)
