"""Exhibitors: who shows what, with whom, and with which robots."""

from server.features.exhibitors.api import api
from server.features.exhibitors.desk import api as desk_api
from server.features.exhibitors.desk import hours, organiser, products, profile, robots, staff
from server.features.exhibitors.live import EXHIBITORS
from server.features.exhibitors.views import pages
from server.infra import icons
from server.infra.feature import Feature, NavEntry

FEATURE = Feature(
    name="exhibitors",
    blueprints=(pages, *(one.pages for one in (profile, products, staff, hours, robots, organiser)), api, desk_api.api),
    places=(
        NavEntry(
            "/exhibitors",
            "nav-exhibitors",
            60,
            "exhibitor.view",
            keys="g e",
            first=True,
            icon=icons.SHOP,
            phone={"official": 2, "visitor": 2},
        ),
    ),
    next_steps={"official": "/exhibitors"},
    live_topics=(EXHIBITORS,),
    log_pages={
        "exhibitor": "/exhibitors/{key}",
        "product": "/exhibitors/{first}/products/{rest}",
        "staff": "/exhibitors/{first}",
        "robot": "/exhibitors/{first}",
    },
    log_words={"kind": "kind-", "protocol": "protocol-"},
)
