"""One fair day in Chromium: organiser, two buyers with phones, exhibitor and booth screen, by what they see and tap.

Web and worker are real processes over the demo fair. Nobody types an address but those of the start page, the log-in
and the screen; every page on the way is checked for accessibility and for its width.
"""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Locator, expect

from server.kernel.clock import FAIR_ZONE
from tests.support.chromium import Pages
from tests.support.fair_site import PASSWORD, FairSite
from tests.support.fairgoer import Fairgoer
from tests.support.processes import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(400)]

PHONE, DESK, PANEL = (390, 844), (1440, 900), (1920, 1080)
FREE_BOOTH = "D19.2A04"
"""A screen follows in a fraction of a second; a machine that runs other tests beside takes longer."""
"""So long a buyer may take from the start page to the first match; a machine types faster than a thumb."""
MOST_STEPS = 12
"""Taps and filled fields on the way there."""
HOME = ZoneInfo("Europe/Berlin")
"""Where the buyers' phones are at home."""
MEETING = timedelta(minutes=30)
ANNA, BRUNO = "Anna Weber", "Bruno Kolb"


def log_in(who: Fairgoer, site: FairSite, username: str) -> None:
    who.visit(f"{site.url}/login")
    who.type(who.words("login-username"), username)
    who.type(who.words("login-password"), PASSWORD)
    who.tap(who.words("login-submit"))


def plum(who: Fairgoer) -> str:
    """An exhibitor whose only demo of this day comes late, so that a new one is the next."""
    return who.own("Plum Hill Inspection", "梅丘巡检机器人")


def nanling(who: Fairgoer) -> str:
    return who.own("Nanling Walker Robotics", "南岭行者机器人")


def give_away_a_booth(organiser: Fairgoer, screen: Fairgoer, site: FairSite) -> None:
    organiser.go_to(organiser.words("nav-booths"))
    organiser.page.get_by_role("link", name=f"{FREE_BOOTH}, {organiser.words('booth-vacant')}").press("Enter")
    organiser.sees(organiser.words("booth-numbered", number=FREE_BOOTH))
    organiser.look()

    screen.visit(f"{site.url}/screen/{FREE_BOOTH}")
    screen.sees("空闲展位 Vacant booth")

    organiser.tap(organiser.words("booth-assign"))
    assert organiser.page.locator("select:invalid").count() == 1, "nobody was chosen, and nothing was sent"
    organiser.choose(organiser.words("column-exhibitor"), plum(organiser))
    organiser.tap(organiser.words("booth-assign"))

    organiser.sees(organiser.words("booth-done-assigned", number=FREE_BOOTH, who=plum(organiser)))
    screen.sees("梅丘巡检机器人", "Plum Hill Inspection")


def plan_two_demos(organiser: Fairgoer, screen: Fairgoer) -> None:
    """The second is wanted where the first is: it is refused by name, and the offered time is taken."""
    start = fill_in_demo(organiser, "One ride round", "绕场一周")
    organiser.type(organiser.words("demo-minutes"), "7")
    organiser.page.keyboard.press("Tab")
    organiser.sees(organiser.words("form-invalid"))
    organiser.type(organiser.words("demo-minutes"), "20")
    organiser.tap(organiser.words("demo-save-new"))
    organiser.sees(organiser.words("demo-done-planned", title=organiser.own("One ride round", "绕场一周")))
    expect(screen.page.locator("[data-f=demo-en]")).to_have_text("One ride round")

    fill_in_demo(organiser, "Under the belt", "带式输送机下方", start)
    organiser.tap(organiser.words("demo-save-new"))
    until, title = later(start, 20), organiser.own("One ride round", "绕场一周")
    for thing in (
        organiser.words("demo-thing-booth", name=FREE_BOOTH),
        organiser.words("demo-thing-robot", name=organiser.own("Plum Wheel", "梅轮")),
    ):
        taken = {"thing": thing, "from": start, "until": until, "title": title}
        organiser.sees(organiser.words("demo-taken-by-demo", **taken))
    expect(organiser.page.get_by_label(organiser.words("demo-title-en"))).to_have_value("Under the belt")
    nearest = organiser.page.get_by_role("region", name=organiser.words("demo-nearest"))
    organiser.press(nearest.get_by_role("button").first)
    offered = organiser.page.get_by_label(organiser.words("demo-start")).input_value()
    organiser.tap(organiser.words("demo-save-new"))

    assert offered == later(start, -20), "of two times that are as near, the earlier comes first"
    organiser.sees(organiser.words("demo-done-planned", title=organiser.own("Under the belt", "带式输送机下方")))
    expect(screen.page.locator("[data-f=demo-en]")).to_have_text("Under the belt")
    expect(screen.page.locator("[data-f=demo-zh]")).to_have_text("带式输送机下方")
    expect(screen.page.locator("[data-f=demo-time]")).to_have_text(offered)


