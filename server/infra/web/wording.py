"""How a stored or typed value is worded for people: no code is shown where the reader's language has a word."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from flask import Flask

from server.infra.i18n import fair_datetime
from server.infra.regions import country_name, language_name
from server.infra.web.context import features, services
from server.infra.web.language import language, t, t_in
from server.infra.zones import city_of_zone

_OF_LISTS = frozenset({"categories", "category", "wants", "need"})
"""Fields whose values are codes of lists in the database."""
_UNSEEN = _OF_LISTS | {"version", "idempotency_key", "time_zone", "act"}
"""Fields of a refused form that say nothing to people."""


def install(app: Flask) -> None:
    """Give the templates of `app` the words for values and fields, and what was typed into a refused form."""
    app.jinja_env.globals.update(value_in_words=value_in_words, typed_in_words=typed_in_words)


def known(sentence: str, otherwise: str, /, **values: str) -> str:
    """The `sentence` if the reader's catalogue has it: what was written may be older than its words."""
    return t(sentence, **values) if services().catalogues.has(language(), sentence) else otherwise


def field_in_words(name: str) -> str:
    """What a field is called."""
    return known(f"audit-field-{name.replace('_', '-')}", name)


def value_in_words(value: Any, name: str = "", named: Mapping[str, str] | None = None) -> str:
    """A value of the field `name`: a word for a code, a moment in fair time, a list, nothing as a word.

    `named` has the names of things in the database by their codes.
    """
    if value is None or value in ("", [], {}):
        return t("audit-nothing")
    if isinstance(value, bool):
        return t("audit-yes") if value else t("audit-no")
    if isinstance(value, list | tuple):
        return t("list-comma").join(value_in_words(item, name, named) for item in value)
    if name in _BY_STANDARD:
        return _BY_STANDARD[name](str(value))
    if stem := _stem_of(name):
        return known(f"{stem}{value}", str(value))
    moment = as_moment(value)
    return fair_datetime(moment, language()) if moment else (named or {}).get(str(value), str(value))


def typed_in_words(fields: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """What the reader typed, as (field, value) in words; a field without a name has none here.

    What only programs read is left out, and so are codes without a word.
    """
    said: dict[str, list[str]] = {}
    for name, value in fields:
        label = known(f"audit-field-{name.replace('_', '-')}", "")
        if value and name not in _UNSEEN and (label or " " in value or not value.isascii()):
            said.setdefault(label, []).append(value_in_words(value, name))
    return [(label, t("list-comma").join(values)) for label, values in said.items()]


def as_moment(value: Any) -> datetime | None:
    """The moment that a stored value is, if it is one: those are kept as RFC 3339 with an offset."""
    if not isinstance(value, str) or "T" not in value:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _stem_of(name: str) -> str:
    """What the keys of the words for a field's codes begin with, as a feature declares it."""
    return next((one.log_words[name] for one in features() if name in one.log_words), "")


def _language(tag: str) -> str:
    """The name of a catalogue's language, in itself."""
    return t_in(tag, "language-name") if tag in services().catalogues.languages else tag


_BY_STANDARD: Mapping[str, Callable[[str], str]] = {
    "country": lambda code: country_name(code, language()),
    "markets": lambda code: country_name(code, language()),
    "languages": lambda code: language_name(code, language()),
    "time_zone": lambda zone: city_of_zone(zone, language()),
    "locale": _language,
}
