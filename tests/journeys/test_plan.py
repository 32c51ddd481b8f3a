"""The plan in a hand: it opens at the booth that was asked for, is zoomed in every way, and nothing covers a number."""

import pytest
from playwright.sync_api import Page, expect

from tests.support.axe import violations
from tests.support.chromium import Pages
from tests.support.fair_site import FairSite

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PHONE = (390, 844)
NARROW = (320, 640)
PLACES = ("/?q=D19.2C05#plan", "/?q=D19.2E24#plan", "/booths/D19.2C05", "/booths/D19.2E24?only=taken")
TILE = ".plan .booth[data-chosen] rect, .plan .booth[aria-current] rect"
OFF_CENTRE = """() => {
    const tile = document.querySelector("%s").getBoundingClientRect();
    const plan = document.querySelector(".plan").getBoundingClientRect();
    const middle = (box) => [box.left + box.width / 2, box.top + box.height / 2];
    const [x, y] = middle(tile), [left, top] = middle(plan);
    return {x: Math.abs(x - left) / plan.width, y: Math.abs(y - top) / plan.height, tile: tile.width,
            page: innerWidth, plan: plan.width, side: document.documentElement.scrollWidth - innerWidth};
}"""
COVERED = """() => {
    const boxes = (selector) => [...document.querySelectorAll(selector)].map((node) => node.getBoundingClientRect());
    const numbers = boxes(".plan .number");
    return boxes("#dots circle").flatMap((dot) => numbers.filter((box) =>
        dot.right > box.left && dot.left < box.right && dot.bottom > box.top && dot.top < box.bottom)).length;
}"""
NUMBERS = """(depth) => [...document.querySelectorAll(".plan .number")].map((text) => {
    const box = text.getBBox();
    return [(box.x + box.width / 2) / 10, depth - (box.y + box.height / 2) / 10];
})"""


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("size", [PHONE, NARROW], ids=["390", "320"])
def test_a_booth_that_was_asked_for_stands_in_the_middle_of_the_plan(
    standing_site: FairSite, pages: Pages, place: str, size: tuple[int, int]
) -> None:
    page = pages.open(standing_site.url + place, width=size[0], height=size[1])
    expect(page.locator(TILE)).to_have_count(1)

    found = page.evaluate(OFF_CENTRE % TILE)

    # A booth at the hall's edge cannot stand in the very middle; it is wholly seen, and no smaller than a thumb.
    assert (found["x"] < 0.4, found["y"] < 0.4, found["side"]) == (True, True, 0), found
    assert found["tile"] > 44
    assert found["plan"] > 0.8 * found["page"]


@pytest.mark.parametrize(("locale", "name"), [("en-GB", "Nanling Walker Robotics"), ("zh-CN", "南岭行者机器人")])
@pytest.mark.parametrize("place", ["/?q=D19.2C05#plan", "/booths/D19.2C05"])
def test_the_plan_says_who_is_where_in_the_readers_language(
    standing_site: FairSite, pages: Pages, place: str, locale: str, name: str
) -> None:
    page = pages.open(standing_site.url + place, width=PHONE[0], height=PHONE[1], locale=locale)

    texts = page.locator(".plan .who").all_text_contents()

    assert name.replace(" ", "") in "".join(texts).replace(" ", "")


def view(page: Page) -> list[float]:
    return [float(part) for part in (page.locator(".plan").get_attribute("viewBox") or "").split()]


@pytest.mark.parametrize("place", ["/", "/booths"])
def test_the_plan_is_zoomed_and_moved_by_button_key_wheel_and_fingers(
    standing_site: FairSite, pages: Pages, place: str
) -> None:
    page = pages.open(standing_site.url + place, width=PHONE[0], height=PHONE[1])
    card = page.locator(".plan-card")
    card.scroll_into_view_if_needed()
    whole = view(page)

    page.get_by_role("button", name="Show the plan larger").click()
    by_button = view(page)
    card.focus()
    page.keyboard.press("+")
    by_key = view(page)
    page.keyboard.press("ArrowRight")
    moved = view(page)
    page.keyboard.press("0")
    page.get_by_role("button", name="Whole plan").click()
    again = view(page)
    page.evaluate("""() => {
        const plan = document.querySelector(".plan");
        const box = plan.getBoundingClientRect();
        const at = (type, id, x) => plan.dispatchEvent(new PointerEvent(type, {pointerId: id, bubbles: true,
            clientX: box.left + x, clientY: box.top + box.height / 2}));
        at("pointerdown", 1, 150); at("pointerdown", 2, 200); at("pointermove", 2, 300);
        at("pointerup", 1, 150); at("pointerup", 2, 300);
    }""")
    by_fingers = view(page)

    assert whole[2] > by_button[2] > by_key[2]
    assert moved[0] > by_key[0]
    assert moved[2] == by_key[2]
    assert again == whole
    assert by_fingers[2] == pytest.approx(max(whole[2] / 3, 90), rel=0.02)


def test_no_dot_covers_a_booths_number(fair_site: FairSite, pages: Pages) -> None:
    page = pages.open(fair_site.url)
    expect(page.locator("[data-feed]")).to_have_attribute("data-state", "connected")
    numbers = page.evaluate(NUMBERS, 50)
    robots = ["nanling/walker-7", "nanling/edu-2"]

    for first in range(0, 10, 2):
        for robot, at in zip(robots, numbers[first : first + 2], strict=True):
            fair_site.report(robot, at=(at[0], at[1]), activity="working")
        expect(page.locator("#dots circle")).to_have_count(2)
        page.wait_for_function(
            "() => [...document.querySelectorAll('#dots circle')].every((dot) => dot.hasAttribute('cx'))"
        )
        assert page.evaluate(COVERED) == 0


def test_the_dot_of_a_robot_is_where_it_is_unless_a_number_is_there(standing_site: FairSite, pages: Pages) -> None:
    page = pages.open(standing_site.url)

    places = page.evaluate(
        """async () => {
            const zone = document.querySelector("script[src*='zone.js']").src;
            const { clearOf } = await import(zone.replace("screens/zone.js", "js/geometry.js"));
            const boxes = [{x: 10, y: 20, width: 20, height: 8}];
            return [[50, 50], [20, 24], [29, 27], [10, 31.5], [8, 24]].map((at) => clearOf(at, 3, boxes));
        }"""
    )

    assert places == [[50, 50], [20, 17], [33, 27], [10, 31.5], [8, 17]]


@pytest.mark.parametrize("place", ["/?q=D19.2C05#plan", "/booths/D19.2C05"])
def test_the_plan_on_a_phone_passes_axe(standing_site: FairSite, pages: Pages, place: str) -> None:
    page = pages.open(standing_site.url + place, width=PHONE[0], height=PHONE[1])

    assert violations(page) == []
