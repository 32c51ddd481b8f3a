"""The desk's page of what the exhibitor says of itself."""

from typing import Any

from flask import Blueprint, render_template, request
from sqlmodel import Session
from werkzeug.wrappers import Response

from server.features.exhibitors.desk.frame import OptionGroup, category_groups, words_of
from server.features.exhibitors.queries import find_exhibitor, list_categories
from server.features.exhibitors.rules import in_order_of
from server.features.exhibitors.schemas import ExhibitorEdit, ExhibitorOut
from server.features.exhibitors.service import edit_exhibitor
from server.infra.web.context import database, identity, own_exhibitor
from server.infra.web.forms import again, merged, parse, shown, taken
from server.infra.web.guard import guarded
from server.kernel.errors import NotFoundError

pages = Blueprint("desk_profile", __name__)

_TEMPLATE = "exhibitors/desk_profile.html"


@pages.get("/desk/profile")
@guarded("desk.view")
def profile() -> str:
    """What the exhibitor says of itself, as a form for those who may change it."""
    return profile_page(_TEMPLATE, own_exhibitor())


@pages.post("/desk/profile")
@guarded("exhibitor.edit-own")
def save_profile() -> Response:
    """Keep what was typed, or show it again with what is in the way."""
    return profile_saved(_TEMPLATE, own_exhibitor(), "/desk/profile?saved=yes")


def profile_page(template: str, code: str) -> str:
    """What an exhibitor says of itself, as a form."""
    row, groups = read_profile(code)
    return render_template(template, form=shown(profile_values(row), row.version), who=row, groups=groups)


def profile_saved(template: str, code: str, target: str) -> Response:
    """Keep what was typed and go on to `target`, or show it again with what is in the way."""
    row, groups = read_profile(code)
    form = parse(ExhibitorEdit, request.form)

    def act(session: Session, data: ExhibitorEdit) -> str:
        edit_exhibitor(session, identity(), code, ordered(data, row), form.version)
        return target

    return taken(form, act) or again(template, merged(form, words_of(groups)), who=row, groups=groups)


def profile_values(row: ExhibitorOut) -> dict[str, Any]:
    """What an exhibitor says of itself now, field by field."""
    values = row.model_dump(include=set(ExhibitorEdit.model_fields))
    return {**values, "categories": [one.code for one in row.categories]}


def ordered(data: ExhibitorEdit, row: ExhibitorOut) -> ExhibitorEdit:
    """What was typed with the categories in the exhibitor's own order, which boxes to tick do not tell."""
    own = [one.code for one in row.categories]
    return data.model_copy(update={"categories": in_order_of(data.categories, own)})


def read_profile(code: str) -> tuple[ExhibitorOut, list[OptionGroup]]:
    """The exhibitor with that code, and the categories to choose from. Raises `NotFoundError` without one."""
    with database().read() as session:
        found = find_exhibitor(session, code)
        groups = category_groups(list_categories(session))
    if found is None:
        raise NotFoundError(what=code)
    return found.exhibitor, groups