def fill_in_demo(organiser: Fairgoer, english: str, chinese: str, start: str = "") -> str:
    """A demo at the booth that was given away, in half an hour unless said otherwise. Returns its start."""
    organiser.go_to(organiser.words("nav-timetable"))
    organiser.tap(organiser.words("demo-new"))
    organiser.choose(organiser.words("demo-who"), plum(organiser))
    organiser.sees(organiser.words("demo-hours"))
    now = organiser.page.get_by_label(organiser.words("demo-start")).input_value()
    start = start or later(now, 35)
    organiser.choose(organiser.words("demo-place"), FREE_BOOTH)
    organiser.choose(organiser.words("demo-robot"), organiser.own("Plum Wheel", "梅轮"))
    organiser.choose(organiser.words("demo-staff"), on_duty(organiser, now))
    organiser.type(organiser.words("demo-title-en"), english)
    organiser.type(organiser.words("demo-title-zh"), chinese)
    organiser.type(organiser.words("demo-start"), start)
    return start


def on_duty(organiser: Fairgoer, now: str) -> str:
    """Who is at the booth for an hour from `now`, as the form's table of hours says."""
    organiser.unfold(organiser.words("demo-hours"))
    for row in organiser.page.locator("details.hours tbody tr").all():
        for span in row.locator("td").nth(1).locator(".span").all_inner_texts():
            first, last = span.split("–")
            if apart(first, now) < 12 * 60 and 60 <= apart(now, last) < 12 * 60:
                return row.locator("th").inner_text().strip()
    raise AssertionError(f"nobody is at the booth from {now} on")


def later(clock: str, minutes: int) -> str:
    moment = datetime.strptime(clock, "%H:%M").replace(tzinfo=FAIR_ZONE) + timedelta(minutes=minutes)
    return f"{moment:%H:%M}"


def apart(first: str, last: str) -> int:
    """Minutes from one hour to the next time that a clock shows the other."""
    hours, minutes = ((int(b) - int(a)) for a, b in zip(first.split(":"), last.split(":"), strict=True))
    return (hours * 60 + minutes) % (24 * 60)


def register(buyer: Fairgoer) -> None:
    """Fill in the form and send it; where it was opened with faults, they are mended on the way."""
    buyer.type(buyer.words("buyer-name"), buyer.name)
    buyer.type(buyer.words("buyer-company"), f"{buyer.name} GmbH")
    buyer.type(buyer.words("register-find-kind"), buyer.own("humanoid", "人形"))
    buyer.press(buyer.page.get_by_text(buyer.own("Humanoid", "人形机器人"), exact=True).filter(visible=True).first)
    buyer.type(buyer.words("buyer-email"), address(buyer))
    buyer.type(buyer.words("buyer-password"), "a long pass phrase")
    for purpose in ("programme", "contact", "mail"):
        tick = buyer.page.get_by_label(buyer.words(f"consent-{purpose}"))
        if not tick.is_checked():
            buyer.press(tick)
    buyer.tap(buyer.words("register-send"))


