"""The meetings' pages in a real browser: countdown, keyboard, a desk that refreshes itself, axe and thumbs."""

import re
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from server.features.meetings import service
from server.infra.identity import Identity
from tests.server.features.meetings.acting import ONE, accepted, act, held, requested
from tests.server.features.meetings.reading import Reader
from tests.support.axe import violations
from tests.support.chromium import Pages
from tests.support.site import RunningSite, running_site
from tests.support.small_fair import SmallFair

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PHONE, DESK = (390, 844), (1440, 900)
SIDEWAYS = "document.documentElement.scrollWidth - window.innerWidth"
SMALL_TARGETS = """[...document.querySelectorAll("main :is(button, summary, select, .btn, .chip, .slot, .goto)")]
    .filter((node) => node.offsetParent && node.getBoundingClientRect().height < 43.5)
    .map((node) => node.outerHTML.slice(0, 80))"""
Open = Callable[[Identity, str], Page]


@pytest.fixture
def database_url(migrated_sqlite: Path, tmp_path: Path) -> str:
    """SQLite alone: the other tests of these pages ask both databases, and to a browser the pages are the same."""
    shutil.copy(migrated_sqlite, tmp_path / "fair.db")
    return f"sqlite:///{tmp_path / 'fair.db'}"


@pytest.fixture
def site(app: Flask) -> Iterator[RunningSite]:
    """The small fair, served."""
    with running_site(app, []) as running:
        yield running


@pytest.fixture
def window(app: Flask, site: RunningSite, pages: Pages) -> Callable[..., Page]:
    """A function that opens an address in the browser of somebody who has logged in."""

    def open_as(who: Identity, address: str, size: tuple[int, int] = DESK, language: str = "en") -> Page:
        page = pages.blank(width=size[0], height=size[1])
        log_in = Reader(app, who).client.get_cookie("fairzone_session")
        assert log_in is not None
        home = f"http://127.0.0.1:{site.port}"
        page.context.add_cookies(
            [
                {"name": "fairzone_session", "value": log_in.value, "url": home},
                {"name": "fairzone_language", "value": language, "url": home},
            ]
        )
        page.goto(home + address)
        return page

    return open_as


@pytest.mark.parametrize(("size", "language"), [(PHONE, "en"), (DESK, "zh-Hans")], ids=["phone", "desk"])
def test_axe_finds_nothing_nothing_is_too_small_and_no_page_scrolls_sideways(
    small_fair: SmallFair, window: Callable[..., Page], size: tuple[int, int], language: str
) -> None:
    asked, met = requested(small_fair, 1, topic="Carts"), accepted(small_fair, 2, at=ONE + timedelta(hours=2))
    act(small_fair, service.propose, small_fair.buyer(2), met, starts_at=ONE + timedelta(hours=3), minutes=30)
    kept = held(small_fair, 1, exhibitor="lotus", at=ONE + timedelta(hours=4))
    of_buyer = ("/exhibitors/kapok/meet", f"/meetings/{kept.uid}", f"/meetings/{asked.uid}/reschedule", "/diary")
    of_booth = ("/desk", f"/meetings/{asked.uid}", f"/meetings/{met.uid}", "/diary")
    places = [(small_fair.buyer(1), place) for place in of_buyer] + [
        (small_fair.exhibitor(), place) for place in of_booth
    ]
    found = {}

    for who, place in places:
        page = window(who, place, size, language)
        for summary in page.locator("main summary").all():
            summary.click()
        found[f"{who.username} {place}"] = (violations(page), page.evaluate(SMALL_TARGETS), page.evaluate(SIDEWAYS) > 0)

    assert {place: faults for place, faults in found.items() if faults != ([], [], False)} == {}


def test_the_time_left_of_a_hold_counts_down_without_reading_itself_aloud(
    small_fair: SmallFair, window: Callable[..., Page]
) -> None:
    kept = held(small_fair)

    page = window(small_fair.buyer(1), f"/meetings/{kept.uid}")

    line = page.locator(".countdown")
    expect(line).to_have_text(re.compile(r"^Time left: 4:5\d$"))
    expect(line).to_have_attribute("aria-hidden", "true")
    expect(page.locator("[data-countdown-said]")).to_have_text("")


