"""The page of the floor plan: the booths as a list. The plan itself is on the zone overview."""

from flask import Blueprint, render_template, request

from server.features.floorplan.queries import list_booths
from server.features.floorplan.schemas import BoothOut
from server.infra.web.context import database
from server.infra.web.guard import guarded

pages = Blueprint("floorplan", __name__, template_folder="templates")


@pages.get("/booths")
@guarded("booth.view")
def booths() -> str:
    """All booths by number with who has them; searched, and only the taken or the vacant ones when asked so."""
    wanted = {"q": request.args.get("q", "").strip()[:80], "only": request.args.get("only", "")}
    with database().read() as session:
        found = list_booths(session)
    return render_template(
        "floorplan/booths.html",
        booths=[booth for booth in found if _matches(booth, wanted)],
        total=len(found),
        taken=sum(booth.occupant is not None for booth in found),
        wanted=wanted,
    )


def _matches(booth: BoothOut, wanted: dict[str, str]) -> bool:
    who = booth.occupant
    words = " ".join([booth.number, *((who.name_en, who.name_zh, who.city, who.city_zh) if who else ())]).lower()
    kept = {"taken": who is not None, "vacant": who is None}.get(wanted["only"], True)
    return kept and wanted["q"].lower() in words