def address(buyer: Fairgoer) -> str:
    return f"{buyer.name.split()[0].lower()}@klinik.example"


def come_straight_to_a_match(anna: Fairgoer, site: FairSite) -> None:
    anna.visit(site.url)
    anna.go_to(anna.words("nav-register"))
    register(anna)
    anna.sees(anna.words("matches-welcome"))
    expect(anna.page.get_by_role("article").first).to_be_visible()

    assert anna.steps <= MOST_STEPS


def come_with_mistakes(bruno: Fairgoer, site: FairSite) -> None:
    bruno.visit(site.url)
    bruno.go_to(bruno.words("nav-register"))
    bruno.type(bruno.words("buyer-name"), bruno.name)
    bruno.type(bruno.words("buyer-email"), "bruno@")
    bruno.tap(bruno.words("register-send"))

    bruno.sees(bruno.words("form-email"), bruno.words("form-required"))
    expect(bruno.page.get_by_label(bruno.words("buyer-name")).first).to_have_value(bruno.name)
    expect(bruno.page.get_by_label(bruno.words("buyer-email")).first).to_have_value("bruno@")
    register(bruno)
    bruno.sees(bruno.words("matches-welcome"))


def ask_for_a_time(buyer: Fairgoer, topic: str, free: str) -> datetime:
    """From the matches to a request for the first free time of day 4 with one person. Returns its start."""
    match = buyer.page.get_by_role("article").filter(has_text=nanling(buyer)).first
    buyer.press(match.locator("details.why-all summary"))
    buyer.sees(buyer.words("signal-category"), buyer.words("match-category-same", kind=kind(buyer)), within=match)
    buyer.press(match.get_by_role("heading").get_by_role("link"))
    buyer.sees(buyer.own("Walker H Humanoid", "行者H人形"))
    buyer.tap(buyer.words("match-meet"))
    buyer.tap(buyer.words("timetable-day", number=4))
    buyer.unfold(buyer.words("meet-options"))
    buyer.choose(buyer.words("meet-person"), buyer.own("Jiang Mengjie", "蒋梦洁"))
    buyer.tap(buyer.words("meet-show"))
    time_button = free_times(buyer, free).first
    starts_at = datetime.fromisoformat(time_button.get_attribute("value") or "")
    buyer.press(time_button)
    buyer.sees(buyer.words("meeting-state-held"))
    buyer.type(buyer.words("meeting-topic"), topic)
    buyer.tap(buyer.words("meeting-act-request"), exact=True)
    buyer.sees(buyer.words("meeting-done-request"))
    return starts_at


def kind(who: Fairgoer) -> str:
    return who.own("Humanoid", "人形机器人")


def free_times(who: Fairgoer, words: str) -> Locator:
    return who.page.get_by_role("button", name=re.compile(rf"^\d\d:\d\d\b.*{words}$", re.DOTALL))


def at_both_hours(who: Fairgoer, starts_at: datetime) -> list[str]:
    """How a page prints the meeting's time: in Beijing and at home."""
    fair, home = ((starts_at.astimezone(zone), (starts_at + MEETING).astimezone(zone)) for zone in (FAIR_ZONE, HOME))
    return [
        who.words("meeting-fair-span", start=f"{fair[0]:%H:%M}", end=f"{fair[1]:%H:%M}"),
        f"{home[0]:%H:%M}–{home[1]:%H:%M}",
    ]


def answer_at_the_desk(exhibitor: Fairgoer, site: FairSite, starts_at: datetime) -> None:
    log_in(exhibitor, site, "nanling.admin")
    requests = exhibitor.page.get_by_role("article")
    for buyer, topic in ((ANNA, "Trial in two wards"), (BRUNO, "Prices")):
        card = requests.filter(has_text=buyer)
        exhibitor.sees(
            topic, exhibitor.words("meeting-waiting", n=1), at_both_hours(exhibitor, starts_at)[0], within=card
        )

    exhibitor.tap(exhibitor.words("meeting-act-accept"), within=requests.filter(has_text=ANNA))

    exhibitor.sees(exhibitor.words("meeting-done-accept"))
    expect(requests.filter(has_text=ANNA)).to_have_count(0)
    expect(requests.filter(has_text=BRUNO)).to_have_count(0)
    exhibitor.sees(BRUNO, within=exhibitor.page.get_by_role("list", name=exhibitor.words("desk-others")))


