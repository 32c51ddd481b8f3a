"""What the desk's pages share: whose desk it is, how a form is taken, and the choices that forms offer."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import make_response, redirect, render_template, request
from pydantic import BaseModel
from sqlmodel import Session
from werkzeug.wrappers import Response

from server.features.exhibitors.schemas import CategoryOut
from server.infra.audit import Difference, StaleError
from server.infra.idempotency import KeyReusedError
from server.infra.regions import countries
from server.infra.web.context import database, identity
from server.infra.web.forms import Form, Typed, parse, shown
from server.infra.web.language import language, t
from server.infra.web.preconditions import form_once
from server.kernel.countries import REGIONS
from server.kernel.errors import FairZoneError, NotFoundError

Model = TypeVar("Model", bound=BaseModel)
INVALID = 422


@dataclass(frozen=True)
class OptionGroup:
    """Choices that belong together, as (code, words)."""

    title: str
    options: tuple[tuple[str, str], ...]


def own_exhibitor() -> str:
    """The code of the exhibitor for whom the reader works. Raises `NotFoundError` for those who work for none."""
    code = identity().exhibitor
    if code is None:
        raise NotFoundError(what="desk")
    return code


def taken(form: Form[Model], act: Callable[[Session, Model], str]) -> Response | None:
    """Let `act` do what a form says and go where it points; nothing when the form has to be shown again.

    A second tap acts once. A refusal is kept in the form, above the words that were typed.
    """
    data = form.data
    if data is None:
        return None
    try:
        target = _acted(lambda session: act(session, data))
    except FairZoneError as refusal:
        form.refuse(refusal)
        return None
    return redirect(target, code=303)


def _acted(act: Callable[[Session], str]) -> str:
    try:
        with database().write() as session:
            return form_once(session, lambda: act(session))
    except KeyReusedError:
        # The reader went back to a form that had been sent, and typed something else: that is a new request.
        with database().write() as session:
            return act(session)


def again(template: str, form: Form[Model], **values: object) -> Response:
    """The page with the refused form: everything typed is still there."""
    status = form.refusal.status if form.refusal else INVALID
    return make_response(render_template(template, form=form, **values), status)


def merged(form: Form[Model], words: Mapping[str, str]) -> Form[Model]:
    """The form with what somebody else changed in the meantime, told in words instead of codes.

    A field that the reader had left as it was shows the other's value now: sending it again must not undo it.
    """
    if isinstance(form.refusal, StaleError):
        changes = form.refusal.differences
        untouched = [one for one in changes if _alike(form.values.get(one.field, ""), _typed(one.old))]
        form.values = {**form.values, **{one.field: _typed(one.new) for one in untouched}}
        form.refusal.differences = [
            Difference(one.field, _named(one.old, words), _named(one.new, words)) for one in changes
        ]
    return form


def _typed(value: Any) -> Typed:
    """A value of the log as a reader would have typed it."""
    whole = isinstance(value, float) and value.is_integer()
    return shown({"value": int(value) if whole else value}).values["value"]


def _alike(one: Typed, other: Typed) -> bool:
    """Whether two fields say the same; boxes that are ticked have no order, and a list that is empty is not sent."""
    if isinstance(one, list) or isinstance(other, list):
        return set(one or []) == set(other or [])
    return one.strip().split() == other.strip().split()


def _named(value: object, words: Mapping[str, str]) -> object:
    if isinstance(value, list):
        return [_named(item, words) for item in value]
    return words.get(value, value) if isinstance(value, str) else value


def own_name(row: CategoryOut) -> str:
    """The name of a category in the reader's language."""
    return row.name_zh if language().startswith("zh") else row.name_en


def category_groups(categories: Iterable[CategoryOut]) -> list[OptionGroup]:
    """The taxonomy as choices: below each category those right under it. A root is only a title."""
    names = {row.code: own_name(row) for row in categories}
    below: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in categories:
        if row.parent is not None:
            below[row.parent].append((row.code, names[row.code]))
    return [OptionGroup(names[code], tuple(options)) for code, options in sorted(below.items())]


def market_groups() -> list[OptionGroup]:
    """The countries by region, with their names in the reader's language and in their order."""
    named = dict(countries(language()))
    order = {code: place for place, code in enumerate(named)}
    return [
        OptionGroup(
            t(f"region-{region}"),
            tuple((code, named[code]) for code in sorted(set(codes) & set(named), key=lambda code: order[code])),
        )
        for region, codes in REGIONS.items()
    ]


def words_of(groups: Iterable[OptionGroup]) -> dict[str, str]:
    """The words of every choice by its code."""
    return {code: words for group in groups for code, words in group.options}


class Removal(BaseModel):
    """That something shall go: nothing more has to be said."""


def removal() -> Form[Removal]:
    """The form with which something is removed, as it came."""
    return parse(Removal, request.form)
