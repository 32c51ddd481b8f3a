"""Countries and regions: named by the host's standard, in the reader's order, and replaceable."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from server.infra import regions
from server.infra.regions import TABLE, countries, country_name, read_table, use_table, zone_of_country
from server.infra.zones import countries_of_zones
from server.kernel.countries import COUNTRIES, HOMES
from server.kernel.errors import SetupError
from server.kernel.pinyin import pinyin_key

HEAD = "code,name_en,name_zh\n"


@pytest.fixture(autouse=True)
def house_table() -> Iterator[None]:
    """The house's own table, before and after."""
    use_table("")
    yield
    use_table("")


def test_regions_of_china_are_named_as_the_hosts_standard_names_them() -> None:
    codes = ("CN", "HK", "MO", "TW")

    assert [country_name(code, "zh-Hans") for code in codes] == ["中国", "中国香港", "中国澳门", "中国台湾"]
    assert [country_name(code, "en") for code in codes] == [
        "China",
        "Hong Kong, China",
        "Macao, China",
        "Taiwan, China",
    ]


def test_chinese_lists_stand_in_the_order_of_sound() -> None:
    names = [name for _, name in countries("zh-Hans")]

    assert names == sorted(names, key=pinyin_key)
    assert (names[0], names[-1]) == ("阿尔巴尼亚", "中国香港")


def test_english_lists_pass_over_accents() -> None:
    names = [name for _, name in countries("en")]

    assert names[:3] == ["Afghanistan", "Åland Islands", "Albania"]
    assert names.index("Côte d’Ivoire") < names.index("Croatia")


def test_nobody_comes_from_where_nobody_lives() -> None:
    assert {"AQ", "BV", "GS", "HM", "IO", "TF", "UM", "EU", "ZZ"} & set(dict(countries("en"))) == set()


def test_every_country_of_the_table_may_be_a_home_and_every_market_has_a_name() -> None:
    assert set(dict(countries("en"))) == HOMES - {"XK"}
    assert COUNTRIES <= HOMES
    assert [code for code in sorted(HOMES) if country_name(code, "zh-Hans") == code] == []


def test_every_country_has_a_time_zone_that_is_offered() -> None:
    assert [code for code in sorted(HOMES) if zone_of_country(code) not in countries_of_zones()] == []


def test_an_installation_names_them_by_its_own_table(tmp_path: Path) -> None:
    table = tmp_path / "countries.csv"
    table.write_text("\ufeff" + HEAD + "TR,Turkey,土耳其\nDE,Germany,德国\n", encoding="utf-8")

    use_table(str(table))

    assert countries("en") == (("DE", "Germany"), ("TR", "Turkey"))
    assert countries("zh-Hans") == (("DE", "德国"), ("TR", "土耳其"))
    assert country_name("FR", "en") == "France"  # of a firm that was here before


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "must begin with"),
        ("code;name_en;name_zh\n", "must begin with"),
        (HEAD, "names no country"),
        (HEAD + "DE,Germany,\n", "line 2: DE needs"),
        (HEAD + "DE,Germany,德国,x\n", "line 2: there are more"),
        (HEAD + "DE,Germany,德国\nDE,Germany,德国\n", "line 3: DE stands twice"),
        (HEAD + "BV,Bouvet Island,布韦岛\n", "line 2: BV is no country"),
        (HEAD + "de,Germany,德国\n", "line 2: de is no country"),
        (HEAD + "DE,Ger\u202emany,德国\n", "line 2: DE needs"),
        (HEAD + f"DE,{'x' * 81},德国\n", "line 2: DE needs"),
    ],
)
def test_a_wrong_table_is_refused_with_its_line(tmp_path: Path, text: str, fault: str) -> None:
    table = tmp_path / "countries.csv"
    table.write_text(text, encoding="utf-8")

    with pytest.raises(SetupError, match=fault):
        read_table(table)


def test_a_table_that_is_not_there_or_not_utf8_is_refused(tmp_path: Path) -> None:
    foreign = tmp_path / "gbk.csv"
    foreign.write_bytes((HEAD + "DE,Germany,德国\n").encode("gb18030"))

    for path in (foreign, tmp_path / "none.csv", tmp_path):
        with pytest.raises(SetupError, match="cannot be read"):
            use_table(str(path))
    assert regions.countries("en")[0] == ("AF", "Afghanistan")
    assert read_table(TABLE)["DE"] == ("Germany", "德国")
