"""The world's time zones: those that are offered, what an older name is called today, and how a zone is named in print.

The list is that of the IANA data (`zone.tab`, and the links of `tzdata.zi`), as the package `tzdata` brings it along.
A zone is printed by its city, never by an abbreviation: CST is Chicago's time, and China's, and Cuba's.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale

from server.kernel.clock import FAIR_ZONE

_ZONE_TAB_COLUMNS = 3
_LINK_PARTS = 3
_SENTENCES = {"zh": "{city}时间", "en": "{city} time", "de": "Ortszeit {city}"}
_FAIR_TIME = {"zh": "北京时间", "en": "Beijing time", "de": "Pekinger Zeit"}
_FAIR_CITY = {"zh": "北京", "en": "Beijing", "de": "Peking"}
_RENAMED = {
    "Africa/Asmara": "Africa/Asmera", "America/Argentina/Buenos_Aires": "America/Buenos_Aires",
    "America/Argentina/Catamarca": "America/Catamarca", "America/Argentina/Cordoba": "America/Cordoba",
    "America/Argentina/Jujuy": "America/Jujuy", "America/Argentina/Mendoza": "America/Mendoza",
    "America/Atikokan": "America/Coral_Harbour", "America/Indiana/Indianapolis": "America/Indianapolis",
    "America/Kentucky/Louisville": "America/Louisville", "America/Nuuk": "America/Godthab",
    "Asia/Ho_Chi_Minh": "Asia/Saigon", "Asia/Kathmandu": "Asia/Katmandu", "Asia/Kolkata": "Asia/Calcutta",
    "Asia/Yangon": "Asia/Rangoon", "Atlantic/Faroe": "Atlantic/Faeroe", "Europe/Kyiv": "Europe/Kiev",
    "Pacific/Chuuk": "Pacific/Truk", "Pacific/Pohnpei": "Pacific/Ponape",
}  # fmt: skip
"""Present names with those under which the Unicode data (and browsers) still know the same city."""
_LATE_CITIES = {("America/Coyhaique", "zh"): "科伊艾克"}
"""Cities of zones that are younger than the Unicode data."""


@cache
def countries_of_zones() -> Mapping[str, str]:
    """Every time zone that is offered, by its present name, with the country it lies in."""
    rows = [line.split("\t") for line in _lines("zone.tab") if not line.startswith("#")]
    return {row[2]: row[0] for row in sorted(rows, key=lambda row: row[2:3]) if len(row) >= _ZONE_TAB_COLUMNS}


@cache
def countries_of_names() -> Mapping[str, str]:
    """The same for every name that a browser may use, older ones included (Chrome says `Asia/Calcutta`)."""
    known = countries_of_zones()
    return {**{old: known[new] for old, new in _links().items() if new in known}, **known}


def current_zone(name: str) -> str:
    """The present name of a time zone, be it given by an older one (`Asia/Calcutta`); nothing for one of no country."""
    known = countries_of_zones()
    return name if name in known else next((old for old in (_links().get(name, ""),) if old in known), "")


def find_zone(name: str) -> ZoneInfo | None:
    """The time zone of that name, older names included, or nothing."""
    try:
        return ZoneInfo(current_zone(name) or name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def city_of_zone(name: str, language: str) -> str:
    """The city after which a zone is called, in the reader's language: `Chicago`, `芝加哥`."""
    tag = language.split("-", maxsplit=1)[0]
    if name == FAIR_ZONE.key:
        return _FAIR_CITY.get(tag, _FAIR_CITY["en"])
    named = Locale.parse(language.replace("-", "_")).time_zones
    found = named.get(name, {}).get("city") or named.get(_RENAMED.get(name, ""), {}).get("city")
    return str(found or _LATE_CITIES.get((name, tag)) or name.rpartition("/")[2].replace("_", " "))


def in_zone(time: str, moment: datetime, language: str) -> str:
    """A time as printed, with the zone of `moment`: `04:00 Berlin time`, `04:00 柏林时间`, `04:00 UTC+3:30`."""
    zone = moment.tzinfo
    tag = language.split("-", maxsplit=1)[0]
    if zone == FAIR_ZONE:
        return f"{time} {_FAIR_TIME.get(tag, _FAIR_TIME['en'])}"
    if isinstance(zone, ZoneInfo) and zone.key in countries_of_zones():
        pattern = _SENTENCES.get(tag, _SENTENCES["en"])
        return f"{time} {pattern.format(city=city_of_zone(zone.key, language))}"
    return f"{time} {offset(moment)}"


def offset(moment: datetime) -> str:
    """How far a moment's clock is from UTC: `UTC+8`, `UTC-3:30`, `UTC`."""
    shift = moment.strftime("%z")
    sign, hours, minutes = shift[:1], int(shift[1:3] or 0), shift[3:5]
    if not hours and minutes in {"", "00"}:
        return "UTC"
    return f"UTC{sign}{hours}" + ("" if minutes == "00" else f":{minutes}")


@cache
def _links() -> Mapping[str, str]:
    """Older names of zones, with the present ones."""
    parts = (line.split() for line in _lines("tzdata.zi") if line.startswith("L "))
    links = {part[2]: part[1] for part in parts if len(part) == _LINK_PARTS}
    return {**links, **{old: new for new, old in _RENAMED.items()}}


def _lines(name: str) -> Iterator[str]:
    return iter(files("tzdata").joinpath("zoneinfo", name).read_text(encoding="utf-8").splitlines())
