"""The timetable: the days of the fair and the demos on them."""

from server.features.timetable.api import api
from server.features.timetable.jobs import JOBS
from server.features.timetable.live import DEMOS
from server.features.timetable.planning_pages import pages as planning_pages
from server.features.timetable.views import pages
from server.infra import icons
from server.infra.feature import Feature, NavEntry

FEATURE = Feature(
    name="timetable",
    blueprints=(pages, planning_pages, api),
    live_topics=(DEMOS,),
    jobs=JOBS,
    places=(
        NavEntry(
            "/timetable",
            "nav-timetable",
            70,
            "timetable.view",
            keys="g t",
            first=True,
            icon=icons.CALENDAR,
            phone={"organiser": 3, "official": 3, "visitor": 3},
        ),
    ),
    log_pages={"demo": "/timetable/demos/{key}"},
)
