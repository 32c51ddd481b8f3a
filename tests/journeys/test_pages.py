"""The pages as people see them: both languages, phone and desk, by mouse, by keyboard and by screen reader."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.support.axe import violations
from tests.support.chromium import Pages, Scheme
from tests.support.fair_site import PASSWORD, FairSite

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ROBOT = "nanling/walker-7"
PLACES = ("/", "/exhibitors", "/exhibitors/nanling", "/booths", "/timetable", "/robots", "/downloads", "/login")
BEHIND_THE_SCENES = ("/today", "/quarantine", "/ledger", "/ledger/nanling/walker-7", "/check", "/audit")
PHONE, DESK, PANEL = (390, 844), (1440, 900), (1920, 1080)
SIDEWAYS = "document.documentElement.scrollWidth - window.innerWidth"
SMALL_TARGETS = """[...document.querySelectorAll("header a, header button, .bottom a, .chip, .btn, input, select")]
    .filter((node) => node.offsetParent && !node.closest(".chip input") && node.type !== "checkbox")
    .filter((node) => node.getBoundingClientRect().height < 44).map((node) => node.outerHTML.slice(0, 80))"""


def log_in(page: Page, site: FairSite) -> None:
    page.goto(f"{site.url}/login")
    page.fill("#username", "organiser")
    page.fill("#password", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url(f"{site.url}/today")


def too_wide(page: Page) -> dict[str, int]:
    """By how many pixels the page would have to be pushed sideways, at each size at which it would."""
    wide = {}
    for name, (width, height) in {"phone": PHONE, "desk": DESK, "panel": PANEL}.items():
        page.set_viewport_size({"width": width, "height": height})
        wide[name] = page.evaluate(SIDEWAYS)
    return {name: pixels for name, pixels in wide.items() if pixels > 0}


@pytest.mark.parametrize(
    ("size", "schemes", "language"), [(PHONE, ("light",), "zh-Hans"), (DESK, ("light", "dark"), "en")]
)
def test_axe_finds_nothing_and_no_page_scrolls_sideways(
    fair_site: FairSite, pages: Pages, size: tuple[int, int], schemes: tuple[Scheme, ...], language: str
) -> None:
    fair_site.report(ROBOT, activity="working", battery=71.0)
    page = pages.blank(width=size[0], height=size[1])
    log_in(page, fair_site)
    faults: dict[tuple[str, str], list[str]] = {}

    for place in (*PLACES, *BEHIND_THE_SCENES):
        page.goto(f"{fair_site.url}{place}?lang={language}")
        for scheme in schemes:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            faults[place, scheme] = violations(page)
        faults[place, "width"] = [f"{pixels} pixels on a {name}" for name, pixels in too_wide(page).items()]
        page.set_viewport_size({"width": size[0], "height": size[1]})

    assert {where: found for where, found in faults.items() if found} == {}


def test_what_a_thumb_touches_is_large_enough(standing_site: FairSite, pages: Pages) -> None:
    page = pages.blank(width=PHONE[0], height=PHONE[1])
    found = []

    for place in PLACES:
        page.goto(standing_site.url + place)
        found += page.evaluate(SMALL_TARGETS)

    assert found == []


def test_switching_the_language_stays_on_the_page(standing_site: FairSite, pages: Pages) -> None:
    page = pages.open(f"{standing_site.url}/timetable?day=3", locale="en-GB")
    page.get_by_role("link", name="中文").click()

    expect(page).to_have_url(re.compile(r"/timetable\?day=3$"))
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    expect(page.get_by_role("heading", level=1)).to_have_text("日程")


def test_the_organiser_sees_what_needs_attention_and_a_visitor_does_not(fair_site: FairSite, pages: Pages) -> None:
    organiser, visitor = pages.blank(), pages.open(fair_site.url)
    log_in(organiser, fair_site)
    organiser.goto(fair_site.url)
    fair_site.report(ROBOT, activity="idle", errors=({"level": "fatal", "code": "motor", "text": {"en": "Too hot"}},))

    expect(organiser.locator("[data-attention] li")).to_contain_text("Too hot")
    expect(visitor.locator("#b-D19\\.2C05 .state")).to_have_text("Stopped safely")
    assert visitor.locator("[data-attention]").count() == 0
    assert "Too hot" not in visitor.content()


def test_a_wrong_password_is_refused_in_words_and_the_name_is_kept(standing_site: FairSite, pages: Pages) -> None:
    page = pages.open(f"{standing_site.url}/login")
    page.fill("#username", "organiser")
    page.fill("#password", "not this one")
    page.click("main button[type=submit]")

    expect(page.get_by_role("alert")).to_contain_text("do not match")
    expect(page.locator("#username")).to_have_value("organiser")
    pages.forgive("Failed to load resource: the server responded with a status of 401")


def test_the_keyboard_reaches_everything_that_matters(standing_site: FairSite, pages: Pages) -> None:
    page = pages.open(standing_site.url)

    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.get_by_role("searchbox").blur()
    page.keyboard.press("g")
    page.keyboard.press("t")
    expect(page.get_by_role("heading", level=1)).to_have_text("Timetable")


def test_who_switches_single_keys_off_types_no_command_by_accident(standing_site: FairSite, pages: Pages) -> None:
    page = pages.open(standing_site.url)
    page.keyboard.press("?")
    page.get_by_label("Single-key shortcuts on this device").uncheck()
    page.get_by_role("button", name="Close").click()

    page.keyboard.press("g")
    page.keyboard.press("t")
    page.keyboard.press("?")
    page.reload()
    page.keyboard.press("/")

    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_role("searchbox")).not_to_be_focused()
    assert page.url == f"{standing_site.url}/"
    page.locator("button[data-open=keys]").click()
    expect(page.get_by_label("Single-key shortcuts on this device")).not_to_be_checked()


def test_today_shows_what_has_changed_when_it_has_changed(fair_site: FairSite, pages: Pages) -> None:
    today, desk = pages.blank(), pages.blank()
    for page in (today, desk):
        log_in(page, fair_site)
    today.evaluate("window.sameDocument = true")
    changes = today.locator("section[aria-labelledby=changes-title]")
    expect(changes).not_to_contain_text("D19.2A04")

    desk.goto(f"{fair_site.url}/booths/D19.2A04")
    desk.locator("#f-exhibitor").select_option("nanling")
    desk.get_by_role("button", name="Assign booth").click()

    expect(changes).to_contain_text("D19.2A04")
    assert today.evaluate("window.sameDocument")


def test_filters_stay_in_the_address_and_survive_a_reload(standing_site: FairSite, pages: Pages) -> None:
    page = pages.open(standing_site.url)
    shown = page.locator("tr[data-booth]:visible")
    expect(shown).to_have_count(46)

    page.get_by_label("Guangdong").check()
    expect(shown).to_have_count(16)
    page.get_by_role("searchbox").fill("C05")
    expect(shown).to_have_count(1)
    expect(page).to_have_url(re.compile(r"\?q=C05&place=guangdong$"))
    page.reload()

    expect(shown).to_have_count(1)
    expect(page.get_by_role("status").filter(has_text="shown")).to_have_text("1 of 46 booths shown")


def test_a_search_that_finds_nothing_says_what_to_do(standing_site: FairSite, pages: Pages) -> None:
    page = pages.open(f"{standing_site.url}/?q=nobody")

    expect(page.get_by_text("No booth matches.")).to_be_visible()
    page.get_by_role("link", name="Clear filters").click()
    expect(page.locator("tr[data-booth]:visible")).to_have_count(46)


def test_the_overview_follows_the_feed(fair_site: FairSite, pages: Pages) -> None:
    page = pages.open(fair_site.url)
    expect(page.locator("[data-kpi=live]")).to_have_text("0")

    fair_site.report(ROBOT, at=(50.0, 25.0), activity="charging", battery=40.0)

    expect(page.locator("[data-kpi=live]")).to_have_text("1")
    expect(page.locator("#b-D19\\.2C05 .state")).to_have_text("Charging")
    expect(page.locator("g.booth[data-booth='D19.2C05']")).to_have_attribute("data-state", "charging")
    expect(page.locator("#dots circle")).to_have_attribute("cx", "500.0")


def test_a_booth_works_when_a_robot_works_in_it_and_nothing_is_live_while_nothing_is_heard(
    fair_site: FairSite, pages: Pages
) -> None:
    page = pages.open(fair_site.url)
    feed, booth = page.locator("[data-feed]"), page.locator("#b-D19\\.2C05 .state")
    legend = page.locator(".legend li:visible .state")
    expect(feed).to_have_text("No robot live")
    expect(legend).to_have_text(["No robot"])

    fair_site.report(ROBOT, at=(30.0, 25.0), activity="working")  # on a stage
    expect(feed).to_have_text("Live")
    expect(page.locator("[data-kpi=live]")).to_have_text("1")
    expect(page.locator("[data-kpi=booths]")).to_have_text("0")
    expect(booth).to_have_text("No robot")
    expect(page.locator(".plan")).not_to_contain_text("Working")
    fair_site.report(ROBOT, at=(50.0, 25.0), activity="working")

    expect(booth).to_have_text("Working")
    expect(legend).to_have_text(["Working", "No robot"])


def test_the_overview_follows_a_booth_that_changes_hands_while_somebody_works_on_it(
    fair_site: FairSite, pages: Pages
) -> None:
    page = pages.open(fair_site.url)
    expect(page.locator("[data-feed]")).to_have_attribute("data-state", "connected")
    page.evaluate("window.sameDocument = true")
    tile, row = page.locator("g.booth[data-booth='D19.2A04']"), page.locator("#b-D19\\.2A04")
    box = page.get_by_role("searchbox").first
    box.focus()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/static/" not in request.url else None)
    desk = pages.open(fair_site.url)
    log_in(desk, fair_site)

    desk.goto(f"{fair_site.url}/booths/D19.2A04")
    desk.locator("#f-exhibitor").select_option("nanling")
    desk.get_by_role("button", name="Assign booth").click()

    expect(tile).not_to_have_class(re.compile("vacant"))
    expect(row.get_by_role("link")).to_have_text("Nanling Walker Robotics")
    expect(page.locator("g.label[data-booth='D19.2A04'] .who").first).to_be_visible()
    assert (page.evaluate("window.sameDocument"), asked) == (True, [])
    expect(box).to_be_focused()


def test_the_overview_says_when_the_server_is_gone_and_when_it_is_back(fair_site: FairSite, pages: Pages) -> None:
    fair_site.report(ROBOT, activity="working")
    page = pages.open(fair_site.url)
    feed, note = page.locator("[data-feed]"), page.locator("[data-lost]")
    expect(feed).to_have_text("Live")

    fair_site.kill()
    expect(feed).to_have_text("Offline")
    expect(note).to_contain_text("Offline: values below are old · no contact for")
    fair_site.start()

    expect(note).to_be_hidden(timeout=30_000)
    fair_site.report(ROBOT, activity="working")
    expect(feed).to_have_text("Live")
    pages.forgive("/live")
