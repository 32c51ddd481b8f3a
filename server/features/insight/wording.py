"""How a logged value is worded for the organiser's desk: no code is shown where the reader's language has a word."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from server.features.insight.rules import as_moment
from server.infra.i18n import fair_datetime
from server.infra.regions import country_name, language_name
from server.infra.web.context import features, services
from server.infra.web.language import language, t, t_in
from server.infra.zones import city_of_zone


@dataclass(frozen=True)
class Names:
    """Names in the reader's language by their codes: of exhibitors, categories, robots and staff."""

    exhibitors: Mapping[str, str] = field(default_factory=dict)
    categories: Mapping[str, str] = field(default_factory=dict)
    robots: Mapping[str, str] = field(default_factory=dict)
    staff: Mapping[str, str] = field(default_factory=dict)

    def of(self, name: str) -> Mapping[str, str]:
        """The names for a field; empty for one that holds none."""
        categories = dict.fromkeys(("category", "categories", "wants", "need"), self.categories)
        return {"exhibitor": self.exhibitors, "robot": self.robots, "staff": self.staff, **categories}.get(name, {})


def known(sentence: str, otherwise: str, /, **values: str) -> str:
    """The `sentence` if the reader's catalogue has it: what is logged may be older than its words."""
    return t(sentence, **values) if services().catalogues.has(language(), sentence) else otherwise


def value_in_words(value: Any, names: Names, name: str = "") -> str:
    """A logged value of the field `name`: a word for a code, a moment in fair time, a list, nothing as a word."""
    if value is None or value in ("", [], {}):
        return t("audit-nothing")
    if isinstance(value, bool):
        return t("audit-yes") if value else t("audit-no")
    if isinstance(value, list):
        return t("list-comma").join(value_in_words(item, names, name) for item in value)
    if name in _BY_STANDARD:
        return _BY_STANDARD[name](str(value))
    if stem := _stem_of(name):
        return known(f"{stem}{value}", str(value))
    moment = as_moment(value)
    return fair_datetime(moment, language()) if moment else names.of(name).get(str(value), str(value))


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
