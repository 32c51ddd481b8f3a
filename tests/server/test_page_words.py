"""What people read on the pages: no code, no raw time, no zone's abbreviation; sentences joined as their script is."""

import re
from collections.abc import Callable, Iterator
from functools import partial
from html.parser import HTMLParser
from typing import ClassVar

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.infra.i18n import Catalogues
from server.infra.regions import SPOKEN, countries
from server.kernel.certificates import CERTIFICATES
from server.kernel.permissions import Role
from tests.server.test_every_page import places, readers

__all__ = ["readers"]

UNSEEN = frozenset({"script", "style", "template", "textarea", "head", "svg"})
AS_TYPED = frozenset({"code", "pre", "kbd"})
INLINE = frozenset({"b", "i", "em", "strong", "span", "abbr", "bdi", "s", "mark", "time"})
VOID = frozenset({"br", "hr", "img", "input", "link", "meta", "use", "wbr", "col", "source", "path", "rect", "circle"})

ABBREVIATION = re.compile(r"\b(?:CST|CET|CEST|EST|EDT|PST|PDT|CDT|MST|MDT|BST|GMT|JST|IST|MSK|HKT|SGT)\b")
RAW_TIME = re.compile(r"\b\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2})?\b")
JOINED = re.compile(r"[。！？；] +(?=[\u4e00-\u9fff])|[。！？；，]{2,}|(?<!\.)\.\.(?!\.)|\. \.")
ZONE = re.compile(r"\b(?:Africa|America|Asia|Atlantic|Australia|Europe|Pacific)/[A-Z]\w+")
MESSAGE = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9_]+)+")
BETWEEN = re.compile(r"\s*[,、]\s*")
CODES = frozenset({*SPOKEN, *dict(countries("en"))}) - CERTIFICATES


class Seen(HTMLParser):
    """The visible text of a page, a line a block; what stands there as somebody typed it is left out."""

    hidden: ClassVar[frozenset[str]] = UNSEEN | AS_TYPED

    def __init__(self, text: str) -> None:
        super().__init__()
        self.blocks = [""]
        self.pieces: list[str] = []
        self._open: list[tuple[str, bool]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A new block begins, or something that nobody reads as words."""
        named = {name: value or "" for name, value in attrs}
        if tag not in INLINE:
            self.blocks.append("")
        if tag not in VOID:
            coded = bool({"code", "key"} & set(named.get("class", "").split()))
            self._open.append((tag, tag in self.hidden or coded))

    def handle_endtag(self, tag: str) -> None:
        """The innermost element of that name ends."""
        if tag not in INLINE:
            self.blocks.append("")
        if any(one == tag for one, _ in self._open):
            while self._open.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        """Keep what can be read."""
        if not any(hidden for _, hidden in self._open):
            self.blocks[-1] += data
            self.pieces.append(data.strip())

    def lines(self) -> list[str]:
        """The blocks with something in them, each with single spaces."""
        return [line for line in (" ".join(block.split()) for block in self.blocks) if line]


def text_of(browser: FlaskClient, place: str, language: str) -> str:
    """A page as it is sent."""
    return browser.get(f"{place}?lang={language}").get_data(as_text=True)


def faults(text: str, known: Callable[[str], bool]) -> Iterator[str]:
    """What of a page's text is not as a person writes it."""
    page = Seen(text)
    for line in page.lines():
        for pattern in (ABBREVIATION, RAW_TIME, ZONE, JOINED):
            if found := pattern.search(line):
                yield f"{found[0]!r} in {line[:160]!r}"
    for piece in page.pieces:
        if MESSAGE.fullmatch(piece) and known(piece):
            yield f"an untranslated {piece!r}"
        if CODES.issuperset(BETWEEN.split(piece)):
            yield f"a bare code {piece!r}"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("<p>Opens at 10:00 CST</p>", ["'CST' in 'Opens at 10:00 CST'"]),
        ("<p>On 2026-04-16T02:00</p>", ["'2026-04-16T02:00' in 'On 2026-04-16T02:00'"]),
        ('<p>On <span class="code">2026-04-16</span></p><script>"CST"</script>', []),
        ("<p>密码不对。 <b>请重试</b>。</p>", ["'。 ' in '密码不对。 请重试。'"]),
        ("<p>完成。。</p>", ["'。。' in '完成。。'"]),
        ("<p>Done.. And so on ...</p>", ["'..' in 'Done.. And so on ...'"]),
        ("<dd>Europe/Berlin</dd>", ["'Europe/Berlin' in 'Europe/Berlin'"]),
        ("<h2>nav-robots</h2>", ["an untranslated 'nav-robots'"]),
        ("<dd>DE, en</dd><span>CE</span> <i>to</i>", ["a bare code 'DE, en'"]),
    ],
)
def test_a_fault_is_found_where_there_is_one(text: str, found: list[str]) -> None:
    assert list(faults(text, "nav-robots".__eq__)) == found


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_no_page_shows_a_code_a_raw_time_or_sentences_that_are_joined_wrongly(
    app: Flask, readers: dict[Role, FlaskClient], language: str
) -> None:
    catalogues = Catalogues(strict=True)

    wrong = {
        place: found
        for place, role in places(app).items()
        if (found := list(faults(text_of(readers[role], place, language), partial(catalogues.has, language))))
    }

    assert wrong == {}