def test_a_buyer_books_by_keyboard_alone(small_fair: SmallFair, window: Callable[..., Page]) -> None:
    page = window(small_fair.buyer(1), "/exhibitors/kapok/meet")

    page.get_by_role("button", name="13:00").focus()
    page.keyboard.press("Enter")
    page.get_by_label("What it is about").focus()
    page.keyboard.type("Carts")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.locator(".told")).to_have_text("The request is sent. The exhibitor has it on the desk now.")
    assert small_fair.buyers == 3


def test_a_refusal_takes_the_focus_and_its_times_are_buttons(
    small_fair: SmallFair, window: Callable[..., Page], pages: Pages
) -> None:
    page = window(small_fair.buyer(1), "/exhibitors/kapok/meet")
    accepted(small_fair, 2)

    page.get_by_role("button", name="13:00").click()

    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_role("button", name="13:35–14:05")).to_be_visible()
    assert violations(page) == []
    pages.forgive("409")


def test_news_reach_an_idle_desk_and_wait_for_who_is_writing(
    small_fair: SmallFair, window: Callable[..., Page]
) -> None:
    requested(small_fair, 1)
    page = window(small_fair.exhibitor(), "/desk")
    expect(page.locator("article.request")).to_have_count(1)

    requested(small_fair, 2)
    page.evaluate("htmx.trigger('#desk', 'news')")
    expect(page.locator("article.request")).to_have_count(2)
    expect(page.locator("[data-desk-said]")).to_have_text("2 requests wait for your answer")

    page.locator("article.request summary").first.click()
    page.locator("article.request textarea").first.fill("Sold")
    requested(small_fair, 3)
    page.evaluate("htmx.trigger('#desk', 'news')")
    expect(page.locator("[data-desk-news]")).to_contain_text("There is news on this page.")
    expect(page.locator("article.request textarea").first).to_have_value("Sold")
    expect(page.locator("article.request textarea").first).to_be_focused()

    page.get_by_role("button", name="Show it").click()
    expect(page.locator("article.request")).to_have_count(3)
    expect(page.locator("[data-desk-news]")).to_be_hidden()


def test_an_answer_reaches_an_open_diary_and_an_open_meeting_by_itself(
    small_fair: SmallFair, window: Callable[..., Page]
) -> None:
    asked = requested(small_fair, 1)
    diary, meeting = window(small_fair.buyer(1), "/diary"), window(small_fair.buyer(1), f"/meetings/{asked.uid}")
    link = diary.locator(f"#m-{asked.uid}")
    link.focus()

    act(small_fair, service.accept, small_fair.exhibitor(), asked)

    expect(diary.locator("#diary .state")).to_have_text("Agreed", timeout=60_000)
    expect(diary.locator("#diary-next")).to_contain_text("Next")
    expect(link).to_be_focused()
    expect(meeting.locator("#standing .state")).to_have_text("Agreed", timeout=60_000)
    expect(meeting.locator("#standing")).to_contain_text("This meeting has changed since you opened the page.")
    meeting.get_by_role("link", name="Show it").click()
    expect(meeting.locator("#standing")).not_to_contain_text("has changed")
    assert violations(meeting) == []
    assert violations(diary) == []


def test_without_scripts_a_time_is_held_and_requested(
    small_fair: SmallFair, app: Flask, site: RunningSite, pages: Pages
) -> None:
    context = pages.browser.new_context(java_script_enabled=False)
    pages.contexts.append(context)
    log_in = Reader(app, small_fair.buyer(1)).client.get_cookie("fairzone_session")
    assert log_in is not None
    home = f"http://127.0.0.1:{site.port}"
    context.add_cookies([{"name": "fairzone_session", "value": log_in.value, "url": home}])
    page = context.new_page()
    page.goto(f"{home}/exhibitors/kapok/meet")

    page.locator("button.slot", has_text="13:00").click()
    page.locator("form[action$='/request'] button").click()

    expect(page.locator(".standing")).to_have_text("Requested")
