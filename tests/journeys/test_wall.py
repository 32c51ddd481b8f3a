"""The overview on a hall's screen: nobody touches it, everybody reads it, and it never says more than is heard."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.test_pages import log_in
from tests.support.axe import violations
from tests.support.chromium import Pages
from tests.support.fair_site import FairSite

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ROBOT = "nanling/walker-7"
BOOTH = ".plan rect[data-booth='D19.2C05']"
PANELS = {"1080p": (1920, 1080), "4K": (3840, 2160), "portrait": (1080, 1920), "4K portrait": (2160, 3840)}
LEAST_PX = 28
SMALL = """(least) => [...document.querySelectorAll(".wall *")]
    .filter((node) => !node.closest("svg") && node.checkVisibility())
    .filter((node) => [...node.childNodes].some((one) => one.nodeType === 3 && one.textContent.trim()))
    .filter((node) => parseFloat(getComputedStyle(node).fontSize) < least - 0.1)
    .map((node) => node.textContent.trim())"""
CUT = """() => [...document.querySelectorAll(".strip, .figures li, .map, .demos li, .who li, .scan, .qr")]
    .filter((node) => node.checkVisibility()).filter((node) => {
        const box = node.getBoundingClientRect();
        const frame = node.closest(".who")?.getBoundingClientRect() ?? { bottom: innerHeight };
        const low = Math.min(innerHeight, frame.bottom) + 1;
        return box.left < 0 || box.top < 0 || box.right > innerWidth || box.bottom > low;
    }).map((node) => node.className || node.textContent.trim())"""
CROWDED = """() => {
    document.querySelector("[data-f=live]").textContent = "101";
    document.querySelector("[data-f=live] + small").textContent = "/101";
    document.querySelector("[data-f=booths]").textContent = "46";
    return [...document.querySelectorAll(".figures li")].filter((one) => one.scrollWidth > one.clientWidth + 1).length;
}"""
MOVING = """[...document.querySelectorAll("*")].map((node) => getComputedStyle(node).animationName)
    .filter((name) => name !== "none")"""


def wall(pages: Pages, site: FairSite, size: tuple[int, int] = (1920, 1080), query: str = "") -> Page:
    return pages.open(f"{site.url}/wall{query}", width=size[0], height=size[1])


@pytest.mark.parametrize("name", PANELS)
def test_everything_on_the_wall_is_seen_and_legible(fair_site: FairSite, pages: Pages, name: str) -> None:
    fair_site.report(ROBOT, activity="working", battery=80.0)
    width, height = PANELS[name]
    page = wall(pages, fair_site, (width, height))
    expect(page.locator(".fresh")).to_have_attribute("data-state", "live")

    scale = min(width, height) / 1080
    assert page.evaluate(SMALL, LEAST_PX * scale) == []
    assert page.evaluate(CUT) == []
    assert page.evaluate(CROWDED) == 0, "the words beside a figure lie under the next one"
    assert page.locator(".who li:visible").count() >= 2
    assert page.locator("a, button, input, select, summary, [tabindex]").count() == 0
    assert violations(page) == []


def test_the_wall_says_what_is_heard_and_no_more(fair_site: FairSite, pages: Pages) -> None:
    page = wall(pages, fair_site)
    fresh = page.locator(".fresh p")
    expect(fresh).to_have_text("暂无机器人在线No robot live")
    expect(page.locator("[data-f=running]")).to_have_text("0")
    expect(page.locator(".legend li:visible .pair")).to_have_text(["无机器人No robot"])

    fair_site.report(ROBOT, activity="working", at=(50.0, 24.0))

    expect(fresh).to_have_text("实时Live")
    expect(page.locator("[data-f=live]")).to_have_text("1")
    expect(page.locator("[data-f=booths]")).to_have_text("1")
    expect(page.locator(BOOTH)).to_have_attribute("data-state", "working")
    expect(page.locator("#dots circle")).to_have_attribute("cx", "500.0")


def test_a_fault_is_not_for_the_wall_even_when_the_organiser_opened_it(fair_site: FairSite, pages: Pages) -> None:
    page = pages.blank(width=1920, height=1080)
    log_in(page, fair_site)
    page.goto(f"{fair_site.url}/wall")

    fair_site.report(ROBOT, activity="idle", errors=({"level": "fatal", "code": "motor", "text": {"en": "Too hot"}},))

    expect(page.locator(BOOTH)).to_have_attribute("data-state", "stopped")
    assert "Too hot" not in page.content()


def test_the_wall_says_that_it_is_offline_and_comes_back(fair_site: FairSite, pages: Pages) -> None:
    fair_site.report(ROBOT, activity="working")
    page = wall(pages, fair_site)
    expect(page.locator(".fresh")).to_have_attribute("data-state", "live")

    fair_site.kill()
    expect(page.locator(".fresh [lang=en]")).to_contain_text("Offline · no contact for")
    expect(page.locator(".wall[data-old]")).to_have_count(1)
    fair_site.start()

    expect(page.locator(".wall[data-old]")).to_have_count(0, timeout=30_000)
    pages.forgive("/live")


@pytest.mark.parametrize(
    ("query", "seen"), [("", ["zh-Hans", "en"]), ("?languages=zh", ["zh-Hans"]), ("?languages=en", ["en"])]
)
def test_the_wall_speaks_both_languages_or_the_one_that_is_asked_for(
    standing_site: FairSite, pages: Pages, query: str, seen: list[str]
) -> None:
    page = wall(pages, standing_site, query=query)

    spoken = page.locator("h1 [lang]").evaluate_all("(all) => all.map((node) => node.lang)")

    assert spoken == seen
    assert page.locator("html").get_attribute("lang") == seen[0]


def test_the_wall_rests_elsewhere_now_and_then_and_not_for_who_wants_no_motion(
    standing_site: FairSite, pages: Pages
) -> None:
    page = wall(pages, standing_site)

    assert page.evaluate(MOVING) == ["rest"]
    page.emulate_media(reduced_motion="reduce")
    assert page.evaluate(MOVING) == []
