"""The desk's pages of the people at the booth; their hours have a page of their own (`hours`)."""

from datetime import datetime
from typing import Any

from flask import Blueprint, render_template, request
from sqlmodel import Session
from werkzeug.wrappers import Response

from server.features.exhibitors.desk.frame import again, merged, own_exhibitor, removal, taken
from server.features.exhibitors.queries import desk_staff, list_openings
from server.features.exhibitors.rules import Opening
from server.features.exhibitors.schemas import StaffDesk, StaffEdit
from server.features.exhibitors.service import add_person, edit_person, remove_person
from server.infra.regions import languages
from server.infra.web.context import database, identity, now
from server.infra.web.forms import parse, shown
from server.infra.web.guard import guarded
from server.infra.web.language import language
from server.kernel.errors import NotFoundError

pages = Blueprint("desk_staff", __name__)

_LIST = "/desk/staff?saved=yes"
_TEMPLATE = "exhibitors/desk_person.html"


@pages.get("/desk/staff")
@guarded("desk.view")
def staff() -> str:
    """The people at the booth with their hours on each day of the fair."""
    with database().read() as session:
        people, openings = desk_staff(session, own_exhibitor()), list_openings(session)
    by_day = {person.code: [_on(person, opening) for opening in openings] for person in people}
    return render_template(
        "exhibitors/desk_staff.html",
        people=people,
        openings=openings,
        by_day=by_day,
        spoken=dict(languages(language())),
    )


@pages.get("/desk/staff/new")
@guarded("exhibitor.edit-own")
def new_person() -> str:
    """The form for one more person."""
    return render_template(_TEMPLATE, form=shown({"languages": ["zh"]}), row=None, **_choices())


@pages.post("/desk/staff/new")
@guarded("exhibitor.edit-own")
def add_typed_person() -> Response:
    """Let the person who was typed work here; the hours come next."""
    code, form = own_exhibitor(), parse(StaffEdit, request.form)

    def act(session: Session, data: StaffEdit) -> str:
        return f"/desk/staff/{add_person(session, identity(), code, data).code}/hours"

    return taken(form, act) or again(_TEMPLATE, form, row=None, **_choices())


@pages.get("/desk/staff/<person>")
@guarded("exhibitor.edit-own")
def person(person: str) -> str:
    """The form of one person."""
    row = own_person(person)
    form = shown(row.model_dump(include=set(StaffEdit.model_fields)), row.version)
    return render_template(_TEMPLATE, form=form, row=row, **_choices())


@pages.post("/desk/staff/<person>")
@guarded("exhibitor.edit-own")
def save_person(person: str) -> Response:
    """Keep what was typed, or show it again with what is in the way."""
    row, form = own_person(person), parse(StaffEdit, request.form)

    def act(session: Session, data: StaffEdit) -> str:
        edit_person(session, identity(), f"{own_exhibitor()}/{person}", data, form.version)
        return _LIST

    words = dict(languages(language()))
    return taken(form, act) or again(_TEMPLATE, merged(form, words), row=row, **_choices())


@pages.get("/desk/staff/<person>/remove")
@guarded("exhibitor.edit-own")
def ask_person_away(person: str) -> str:
    """Whether this person shall really leave."""
    row = own_person(person)
    return render_template("exhibitors/desk_remove.html", form=shown({}, row.version), **_removal(row))


@pages.post("/desk/staff/<person>/remove")
@guarded("exhibitor.edit-own")
def take_person_away(person: str) -> Response:
    """Let the person leave, or say which meetings and demos are in the way."""
    row, form, moment = own_person(person), removal(), now()

    def act(session: Session, _data: object) -> str:
        released = request.form.get("release") == "yes"
        remove_person(session, identity(), f"{own_exhibitor()}/{person}", form.version, now=moment, release=released)
        return _LIST

    return taken(form, act) or again("exhibitors/desk_remove.html", form, **_removal(row))


def own_person(code: str) -> StaffDesk:
    """A person of the reader's exhibitor. Raises `NotFoundError` for everybody else's and for those who left."""
    with database().read() as session:
        found = desk_staff(session, own_exhibitor(), code)
    if not found:
        raise NotFoundError(what=code)
    return found[0]


def _on(person: StaffDesk, opening: Opening) -> list[tuple[datetime, datetime]]:
    return [one for one in person.hours if opening.has(one[0])]


def _choices() -> dict[str, Any]:
    return {"spoken": languages(language())}


def _removal(row: StaffDesk) -> dict[str, object]:
    return {"row": row, "kind": "staff", "back": f"/desk/staff/{row.code}"}
