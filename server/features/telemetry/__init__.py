"""Telemetry: what the robots report, what the screens see of it, what was refused and what was lost."""

from server.features.telemetry.api import api
from server.features.telemetry.jobs import JOBS
from server.features.telemetry.live import ALARMS, REFUSALS, ROBOTS, health
from server.features.telemetry.views import pages
from server.infra.feature import Feature

FEATURE = Feature(
    name="telemetry",
    blueprints=(pages, api),
    live_topics=(ROBOTS, REFUSALS, ALARMS),
    jobs=JOBS,
    health=health,
)
