"""Forms: what was typed, checked by a schema; nothing typed is lost, and each fault has a sentence beside its field.

Every form that changes something goes one way: `parse` (or `pressed`, for a button) reads it, `taken` does it once and
leads on, and `again` shows it once more with what is in the way; `merged` says what somebody else changed meanwhile.

A fault's sentence is the catalogue key `form-<fault>` with parameters. A schema's own fault is raised as
`PydanticCustomError("form-…", "…", {parameters})` and needs the key in the catalogues.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Generic, TypeVar, get_args, get_origin
from uuid import uuid4

from flask import Flask, make_response, redirect, render_template, request
from pydantic import BaseModel, SecretStr, ValidationError
from pydantic_core import ErrorDetails
from sqlmodel import Session
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from server.infra.audit import Difference, StaleError
from server.infra.idempotency import answer_of, once
from server.infra.web.context import database, identity, settings
from server.infra.web.preconditions import form_key
from server.kernel.errors import FairZoneError, ForbiddenError, LoginRequiredError, NotFoundError
from server.kernel.ids import token_from

Model = TypeVar("Model", bound=BaseModel)
Typed = str | list[str]
ELSEWHERE = (NotFoundError, ForbiddenError, LoginRequiredError)
"""Refusals that leave no form to show again; they have pages of their own."""
_UNPROCESSABLE = 422
_NOT_TYPED = frozenset({"csrf_token", "_opened_by", "version", "idempotency_key"})
_FAULTS = {
    "missing": "form-required",
    "string_too_short": "form-required",
    "string_too_long": "form-too-long",
    "too_short": "form-choose-one",
    "too_long": "form-too-many",
    "int_parsing": "form-whole-number",
    "int_from_float": "form-whole-number",
    "float_parsing": "form-number",
    "greater_than_equal": "form-at-least",
    "greater_than": "form-more-than",
    "less_than_equal": "form-at-most",
    "less_than": "form-less-than",
    "enum": "form-choose",
    "literal_error": "form-choose",
    "date_from_datetime_parsing": "form-date",
    "date_parsing": "form-date",
    "time_parsing": "form-time",
    "datetime_parsing": "form-time",
    "datetime_from_date_parsing": "form-time",
    "string_pattern_mismatch": "form-pattern",
}


@dataclass(frozen=True)
class FormFault:
    """What is wrong with a field, as a catalogue key and what fills it in."""

    key: str
    params: Mapping[str, str | int | float] = field(default_factory=dict)


@dataclass
class Form(Generic[Model]):
    """What was typed, what is wrong with it, and, when nothing is, the checked data."""

    values: Mapping[str, Typed] = field(default_factory=dict)
    errors: dict[str, FormFault] = field(default_factory=dict)
    data: Model | None = None
    version: int = 0
    """The version of the thing that the reader saw."""
    refusal: FairZoneError | None = None
    """Why the checked data were refused; shown above the form."""
    idempotency_key: str = field(default_factory=lambda: uuid4().hex)

    @property
    def status(self) -> int:
        """The HTTP status of the page that shows the form: that of what is in the way, if anything is."""
        return self.refusal.status if self.refusal else _UNPROCESSABLE if self.errors else 200

    def text(self, name: str) -> str:
        """What stands in a field of one line."""
        value = self.values.get(name, "")
        return value if isinstance(value, str) else " ".join(value)

    def chosen(self, name: str) -> list[str]:
        """What is chosen where several things may be."""
        value = self.values.get(name, [])
        return value if isinstance(value, list) else [value] if value else []

    def refuse(self, refusal: FairZoneError) -> "Form[Model]":
        """The same form with the reason why it was refused; after a stale edit it may be sent again as it stands."""
        self.refusal = refusal
        if isinstance(refusal, StaleError):
            self.version = refusal.version
        return self


class Press(BaseModel):
    """What a button says by being pressed: nothing is typed."""


def install(app: Flask) -> None:
    """Let the templates of `app` have a form of their own for each button."""
    app.jinja_env.globals["new_form"] = Form


def shown(values: Mapping[str, Any], version: int = 0) -> Form[Any]:
    """A form that shows what is there now: every value as it would have been typed."""
    return Form(values={name: _as_typed(value) for name, value in values.items()}, version=version)


def parse(schema: type[Model], typed: "MultiDict[str, str]", **given: Any) -> Form[Model]:
    """Check what was typed against `schema`; empty fields count as left out, `given` is added by the page itself.

    Spaces at the ends of a field are dropped, but for secrets.
    """
    lists = {name for name, about in schema.model_fields.items() if _is_list(about.annotation)}
    values: dict[str, Typed] = {
        name: typed.getlist(name) if name in lists else typed[name] for name in typed if name not in _NOT_TYPED
    }
    version = typed.get("version", "")
    form: Form[Model] = Form(values=values, version=int(version) if version.isdecimal() and len(version) < 10 else 0)  # noqa: PLR2004 - what fits a column
    if key := typed.get("idempotency_key", ""):
        form.idempotency_key = key
    known = {name: value for name, value in values.items() if name in schema.model_fields}
    secrets = {name for name, about in schema.model_fields.items() if _is_secret(about.annotation)}
    filled = {name: value if name in secrets else _stripped(value) for name, value in known.items()}
    try:
        form.data = schema.model_validate({**{k: v for k, v in filled.items() if v not in ("", [])}, **given})
    except ValidationError as error:
        # Backward twice: a field's first fault counts, and the fields keep their order.
        faults = {_field(fault): _fault(fault, lists) for fault in reversed(error.errors())}
        form.errors = dict(reversed(faults.items()))
    return form


def pressed() -> Form[Press]:
    """The form of a button, as it came: with the version and the key that it carried."""
    return parse(Press, request.form)


def taken(form: Form[Model], act: Callable[[Session, Model], str]) -> Response | None:
    """Let `act` do what a form says and go where it points; nothing where the form has to be shown again.

    A second tap acts once and leads to the same place, so this comes before anything is read that `act` may take away.
    A refusal is kept in the form, above the words that were typed; what leaves no form (`ELSEWHERE`) is raised.
    """
    data = form.data
    if data is None or form.errors:
        return None
    try:
        with database().write() as session:
            return redirect(once(session, *form_key(), partial(act, session, data))[0], code=303)
    except ELSEWHERE:
        raise
    except FairZoneError as refusal:
        form.refuse(refusal)
        return None


def acted(act: Callable[[Session], str]) -> Response:
    """Let a button do what it says, once for two taps, and go where `act` points; a refusal has a page of its own."""
    with database().write() as session:
        return redirect(once(session, *form_key(), partial(act, session))[0], code=303)


def repeated() -> Response | None:
    """Where this very form has led before, if it has: for forms that look at a secret before they act."""
    account, key, _ = form_key()
    with database().read() as session:
        target = answer_of(session, key, account) if key else None
    return None if target is None else redirect(target, code=303)


def once_made() -> str:
    """A secret that a form asks for: sent twice, it shows the same one, which is kept nowhere."""
    kept = settings().secret_key
    return token_from(f"{kept}:{identity().account_id}:{request.path}:{pressed().idempotency_key}")


def again(template: str, form: Form[Any], **values: object) -> Response:
    """The page with the refused form: everything typed is still there."""
    response: Response = make_response(render_template(template, form=form, **values), form.status)
    if form.refusal and "seconds" in form.refusal.params:
        response.headers["Retry-After"] = str(form.refusal.params["seconds"])
    return response


def merged(form: Form[Model], words: Mapping[str, str] | None = None) -> Form[Model]:
    """The form with what somebody else changed in the meantime, told in `words` instead of codes.

    A field that the reader had left as it was shows the other's value now: sending it again must not undo it.
    """
    if isinstance(form.refusal, StaleError):
        changes = form.refusal.differences
        untouched = [one for one in changes if _alike(form.values.get(one.field, ""), _as_logged(one.old))]
        form.values = {**form.values, **{one.field: _as_logged(one.new) for one in untouched}}
        form.refusal.differences = [
            Difference(one.field, _named(one.old, words or {}), _named(one.new, words or {})) for one in changes
        ]
    return form


def _as_logged(value: Any) -> Typed:
    """A value of the log as a reader would have typed it."""
    return _as_typed(int(value) if isinstance(value, float) and value.is_integer() else value)


def _alike(one: Typed, other: Typed) -> bool:
    """Whether two fields say the same; boxes that are ticked have no order, and a list that is empty is not sent."""
    if isinstance(one, list) or isinstance(other, list):
        return set(one or []) == set(other or [])
    return one.strip().split() == other.strip().split()


def _named(value: object, words: Mapping[str, str]) -> object:
    if isinstance(value, list):
        return [_named(item, words) for item in value]
    return words.get(value, value) if isinstance(value, str) else value


def _field(fault: ErrorDetails) -> str:
    """The field where a fault is; one of the whole form stands under the empty name."""
    return str(fault["loc"][0]) if fault["loc"] else ""


def _fault(fault: ErrorDetails, lists: Collection[str]) -> FormFault:
    # Of a list of which nothing was chosen a browser sends nothing at all.
    kind = "too_short" if fault["type"] == "missing" and _field(fault) in lists else fault["type"]
    key = kind if kind.startswith("form-") else _FAULTS.get(kind, "form-invalid")
    context = fault.get("ctx", {})
    return FormFault(key, {name: value for name, value in context.items() if isinstance(value, str | int | float)})


def _is_list(annotation: Any) -> bool:
    if get_origin(annotation) in (list, tuple, set, frozenset):
        return True
    return any(_is_list(part) for part in get_args(annotation))


def _is_secret(annotation: Any) -> bool:
    """Whether a field holds a secret, which nobody alters: a space at its end is a part of it."""
    return annotation is SecretStr or any(_is_secret(part) for part in get_args(annotation))


def _stripped(value: Typed) -> Typed:
    return value.strip() if isinstance(value, str) else [item.strip() for item in value if item.strip()]


def _as_typed(value: Any) -> Typed:
    if isinstance(value, list | tuple | set | frozenset):
        return [_line(item) for item in value]
    return _line(value)


def _line(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else ""
    return str(getattr(value, "value", value))
