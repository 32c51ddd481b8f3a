"""Passwords: the one form in which both sides compare them, how long they are, and which are too easily guessed.

What somebody types is never altered but for NFC: an "é" is one character on one keyboard and two on another, and the
same password. Spaces belong to it wherever they stand. Whoever makes a password and whoever checks one call
`password_text`; there is no other way to a hash.
"""

import re
import unicodedata
from collections.abc import Iterable
from enum import StrEnum
from itertools import pairwise

from server.kernel.guessed_passwords import GUESSED

MIN_OWN_PASSWORD = 8
"""For those who choose themselves, phone in hand."""
MAX_PASSWORD = 200
"""Longer ones only make argon2 work. In characters after NFC, as every length here."""
MAX_TYPED = 4 * MAX_PASSWORD
"""No way of typing a password of `MAX_PASSWORD` characters is longer: NFD makes four of one at the most."""
LEAST_DIGITS = 12
"""So many digits and nothing else are no birthday and no telephone number any more, or at least a long one."""
LEAST_REST = 4
"""So many characters must be left of a password when what everybody knows of its owner is taken out."""
_LEAST_TERM = 3
_LEAST_KINDS = 4
"""A password of fewer different characters is a pattern."""
_LEAST_RUN = 3
_RUNS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qwertzuiop",
    "azertyuiop",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "qazwsxedcrfvtgbyhnujmikolp",
    "1q2w3e4r5t6y7u8i9o0p",
    "q1w2e3r4t5y6u7i8o9p0",
    "!@#$%^&*()_+",
    "147258369",
    "159357",
)
"""What fingers and alphabets do by themselves, forwards; backwards it is the same."""
_ALL_RUNS = (*_RUNS, *(run[::-1] for run in _RUNS))
_LEET = str.maketrans("013457@$!|", "oieastasil")
_END = re.compile(r"[\W\d_]+$")
_EDGES = re.compile(r"^[\W\d_]+|[\W\d_]+$")


class Weakness(StrEnum):
    """Why a password is too easily guessed."""

    REPEATED = "repeated"
    SEQUENCE = "sequence"
    DIGITS = "digits"
    GUESSED = "guessed"
    PERSONAL = "personal"


def password_text(typed: str) -> str:
    """The password as it is hashed and compared.

    Raises `ValueError` for what no person types: half a character, or the sign that stands for a damaged one.
    """
    if len(typed) > MAX_TYPED:
        raise ValueError("too long")
    text = unicodedata.normalize("NFC", typed)
    if "\N{REPLACEMENT CHARACTER}" in text or any(unicodedata.category(one) == "Cs" for one in text):
        raise ValueError("not a text")
    return text


def is_typeable(text: str) -> bool:
    """Whether a password can be typed into a page again: a field of one line drops line breaks and the like."""
    return not any(unicodedata.category(one) in {"Cc", "Zl", "Zp"} for one in text)


def weakness(password: str, about: Iterable[str | None] = ()) -> Weakness | None:
    """Why this password (as `password_text` gives it) is too easily guessed, or nothing when it is not.

    `about` is what others know of the person: names, user name, company, address.
    """
    folded = unicodedata.normalize("NFKC", password).casefold()
    if _is_pattern(folded):
        return Weakness.REPEATED
    if _is_digits(folded):
        return Weakness.DIGITS
    if _is_run(folded):
        return Weakness.SEQUENCE
    if _is_guessed(folded):
        return Weakness.GUESSED
    return Weakness.PERSONAL if _is_personal(folded, about) else None


def _is_pattern(text: str) -> bool:
    """Whether it is few characters, or a short piece over and over."""
    if len(set(text)) < _LEAST_KINDS:
        return True
    return any(
        text == (text[:size] * len(text))[: len(text)] for size in range(1, min(len(text) // 2, _LEAST_KINDS) + 1)
    )


def _is_digits(text: str) -> bool:
    """Whether it is digits, with signs between them as in a date, or with a letter or two at one end."""
    digits = sum(one.isdigit() for one in text)
    letters = sum(one.isalpha() for one in text)
    return digits < LEAST_DIGITS and digits >= len(text) // 2 and letters < _LEAST_RUN


def _is_run(text: str) -> bool:
    """Whether it is runs of the keyboard and repetitions alone, at the most a few; or letters and digits so mixed."""
    if len(_pieces(text)) <= max(_LEAST_RUN, len(text) // _LEAST_KINDS) and all(
        len(piece) >= _LEAST_RUN for piece in _pieces(text)
    ):
        return True
    letters = "".join(one for one in text if one.isalpha())
    digits = "".join(one for one in text if one.isdigit())
    mixed = bool(letters and digits) and len(letters) + len(digits) == len(text)
    return mixed and all(len(part) >= _LEAST_RUN and len(_pieces(part)) == 1 for part in (letters, digits))


def _pieces(text: str) -> list[str]:
    """The text cut from the left into the longest runs and repetitions; what is in none is a piece of its own."""
    pieces = []
    while text:
        size = next((size for size in range(len(text), 1, -1) if _is_one_run(text[:size])), 1)
        pieces.append(text[:size])
        text = text[size:]
    return pieces


def _is_one_run(text: str) -> bool:
    return len(set(text)) == 1 or any(text in run for run in _ALL_RUNS) or _is_counted(text)


def _is_counted(text: str) -> bool:
    """Whether each character is one more, or one less, than the one before it: also in Greek or Cyrillic."""
    steps = {ord(second) - ord(first) for first, second in pairwise(text)}
    return steps in ({1}, {-1})


def _is_guessed(text: str) -> bool:
    """Whether it is one of the commonest, or one of them with a number or a sign behind it, twice, or in leet."""
    return any(one in GUESSED or _halved(one) in GUESSED for one in _readings(text))


def _readings(text: str) -> set[str]:
    """What somebody may have begun with: without the signs at both ends, with letters for the figures inside."""
    begun = {text, _EDGES.sub("", text), _END.sub("", text), _EDGES.sub("", text.translate(_LEET))}
    found = begun | {one.translate(_LEET) for one in begun}
    # A figure in the middle is read both ways: "p4ssw0rd" and "l0ve1ess".
    found |= {one.replace("i", "l") for one in found} | {re.sub(r"[\W\d_]+", "", one) for one in found}
    return {one for one in found if one}


def _halved(text: str) -> str:
    half = text[: len(text) // 2]
    return half if half * 2 == text else text


def _is_personal(text: str, about: Iterable[str | None]) -> bool:
    """Whether little is left when everything that is known of its owner is taken out, in whatever order."""
    rest, found = _plain(text), False
    for term in sorted(_terms(about), key=len, reverse=True):
        if term in rest:
            rest, found = rest.replace(term, ""), True
    return found and len(_EDGES.sub("", rest)) < LEAST_REST


def _terms(about: Iterable[str | None]) -> set[str]:
    """Everything known as one word, and each word of it that is long enough; Chinese names have two characters."""
    wholes = [unicodedata.normalize("NFKC", one).casefold() for one in about if one]
    words = {word for whole in wholes for word in re.split(r"[\W_]+", whole)} | {_plain(whole) for whole in wholes}
    return {word for word in words if len(word) >= _LEAST_TERM or (word and not word.isascii())}


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", text)
