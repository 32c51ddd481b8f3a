"""Every page on a small phone, on paper, and over a hall's network."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from server.app import create_app
from server.infra.db import Database
from server.settings import Settings
from tests.server.test_every_page import NO_PAGES, OWN_THINGS, with_samples
from tests.support.chromium import Pages
from tests.support.fair_site import PASSWORD, FairSite

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WHO = ("", "organiser", "nanling.admin", "buyer")
NARROW = (320, 390)
MOST_BYTES = 200_000
MOST_PIXELS = {"/robots": 9_000, "/ledger": 12_000, "/quarantine": 9_000}
"""So long a phone's page may be; it was 24,395 pixels."""
WIDE = """() => {
    const side = document.documentElement.scrollWidth - document.documentElement.clientWidth;
    if (side <= 0) return [];
    return [`${side} px`, ...[...document.querySelectorAll("body *")].filter((node) => {
        const box = node.getBoundingClientRect();
        return box.width > 0 && box.right > innerWidth + 0.5;
    }).slice(0, 4).map((node) => node.outerHTML.slice(0, 90))];
}"""
PRESSED = """() => [...document.querySelectorAll("button, .btn, .top, .bottom, .filters, .pager, input, select")]
    .filter((node) => node.checkVisibility()).map((node) => node.outerHTML.slice(0, 60))"""

CLIPPED = """[...document.querySelectorAll(".list, .table-wrap")]
    .filter((node) => node.scrollHeight > node.clientHeight + 1).length"""


def addresses(folder: Path) -> list[str]:
    """The address of every page, with samples where it has placeholders."""
    url = f"sqlite:///{folder / 'never-opened.db'}"
    database = Database(url)
    settings = Settings(data_dir=folder, database_url=url, secret_key="s" * 40)
    rules = [rule.rule for rule in create_app(settings, database).url_map.iter_rules() if "GET" in (rule.methods or ())]
    database.close()
    return sorted({with_samples(rule) for rule in rules if not rule.startswith((*NO_PAGES, *OWN_THINGS))})


def log_in(page: Page, site: FairSite, name: str) -> None:
    page.goto(f"{site.url}/login")
    page.fill("#username", name)
    page.fill("#password", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url(lambda url: "/login" not in url)


@pytest.mark.parametrize("who", WHO)
def test_no_page_scrolls_sideways_on_a_small_phone(
    standing_site: FairSite, pages: Pages, tmp_path: Path, who: str
) -> None:
    page = pages.blank(width=320, height=640)
    if who:
        log_in(page, standing_site, who)
    wide: dict[tuple[str, int], list[str]] = {}
    seen = 0

    for place in addresses(tmp_path):
        page.set_viewport_size({"width": NARROW[0], "height": 640})
        answer = page.goto(f"{standing_site.url}{place}", wait_until="domcontentloaded")
        if answer is None or answer.status != 200 or "/login" in page.url:
            continue
        seen += 1
        for width in NARROW:
            page.set_viewport_size({"width": width, "height": 640})
            wide[place, width] = page.evaluate(WIDE)

    pages.forgive("Failed to load resource: the server responded with a status of 40")
    assert seen > 12
    assert {where: found for where, found in wide.items() if found} == {}


def test_the_long_lists_come_in_pages_with_what_is_wrong_first(fair_site: FairSite, pages: Pages) -> None:
    fair_site.report("nanling/walker-7", activity="working")
    fair_site.report(
        "nanling/edu-2", activity="idle", errors=({"level": "fatal", "code": "motor", "text": {"en": "Too hot"}},)
    )
    page = pages.blank(width=390, height=844)
    log_in(page, fair_site, "organiser")
    heights = {}

    for place in MOST_PIXELS:
        page.goto(fair_site.url + place)
        heights[place] = page.evaluate("document.documentElement.scrollHeight")
    page.goto(f"{fair_site.url}/robots")
    states = page.locator(".robots .is .state").evaluate_all("(all) => all.map((node) => node.dataset.state)")

    assert {place: height for place, height in heights.items() if height > MOST_PIXELS[place]} == {}
    assert len(states) == 20
    assert states[0] == "fault"
    page.get_by_role("link", name="Next").click()
    assert "page=2" in page.url


@pytest.mark.parametrize("who", WHO)
def test_a_first_visit_costs_less_than_200_kilobytes(
    standing_site: FairSite, pages: Pages, tmp_path: Path, who: str
) -> None:
    page = pages.blank(width=390, height=844)
    if who:
        log_in(page, standing_site, who)
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.send("Network.setCacheDisabled", {"cacheDisabled": True})  # each visit is a first one
    sizes: list[float] = []
    wire.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    wires: dict[str, float] = {}

    for place in addresses(tmp_path):
        sizes.clear()
        answer = page.goto(standing_site.url + place)
        if answer is not None and answer.status == 200:
            wires[place] = sum(sizes) / 1_000

    pages.forgive("Failed to load resource: the server responded with a status of 40")
    assert len(wires) > 12
    # The interface's description is a workshop tool with a library of its own; everything else is for people in a hall.
    assert {place: size for place, size in wires.items() if size * 1_000 > MOST_BYTES and place != "/api-docs"} == {}


@pytest.mark.parametrize("place", ["/booths", "/", "/robots", "/timetable", "/exhibitors/nanling"])
def test_paper_shows_what_is_read_and_nothing_that_is_pressed(
    standing_site: FairSite, pages: Pages, place: str
) -> None:
    page = pages.open(standing_site.url + place, scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")

    assert page.evaluate(PRESSED) == []
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).color") == "rgb(0, 0, 0)"


def test_paper_has_the_whole_plan_and_every_booth(standing_site: FairSite, pages: Pages) -> None:
    page = pages.open(f"{standing_site.url}/booths", width=1440)
    page.get_by_role("button", name="Show the plan larger").click()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")

    shown = [float(part) for part in (page.locator(".plan").get_attribute("viewBox") or "").split()]
    assert shown == pytest.approx([-4, -4, 848, 508], abs=1)
    assert page.locator(".floor-list tbody tr:visible").count() == 70
    assert page.evaluate(CLIPPED) == 0
    assert page.locator(".plan .who.small").first.is_visible()
    assert len(page.pdf(format="A4")) > 10_000
