"""Countries, languages and time zones with their names in the reader's language, from the Unicode locale data."""

from collections.abc import Iterable
from functools import cache

from babel import Locale
from babel.core import get_global

_CODE_LETTERS = 2
_NO_COUNTRY = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ", "AC", "CP", "DG", "EA", "IC", "TA", "001"})
"""Codes that no company gives as its home."""
SPOKEN = (
    "zh", "en", "ar", "bn", "cs", "da", "de", "el", "es", "fa", "fi", "fr", "he", "hi", "hu", "id", "it", "ja", "kk",
    "ko", "ms", "nl", "no", "pl", "pt", "ro", "ru", "sv", "sw", "th", "tr", "uk", "ur", "vi", "yo",
)  # fmt: skip
"""The languages that people at the fair speak, ISO 639-1."""


@cache
def countries(language: str) -> tuple[tuple[str, str], ...]:
    """(code, name) of every country, in the order of the names."""
    names = {str(code): str(name) for code, name in _locale(language).territories.items()}
    found = ((code, name) for code, name in names.items() if code.isalpha() and len(code) == _CODE_LETTERS)
    return tuple(sorted(((code, name) for code, name in found if code not in _NO_COUNTRY), key=lambda pair: pair[1]))


@cache
def languages(language: str) -> tuple[tuple[str, str], ...]:
    """(code, name) of the languages that people at the fair speak; Chinese and English first."""
    return tuple((code, language_name(code, language)) for code in SPOKEN)


def country_name(code: str, language: str) -> str:
    """The name of a country, or its code when it has none."""
    return str(_locale(language).territories.get(code, code))


def language_name(code: str, language: str) -> str:
    """The name of a language, or its code when it has none."""
    return str(_locale(language).languages.get(code, code))


def is_time_zone(name: str) -> bool:
    """Whether `name` is a time zone of the IANA list that belongs to a country, be it by an older name."""
    return bool(country_of_zone(name))


def country_of_zone(zone: str) -> str:
    """The country in which a time zone lies, or nothing."""
    found = str(get_global("zone_territories").get(get_global("zone_aliases").get(zone, zone), ""))
    return "" if found in _NO_COUNTRY else found


def zone_of_country(code: str) -> str:
    """The time zone that most clocks of a country show, or the fair's own where nobody knows."""
    zones = get_global("territory_zones").get(code, [])
    return _CHIEF_ZONES.get(code) or (zones[0] if zones else "Asia/Shanghai")


def country_of_languages(tags: Iterable[str]) -> str:
    """The country that the first of these language tags names (`pt-BR` says BR), or nothing."""
    for tag in tags:
        parts = tag.replace("_", "-").split("-")
        named = [part for part in parts[1:] if len(part) == _CODE_LETTERS and part.isalpha()]
        if named:
            return named[0].upper()
    return ""


_CHIEF_ZONES = {
    "AU": "Australia/Sydney", "BR": "America/Sao_Paulo", "CA": "America/Toronto", "CD": "Africa/Kinshasa",
    "CL": "America/Santiago", "CN": "Asia/Shanghai", "DE": "Europe/Berlin", "EC": "America/Guayaquil",
    "ES": "Europe/Madrid", "ID": "Asia/Jakarta", "KZ": "Asia/Almaty", "MX": "America/Mexico_City",
    "MY": "Asia/Kuala_Lumpur", "NZ": "Pacific/Auckland", "PT": "Europe/Lisbon", "RU": "Europe/Moscow",
    "US": "America/New_York", "UA": "Europe/Kyiv", "VN": "Asia/Ho_Chi_Minh", "IN": "Asia/Kolkata",
}  # fmt: skip
"""Where a country has several zones, or had another name for its one: the zone of most of its people."""


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(language.replace("-", "_"))


def zones() -> list[str]:
    """Every time zone that lies in a country, older names included, in order."""
    names = {*get_global("zone_territories"), *get_global("zone_aliases")}
    return sorted(str(name) for name in names if is_time_zone(str(name)) and "/" in str(name))
