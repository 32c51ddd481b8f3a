"""Time zones: all that are offered work, none has an old name, and none is ever printed as an abbreviation."""

import re
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from server.features.buyers.schemas import ProfileIn
from server.infra import i18n
from server.infra.i18n import catalogue_files
from server.infra.zones import (
    city_of_zone,
    countries_of_names,
    countries_of_zones,
    current_zone,
    find_zone,
    in_zone,
    offset,
)
from server.kernel.countries import COUNTRIES

LANGUAGES = sorted(catalogue_files())
DAYS = [
    datetime(2026, 1, 15, 2, 0, tzinfo=UTC),
    datetime(2026, 4, 16, 2, 0, tzinfo=UTC),
    datetime(2026, 7, 15, 16, 30, tzinfo=UTC),
    datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
    datetime(2036, 2, 29, 23, 59, tzinfo=UTC),
]
_ABBREVIATION = re.compile(r"(?<![A-Za-z])[A-Z]{2,5}(?![A-Za-z])")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_zone_is_ever_printed_as_an_abbreviation(language: str) -> None:
    printed = {
        i18n.own_span(day, day + timedelta(minutes=30), zone, language) for zone in countries_of_zones() for day in DAYS
    }

    assert sorted(text for text in printed if _ABBREVIATION.search(text)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_zone_but_the_fairs_is_printed_with_its_own_city(language: str) -> None:
    cities = {zone: city_of_zone(zone, language) for zone in countries_of_zones()}

    assert len(set(cities.values())) == len(cities)
    for zone, city in cities.items():
        shown = i18n.own_span(DAYS[1], DAYS[1] + timedelta(minutes=30), zone, language)
        assert (city in shown) is (zone != "Asia/Shanghai"), zone


def test_chicagos_time_is_chicagos() -> None:
    starts, ends = DAYS[0], DAYS[0] + timedelta(minutes=30)

    assert i18n.own_span(starts, ends, "America/Chicago", "en") == "Jan 14, 2026 20:00–20:30 Chicago time"
    assert i18n.own_span(starts, ends, "US/Central", "zh-Hans") == "2026年1月14日 20:00–20:30 芝加哥时间"


def test_chinese_pages_name_every_city_in_chinese() -> None:
    assert [zone for zone in countries_of_zones() if city_of_zone(zone, "zh-Hans").isascii()] == []


@pytest.mark.parametrize("zone", countries_of_zones())
def test_a_zone_that_is_offered_can_be_chosen(zone: str) -> None:
    said = {"name": "Anna", "company": "Weber", "country": "DE", "time_zone": zone}

    assert ProfileIn.model_validate(said).time_zone == zone
    assert find_zone(zone) == ZoneInfo(zone)


def test_only_present_names_are_offered_and_older_ones_are_understood() -> None:
    older = {
        "Asia/Calcutta": "Asia/Kolkata",
        "Asia/Saigon": "Asia/Ho_Chi_Minh",
        "Asia/Rangoon": "Asia/Yangon",
        "Asia/Katmandu": "Asia/Kathmandu",
        "Asia/Chongqing": "Asia/Shanghai",
        "Europe/Kiev": "Europe/Kyiv",
        "America/Buenos_Aires": "America/Argentina/Buenos_Aires",
        "US/Central": "America/Chicago",
        "PRC": "Asia/Shanghai",
    }

    assert {old: current_zone(old) for old in older} == older
    assert set(older) & set(countries_of_zones()) == set()
    assert set(older) <= set(countries_of_names())


def test_what_is_no_zone_of_a_country_is_none() -> None:
    assert [current_zone(name) for name in ("Etc/UTC", "UTC", "Mars/Olympus", "", "../etc/passwd")] == [""] * 5
    assert [find_zone(name) for name in ("Mars/Olympus", "", "../etc/passwd", "America/Indiana")] == [None] * 4


def test_every_country_that_trades_has_a_zone() -> None:
    assert COUNTRIES - {"XK"} <= set(countries_of_zones().values())


@pytest.mark.parametrize(
    ("minutes", "shown"), [(0, "UTC"), (480, "UTC+8"), (-210, "UTC-3:30"), (345, "UTC+5:45"), (30, "UTC+0:30")]
)
def test_a_clock_without_a_city_is_printed_by_its_offset(minutes: int, shown: str) -> None:
    moment = datetime(2026, 4, 16, 10, 0, tzinfo=timezone(timedelta(minutes=minutes)))

    assert offset(moment) == shown
    assert in_zone("10:00", moment, "en") == f"10:00 {shown}"
