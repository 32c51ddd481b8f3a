"""The exhibitor's open page of robots: what was refused stands on it within a second, and the checker says why."""

import json
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from device_bridge.wire.batch import Alarm, Batch, Rejection
from tests.support.axe import violations
from tests.support.chromium import Pages, joined
from tests.support.fair_site import PASSWORD, FairSite

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ROBOT = "nanling/walker-7"
MESSAGE = {"exhibitor": "nanling", "robot": "walker-7", "boot": 1, "seq": 1, "time": "2026-04-16T10:00:00+08:00"}
# Waits in the page itself until the sentence is there.
APPEARS = """(text) => new Promise((done) => {
    const there = () => document.body.textContent.includes(text);
    const look = () => there() ? done() : setTimeout(look, 10);
    look();
})"""


def log_in(page: Page, site: FairSite) -> None:
    page.goto(f"{site.url}/login?lang=en")
    page.fill("#username", "nanling.admin")
    page.fill("#password", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url(f"{site.url}/desk")


def refused(number: int) -> Rejection:
    detail = {"en": f"Field `battery`: {number} is too much.", "zh": f"字段 `battery`：{number} 过大。"}
    raw = json.dumps({**MESSAGE, "battery": number}).encode()
    return Rejection(f"r-{number}", datetime.now(UTC), "mqtt", "t", "invalid-field", detail, raw, len(raw), robot=ROBOT)


def test_a_refused_report_is_on_the_open_page_and_nothing_read_is_lost(fair_site: FairSite, pages: Pages) -> None:
    fair_site.submit(Batch("test", rejections=(refused(170),)))
    page = pages.blank(width=1440, height=900)
    log_in(page, fair_site)
    with page.expect_response(lambda response: "/live?own=1" in response.url):
        page.goto(f"{fair_site.url}/desk/robots")
    first = page.locator("details.raw").first
    first.locator("summary").click()
    joined(page)

    alarm = Alarm(ROBOT, "clock-skew", datetime.now(UTC), {"en": "The clock is 2 h ahead.", "zh": "时钟快了 2 小时。"})
    fair_site.submit(Batch("test", rejections=(refused(180),), alarms=(alarm,)))
    page.evaluate(APPEARS, "Field `battery`: 180 is too much.")
    page.evaluate(APPEARS, "The clock is 2 h ahead.")

    expect(page.locator("details.raw[open]")).to_contain_text('"battery": 170')
    assert violations(page) == []


def test_a_message_is_checked_mended_and_understood_on_a_phone(fair_site: FairSite, pages: Pages) -> None:
    page = pages.blank(width=390, height=844)
    log_in(page, fair_site)
    page.goto(f"{fair_site.url}/language?lang=zh-Hans&next=/check")
    page.fill("#f-message", json.dumps({**MESSAGE, "battery": 180}))
    page.select_option("#f-robot", ROBOT)

    page.click("main form.check-form button[type=submit]")
    expect(page.locator("#verdict")).to_contain_text("battery")
    expect(page.locator("#verdict")).to_contain_text("180")
    faults = violations(page)
    page.fill("#f-message", page.input_value("#f-message").replace("180", "80"))
    page.click("main form.check-form button[type=submit]")

    expect(page.locator("#verdict")).to_contain_text("一条报告")
    assert (faults, violations(page)) == ([], [])
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0


def test_plan_and_exhibitors_page_say_sending_refused_to_its_own_people_and_nothing_to_the_public(
    fair_site: FairSite, pages: Pages
) -> None:
    own, public = pages.blank(width=1440, height=900), pages.blank(width=1440, height=900)
    log_in(own, fair_site)
    own.goto(f"{fair_site.url}/exhibitors/nanling?lang=en")
    public.goto(f"{fair_site.url}/exhibitors/nanling?lang=en")
    row = f'tr[data-robot="{ROBOT}"] .state'
    expect(own.locator(row)).to_have_attribute("data-state", "none")

    fair_site.submit(Batch("test", rejections=(refused(170),)))

    expect(own.locator(row)).to_have_text("Sending, refused")
    own.goto(f"{fair_site.url}/?lang=en")
    expect(own.locator("[data-attention]")).to_contain_text("Sending, refused")
    expect(own.locator("[data-attention]")).to_contain_text("Field `battery`: 170 is too much.")
    expect(public.locator(row)).to_have_attribute("data-state", "none")
    assert "refused" not in public.locator("body").inner_text().lower()
