"""The organiser plans a demo by keyboard and mouse; the booth's screen and readers of the timetable see it at once."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.support.axe import violations
from tests.support.chromium import Pages, joined
from tests.support.fair_site import PASSWORD, FairSite

pytestmark = [pytest.mark.browser, pytest.mark.slow]

BOOTH = "D19.2C05"
PHONE, DESK = (390, 844), (1440, 900)
"""A change takes a fifth of a second; a machine that runs other tests beside takes longer."""
SIDEWAYS = "document.documentElement.scrollWidth - window.innerWidth"
SMALL_TARGETS = """[...document.querySelectorAll("main .btn, main .chip, main input, main select, main summary")]
    .filter((node) => node.offsetParent && !node.closest(".chip input") && node.type !== "checkbox")
    .filter((node) => node.getBoundingClientRect().height < 44).map((node) => node.outerHTML.slice(0, 80))"""


def organiser(site: FairSite, pages: Pages, language: str = "en", size: tuple[int, int] = DESK) -> Page:
    page = pages.blank(width=size[0], height=size[1])
    page.goto(f"{site.url}/login?lang={language}")
    page.fill("#username", "organiser")
    page.fill("#password", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url(f"{site.url}/**")
    page.goto(f"{site.url}/language?lang={language}&next=/timetable")
    return page


def fill_in(page: Page, after_opening: int = 50) -> None:
    """A demo of `nanling` on day 3, 50 minutes after its opening: its robot and its person are on stage 2 then."""
    page.select_option("#f-exhibitor", "nanling")
    page.select_option("#f-place", f"booth:{BOOTH}")
    page.select_option("#f-robot", "walker-7")
    page.select_option("#f-staff", "jiang-mengjie")
    page.fill("#f-title_en", "Lights off")
    page.fill("#f-title_zh", "关灯")
    page.select_option("#f-day", "3")
    page.fill("#f-start", clock(page, after_opening))


def clock(page: Page, after_opening: int) -> str:
    """The hour so many minutes after the opening that the form names: a fair that is loaded late opens late."""
    opens = re.search(r"(\d\d):(\d\d)–", page.locator("#f-day option[value='3']").inner_text())
    assert opens
    hours, minutes = divmod(int(opens[1]) * 60 + int(opens[2]) + after_opening, 60)
    return f"{hours % 24:02d}:{minutes:02d}"


@pytest.mark.parametrize(("language", "size"), [("zh-Hans", PHONE), ("en", DESK)], ids=["phone", "desk"])
def test_a_refused_demo_offers_times_that_are_put_into_the_form(
    fair_site: FairSite, pages: Pages, language: str, size: tuple[int, int]
) -> None:
    page = organiser(fair_site, pages, language, size)
    found = [*violations(page), *page.evaluate(SMALL_TARGETS)]
    page.goto(f"{fair_site.url}/timetable/demos/new")
    fill_in(page)

    page.locator("[data-save]").click()
    expect(page.locator(".form-summary a")).to_have_count(2)
    found += [*violations(page), *page.evaluate(SMALL_TARGETS)]
    wide = page.evaluate(SIDEWAYS)
    offered = page.locator("button[data-start]").first
    start = offered.get_attribute("data-start") or ""
    offered.press("Enter")

    expect(page.locator("#f-start")).to_have_value(start)
    expect(page.locator("[data-save]")).to_be_focused()
    expect(page.locator("#f-title_zh")).to_have_value("关灯")
    page.keyboard.press("Enter")
    expect(page.locator("tr:target")).to_contain_text("关灯" if language == "zh-Hans" else "Lights off")
    found += violations(page)
    pages.forgive("409")
    assert (found, wide) == ([], 0)


def test_an_open_timetable_shows_a_change_within_a_second(fair_site: FairSite, pages: Pages) -> None:
    zone = pages.open(f"{fair_site.url}/?lang=en")
    listed = pages.open(f"{fair_site.url}/timetable?lang=en&day=3")
    page = organiser(fair_site, pages)
    joined(listed)

    page.goto(f"{fair_site.url}/timetable/demos/new")
    fill_in(page, after_opening=0)
    page.locator("[data-save]").click()
    page.wait_for_url(re.compile("done=planned"))

    expect(listed.locator("#demos")).to_contain_text("Lights off")
    expect(listed.locator("[data-updated]")).to_contain_text("The timetable has just changed")
    page.locator("tr:target a.demo").click()
    page.fill("#f-title_en", "Lights out")
    page.locator("[data-save]").click()
    page.wait_for_url(re.compile("done=changed"))
    expect(listed.locator("#demos")).to_contain_text("Lights out")
    page.locator("tr:target a.demo").click()
    page.locator(".btn-outline-danger").click()
    page.locator(".btn-danger").click()
    page.wait_for_url(re.compile("done=cancelled"))
    expect(listed.locator("#demos")).not_to_contain_text("Lights out")
    expect(zone.locator("table.next-demos tbody tr")).to_have_count(8)


def test_a_booths_screen_goes_on_to_the_next_demo_as_soon_as_one_is_cancelled(
    fair_site: FairSite, pages: Pages
) -> None:
    page = organiser(fair_site, pages)
    page.goto(f"{fair_site.url}/timetable?day=all&exhibitor=nanling")
    first, second = (text.strip()[:5] for text in page.locator("#demos tbody th").all_inner_texts()[:2])
    screen = pages.open(f"{fair_site.url}/screen/{BOOTH}", width=1920, height=1080)
    expect(screen.locator("[data-f=fresh-en]")).not_to_contain_text("Connecting")
    expect(screen.locator("[data-f=demo-time]")).to_have_text(first)

    page.locator("a.demo").first.click()
    page.locator(".btn-outline-danger").click()
    page.locator(".btn-danger").click()

    expect(screen.locator("[data-f=demo-time]")).to_have_text(second)
    assert first != second


def test_the_timetable_is_read_and_walked_by_keyboard(fair_site: FairSite, pages: Pages) -> None:
    page = organiser(fair_site, pages)

    page.keyboard.press("3")
    page.wait_for_url(re.compile("day=3"))
    links = page.locator("a.demo")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(links.nth(1)).to_be_focused()
    page.keyboard.press("k")
    expect(links.nth(0)).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/timetable/demos/d3-"))
    page.go_back()
    page.keyboard.press("n")

    page.wait_for_url(re.compile("/timetable/demos/new"))
