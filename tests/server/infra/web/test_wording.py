"""How values are worded for people: no code where there is a word, and nothing that only programs read."""

import pytest
from flask import Flask

from server.infra.web.wording import as_moment, typed_in_words
from tests.conftest import NOON

TYPED = [
    ("name", "Ana Souza"),
    ("country", "DE"),
    ("languages", "en"),
    ("languages", "pt"),
    ("volume", "V2"),
    ("wants", "PT1"),
    ("hall", "Hall of robots"),
    ("start", "14:00"),
    ("version", "7"),
    ("_opened_by", "token"),
    ("note", ""),
]


@pytest.mark.parametrize(
    ("tag", "words"),
    [
        (
            "en",
            [
                ("Name", "Ana Souza"),
                ("Country or region", "Germany"),
                ("Languages", "English, Portuguese"),
                ("Yearly purchases", "USD 50,000 to 250,000 a year"),
                ("", "Hall of robots"),
            ],
        ),
        (
            "zh-Hans",
            [
                ("姓名", "Ana Souza"),
                ("国家或地区", "德国"),
                ("语言", "英语、葡萄牙语"),
                ("年采购额", "每年 5 万至 25 万美元"),
                ("", "Hall of robots"),
            ],
        ),
    ],
)
def test_what_was_typed_is_shown_with_its_names_and_in_words(
    app: Flask, tag: str, words: list[tuple[str, str]]
) -> None:
    with app.test_request_context(f"/?lang={tag}"):
        said = typed_in_words(TYPED)

    assert said == words


@pytest.mark.parametrize("value", ["Tea", "2026-04-16T", "T", 7, None, "2026-04-16T04:00:00"])
def test_what_is_no_moment_is_not_read_as_one(value: object) -> None:
    assert as_moment(value) is None


def test_a_logged_moment_is_read_back() -> None:
    assert as_moment(NOON.isoformat()) == NOON
