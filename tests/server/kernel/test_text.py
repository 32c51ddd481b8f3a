"""Typed text where control characters may not go."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.kernel.text import is_seen, isolated, one_line, plain, typed


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("one\r\ntwo\rthree\u2028four\x85five", "one\ntwo\nthree\nfour\nfive"),
        ("bell\x07 nul\0 escape\x1b", "bell nul escape"),
        ("a\tb", "a b"),
        ("全角\u3000空格 \u00a0 👨\u200d👩\u200d👧", "全角\u3000空格 \u00a0 👨\u200d👩\u200d👧"),
    ],
)
def test_control_characters_go_and_everything_else_stays(typed: str, expected: str) -> None:
    assert plain(typed) == expected


def test_a_line_for_a_header_has_no_break_and_keeps_every_script() -> None:
    assert one_line("  洽谈\t岭南 \u2028 Ünal\r\nBcc: x") == "洽谈 岭南 Ünal Bcc: x"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "\u3000\u00a0\u2003",
        "\u200b\u200c\u200d",
        "\u3164",
        "\uffa0\u115f\u1160",
        "\u2800\u2800",
        "\u00ad\u2060\ufeff",
        "\u0301\u034f\ufe0f",
        "\u200e\u200f\u061c",
        "\u202e\u202c",
        "\u180e\u2066\u2069",
        "\U000e0041\U000e0042",
        "\U0001d159",
        "\x7f\x00",
    ],
)
def test_a_name_of_characters_that_nobody_sees_is_none(text: str) -> None:
    assert not is_seen(text)


@pytest.mark.parametrize("text", ["A", "李", "é", "e\u0301", "می\u200cخ", "👩\u200d🔧", "3", "אבג", "-", "\u3164李"])
def test_a_name_of_any_script_is_one(text: str) -> None:
    assert is_seen(text)


def test_what_turns_other_words_around_is_taken_out_and_what_scripts_need_stays() -> None:
    assert typed("\u202egnp.exe\u202c") == "gnp.exe"
    assert typed("\u2067Walker\u2069 \u202a7\u202c") == "Walker 7"
    assert typed("co\u00adff\u200bee\ufeff\u3164") == "coffee"
    assert typed("می\u200cخواهم 👩\u200d🔧 אב\u200f") == "می\u200cخواهم 👩\u200d🔧 אב\u200f"


@given(st.text())
def test_no_text_steers_the_words_around_it(text: str) -> None:
    left = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069") & set(typed(text))

    assert (left, typed(typed(text))) == (set(), typed(text))


def test_a_text_from_right_to_left_is_isolated_among_others_and_no_other_is() -> None:
    assert isolated("שלום 12") == "\u2068שלום 12\u2069"
    assert isolated("A\u200f") == "\u2068A\u200f\u2069"
    assert [isolated(text) for text in ("Anna", "李伟", "Ünï 12:30", "")] == ["Anna", "李伟", "Ünï 12:30", ""]
