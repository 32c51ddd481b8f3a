"""Telemetry: what the robots report, what the screens see of it, what was refused and what was lost."""

from server.features.telemetry.api import api
from server.features.telemetry.jobs import JOBS
from server.features.telemetry.live import ALARMS, REFUSALS, ROBOTS, health
from server.features.telemetry.views import pages
from server.infra import icons
from server.infra.feature import Feature, NavEntry

FEATURE = Feature(
    name="telemetry",
    blueprints=(pages, api),
    live_topics=(ROBOTS, REFUSALS, ALARMS),
    jobs=JOBS,
    health=health,
    places=(
        NavEntry(
            "/robots",
            "nav-robots",
            90,
            "robot.view",
            keys="g r",
            first=True,
            unless="meeting.view",
            icon=icons.ROBOT,
            phone={"crew": 4},
        ),
        NavEntry("/quarantine", "nav-quarantine", 140, "quarantine.view", keys="g q"),
        NavEntry("/ledger", "nav-ledger", 150, "ledger.view", keys="g l"),
    ),
    next_steps={"crew": "/check"},
    machine_paths=("/api/v1/telemetry/batches", "/api/v1/robots/reports", "/api/v1/bridge/"),
)
