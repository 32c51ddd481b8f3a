"""The forms of what an exhibitor has several of: one more, the words of one, and taking one away. One row a kind."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, request
from pydantic import BaseModel
from sqlmodel import Session
from werkzeug.wrappers import Response

from server.infra.identity import Identity
from server.infra.web.context import identity, own_exhibitor
from server.infra.web.forms import again, merged, parse, pressed, shown, taken
from server.infra.web.guard import guarded

_REMOVE = "exhibitors/desk_remove.html"


@dataclass(frozen=True, kw_only=True)
class Things:
    """A kind of thing: where its pages are, how one is shown, and the use cases behind its forms."""

    path: str
    one: str
    """What one is called in addresses."""
    kind: str
    template: str
    edit: type[BaseModel]
    new: Mapping[str, Any]
    """What the form of one more starts with."""
    own: Callable[[str], Any]
    """One of the reader's exhibitor. Raises `NotFoundError`."""
    values: Callable[[Any], Mapping[str, Any]]
    choices: Callable[[], dict[str, Any]]
    words: Callable[[dict[str, Any]], Mapping[str, str]]
    """The words of the choices by their codes."""
    add: Callable[[Session, Identity, str, Any], Any]
    change: Callable[[Session, Identity, str, Any, int], object]
    remove: Callable[[Session, Identity, str, int], None]
    added: str = ""
    """Where to go with a new one, by its code; usually to the list."""

    @property
    def saved(self) -> str:
        """The list, with a word that something was saved."""
        return f"{self.path}?saved=yes"

    def removal(self, row: Any) -> dict[str, object]:
        """What the page shows that asks before one goes."""
        return {"row": row, "kind": self.kind, "back": f"{self.path}/{row.code}"}


def forms_of(name: str, things: Things) -> Blueprint:
    """The pages of that name with the forms of `things`; their list is a page of its own."""
    pages = Blueprint(name, __name__)

    @pages.get(f"{things.path}/new")
    @guarded("exhibitor.edit-own")
    def new() -> str:
        return render_template(things.template, form=shown(things.new), row=None, **things.choices())

    @pages.post(f"{things.path}/new")
    @guarded("exhibitor.edit-own")
    def add() -> Response:
        form = parse(things.edit, request.form)

        def act(session: Session, data: BaseModel) -> str:
            made = things.add(session, identity(), own_exhibitor(), data)
            return things.added.format(made.code) or things.saved

        return taken(form, act) or again(things.template, form, row=None, **things.choices())

    @pages.get(f"{things.path}/<{things.one}>")
    @guarded("exhibitor.edit-own")
    def one(**named: str) -> str:
        row = things.own(named[things.one])
        form = shown(things.values(row), row.version)
        return render_template(things.template, form=form, row=row, **things.choices())

    @pages.post(f"{things.path}/<{things.one}>")
    @guarded("exhibitor.edit-own")
    def save(**named: str) -> Response:
        form, code = parse(things.edit, request.form), named[things.one]

        def act(session: Session, data: BaseModel) -> str:
            things.change(session, identity(), f"{own_exhibitor()}/{code}", data, form.version)
            return things.saved

        if done := taken(form, act):
            return done
        choices = things.choices()
        return again(things.template, merged(form, things.words(choices)), row=things.own(code), **choices)

    _add_removal(pages, things)
    return pages


def _add_removal(pages: Blueprint, things: Things) -> None:
    @pages.get(f"{things.path}/<{things.one}>/remove")
    @guarded("exhibitor.edit-own")
    def ask(**named: str) -> str:
        row = things.own(named[things.one])
        return render_template(_REMOVE, form=shown({}, row.version), **things.removal(row))

    @pages.post(f"{things.path}/<{things.one}>/remove")
    @guarded("exhibitor.edit-own")
    def remove(**named: str) -> Response:
        form, code = pressed(), named[things.one]

        def act(session: Session, _data: object) -> str:
            things.remove(session, identity(), f"{own_exhibitor()}/{code}", form.version)
            return things.saved

        return taken(form, act) or again(_REMOVE, form, **things.removal(things.own(code)))
