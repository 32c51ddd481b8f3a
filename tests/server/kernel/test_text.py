"""Typed text where control characters may not go."""

import pytest

from server.kernel.text import one_line, plain


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
