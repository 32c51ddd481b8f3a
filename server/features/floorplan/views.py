"""The page of the booths: the plan, the list that says the same, and one booth to give away or take back.

A booth's own address shows the whole page; when the page's script asks, the booth's panel alone.
"""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, make_response, render_template, request
from sqlmodel import Session
from werkzeug.wrappers import Response

from server.features.floorplan.queries import booth_uses, candidates, find_plan, vacant_near
from server.features.floorplan.rules import TABLES
from server.features.floorplan.schemas import AssignIn, BoothOut, Candidate
from server.features.floorplan.service import assign_booth, vacate_booth
from server.infra.web.context import database, identity, now
from server.infra.web.forms import Form, parse, pressed, shown, taken
from server.infra.web.guard import guarded
from server.infra.web.language import by_name, language
from server.kernel.errors import NotFoundError
from server.kernel.folding import folded

pages = Blueprint("floorplan", __name__, template_folder="templates")

_DONE = frozenset({"assigned", "vacated"})


@pages.get("/booths")
@guarded("booth.view")
def booths() -> Response:
    """All booths, on the plan and by number with who has them; searched, and only the taken or the vacant ones."""
    return _page(None, shown({}))


@pages.get("/booths/<number>")
@guarded("booth.view")
def booth(number: str) -> Response:
    """The same with one booth chosen."""
    return _page(number, shown({name: request.args.get(name, "")[:80] for name in ("who", "exhibitor")}))


@pages.get("/booths/<number>/vacate")
@guarded("booth.assign")
def ask_vacate(number: str) -> Response:
    """The same, asking whether the chosen booth is to be taken back."""
    return _page(number, shown({}), asks_vacate=True)


@pages.post("/booths/<number>/assign")
@guarded("booth.assign")
def assign(number: str) -> Response:
    """Give the booth to the chosen exhibitor; a refusal keeps what was chosen."""
    form = parse(AssignIn, request.form)

    def act(session: Session, data: AssignIn) -> str:
        assign_booth(session, identity(), number, data.exhibitor, version=form.version)
        return _place(number, "assigned")

    return taken(form, act) or _page(number, form)


@pages.post("/booths/<number>/vacate")
@guarded("booth.assign")
def vacate(number: str) -> Response:
    """Take the booth back from its exhibitor."""
    form = pressed()

    def act(session: Session, _data: object) -> str:
        vacate_booth(session, identity(), number, version=form.version, now=now())
        return _place(number, "vacated")

    return taken(form, act) or _page(number, form)


def _place(number: str, done: str) -> str:
    """Where the booth is shown, with what has been done and the filters as they were."""
    kept = _kept()
    return f"/booths/{number}{kept}{'&' if kept else '?'}done={done}"


def _page(number: str | None, form: Form[Any], *, asks_vacate: bool = False) -> Response:
    """The page, or the panel alone, with everything that they show, in eight queries at the most."""
    wanted = _wanted()
    with database().read() as session:
        plan = find_plan(session)
        all_booths = plan.booths if plan else []
        chosen = _chosen(all_booths, number)
        who = _vacant_first(candidates(session, form.text("who"))) if chosen and identity().may("booth.assign") else []
        uses = booth_uses(session, chosen.number, now()) if chosen and identity().may("booth.assign") else []
    if chosen:
        form.version = form.version or chosen.version
    alone = "HX-Request" in request.headers and "HX-History-Restore-Request" not in request.headers
    response: Response = make_response(
        render_template(
            "floorplan/_panel.html" if alone else "floorplan/booths.html",
            plan=plan,
            shown={one.number for one in all_booths if _matches(one, wanted)},
            taken=sum(one.occupant is not None for one in all_booths),
            wanted=wanted,
            kept=_kept(),
            chosen=chosen,
            tables=TABLES[chosen.kind] if chosen else 0,
            form=form,
            without=[_option(one) for one in who if not one.booths],
            having=[_option(one) for one in who if one.booths],
            uses=uses,
            near=vacant_near(all_booths, chosen.number) if chosen else [],
            asks_vacate=asks_vacate,
            done=request.args.get("done", "") if request.args.get("done") in _DONE else "",
        ),
        form.status,
    )
    response.vary.update(("HX-Request", "Cookie", "Accept-Language"))
    return response


def _chosen(booths: Sequence[BoothOut], number: str | None) -> BoothOut | None:
    if number is None:
        return None
    found = next((one for one in booths if one.number == number), None)
    if found is None:
        raise NotFoundError(what=number)
    return found


def _wanted() -> dict[str, str]:
    return {"q": request.args.get("q", "").strip()[:80], "only": request.args.get("only", "")}


def _kept() -> str:
    """The filters as they stand in the address, for the links that keep them."""
    asked = {name: value for name, value in _wanted().items() if value}
    return f"?{urlencode(asked)}" if asked else ""


def _option(one: Candidate) -> tuple[str, str]:
    names = (one.name_zh, one.name_en) if language().startswith("zh") else (one.name_en, one.name_zh)
    return one.code, " · ".join((*names, ", ".join(one.booths))).removesuffix(" · ")


def _matches(booth: BoothOut, wanted: dict[str, str]) -> bool:
    who = booth.occupant
    words = " ".join([booth.number, *((who.name_en, who.name_zh, who.city, who.city_zh) if who else ())])
    kept = {"taken": who is not None, "vacant": who is None}.get(wanted["only"], True)
    return kept and folded(wanted["q"]) in folded(words)


def _vacant_first(found: list[Candidate]) -> list[Candidate]:
    """Those without a booth first, each part in the order of the names in the reader's language."""
    return sorted(by_name(found), key=lambda one: bool(one.booths))
