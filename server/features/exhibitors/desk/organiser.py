"""The organiser's page for editing any exhibitor: the same form and the same rules as on the exhibitor's own desk."""

from flask import Blueprint, render_template, request
from sqlmodel import Session
from werkzeug.wrappers import Response

from server.features.exhibitors.desk.frame import words_of
from server.features.exhibitors.desk.profile import ordered, profile_form, read_profile
from server.features.exhibitors.schemas import ExhibitorEdit
from server.features.exhibitors.service import edit_exhibitor
from server.infra.web.context import identity
from server.infra.web.forms import again, merged, parse, taken
from server.infra.web.guard import guarded

pages = Blueprint("exhibitor_edit", __name__)

_TEMPLATE = "exhibitors/edit.html"


@pages.get("/exhibitors/<code>/edit")
@guarded("exhibitor.edit")
def edit(code: str) -> str:
    """What an exhibitor says of itself, as a form."""
    row, groups = read_profile(code)
    return render_template(_TEMPLATE, form=profile_form(row), who=row, groups=groups)


@pages.post("/exhibitors/<code>/edit")
@guarded("exhibitor.edit")
def save(code: str) -> Response:
    """Keep what was typed, or show it again with what is in the way."""
    row, groups = read_profile(code)
    form = parse(ExhibitorEdit, request.form)

    def act(session: Session, data: ExhibitorEdit) -> str:
        edit_exhibitor(session, identity(), code, ordered(data, row), form.version)
        return f"/exhibitors/{code}/edit?saved=yes"

    return taken(form, act) or again(_TEMPLATE, merged(form, words_of(groups)), who=row, groups=groups)
