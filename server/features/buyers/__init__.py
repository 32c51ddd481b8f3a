"""Buyers: who comes to buy, from where, what they look for, and what they agreed to."""

from server.features.buyers.api import api
from server.features.buyers.views import pages
from server.infra import icons
from server.infra.feature import Feature, NavEntry

FEATURE = Feature(
    name="buyers",
    blueprints=(pages, api),
    places=(
        NavEntry("/me", "nav-me", 120, "buyer.self", keys="g i", icon=icons.PERSON, phone={"buyer": 4}),
        NavEntry(
            "/register",
            "nav-register",
            190,
            "buyer.register",
            icon=icons.STAR,
            phone={"official": 4, "visitor": 4},
            way_in=True,
        ),
    ),
    next_steps={"buyer": "/me/needs/new", "visitor": "/register"},
    log_words={
        "volume": "volume-",
        "timeframe": "timeframe-",
        "business_nature": "nature-",
        "job_function": "function-",
        "purchasing_role": "purchasing-role-",
        "consents": "purpose-",
    },
)
