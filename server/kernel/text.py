"""Text that people typed: made fit for headers, calendars and mails, and kept from acting on the words around it."""

import re
from unicodedata import category

# Every control character but the line break, which `plain` has made one kind of before.
_CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f]")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")


def plain(text: str) -> str:
    """The text with one kind of line break and no other control character; a tab becomes a space."""
    return _CONTROLS.sub("", _BREAKS.sub("\n", text).replace("\t", " "))


def one_line(text: str) -> str:
    """The same in one line, without spaces at its ends or in a row."""
    return " ".join(plain(text).split())


def storable(text: str) -> str:
    """The text as every database takes it: without NUL characters and halves of characters, which become �."""
    return _UNSTORABLE.sub("\ufffd", text)


# What steers the direction of the words around it: embeddings, overrides and isolates. Nobody types them in a name.
_STEERING = "\u202a-\u202e\u2066-\u2069"
# What nobody sees and nothing needs: soft hyphen, zero width space, word joiner and the like, annotations, tags.
_UNSEEN = "\u00ad\u115f\u1160\u180e\u200b\u2060-\u2065\u206a-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e007f"
_TAKEN_OUT = re.compile(f"[{_STEERING}{_UNSEEN}]")
_BLANK = frozenset("\u2800\U0001d159\u3000\u00a0")
"""Characters that count as letters or signs and show nothing."""
_INVISIBLE = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zs", "Zl", "Zp", "Mn", "Me", "Mc"})
_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\u200e\u200f\ufb1d-\ufdff\ufe70-\ufefe\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_OPENS, _CLOSES = "\u2068", "\u2069"


def typed(text: str) -> str:
    """What a person or a robot wrote, without characters that nobody sees and those that turn other words around."""
    return _TAKEN_OUT.sub("", text).strip()


def is_seen(text: str) -> bool:
    """Whether a reader sees anything of the text: not only spaces, marks, fillers or an empty braille cell."""
    return any(category(char) not in _INVISIBLE and char not in _BLANK for char in typed(text))


def isolated(text: str) -> str:
    """The text as it may stand among other words: what runs from right to left, or has marks, keeps to itself."""
    return f"{_OPENS}{text}{_CLOSES}" if _RIGHT_TO_LEFT.search(text) else text
