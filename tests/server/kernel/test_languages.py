"""Which language somebody reads: what browsers ask for, and what mails are written in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.kernel.languages import best_language, page_language, wanted_languages, written_language

AVAILABLE = ("zh-Hans", "en")
CHINESE_TAGS = ("zh", "zh-CN", "zh-TW", "zh-HK", "zh-MO", "zh-SG", "zh-Hant", "zh-Hant-TW", "zh_TW", "yue", "cmn-Hans")
OTHER_TAGS = ("de", "de-DE", "ja", "pt-BR", "ar-SA", "ru", "xx", "sr-Latn-RS")
weights = st.sampled_from(["", ";q=1", ";q=0.9", ";q=0.5", "; q=0.001", ";Q=0.3"])


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "zh-Hans"),
        (" , ,", "zh-Hans"),
        ("*", "zh-Hans"),
        ("*;q=0.5", "zh-Hans"),
        ("de-DE,de;q=0.9", "en"),
        ("de-DE", "en"),
        ("fr-FR,*;q=0.5", "en"),
        ("*;q=0", "en"),
        ("zh;q=0", "en"),
        ("zh;q=0.0, *", "en"),
        ("zh-TW;q=0.000,de", "en"),
        ("en;q=0, *", "zh-Hans"),
        ("en;q=0, zh", "zh-Hans"),
        ("zh-TW,zh;q=0.9,en;q=0.8", "zh-Hans"),
        ("zh-HK", "zh-Hans"),
        ("zh-Hant", "zh-Hans"),
        ("yue-Hant-HK", "zh-Hans"),
        ("zh,en-US;q=0.5", "zh-Hans"),
        ("en-US;q=0.5,zh", "zh-Hans"),
        ("zh;q=0.5,en-GB;q=0.9", "en"),
        ("de,zh;q=0.1", "zh-Hans"),
        ("xx-YY, en;q=0.3", "en"),
        ("en;q=nonsense", "en"),
        ("zh;q=", "zh-Hans"),
        (";q=0.5", "zh-Hans"),
        ("de" + ",x" * 10_000, "en"),
    ],
)
def test_a_browser_is_answered_in_what_it_asks_for(header: str, language: str) -> None:
    assert page_language(header, AVAILABLE) == language


@given(
    st.lists(st.tuples(st.sampled_from(OTHER_TAGS), weights), min_size=1), st.sampled_from(["", ",*;q=0.1", ",zh;q=0"])
)
def test_whoever_asks_for_no_chinese_reads_english(asked: list[tuple[str, str]], rest: str) -> None:
    header = ",".join(tag + weight for tag, weight in asked) + rest

    assert page_language(header, AVAILABLE) == "en"


@given(st.lists(st.sampled_from(OTHER_TAGS)), st.sampled_from(CHINESE_TAGS), st.lists(st.sampled_from(OTHER_TAGS)))
def test_every_kind_of_chinese_reads_the_chinese_pages(before: list[str], chinese: str, behind: list[str]) -> None:
    assert page_language(",".join([*before, chinese, *behind]), AVAILABLE) == "zh-Hans"


@given(st.sampled_from(CHINESE_TAGS), st.integers(1, 999), st.integers(1, 999))
def test_of_two_languages_the_more_wanted_one_is_shown(chinese: str, one: int, other: int) -> None:
    header = f"{chinese};q=0.{one:03d}, en-US;q=0.{other:03d}"

    assert page_language(header, AVAILABLE) == ("zh-Hans" if one >= other else "en")


@given(st.text(max_size=200))
def test_no_header_is_too_odd_for_an_answer(header: str) -> None:
    assert page_language(header, AVAILABLE) in AVAILABLE


def test_the_wanted_languages_stand_in_their_order_without_those_refused() -> None:
    assert wanted_languages("fr;q=0.4, de-AT , en;q=0, *;q=0.1, pt;q=0.4") == ["de-AT", "fr", "pt", "*"]


def test_a_language_is_found_by_its_name_alone() -> None:
    assert (best_language(["pt-BR", "zh-CN"], AVAILABLE), best_language(["pt"], AVAILABLE)) == ("zh-Hans", None)


@pytest.mark.parametrize(
    ("chosen", "spoken", "language"),
    [
        ("en", ["zh", "en"], "en"),
        ("zh-Hans", ["en"], "zh-Hans"),
        (None, ["zh", "en"], "zh-Hans"),
        (None, ["en", "zh"], "en"),
        (None, ["de", "zh"], "en"),
        (None, [], "en"),
    ],
)
def test_mail_follows_the_account_and_then_what_is_spoken_best(
    chosen: str | None, spoken: list[str], language: str
) -> None:
    assert written_language(chosen, spoken) == language
