"""The live pages: the zone overview, the same for a hall's screen, and the screen of each booth."""

from dataclasses import astuple
from functools import partial
from typing import Any

import segno
from flask import Blueprint, render_template, request

from server.features.screens.rules import QUIET_ZONE, ZoneFilter, qr_path
from server.features.screens.service import booth_screen, zone_overview
from server.features.screens.service.shown import ScreenFacts, ZoneOverview, place_of
from server.infra.identity import Audience
from server.infra.web.address import site_url
from server.infra.web.context import database, identity, now, settings
from server.infra.web.guard import guarded
from server.infra.web.language import language, t_in
from server.kernel.robot_states import PUBLIC, STATES

pages = Blueprint("screens", __name__, template_folder="templates")

_OF_THE_FEED = ("connected", "loading", "offline")
"""What is said of a page that is not live, in the manner of a robot's state."""
_ACTIVITIES = ("idle", "working", "moving", "charging", "paused", "unknown")
_TAGS = {"zh": "zh-Hans", "en": "en"}
_AGES = ("under-second", "seconds", "minutes", "hours")
_DEMO = ("running", "soon", "today", "tomorrow", "later", "none")
METRICS = (
    "deliveries_today", "area_m2_today", "cups_today", "guests_today", "motions_today", "cycles_today", "points_today",
    "talks_today", "demos_today", "trials_today", "questions_today", "assisted_steps_today", "steps_today",
    "distance_m_today", "water_l_today", "beans_g_today",
)  # fmt: skip
"""The counters that have words; a robot may send others, which no screen shows."""


@pages.get("/")
@pages.get("/zone")
@guarded("zone.view")
def zone() -> str:
    """The zone now: figures, plan, list; filtered by what the address says."""
    wanted = ZoneFilter(**{name: request.args.get(name, "")[:80] for name in ("q", "kind", "state", "place", "demo")})
    audience = Audience.of(identity())
    with database().read() as session:
        overview = zone_overview(session, audience, now(), wanted)
    return render_template(
        "screens/zone.html",
        zone=overview,
        wanted=wanted,
        states=STATES if identity().may("fault.view") else PUBLIC,
        now=now(),
        words=partial(words_for, own=identity().may("fault.view")),
        for_script=_zone_script(overview),
        fair=_own_words(settings().fair_name),
        fair_place=_own_words(settings().fair_place),
    )


@pages.get("/wall")
@guarded("zone.view")
def wall() -> str:
    """The overview for a hall's screen, as the public may see it: in both languages, or in one by `languages`."""
    with database().read() as session:
        overview = zone_overview(session, Audience(), now(), ZoneFilter())
    langs = [request.args.get("languages", "")] if request.args.get("languages") in _TAGS else list(_TAGS)
    tags = [_TAGS[lang] for lang in langs]
    return render_template(
        "screens/wall.html",
        zone=overview,
        tags=tags,
        states=PUBLIC,
        qr=_qr_of("/"),
        for_script={**_zone_script(overview), "langs": langs},
        words_by_tag=[words_for(tag) for tag in tags],
    )


@pages.get("/screen/<number>")
@guarded("screen.view")
def screen(number: str) -> str:
    """The panel of one booth, for a browser that shows nothing else."""
    with database().read() as session:
        facts = booth_screen(session, number, now())
    return render_template(
        "screens/screen.html",
        screen=facts.for_script(),
        qr=_qr(facts),
        words=words_for,
    )


def _own_words(names: tuple[str, str]) -> str:
    """The English or the Chinese of two, by the reader's language; the other where there is but one."""
    english, chinese = names
    return (chinese or english) if language().startswith("zh") else (english or chinese)


def words_for(tag: str, *, own: bool = False) -> dict[str, Any]:
    """The words that a page's script puts together while the page is open, in the language `tag`.

    `own` with those that only robots' own people are told.
    """
    states = (name for name in STATES if own or name != "refused")
    return {
        "states": {name: t_in(tag, f"state-{name}") for name in (*states, *_OF_THE_FEED)},
        "activities": {name: t_in(tag, f"activity-{name}") for name in _ACTIVITIES},
        "sources": {name: t_in(tag, f"source-{name}") for name in ("live", "simulated", "replay")},
        "metrics": {name: t_in(tag, f"metric-{name}") for name in METRICS},
        "feed": {"offline": t_in(tag, "zone-offline")},
        "demo": {
            "label-next": t_in(tag, "screen-next"),
            "label-running": t_in(tag, "screen-running"),
            "label-scheduled": t_in(tag, "screen-scheduled"),
            **{name: t_in(tag, f"demo-{name}", n="{n}", time="{time}", date="{date}") for name in _DEMO},
        },
        **{kind: {unit: t_in(tag, f"{kind}-{unit}", n="{n}") for unit in _AGES} for kind in ("age", "seen", "lost")},
        "old": t_in(tag, "screen-old", time="{time}"),
        "outside": t_in(tag, "screen-outside"),
        "no-pose": t_in(tag, "screen-no-pose"),
        "low": t_in(tag, "zone-low-battery", n="{n}"),
        "clock": t_in(tag, "zone-clock", time="{time}"),
        "kpi-demos": t_in(tag, "zone-kpi-demos-n", count="{n}"),
        **{f"kpi-{name}": t_in(tag, f"zone-kpi-{name}", count="{n}") for name in ("live-of", "booths-of")},
        "lead": t_in(tag, "zone-lead", exhibitors="{exhibitors}", guangdong="{guangdong}", robots="{robots}"),
        "demo-running": t_in(tag, "demo-live"),
        "demo-scheduled": t_in(tag, "demo-now"),
    }


def _zone_script(overview: ZoneOverview) -> dict[str, Any]:
    """What the model of the zone starts from; names, robots and demos come with the feed, in both languages."""
    return {
        "hall": astuple(place_of(overview.hall))[1:] if overview.hall else None,
        "places": {tile.card.number: astuple(place_of(tile.card))[1:] for tile in overview.booths},
        "lang": "zh" if language().startswith("zh") else "en",
    }


def _qr(facts: ScreenFacts) -> dict[str, Any]:
    """The QR code of a screen: the exhibitor's page, or the zone's for a vacant booth."""
    who = facts.booth.occupant
    return _qr_of(f"/exhibitors/{who.code}" if who else "/")


def _qr_of(path: str) -> dict[str, Any]:
    """The QR code of one of our pages as an SVG path."""
    modules = segno.make(f"{site_url()}{path}", error="m", micro=False).matrix
    return {"path": qr_path(modules), "size": len(modules) + 2 * QUIET_ZONE}
