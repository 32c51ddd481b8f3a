"""The pages of the matchmaking: a buyer's matches, and the search for everybody."""

from urllib.parse import urlencode

from flask import Blueprint, render_template, request
from markupsafe import Markup

from server.features.matchmaking import service
from server.features.matchmaking.rules.filters import Bar
from server.features.matchmaking.rules.searching import Kind
from server.features.matchmaking.schemas import Asked
from server.infra.identity import Identity
from server.infra.web.address import site_url
from server.infra.web.context import database, identity, now, services
from server.infra.web.guard import guarded
from server.infra.web.language import by_name
from server.infra.web.paging import Page, asked_page
from server.infra.web.qr import inline_qr

pages = Blueprint("matchmaking", __name__, template_folder="templates")

PER_PAGE = 30


@pages.get("/matches")
@guarded("match.view")
def matches() -> str:
    """Who fits what the reader looks for, with reasons; who is left out; what to relax. A new buyer's code on top."""
    who = identity()
    if who.buyer_id is None:
        return render_template("buyers/no_buyer.html")
    asked = _asked()
    with database().read() as session:
        found = service.find_matches(session, services().catalogues, who, asked, now())
    live = request.args.get("live") == "1"
    shown = [match for match in by_name(found.matches, "who") if match.who.robots_live or not live]
    shown.sort(key=lambda match: -match.fit)
    welcome = _login_code(who) if request.args.get("welcome") else None
    return render_template(
        "matchmaking/matches.html",
        found=found,
        shown=shown,
        asked=asked,
        live=live,
        now=now(),
        welcome=welcome is not None,
        qr=welcome,
    )


@pages.get("/search")
@guarded("search.view")
def search() -> str:
    """Exhibitors, products and categories for what was typed; without words, the ways in."""
    text = request.args.get("q", "").strip()[:120]
    kind = next((one for one in Kind if one.value == request.args.get("kind")), None)
    number = asked_page(request.args)
    wanted = service.Search(text, kind, request.args.get("category", "")[:12], (number - 1) * PER_PAGE, PER_PAGE)
    with database().read() as session:
        found = service.find(session, wanted)
    return render_template(
        "matchmaking/search.html", found=found, kind=kind, page=Page(found.hits, found.total, number, PER_PAGE)
    )


def _login_code(who: Identity) -> Markup:
    """The QR code that leads to the log-in with this reader's name filled in."""
    site = site_url()
    return inline_qr(f"{site}/login?{urlencode({'user': who.username})}", f"{site}/login")


def _asked() -> Asked:
    """What the address says; nonsense in it is passed over, since a list is better than a refusal."""
    need = request.args.get("need", "")
    without = [bar for bar in Bar if bar.value in request.args.getlist("without")]
    return Asked(need=int(need) if need.isdecimal() and len(need) < 10 else None, without=without)  # noqa: PLR2004 - what fits a column
