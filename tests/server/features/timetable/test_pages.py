"""The organiser's pages of the timetable: choose, plan, be refused with a way out, change, and take out."""

import re
from collections.abc import Mapping
from typing import Any

import pytest
from flask.testing import FlaskClient

from server.features.reservations.rules import ResourceKind
from server.features.timetable.queries import list_demos
from server.infra.db import Database
from tests.server.features.timetable.demos import at, hold_for_meeting, typed

NEW = "/timetable/demos/new"
TYPED = {
    "exhibitor": "nanling",
    "place": "booth:D19.2C05",
    "robot": "walker-7",
    "staff": "jiang-mengjie",
    "title_en": "Soup up a ramp, again",
    "title_zh": "再次端汤上坡",
    "day": "2",
    "start": "14:00",
    "minutes": "20",
}


def send(browser: FlaskClient, path: str = NEW, **changes: str) -> tuple[int, str]:
    """Send the form with changes; (status, page or address)."""
    response = browser.post(f"{path}?lang=en", data=TYPED | changes)
    return response.status_code, response.headers.get("Location") or response.get_data(as_text=True)


def values(page: str) -> dict[str, str]:
    """What stands in the fields of a page's form."""
    fields = dict(re.findall(r'<input class="form-control[^"]*" id="f-(\w+)"[^>]* value="([^"]*)"', page))
    for name, options in re.findall(r'<select [^>]*name="(\w+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        for value in re.findall(r'<option value="([^"]*)" selected', options):
            fields[name] = value
    return fields


def kept(page: str, expected: Mapping[str, str] = TYPED) -> bool:
    return values(page).items() >= expected.items()


@pytest.fixture
def demo(organiser: FlaskClient) -> str:
    """The code of a demo that was planned just now."""
    code: str = organiser.post("/api/v1/demos", json=typed()).get_json()["code"]
    return code


def test_the_timetable_is_filtered_by_day_place_and_exhibitor(organiser: FlaskClient) -> None:
    page = organiser.get("/timetable?lang=en&day=all&past=shown&exhibitor=nanling&place=stage-1").get_data(as_text=True)

    assert re.findall(r'<tr id="d-([\w-]+)"', page) == ["d1-24", "d4-37"]
    assert "2 demos" in page
    assert '<option value="stage-1" selected>Stage 1</option>' in page


def test_a_visitor_finds_no_way_to_change_the_timetable(organiser: FlaskClient) -> None:
    visitor = organiser.application.test_client()

    page = visitor.get("/timetable?lang=en&day=2&past=shown").get_data(as_text=True)

    assert (page.count("<tr id="), "/timetable/demos" in page) == (63, False)
    assert visitor.get(NEW).status_code == 401


def test_choosing_an_exhibitor_offers_its_own_things_as_a_part_of_the_page(organiser: FlaskClient) -> None:
    part = organiser.get(f"{NEW}?lang=en&exhibitor=nanling&start=14:00", headers={"HX-Request": "true"})

    page = part.get_data(as_text=True)
    assert page.lstrip().startswith('<div id="choices"')
    assert re.findall(r'<option value="([^"]+)"', page) == [
        *("booth:D19.2C05", "stage:stage-1", "stage:stage-2"),
        *("edu-2", "walker-8", "walker-7"),
        *("gong-yifan", "jiang-mengjie", "tong-yanzhi", "yuan-qiuyue"),
    ]
    assert "09:00–12:00" in page


def test_without_scripts_a_button_offers_the_same_and_keeps_what_was_typed(organiser: FlaskClient) -> None:
    status, page = send(organiser, act="choose", place="", robot="", staff="", title_zh="")

    assert (status, "walker-8" in page, "alert-danger" in page) == (200, True, False)
    assert kept(page, {"exhibitor": "nanling", "title_en": TYPED["title_en"], "start": "14:00", "day": "2"})


