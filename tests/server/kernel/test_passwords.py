"""Passwords as they are compared, and the ones that anybody guesses."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.kernel.passwords import MAX_TYPED, Weakness, is_typeable, password_text, weakness

TYPED = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\N{REPLACEMENT CHARACTER}"), max_size=60)
WEI = ("Wei Zhang", "wei.z", "Acme Trading Co", "wei@acme.example", "张伟")


@given(TYPED)
def test_a_password_is_one_however_the_keyboard_composes_it(typed: str) -> None:
    forms = {password_text(unicodedata.normalize(form, typed)) for form in ("NFC", "NFD")}

    assert forms == {password_text(password_text(typed))}


@pytest.mark.parametrize("typed", [" spaces around ", "tab\tinside", "trailing ", "\u3000wide space\u3000"])
def test_nothing_is_stripped(typed: str) -> None:
    assert password_text(typed) == typed


@pytest.mark.parametrize(
    "typed", ["half \ud800 a character", "a damaged \N{REPLACEMENT CHARACTER} one", "x" * (MAX_TYPED + 1)]
)
def test_what_nobody_types_is_no_password(typed: str) -> None:
    with pytest.raises(ValueError, match=r"not a text|too long"):
        password_text(typed)


def test_what_a_field_of_one_line_drops_cannot_be_typed_again() -> None:
    assert [is_typeable(text) for text in ("one line", "two\nlines", "nul\0", "a\u2028b")] == [
        True,
        False,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("why", "passwords"),
    [
        (Weakness.REPEATED, "aaaaaaaa 11111111 88888888 abababab abcabcabc testtest aabbaabb 啊啊啊啊啊啊啊啊"),
        (Weakness.DIGITS, "12345678 87654321 19900101 1990-01-01 5201314520 147258369 a12345678 31415926 aa123456"),
        (
            Weakness.SEQUENCE,
            (
                "abcdefgh qwertyuiop asdfghjkl 1qaz2wsx zaq12wsx 1q2w3e4r q1w2e3r4 a1b2c3d4 abcd1234 1234qwer qwer1234"
                " qweasdzxc !@#$%^&* zyxwvuts абвгдежз asdf1234 aaaabbbbcccc"
            ),
        ),
        (
            Weakness.GUESSED,
            (
                "password Password1 P@ssw0rd p4ssw0rd! PASSWORD123 iloveyou iloveyou1 football1 baseball sunshine1 "
                " trustno1 jordan23 superman88 princess1 Welcome2026 letmein! monkey12 dragon01 master99 starwars"
                " whatever computer michael1 woaini1314 Admin@123 admin888 passwordpassword $unshine1"
                " Robot2026! cantonfair organiser1"
            ),
        ),
    ],
)
def test_what_everybody_guesses_first_is_refused_with_its_reason(why: Weakness, passwords: str) -> None:
    # A password may be weak for two reasons; that it is refused counts, and that most are for the reason of their kind.
    found = {password: weakness(password) for password in passwords.split()}

    assert [password for password, reason in found.items() if reason is None] == []
    assert sum(reason is why for reason in found.values()) > len(found) / 2


@given(st.characters(exclude_categories=["Cs", "Cc"]), st.integers(8, 40))
def test_the_same_character_over_and_over_is_refused_whichever_it_is(character: str, times: int) -> None:
    assert weakness(password_text(character * times)) is not None


@pytest.mark.parametrize(
    "password",
    [
        "weizhang",
        "WeiZhang1",
        "zhangwei!88",
        "Acme2026!",
        "acmetrading1",
        "wei@acme.example",
        "Wei.Z.2026",
        "张伟张伟2026",
    ],
)
def test_what_others_know_of_a_person_is_no_password(password: str) -> None:
    assert weakness(password, WEI) is not None


@pytest.mark.parametrize(
    "password",
    [
        *(
            "correct horse battery",
            "tea in the harbour",
            "sunshine-9f2K",
            "Tr0ub4dor&3",
            "acme forest walk",
            "wei eats soup",
        ),
        *("红烧牛肉面很好吃啊", "дождливый вечер", "k7qm-2xpa-9r", "bamboo paperclip", "82 blue herons", "long-enough"),
    ],
)
def test_what_is_hard_to_guess_is_taken(password: str) -> None:
    assert weakness(password, WEI) is None
