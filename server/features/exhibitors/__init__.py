"""Exhibitors: who shows what, with whom, and with which robots."""

from server.features.exhibitors.api import api
from server.features.exhibitors.desk import api as desk_api
from server.features.exhibitors.desk import hours, organiser, products, profile, robots, staff
from server.features.exhibitors.views import pages
from server.infra.feature import Feature

FEATURE = Feature(
    name="exhibitors",
    blueprints=(
        pages,
        *(one.pages for one in (profile, products, staff, hours, robots, organiser)),
        api,
        desk_api.api,
    ),
)