def correct_the_profile(exhibitor: Fairgoer) -> None:
    exhibitor.go_to(exhibitor.words("nav-desk"))
    exhibitor.tap(exhibitor.words("desk-nav-profile"))
    exhibitor.type(exhibitor.words("desk-profile-en"), "We walk up granite steps.")
    exhibitor.type(exhibitor.words("desk-name-en"), "")
    exhibitor.tap(exhibitor.words("desk-save"), exact=True)
    exhibitor.sees(exhibitor.words("form-required"))
    about = exhibitor.page.get_by_label(exhibitor.words("desk-profile-en"))
    expect(about).to_have_value("We walk up granite steps.")
    exhibitor.type(exhibitor.words("desk-name-en"), "Nanling Walker Robotics")
    exhibitor.tap(exhibitor.words("desk-save"), exact=True)
    exhibitor.sees(exhibitor.words("desk-saved"))


def read_the_diary(buyer: Fairgoer, state: str, starts_at: datetime) -> None:
    """The diary has the one meeting in this state, at both times; the buyer opens it."""
    buyer.go_to(buyer.words("nav-diary"))
    row = buyer.page.get_by_role("listitem").filter(has_text=nanling(buyer)).filter(has=buyer.page.locator(".state"))
    buyer.sees(buyer.words(f"meeting-state-{state}"), *at_both_hours(buyer, starts_at), within=row)
    buyer.tap(nanling(buyer), within=row)
    buyer.sees(buyer.words("meeting-title", name=nanling(buyer)), *at_both_hours(buyer, starts_at))


def move_it(exhibitor: Fairgoer, anna: Fairgoer) -> datetime:
    """The exhibitor proposes another time and the buyer agrees. Returns the new start."""
    exhibitor.go_to(exhibitor.words("nav-diary"))
    exhibitor.tap(exhibitor.words("diary-day-all"))
    exhibitor.tap(ANNA)
    exhibitor.sees(address(anna))
    exhibitor.tap(exhibitor.words("meeting-act-propose"))
    other_time = free_times(exhibitor, exhibitor.words("meet-free")).nth(3)
    starts_at = datetime.fromisoformat(other_time.get_attribute("value") or "")
    exhibitor.press(other_time)
    exhibitor.sees(exhibitor.words("meeting-done-propose"))

    anna.go_to(anna.words("nav-diary"))
    anna.sees(anna.words("diary-proposal"))
    anna.tap(nanling(anna))
    anna.sees(anna.words("meeting-proposal-exhibitor"), *at_both_hours(anna, starts_at))
    anna.tap(anna.words("meeting-act-agree"))
    anna.sees(anna.words("meeting-done-agree"), anna.words("meeting-state-accepted"))
    return starts_at


def correct_oneself_and_cancel(anna: Fairgoer) -> None:
    anna.go_to(anna.words("nav-me"))
    anna.tap(anna.words("me-edit-profile"))
    anna.type(anna.words("buyer-company"), "Klinik am Fluss")
    anna.type(anna.words("buyer-email"), "anna at home")
    anna.tap(anna.words("buyer-save"))
    anna.sees(anna.words("form-email"))
    expect(anna.page.get_by_label(anna.words("buyer-company")).first).to_have_value("Klinik am Fluss")
    expect(anna.page.get_by_label(anna.words("buyer-email")).first).to_have_value("anna at home")
    anna.type(anna.words("buyer-email"), address(anna))
    anna.tap(anna.words("buyer-save"))
    anna.sees("Klinik am Fluss")

    anna.go_to(anna.words("nav-diary"))
    anna.tap(nanling(anna))
    anna.unfold(anna.words("meeting-act-cancel"))
    anna.type(anna.words("meeting-act-reason"), "x" * 700)
    anna.tap(anna.words("meeting-act-cancel-sure"))
    anna.sees(anna.words("meeting-done-cancel"), anna.words("meeting-state-cancelled"))


