"""The booth screen as a visitor reads it at three metres, and through everything that happens to it in a hall."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.test_pages import log_in
from tests.support.axe import violations
from tests.support.chromium import Pages
from tests.support.fair_site import FairSite

pytestmark = [pytest.mark.browser, pytest.mark.slow]

BOOTH = "D19.2C05"
ROBOT = "nanling/walker-7"
TASK = {"en": "Tray to table 4", "zh": "正在为 4 号桌送餐"}
# Pixels of the type as it is seen, by what it says; a QR code by its shorter side, with its quiet zone.
MEASURES = """() => {
    const size = (node) => parseFloat(getComputedStyle(node).fontSize);
    const all = (selector) => [...document.querySelectorAll(selector)].filter((node) => node.getClientRects().length);
    const smallest = (selector) => Math.min(...all(selector).map(size));
    const says = (node) => [...node.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim());
    const texts = all("body *").filter((node) => says(node) && !node.closest("script"));
    const qr = document.querySelector(".qr").getBoundingClientRect();
    return {names: smallest(".name b, .name > span"), figures: smallest(".figure b"),
            smallest: Math.min(...texts.map(size)), qr: Math.min(qr.width, qr.height)};
}"""
OUTSIDE = """() => [...document.querySelectorAll(".screen > *, .foot > *, .figure, .fresh, .fleet li")]
    .filter((node) => node.getClientRects().length).filter((node) => {
        const box = node.getBoundingClientRect();
        return box.left < 0 || box.top < 0 || box.right > innerWidth + 0.5 || box.bottom > innerHeight + 0.5;
    }).map((node) => node.className)"""
MOVING = "document.getAnimations().filter((animation) => animation.playState === 'running').length"


def open_screen(site: FairSite, pages: Pages, width: int = 1920, height: int = 1080, **options: Any) -> Page:
    return pages.open(f"{site.url}/screen/{BOOTH}", width=width, height=height, **options)


def say_something(site: FairSite, **said: Any) -> None:
    site.report(ROBOT, **{"activity": "moving", "battery": 78.0, "speed": 0.8, "task": TASK, **said})


def test_the_type_is_large_enough_at_three_metres(standing_site: FairSite, pages: Pages) -> None:
    say_something(standing_site, metrics={"deliveries_today": 146.0})
    page = open_screen(standing_site, pages)
    expect(page.locator("[data-f=metric-value]")).to_have_text("146")

    found = page.evaluate(MEASURES)

    assert (found["names"] >= 72, found["figures"] >= 56, found["smallest"] >= 28, found["qr"] >= 240) == (
        (True,) * 4
    ), found


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (3840, 2160), (1080, 1920), (1280, 720)])
def test_the_screen_fits_every_panel(standing_site: FairSite, pages: Pages, width: int, height: int) -> None:
    say_something(standing_site)
    page = open_screen(standing_site, pages, width, height)
    expect(page.locator("[data-f=battery]")).to_have_text("78")

    assert page.evaluate(OUTSIDE) == []


def test_the_screen_says_in_both_languages_what_the_robot_does(standing_site: FairSite, pages: Pages) -> None:
    page = open_screen(standing_site, pages)

    say_something(standing_site)

    expect(page.locator("[data-f=now-zh]")).to_have_text("移动中：正在为 4 号桌送餐")
    expect(page.locator("[data-f=now-en]")).to_have_text("Moving: Tray to table 4")
    expect(page.locator("[data-f=battery]")).to_have_text("78")
    expect(page.locator("[data-f=speed]")).to_have_text("0.8")
    expect(page.locator(".source")).to_have_text("模拟数据 Simulated")
    assert violations(page) == []


def test_a_second_report_replaces_the_first_and_leaves_a_trail(fair_site: FairSite, pages: Pages) -> None:
    page = open_screen(fair_site, pages)
    corner = page.evaluate("(({x, y}) => [x, y])(JSON.parse(document.getElementById('screen-data').textContent).booth)")

    say_something(fair_site, at=(corner[0] + 1, corner[1] + 1))
    expect(page.locator("[data-f=battery]")).to_have_text("78")
    say_something(fair_site, at=(corner[0] + 2, corner[1] + 1), battery=77.0)

    expect(page.locator("[data-f=battery]")).to_have_text("77")
    assert len((page.locator("[data-f=trail]").get_attribute("points") or "").split()) == 2


def test_a_fault_is_shown_to_visitors_as_a_safe_stop(fair_site: FairSite, pages: Pages) -> None:
    page = open_screen(fair_site, pages)

    say_something(fair_site, errors=({"level": "fatal", "code": "motor", "text": {"en": "A motor is too hot"}},))

    expect(page.locator("[data-f=now-zh]")).to_have_text("安全停止")
    expect(page.locator("[data-f=now-en]")).to_have_text("Stopped safely")
    assert "too hot" not in page.content()


def test_a_silent_robot_is_shown_as_last_seen_and_its_values_as_old(fair_site: FairSite, pages: Pages) -> None:
    page = open_screen(fair_site, pages)

    say_something(fair_site, ago_s=300)

    expect(page.locator("[data-f=fresh-en]")).to_have_text("Silent · last seen 5 min ago")
    expect(page.locator("[data-f=fresh-zh]")).to_have_text("无信号 · 5 分钟前最后出现")
    expect(page.locator("[data-f=now-en]")).to_contain_text("Last values, from")
    expect(page.locator(".screen[data-old] [data-f=battery]")).to_have_text("78")


def test_the_busiest_robot_leads_and_the_others_stand_beside_it(fair_site: FairSite, pages: Pages) -> None:
    page = open_screen(fair_site, pages)
    keys = page.evaluate("JSON.parse(document.getElementById('screen-data').textContent).robots.map((r) => r.key)")
    others = [key for key in keys if key != ROBOT]

    for key in others:
        fair_site.report(key, activity="charging", battery=30.0)
    say_something(fair_site)

    # Whoever leads keeps its place for some seconds, so that nothing flickers.
    expect(page.locator("[data-f=now-en]")).to_have_text("Moving: Tray to table 4", timeout=60_000)
    expect(page.locator(".fleet li:visible")).to_have_count(min(3, len(others)))
    expect(page.locator(".fleet li").first).to_contain_text("Charging")


def test_the_screen_outlives_its_server_and_every_cookie(fair_site: FairSite, pages: Pages) -> None:
    say_something(fair_site)
    page = open_screen(fair_site, pages)
    expect(page.locator("[data-f=battery]")).to_have_text("78")
    page.evaluate("window.sameDocument = true")

    fair_site.kill()
    expect(page.locator("[data-f=fresh-zh]")).to_contain_text("离线 · 无信号")
    expect(page.locator("[data-f=fresh-en]")).to_contain_text("Offline · no contact")
    expect(page.locator(".screen[data-old] [data-f=battery]")).to_have_text("78")
    page.context.clear_cookies()
    fair_site.start(secret="t" * 40)
    say_something(fair_site, battery=64.0)

    expect(page.locator("[data-f=battery]")).to_have_text("64", timeout=30_000)
    expect(page.locator("[data-f=fresh-en]")).to_contain_text("Working")
    assert page.evaluate("window.sameDocument"), "the screen came back by itself, without being loaded again"
    pages.forgive("/live")


def test_a_server_that_answers_with_errors_does_not_end_the_feed_for_good(fair_site: FairSite, pages: Pages) -> None:
    page = pages.blank(width=1920, height=1080)
    page.route("**/live?**", lambda route: route.fulfill(status=503, body="busy"))
    page.goto(f"{fair_site.url}/screen/{BOOTH}")
    expect(page.locator("[data-f=fresh-en]")).to_contain_text("Offline")

    page.unroute("**/live?**")
    say_something(fair_site)

    expect(page.locator("[data-f=battery]")).to_have_text("78", timeout=30_000)
    pages.forgive("503")


def test_a_screen_follows_when_its_booth_is_given_to_somebody(fair_site: FairSite, pages: Pages) -> None:
    screen = pages.open(f"{fair_site.url}/screen/D19.2A04", width=1920, height=1080)
    expect(screen.locator(".names [lang=en]")).to_have_text("Vacant booth")
    screen.evaluate("window.sameDocument = true")
    desk = pages.blank()
    log_in(desk, fair_site)

    desk.goto(f"{fair_site.url}/booths/D19.2A04")
    desk.locator("#f-exhibitor").select_option("nanling")
    desk.get_by_role("button", name="Assign booth").click()

    expect(screen.locator(".names [lang=en]")).to_contain_text("Nanling Walker Robotics")
    say_something(fair_site)
    expect(screen.locator("[data-f=battery]")).to_have_text("78")
    assert screen.evaluate("window.sameDocument")


def test_a_vacant_booth_offers_the_plan(standing_site: FairSite, pages: Pages) -> None:
    page = pages.open(f"{standing_site.url}/screen/D19.2A04", width=1920, height=1080)

    expect(page.get_by_role("heading", level=1)).to_have_text("空闲展位 Vacant booth")
    expect(page.get_by_text("Scan to see the plan of the zone")).to_be_visible()
    expect(page.locator(".qr")).to_be_visible()
    assert violations(page) == []


def test_nothing_moves_for_those_who_asked_for_stillness(standing_site: FairSite, pages: Pages) -> None:
    page = pages.blank(width=1920, height=1080)
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"{standing_site.url}/screen/{BOOTH}")
    say_something(standing_site)
    expect(page.locator("[data-f=battery]")).to_have_text("78")

    assert page.evaluate(MOVING) == 0
