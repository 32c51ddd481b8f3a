"""The desk's pages of the people at the booth; their hours have a page of their own (`hours`)."""

from datetime import datetime

from flask import render_template, request
from sqlmodel import Session

from server.features.exhibitors.desk.things import Things, forms_of
from server.features.exhibitors.queries import desk_staff, list_openings
from server.features.exhibitors.rules import Opening
from server.features.exhibitors.schemas import StaffDesk, StaffEdit
from server.features.exhibitors.service import add_person, edit_person, remove_person
from server.infra.identity import Identity
from server.infra.regions import languages
from server.infra.web.context import database, now, own_exhibitor
from server.infra.web.guard import guarded
from server.infra.web.language import language
from server.kernel.errors import NotFoundError


def own_person(code: str) -> StaffDesk:
    """A person of the reader's exhibitor. Raises `NotFoundError` for everybody else's and for those who left."""
    with database().read() as session:
        found = desk_staff(session, own_exhibitor(), code)
    if not found:
        raise NotFoundError(what=code)
    return found[0]


def _on(person: StaffDesk, opening: Opening) -> list[tuple[datetime, datetime]]:
    return [one for one in person.hours if opening.has(one[0])]


def _remove(session: Session, by: Identity, key: str, version: int) -> None:
    released = request.form.get("release") == "yes"
    remove_person(session, by, key, version, now=now(), release=released)


pages = forms_of(
    "desk_staff",
    Things(
        path="/desk/staff",
        one="person",
        kind="staff",
        template="exhibitors/desk_person.html",
        edit=StaffEdit,
        new={"languages": ["zh"]},
        own=own_person,
        values=lambda row: row.model_dump(include=set(StaffEdit.model_fields)),
        choices=lambda: {"spoken": languages(language())},
        words=lambda choices: dict(choices["spoken"]),
        add=add_person,
        added="/desk/staff/{}/hours",
        change=edit_person,
        remove=_remove,
    ),
)


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
