"""Text that people typed, made fit for places that take no control characters: headers, calendars, mails."""

import re

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