def read_what_happened(organiser: Fairgoer, anna: Fairgoer) -> None:
    organiser.go_to(organiser.words("nav-mail"))
    to_anna = organiser.page.get_by_text(address(anna), exact=True)
    # Among what tells her what the others did there are three that bring a calendar.
    calendar = organiser.page.locator("summary", has_text=organiser.words("mail-calendar"))
    letters = organiser.page.get_by_role("row").filter(has=to_anna).filter(has=calendar)
    wait_until(lambda: bool(organiser.page.reload()) and letters.count() == 3, seconds=60, what="three invites to Anna")
    for letter, news in zip(letters.all(), ("cancelled", "changed", "new"), strict=True):
        subject = organiser.words(f"invite-subject-{news}", what="", when="")
        organiser.sees(re.split("[:：]", subject)[0], within=letter)
    organiser.sees(organiser.words("mail-method-request"), within=letters.last)

    organiser.go_to(organiser.words("nav-audit"))
    fair, host = "Organiser 主办方", "Nanling, booth lead 南岭展位负责人"
    by_anna, by_host = {"who": ANNA, "other": nanling(organiser)}, {"who": host, "other": ANNA}
    organiser.sees(
        organiser.words("audit-did-booth-assign", who=fair, key=FREE_BOOTH),
        organiser.words("audit-did-exhibitor-edit", who=host, key=nanling(organiser)),
        *(organiser.words(f"audit-did-meeting-{act}", **by_anna) for act in ("hold", "request", "agree", "cancel")),
        *(organiser.words(f"audit-did-meeting-{act}", **by_host) for act in ("accept", "propose")),
    )


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_one_fair_day(fair_site: FairSite, pages: Pages, language: str) -> None:
    fair_site.start_worker()
    organiser = Fairgoer.arrive(pages, "Organiser", language, DESK)
    screen = Fairgoer.arrive(pages, "Screen", language, PANEL)
    anna = Fairgoer.arrive(pages, ANNA, language, PHONE, touches=True)
    bruno = Fairgoer.arrive(pages, BRUNO, language, PHONE, touches=True)
    exhibitor = Fairgoer.arrive(pages, "Exhibitor", language, DESK)

    log_in(organiser, fair_site, "organiser")
    give_away_a_booth(organiser, screen, fair_site)
    plan_two_demos(organiser, screen)

    come_straight_to_a_match(anna, fair_site)
    starts_at = ask_for_a_time(anna, "Trial in two wards", anna.words("meet-free"))
    come_with_mistakes(bruno, fair_site)
    assert ask_for_a_time(bruno, "Prices", bruno.words("meet-free-waiting", n=1)) == starts_at
    read_the_diary(anna, "requested", starts_at)
    for buyer in (anna, bruno):
        buyer.sees(buyer.words("meeting-waiting", n=1))

    answer_at_the_desk(exhibitor, fair_site, starts_at)
    read_the_diary(anna, "accepted", starts_at)
    read_the_diary(bruno, "waiting", starts_at)
    bruno.sees(bruno.words("meeting-reason-slot-taken"))
    correct_the_profile(exhibitor)

    moved_to = move_it(exhibitor, anna)
    read_the_diary(anna, "accepted", moved_to)
    read_the_diary(bruno, "requested", starts_at)
    bruno.sees(bruno.words("meeting-reason-slot-free"))
    correct_oneself_and_cancel(anna)
    read_what_happened(organiser, anna)

    pages.forgive("status of 409")
    pages.forgive("status of 422")
    assert [fault for who in (organiser, screen, anna, bruno, exhibitor) for fault in who.faults] == []