def test_a_planned_demo_is_shown_on_its_day(organiser: FlaskClient) -> None:
    status, address = send(organiser)

    page = organiser.get(address.replace("#", "&lang=en#")).get_data(as_text=True)
    assert status == 303
    assert "Planned: Soup up a ramp, again" in page
    assert 'aria-label="Change: Soup up a ramp, again"' in page


def test_a_form_that_is_sent_twice_plans_one_demo(organiser: FlaskClient, fair_database: Database) -> None:
    first = send(organiser, idempotency_key="the-same")
    second = send(organiser, idempotency_key="the-same")

    with fair_database.read() as session:
        assert len(list_demos(session)) == 208
    assert first == second


def test_what_is_in_the_way_is_named_and_free_times_are_buttons(
    organiser: FlaskClient, fair_database: Database
) -> None:
    hold_for_meeting(fair_database, ResourceKind.STAFF, "jiang-mengjie", 300, 330)

    status, page = send(organiser, robot="walker-8", place="stage:stage-1", start="14:20")

    assert status == 409
    assert "Jiang Mengjie is taken by a meeting from 14:00 to 14:30" in page
    assert "Stage 1 is taken from 14:20 to 14:40 by the demo “Ten minutes of stairs, two minutes of breath”" in page
    assert kept(page, TYPED | {"robot": "walker-8", "place": "stage:stage-1", "start": "14:20"})
    assert re.findall(r'data-day="2" data-start="([\d:]+)"', page) == ["14:40", "14:55", "13:40", "15:35", "13:00"]


def test_a_free_time_is_put_into_the_form_and_saved_by_the_next_click(organiser: FlaskClient, demo: str) -> None:
    _, refused = send(organiser)
    offered = re.search(r'name="act" value="(at:[^"]+)"', refused)
    assert offered is not None

    status, page = send(organiser, act=offered[1])

    assert status == 200
    assert kept(page, TYPED | {"start": "13:40"})
    assert send(organiser, start="13:40")[0] == 303
    assert demo in refused


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"start": "08:30"}, "the nearest day is open from 09:00 to 18:00"),
        ({"start": "12:20"}, "Jiang Mengjie 蒋梦洁 is not at the booth for the whole of that time"),
        ({"start": "10:00"}, "This time has begun already."),
        ({"start": "14:03"}, "Times are on the 5-minute grid"),
        ({"start": "noon"}, "Please give a time, like 10:30."),
        ({"minutes": "4"}, "It must be 5 or more."),
        ({"minutes": "2000"}, "It must be 180 or less."),
        ({"title_zh": ""}, "Please fill this in."),
        ({"day": "9"}, "Please choose one of those offered."),
        ({"robot": "paw-a"}, "Please choose one of those offered."),
        ({"place": "booth:D19.2A04"}, "Please choose one of those offered."),
        ({"place": "somewhere"}, "Some of these characters cannot be used here."),
    ],
)
def test_a_refused_form_says_why_and_keeps_every_word(
    organiser: FlaskClient, wrong: dict[str, str], sentence: str
) -> None:
    status, page = send(organiser, **wrong)

    offered = {
        name: value for name, value in (TYPED | wrong).items() if name not in wrong or name in ("start", "minutes")
    }
    assert status in (409, 422)
    assert sentence in page
    assert kept(page, offered)


def test_an_unknown_exhibitor_is_refused_and_the_words_stay(organiser: FlaskClient) -> None:
    status, page = send(organiser, exhibitor="nobody")

    assert status == 422
    assert kept(page, {"title_en": TYPED["title_en"], "start": "14:00"})


def test_the_form_of_a_demo_shows_it_and_saves_its_change(organiser: FlaskClient, demo: str) -> None:
    page = organiser.get(f"/timetable/demos/{demo}?lang=en").get_data(as_text=True)

    status, address = send(organiser, f"/timetable/demos/{demo}", version="1", start="15:00")

    assert kept(page, {name: value for name, value in TYPED.items() if name != "exhibitor"})
    assert (status, address) == (303, f"/timetable?day=2&done=changed&demo={demo}#d-{demo}")
    changed = organiser.get(f"/api/v1/demos/{demo}").get_json()
    assert (changed["starts_at"], changed["version"]) == (at(360).isoformat().replace("+00:00", "Z"), 2)


