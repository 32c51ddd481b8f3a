"""Countries and regions, and languages, with their names in the reader's language and in the reader's order.

The names of countries stand in a table, by default that of the host's standard (GB/T 2659 in Chinese), which an
installation may replace by its own file (`use_table`); one process has one table. Languages are named by Unicode data.
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from io import StringIO
from pathlib import Path
from types import MappingProxyType
from unicodedata import combining, normalize

from babel import Locale

from server.infra.zones import countries_of_zones
from server.kernel.clock import FAIR_ZONE
from server.kernel.countries import HOMES
from server.kernel.errors import SetupError
from server.kernel.pinyin import SortKey, pinyin_key

TABLE = Path(__file__).parent.parent / "data" / "countries.csv"
COLUMNS = ("code", "name_en", "name_zh")
_CODE_LETTERS = 2
_MOST_CHARS = 80
SPOKEN = (
    "zh", "en", "ar", "bn", "cs", "da", "de", "el", "es", "fa", "fi", "fr", "he", "hi", "hu", "id", "it", "ja", "kk",
    "ko", "ms", "nl", "no", "pl", "pt", "ro", "ru", "sv", "sw", "th", "tr", "uk", "ur", "vi", "yo",
)  # fmt: skip
"""The languages that people at the fair speak, ISO 639-1."""

Names = Mapping[str, tuple[str, str]]
"""By code: the English and the Chinese name."""


@dataclass
class _InUse:
    """The table of this process."""

    path: Path = TABLE
    names: dict[Path, Names] = field(default_factory=dict)


_in_use = _InUse()


def use_table(path: str) -> None:
    """Name the countries by this file from now on, or by the built-in one when there is none. Raises `SetupError`."""
    chosen = Path(path) if path else TABLE
    _in_use.names[chosen] = read_table(chosen)
    _in_use.path = chosen


def read_table(path: Path) -> Names:
    """The names in a file of countries: UTF-8, with the columns code, name_en and name_zh.

    Raises:
        SetupError: it cannot be read, or a row of it is wrong; the sentence says which.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise _refused(path, f"cannot be read: {error}") from error
    rows = csv.DictReader(StringIO(text))
    if tuple(rows.fieldnames or ()) != COLUMNS:
        raise _refused(path, f"must begin with the line {','.join(COLUMNS)}")
    names: dict[str, tuple[str, str]] = {}
    for row in rows:
        code, *named = (str(row.get(column) or "").strip() for column in COLUMNS)
        if fault := _fault(code, named, names, extra=None in row):
            raise _refused(path, f"line {rows.line_num}: {fault}")
        names[code] = (named[0], named[1])
    if not names:
        raise _refused(path, "names no country")
    return MappingProxyType(names)


def countries(language: str) -> tuple[tuple[str, str], ...]:
    """(code, name) of every country or region that a firm may come from, in the order of the names."""
    return _sorted_names(_in_use.path, language)


def country_name(code: str, language: str) -> str:
    """The name of a country or region; one that is not in the table is named by the built-in one, else by its code."""
    for path in (_in_use.path, TABLE):
        if code in _names(path):
            return _in_language(_names(path)[code], language)
    return str(_locale(language).territories.get(code, code)) if code in HOMES else code


@cache
def languages(language: str) -> tuple[tuple[str, str], ...]:
    """(code, name) of the languages that people at the fair speak; Chinese and English first."""
    named = [(code, language_name(code, language)) for code in SPOKEN]
    return (*named[:2], *sorted(named[2:], key=lambda pair: name_key(pair[1], language)))


def language_name(code: str, language: str) -> str:
    """The name of a language, or its code when it has none."""
    return str(_locale(language).languages.get(code, code))


def name_key(name: str, language: str) -> SortKey:
    """What to sort names by in a list: by sound on Chinese pages, without case and accents on others."""
    if language.startswith("zh"):
        return pinyin_key(name)
    return ((0, "".join(part for part in normalize("NFKD", name) if not combining(part)).casefold()),)


def zone_of_country(code: str) -> str:
    """The time zone that most clocks of a country show, or the fair's own where nobody knows."""
    zones = (zone for zone, country in countries_of_zones().items() if country == code)
    return _CHIEF_ZONES.get(code) or next(zones, FAIR_ZONE.key)


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
    "AR": "America/Argentina/Buenos_Aires", "MN": "Asia/Ulaanbaatar", "PG": "Pacific/Port_Moresby",
    "CY": "Asia/Nicosia", "UZ": "Asia/Tashkent", "PS": "Asia/Hebron", "FM": "Pacific/Pohnpei",
    "KI": "Pacific/Tarawa", "MH": "Pacific/Majuro", "PF": "Pacific/Tahiti", "GL": "America/Nuuk",
}  # fmt: skip
"""Where a country has several zones: the zone of most of its people."""


def _fault(code: str, named: list[str], names: Mapping[str, object], *, extra: bool) -> str:
    """What is wrong with a row, or nothing."""
    if extra:
        return "there are more than three columns"
    if code not in HOMES:
        return f"{code or 'nothing'} is no country or region of ISO 3166-1 with inhabitants"
    if code in names:
        return f"{code} stands twice"
    if not all(named) or any(len(name) > _MOST_CHARS or not name.isprintable() for name in named):
        return f"{code} needs an English and a Chinese name of at most {_MOST_CHARS} characters"
    return ""


def _refused(path: Path, fault: str) -> SetupError:
    return SetupError(
        f"the table of countries {path} {fault}",
        f"Mend the file, or unset FAIRZONE_COUNTRIES; {TABLE} is an example.",
    )


def _names(path: Path) -> Names:
    if path not in _in_use.names:
        _in_use.names[path] = read_table(path)
    return _in_use.names[path]


@cache
def _sorted_names(path: Path, language: str) -> tuple[tuple[str, str], ...]:
    named = ((code, _in_language(names, language)) for code, names in _names(path).items())
    return tuple(sorted(named, key=lambda pair: name_key(pair[1], language)))


def _in_language(names: tuple[str, str], language: str) -> str:
    return names[1] if language.startswith("zh") else names[0]


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(language.replace("-", "_"))
