"""A browser has six connections to a site: any number of tabs of the zone stays live all the same."""

import pytest
from playwright.sync_api import BrowserContext, Page, Request, expect

from tests.support.chromium import Pages
from tests.support.fair_site import FairSite
from tests.support.processes import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.slow]

BOOTH = "D19.2C05"
ROBOT = "nanling/walker-7"
TABS = 8
HIDE = """(hidden) => {
    Object.defineProperty(document, "hidden", {configurable: true, get: () => hidden});
    document.dispatchEvent(new Event("visibilitychange"));
}"""


def speaks(site: FairSite, battery: float) -> None:
    site.report(ROBOT, activity="moving", battery=battery)


class Streams:
    """The streams that a browser holds open now, by their addresses."""

    def __init__(self, context: BrowserContext) -> None:
        self._begun: list[Request] = []
        context.on("request", self._opened)
        for name in ("requestfinished", "requestfailed"):
            context.on(name, self._ended)

    def _opened(self, request: Request) -> None:
        if "/live?" in request.url:
            self._begun.append(request)

    def _ended(self, request: Request) -> None:
        if request in self._begun:
            self._begun.remove(request)

    @property
    def open(self) -> list[Request]:
        """Those of tabs that are still there: of a closed one nobody tells that its streams have ended."""
        return [request for request in self._begun if not request.frame.page.is_closed()]


def tabs(site: FairSite, pages: Pages, paths: list[str]) -> tuple[list[Page], Streams]:
    """One browser with a tab for each of these pages."""
    first = pages.blank()
    streams = Streams(first.context)
    found = [first, *(first.context.new_page() for _ in paths[1:])]
    for page, path in zip(found, paths, strict=True):
        page.goto(site.url + path)
    return found, streams


def battery(site: FairSite, page: Page, value: str) -> None:
    """The page shows what the robot goes on saying: what it said once is no longer fresh on a slow machine."""
    shown = page.locator("[data-f=battery]")

    def heard() -> bool:
        speaks(site, int(value))
        page.wait_for_timeout(200)
        return shown.text_content() == value

    wait_until(heard, seconds=60, what=f"a battery of {value} on {page.url}")


def test_eight_tabs_of_a_screen_are_live_over_one_stream(fair_site: FairSite, pages: Pages) -> None:
    speaks(fair_site, 41)
    screens, streams = tabs(fair_site, pages, [f"/screen/{BOOTH}"] * TABS)
    for screen in screens:
        battery(fair_site, screen, "41")

    speaks(fair_site, 42)

    for screen in screens:
        battery(fair_site, screen, "42")
    assert len(streams.open) == 1


def test_when_the_tab_that_holds_the_stream_is_closed_or_hidden_another_one_goes_on(
    fair_site: FairSite, pages: Pages
) -> None:
    speaks(fair_site, 41)
    screens, streams = tabs(fair_site, pages, [f"/screen/{BOOTH}"] * 3)
    for screen in screens:
        battery(fair_site, screen, "41")

    screens[0].close()
    speaks(fair_site, 43)
    battery(fair_site, screens[2], "43")
    screens[1].evaluate(HIDE, arg=True)
    speaks(fair_site, 44)
    battery(fair_site, screens[2], "44")
    screens[1].evaluate(HIDE, arg=False)

    battery(fair_site, screens[1], "44")
    assert len(streams.open) == 1


def test_a_tab_that_nobody_sees_holds_no_stream(fair_site: FairSite, pages: Pages) -> None:
    speaks(fair_site, 41)
    (screen,), streams = tabs(fair_site, pages, [f"/screen/{BOOTH}"])
    battery(fair_site, screen, "41")

    with screen.expect_event("requestfailed", lambda request: "/live?" in request.url):
        screen.evaluate(HIDE, arg=True)

    assert streams.open == []


def test_tabs_of_eight_booths_are_all_live_and_leave_room_for_pages(fair_site: FairSite, pages: Pages) -> None:
    speaks(fair_site, 41)
    overview = pages.open(fair_site.url)
    found = overview.eval_on_selector_all("tr[data-booth]", "rows => rows.map((row) => row.dataset.booth)")
    overview.context.close()
    numbers = [number for number in found if number != BOOTH][: TABS - 1]
    screens, streams = tabs(fair_site, pages, [*(f"/screen/{number}" for number in numbers), f"/screen/{BOOTH}"])
    battery(fair_site, screens[-1], "41")

    speaks(fair_site, 42)
    battery(fair_site, screens[-1], "42")
    screens[0].goto(f"{fair_site.url}/booths")

    expect(screens[0].locator("h1")).to_be_visible()
    assert len(streams.open) <= 5


def test_a_browser_without_locks_has_a_stream_in_each_tab(fair_site: FairSite, pages: Pages) -> None:
    speaks(fair_site, 41)
    page = pages.blank()
    page.add_init_script("delete Navigator.prototype.locks")
    page.goto(f"{fair_site.url}/screen/{BOOTH}")

    battery(fair_site, page, "41")
    speaks(fair_site, 42)

    battery(fair_site, page, "42")


def test_all_tabs_come_back_when_the_server_does(fair_site: FairSite, pages: Pages) -> None:
    speaks(fair_site, 41)
    screens, _ = tabs(fair_site, pages, [f"/screen/{BOOTH}"] * 3)
    pages.forgive("/live")
    for screen in screens:
        battery(fair_site, screen, "41")

    fair_site.kill()
    for screen in screens:
        expect(screen.locator("[data-f=fresh]")).to_have_attribute("data-state", "offline", timeout=30_000)
    fair_site.start()
    speaks(fair_site, 45)

    for screen in screens:
        battery(fair_site, screen, "45")