def test_a_stale_form_says_what_has_changed_and_may_be_sent_again(organiser: FlaskClient, demo: str) -> None:
    path = f"/timetable/demos/{demo}"
    send(organiser, path, version="1", start="15:00", robot="walker-8")

    status, page = send(organiser, path, version="1", title_en="Soup for two")

    assert status == 412
    said = " ".join(page.split())
    assert "Start: Apr 16, 2026 14:00 Beijing time → Apr 16, 2026 15:00 Beijing time" in said
    assert "Robot: Walker Seven → Walker Eight" in said
    assert kept(page, {"title_en": "Soup for two", "start": "14:00"})
    assert '<input type="hidden" name="version" value="2">' in page
    assert send(organiser, path, version="2", title_en="Soup for two")[0] == 303


def test_a_change_of_a_demo_that_is_gone_may_be_planned_anew(organiser: FlaskClient, demo: str) -> None:
    organiser.delete(f"/api/v1/demos/{demo}", headers={"If-Match": '"1"'})

    status, page = send(organiser, f"/timetable/demos/{demo}", version="1", title_en="Soup for two")

    assert status == 404
    assert "The demo is gone" in page
    assert f'action="{NEW}"' in page
    assert kept(page, TYPED | {"title_en": "Soup for two"})


def test_a_demo_is_taken_out_after_a_question(organiser: FlaskClient, demo: str) -> None:
    question = organiser.get(f"/timetable/demos/{demo}/cancel?lang=en").get_data(as_text=True)

    gone = organiser.post(f"/timetable/demos/{demo}/cancel", data={"version": "1"})

    assert "Take this demo out of the timetable?" in question
    assert (gone.status_code, gone.headers["Location"]) == (303, "/timetable?day=2&done=cancelled")
    assert "The demo was taken out" in organiser.get(f"{gone.headers['Location']}&lang=en").get_data(as_text=True)
    assert organiser.get(f"/timetable/demos/{demo}").status_code == 404


def test_a_demo_that_was_changed_meanwhile_is_asked_about_again(organiser: FlaskClient, demo: str) -> None:
    send(organiser, f"/timetable/demos/{demo}", version="1", start="15:00")

    asked = organiser.post(f"/timetable/demos/{demo}/cancel?lang=en", data={"version": "1"})

    page = asked.get_data(as_text=True)
    assert (asked.status_code, "Changed in the meantime" in page) == (412, True)
    assert '<input type="hidden" name="version" value="2">' in page


@pytest.mark.parametrize("version", ["9" * 30, "9" * 5000])
def test_a_version_longer_than_any_is_an_old_one(organiser: FlaskClient, demo: str, version: str) -> None:
    asked = organiser.post(f"/timetable/demos/{demo}/cancel", data={"version": version})

    assert asked.status_code == 412
    assert organiser.get(f"/timetable/demos/{demo}").status_code == 200


@pytest.mark.parametrize("path", [NEW, f"{NEW}?exhibitor=nanling", "/timetable?day=all", "/timetable/demos/d2-19"])
def test_a_page_costs_twelve_queries_at_the_most(organiser: FlaskClient, fair_database: Database, path: str) -> None:
    organiser.get(path)

    with fair_database.count_statements() as count:
        organiser.get(path)

    assert sum(not text.startswith("BEGIN") for text in count.statements) <= 12


def test_what_an_address_says_is_put_into_the_new_form(organiser: FlaskClient) -> None:
    wanted: dict[str, Any] = {"exhibitor": "nanling", "day": "3", "place": "stage:stage-2", "start": "10:10"}

    page = organiser.get(NEW, query_string=wanted).get_data(as_text=True)

    assert kept(page, wanted)
