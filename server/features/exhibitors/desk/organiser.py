"""The organiser's page for editing any exhibitor: the same form and the same rules as on the exhibitor's own desk."""

from flask import Blueprint
from werkzeug.wrappers import Response

from server.features.exhibitors.desk.profile import profile_page, profile_saved
from server.infra.web.guard import guarded

pages = Blueprint("exhibitor_edit", __name__)

_TEMPLATE = "exhibitors/edit.html"


@pages.get("/exhibitors/<code>/edit")
@guarded("exhibitor.edit")
def edit(code: str) -> str:
    """What an exhibitor says of itself, as a form."""
    return profile_page(_TEMPLATE, code)


@pages.post("/exhibitors/<code>/edit")
@guarded("exhibitor.edit")
def save(code: str) -> Response:
    """Keep what was typed, or show it again with what is in the way."""
    return profile_saved(_TEMPLATE, code, f"/exhibitors/{code}/edit?saved=yes")
