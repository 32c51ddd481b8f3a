"""A person at the fair with a window of their own, who goes by what is to be seen in it: words, buttons, links."""

import os
import re
import time
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Locator, Page, Request, expect

from server.infra.i18n import Catalogues
from tests.support.axe import violations
from tests.support.chromium import DEADLINE_MILLISECONDS, Pages

CATALOGUES = Catalogues(strict=True)
PICTURES = os.environ.get("FAIRZONE_PICTURES")
"""A folder for a picture of every page that is looked at; none are taken unless it is set."""
NAVIGATION_BEGINS_MS = 80
"""So soon after a tap the browser has asked for the next page, if there is to be one."""
_NUMBERED = re.compile(r"(?<=/)(?:[0-9a-f-]{20,}|\d+)(?=/|$)")


@dataclass
class Fairgoer:
    """Somebody who reads one language. `faults` collects what a page would do to people whom this one is not."""

    name: str
    page: Page
    language: str
    width: int
    touches: bool = False
    faults: list[str] = field(default_factory=list)
    looked_at: list[str] = field(default_factory=list)
    steps: int = 0
    """Taps and filled fields so far."""
    _on_its_way: list[str] = field(default_factory=list)

    @classmethod
    def arrive(
        cls, pages: Pages, name: str, language: str, size: tuple[int, int], *, touches: bool = False
    ) -> "Fairgoer":
        """Somebody with a browser that asks for `language`, before anything is loaded."""
        page = pages.blank(
            width=size[0], height=size[1], locale="zh-CN" if language == "zh-Hans" else "en-GB", touch=touches
        )
        who = cls(name, page, language, size[0], touches)
        page.on("request", who._departs)
        page.on("load", lambda _: who._on_its_way.clear())
        return who

    def words(self, key: str, /, **values: str | int) -> str:
        """The sentence of the catalogue in this reader's language, as a page prints it."""
        return " ".join(CATALOGUES.sentence(self.language, key, values).split())

    def own(self, english: str, chinese: str) -> str:
        """One of two names, by language."""
        return chinese if self.language == "zh-Hans" else english

    def visit(self, address: str) -> None:
        """Go where a sign or a QR code leads."""
        self.page.goto(address)
        self.look()

    def tap(self, words: str, *, within: Locator | None = None, exact: bool = False) -> None:
        """Press the first button or link of the page itself that carries these words, and look at what comes."""
        area = within or self.page.get_by_role("main")
        button = area.get_by_role("button", name=words, exact=exact)
        self.press(button.or_(area.get_by_role("link", name=words, exact=exact)).filter(visible=True).first)

    def go_to(self, place: str) -> None:
        """Go to one of the places that stand on every page: above, in the menu, or where the thumb is."""
        link = self.page.get_by_role("navigation").get_by_role("link", name=place, exact=True).filter(visible=True)
        if not link.count():
            self.unfold(self.words("nav-more"), within=self.page.get_by_role("banner"))
        self.press(link.first)

    def press(self, thing: Locator) -> None:
        """Press it with thumb or mouse, and look at the page that comes."""
        self.steps += 1
        thing.tap() if self.touches else thing.click()
        self._arrive()
        self.look()

    def _arrive(self) -> None:
        """Wait while a page is on its way; pressing something that opens none costs a moment."""
        self.page.wait_for_timeout(NAVIGATION_BEGINS_MS)
        deadline = time.monotonic() + DEADLINE_MILLISECONDS / 1000
        while self._on_its_way and time.monotonic() < deadline:
            self.page.wait_for_timeout(20)

    def unfold(self, words: str, *, within: Locator | None = None) -> None:
        """Open what is folded under these words."""
        self.press((within or self.page).locator("summary").filter(has_text=words, visible=True).first)

    def type(self, label: str, text: str) -> None:
        """Fill the field with that label."""
        self.steps += 1
        self.page.get_by_label(label).filter(visible=True).first.fill(text)

    def choose(self, label: str, words: str) -> None:
        """Choose what is offered under these words; more may stand behind them."""
        self.steps += 1
        offers = self.page.locator("select").filter(has=self.page.locator("option", has_text=words))
        select = offers.and_(self.page.get_by_label(label)).first
        select.select_option(select.locator("option", has_text=words).first.get_attribute("value"))

    def sees(self, *sentences: str, within: Locator | None = None) -> None:
        """Expect each of these in sight, now or in a moment."""
        area = within or self.page.locator("body")
        for sentence in sentences:
            expect(area.get_by_text(sentence).filter(visible=True).first).to_be_visible(timeout=DEADLINE_MILLISECONDS)
        self.look()

    def look(self) -> None:
        """Check the page, once for each kind of page and once more when it refuses something."""
        self.page.wait_for_load_state()
        path = _NUMBERED.sub("*", self.page.url.partition("?")[0].partition("//")[2].partition("/")[2])
        refused = self.page.locator(".form-summary").count() > 0
        place = f"{path or 'start'}{' refused' if refused else ''}"
        if place not in self.looked_at:
            self.looked_at.append(place)
            self._check(place)

    def _departs(self, request: Request) -> None:
        if request.is_navigation_request():
            self._on_its_way.append(request.url)

    def _check(self, place: str) -> None:
        sideways = self.page.evaluate("document.documentElement.scrollWidth") - self.width
        found = [f"{sideways} pixels too wide"] if sideways > 0 else []
        self.faults += [f"{self.name} at {place}: {fault}" for fault in found + violations(self.page)]
        if PICTURES:
            name = f"{self.name}-{self.language}-{len(self.looked_at):02d}-{place.replace('/', '.')}.png"
            self.page.screenshot(path=Path(PICTURES) / name, full_page=True)
