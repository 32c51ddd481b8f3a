"""The pages of an exhibitor's desk, as its people see them."""

import html
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from server.features.exhibitors.queries import desk_staff, find_exhibitor, list_openings, list_products
from server.features.exhibitors.rules import Opening
from server.features.exhibitors.schemas import DayHours, HoursEdit, StretchIn
from server.features.exhibitors.service import add_person, add_product, edit_hours
from server.features.reservations.rules import Resource, ResourceKind, Want
from server.features.reservations.service import claim
from server.infra.db import Database
from server.kernel.clock import FAIR_ZONE
from server.kernel.permissions import Role
from server.kernel.spans import Span
from tests.server.features.exhibitors.test_edits import HAND, LEAD
from tests.server.features.exhibitors.test_staff import ANNA
from tests.support.people import csrf_token
from tests.support.queries import same_number_of_queries

PROFILE = {
    "name_en": "Nanling Walkers",
    "name_zh": "南岭行者",
    "city": "Shenzhen",
    "city_zh": "深圳",
    "profile_en": "Robots that walk.",
    "profile_zh": "会走路的机器人。",
    "categories": ["AC22", "XF1"],
}
PRODUCT = {
    "name_en": "Helping Hand",
    "name_zh": "助手",
    "category": "XF7",
    "payload_kg": "2.5",
    "moq": "5",
    "price_min": "900",
    "price_max": "1200",
    "currency": "USD",
    "certificates": ["CE-MD", "ROHS"],
    "markets": ["DE", "BR"],
}
QIUYUE = "/desk/staff/yuan-qiuyue/hours"
ANNAS_HOURS = "/desk/staff/anna-li/hours"


def send(browser: FlaskClient, place: str, **fields: Any) -> TestResponse:
    """Send a form of the desk, in English."""
    return browser.post(f"{place}?lang=en", data={"csrf_token": csrf_token(browser), **fields})


def words(response: TestResponse) -> str:
    """What a person reads of an answer, without its marks."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.get_data(as_text=True))).split())


def typed(response: TestResponse, name: str) -> list[str]:
    """What stands in the fields of that name."""
    tags = re.findall(rf'<input[^>]*name="{name}"[^>]*>', response.get_data(as_text=True))
    return [html.unescape(found[1]) for tag in tags if (found := re.search(r'value="([^"]*)"', tag))]


def ticked(response: TestResponse, name: str) -> list[str]:
    """The boxes of that name that are ticked."""
    return re.findall(rf'name="{name}" value="([^"]+)" checked', response.get_data(as_text=True))


def opening(database: Database, number: int) -> Opening:
    """A fair day, from 1."""
    with database.read() as session:
        return list_openings(session)[number - 1]


def hours_form(database: Database, *stretches: tuple[str, str]) -> dict[str, list[str]]:
    """The same hours on every day of the fair, as the form sends them."""
    with database.read() as session:
        days = [one.date.isoformat() for one in list_openings(session)]
    return {
        **{f"from-{day}": [first for first, _ in stretches] for day in days},
        **{f"to-{day}": [last for _, last in stretches] for day in days},
    }


def book_anna(database: Database, day: Opening, hour: int) -> None:
    """Let Anna work from opening to closing on every day, and a demo need her for half an hour."""
    first = datetime.combine(day.date, datetime.min.time(), FAIR_ZONE).replace(hour=hour)
    with database.write() as session:
        days = [
            DayHours(date=one.date, stretches=[StretchIn(starts_at=one.opens_at, ends_at=one.closes_at)])
            for one in list_openings(session)
        ]
        row = add_person(session, LEAD, "nanling", ANNA)
        edit_hours(session, LEAD, "nanling/anna-li", HoursEdit(days=days), 1, now=days[0].stretches[0].starts_at)
        want = Want(Resource(ResourceKind.STAFF, row.id or 0), Span(first, first.replace(minute=30)))
        claim(session, "demo:not-in-the-timetable", [want])


def test_the_profile_is_saved_and_the_page_says_so(lead: FlaskClient, fair_database: Database) -> None:
    response = send(lead, "/desk/profile", version="1", **PROFILE)

    assert (response.status_code, response.location) == (303, "/desk/profile?saved=yes")
    assert "Saved." in words(lead.get("/desk/profile?saved=yes&lang=en"))
    with fair_database.read() as session:
        page = find_exhibitor(session, "nanling")
    assert page is not None
    # Boxes tell no order: what was there before keeps its place.
    assert [one.code for one in page.exhibitor.categories] == ["XF1", "AC22"]


def test_a_profile_with_faults_comes_back_with_every_word_and_links_to_each_fault(lead: FlaskClient) -> None:
    response = send(lead, "/desk/profile", version="1", **{**PROFILE, "name_zh": "", "categories": []})

    assert response.status_code == 422
    assert "2 things need your attention Name in Chinese : Please fill this in. Categories :" in words(response)
    assert 'href="#f-name_zh"' in response.get_data(as_text=True)
    assert (typed(response, "name_en"), typed(response, "city_zh")) == (["Nanling Walkers"], ["深圳"])


def test_a_stale_profile_keeps_my_words_shows_what_changed_and_takes_over_what_i_had_not_touched(
    lead: FlaskClient, fair_database: Database
) -> None:
    page = lead.get("/desk/profile?lang=en")
    seen = {name: (typed(page, name) or [""])[0] for name in ("name_en", "name_zh", "city", "city_zh")}
    send(lead, "/desk/profile", version="1", **PROFILE)

    mine = {**PROFILE, **seen, "city": "Foshan", "categories": ["XF1", "AC22", "AP82"]}
    response = send(lead, "/desk/profile", version="1", **mine)

    assert response.status_code == 412
    assert "Changed in the meantime" in words(response)
    assert "Name in English: Nanling Walker Robotics → Nanling Walkers" in words(response)
    assert "Categories: Humanoid, Education robots, Mobile guidance, information, telepresence →" in words(response)
    assert (typed(response, "city"), typed(response, "name_en")) == (["Foshan"], ["Nanling Walkers"])
    assert ticked(response, "categories") == ["AC22", "XF1"]
    assert typed(response, "version") == ["2"]


def test_a_second_tap_on_save_changes_nothing_and_leads_on(lead: FlaskClient, fair_database: Database) -> None:
    form = {"idempotency_key": "one-tap", **PRODUCT}

    answers = [send(lead, "/desk/products/new", **form) for _ in range(2)]

    assert [(one.status_code, one.location) for one in answers] == [(303, "/desk/products?saved=yes")] * 2
    with fair_database.read() as session:
        names = [product.name_en for product in list_products(session, "nanling")]
    assert names == ["Helping Hand", "Walker Edu", "Walker H Humanoid", "Walker Host"]


def test_other_words_in_a_form_that_was_sent_before_are_a_new_request(
    lead: FlaskClient, fair_database: Database
) -> None:
    answers = [
        send(lead, "/desk/products/new", idempotency_key="went-back", **{**PRODUCT, "name_en": name})
        for name in ("Helping Hand", "Second Hand")
    ]

    assert [one.status_code for one in answers] == [303, 303]
    with fair_database.read() as session:
        codes = {product.code for product in list_products(session, "nanling")}
    assert {"helping-hand", "second-hand"} <= codes


def test_a_product_is_added_listed_edited_and_removed(lead: FlaskClient) -> None:
    send(lead, "/desk/products/new", **PRODUCT)
    listed = words(lead.get("/desk/products?lang=en"))
    form = lead.get("/desk/products/helping-hand?lang=en")

    edited = send(lead, "/desk/products/helping-hand", version="1", **{**PRODUCT, "price_max": "1500"})
    dearer = words(lead.get("/desk/products?lang=en"))
    removed = send(lead, "/desk/products/helping-hand/remove", version="2")

    assert (
        "Helping Hand 助手 Dexterous / bionic hand Payload 2.5 kg Run time – CE-MD ROHS Minimum order (MOQ) 5 units"
        in listed
    )
    assert "USD 900–1,200 Germany, Brazil Edit" in listed
    assert ticked(form, "markets") == ["DE", "BR"]
    assert (edited.status_code, removed.status_code) == (303, 303)
    assert "USD 900–1,500" in dearer
    assert "Helping Hand" not in words(lead.get("/desk/products?lang=en"))


def test_a_price_band_that_runs_downward_is_told_at_its_field(lead: FlaskClient) -> None:
    response = send(lead, "/desk/products/new", **{**PRODUCT, "price_max": "1"})

    assert response.status_code == 422
    assert "Highest price : The highest price is lower than the lowest one." in words(response)
    assert (typed(response, "price_max"), ticked(response, "certificates")) == (["1"], ["CE-MD", "ROHS"])


def test_a_product_as_which_robots_are_enrolled_stays_and_the_page_names_them(lead: FlaskClient) -> None:
    response = send(lead, "/desk/products/walker-h/remove", version="1")

    assert response.status_code == 409
    assert "2 robots are enrolled as this product Walker Seven nanling/walker-7" in words(response)
    assert "Walker H Humanoid" in words(lead.get("/desk/products?lang=en"))


def test_a_person_is_added_and_the_hours_come_next(lead: FlaskClient, fair_database: Database) -> None:
    form = {
        "name": "Anna Li",
        "name_zh": "李安娜",
        "call_me": "Anna",
        "languages": ["zh", "de"],
        "email": "anna@nanling.example",
    }

    added = send(lead, "/desk/staff/new", **form)
    hours = send(
        lead,
        "/desk/staff/anna-li/hours",
        version="1",
        **hours_form(fair_database, ("09:00", "12:00"), ("13:00", "16:00")),
    )

    assert (added.location, hours.location) == ("/desk/staff/anna-li/hours", "/desk/staff?saved=yes")
    listed = words(lead.get("/desk/staff?lang=en"))
    assert "Anna Li 李安娜 · call me Anna Chinese, German anna@nanling.example" in listed
    assert "Wed, Apr 15 09:00–12:00 13:00–16:00 Thu, Apr 16 09:00–12:00" in listed


def test_a_wrong_address_and_no_language_are_told_and_the_rest_stays(lead: FlaskClient) -> None:
    response = send(lead, "/desk/staff/new", name="Anna", name_zh="李安娜", call_me="Anna", email="anna@nanling")

    assert response.status_code == 422
    assert "E-mail : This is no e-mail address." in words(response)
    assert "Languages : Please choose at least one." in words(response)
    assert typed(response, "email") == ["anna@nanling"]


def test_one_days_hours_are_copied_to_the_others_with_one_click_and_nothing_is_saved(
    lead: FlaskClient, fair_database: Database
) -> None:
    first = opening(fair_database, 1).date.isoformat()
    form = hours_form(fair_database)
    form[f"from-{first}"], form[f"to-{first}"] = ["10:00", "15:00"], ["12:00", "18:00"]

    response = send(lead, QIUYUE, version="1", act=f"copy:{first}", **form)

    assert response.status_code == 200
    assert "Copied to the other days, cut where they end earlier. Nothing is saved yet." in words(response)
    last = opening(fair_database, 5).date.isoformat()
    assert (typed(response, f"from-{last}"), typed(response, f"to-{last}")) == (["10:00", "15:00"], ["12:00", "16:00"])
    with fair_database.read() as session:
        assert desk_staff(session, "nanling", "yuan-qiuyue")[0].version == 1


@pytest.mark.parametrize(
    ("stretches", "sentence"),
    [
        ([("10:00", "")], "Please give both times, or neither."),
        ([("12:00", "10:00")], "It has to end after it starts."),
        ([("08:00", "10:00")], "The fair is open from 09:00 to 18:00 on this day."),
        ([("10:02", "11:00")], "Please use steps of five minutes, like 10:05."),
        ([("10:00", "12:00"), ("11:00", "13:00")], "Two of these times overlap."),
        ([("noon", "13:00")], "Please give a time, like 10:30."),
    ],
)
def test_hours_that_cannot_be_are_told_at_their_day_and_stay_as_typed(
    lead: FlaskClient, fair_database: Database, stretches: list[tuple[str, str]], sentence: str
) -> None:
    response = send(lead, QIUYUE, version="1", **hours_form(fair_database, *stretches))

    day = opening(fair_database, 1).date.isoformat()
    assert response.status_code == 422
    assert f"Wed, Apr 15 : {sentence}" in words(response)
    assert typed(response, f"from-{day}")[: len(stretches)] == [first for first, _ in stretches]


def test_shrinking_hours_under_a_booking_names_it_and_offers_the_nearest_hours(
    lead: FlaskClient, fair_database: Database
) -> None:
    day = opening(fair_database, 4)
    book_anna(fair_database, day, 13)

    response = send(lead, ANNAS_HOURS, version="2", **hours_form(fair_database, ("09:00", "12:00")))
    offered = re.findall(r'value="(use:[^"]+)"', response.get_data(as_text=True))
    used = send(lead, ANNAS_HOURS, version="2", act=offered[0], **hours_form(fair_database, ("09:00", "12:00")))

    assert response.status_code == 409
    assert "One booking is in the way Demo" in words(response)
    assert 'href="/timetable/demos/not-in-the-timetable" target="_blank"' in " ".join(
        response.get_data(as_text=True).split()
    )
    assert "Fri, Apr 17: 09:00–12:00 , 13:00–13:30" not in words(response)
    assert offered == [f"use:{day.date}=09:00-12:00,13:00-13:30"]
    assert typed(used, f"to-{day.date}") == ["12:00", "13:30"]


def test_a_person_who_is_booked_cannot_leave_and_the_page_says_why(lead: FlaskClient, fair_database: Database) -> None:
    book_anna(fair_database, opening(fair_database, 4), 10)

    response = send(lead, "/desk/staff/anna-li/remove", version="2")

    assert response.status_code == 409
    assert "This person is booked" in words(response)
    assert "Anna Li" in words(lead.get("/desk/staff?lang=en"))


def test_a_person_leaves(lead: FlaskClient, fair_database: Database) -> None:
    form = {"name": "Anna Li", "name_zh": "李安娜", "call_me": "Anna", "languages": ["zh"]}
    send(lead, "/desk/staff/new", **form)

    response = send(lead, "/desk/staff/anna-li/remove", version="1")

    assert response.location == "/desk/staff?saved=yes"
    assert "Anna Li" not in words(lead.get("/desk/staff?lang=en"))


def test_the_robots_page_shows_enrolments_and_leads_to_what_was_heard(lead: FlaskClient) -> None:
    page = lead.get("/desk/robots?lang=en")

    assert "Walker Seven 行者七号 nanling/walker-7 Humanoid Walker H Humanoid Fair profile, MQTT" in words(page)
    assert 'hx-get="/desk/robots/reports"' in page.get_data(as_text=True)


def test_a_colleague_sees_the_desk_and_changes_nothing(at_fair: Callable[[Role], FlaskClient]) -> None:
    colleague = at_fair(Role.EXHIBITOR_STAFF)

    shown = [colleague.get(f"/desk/{name}?lang=en") for name in ("profile", "products", "staff")]
    tried = [
        send(colleague, "/desk/profile", version="1", **PROFILE).status_code,
        colleague.get("/desk/products/new").status_code,
        colleague.get(QIUYUE).status_code,
    ]

    assert ["Only your administrators can change this." in words(page) for page in shown] == [True] * 3
    assert [
        "btn-primary" in page.get_data(as_text=True).partition("<main")[2].partition("</main")[0] for page in shown
    ] == [False] * 3
    assert tried == [403] * 3


@pytest.mark.parametrize(
    "place",
    ["/desk/products/momo", "/desk/products/momo/remove", "/desk/staff/yan-haotian", "/desk/staff/yan-haotian/hours"],
)
def test_somebody_elses_things_are_not_there(lead: FlaskClient, place: str) -> None:
    assert (lead.get(place).status_code, send(lead, place, version="1").status_code) == (404, 404)


def test_who_works_for_no_exhibitor_has_no_desk(at_fair: Callable[[Role], FlaskClient]) -> None:
    assert at_fair(Role.ORGANISER).get("/desk/profile").status_code == 403


@pytest.mark.parametrize("place", ["/desk/profile", "/desk/products", "/desk/staff", "/desk/robots", QIUYUE])
def test_a_page_of_the_desk_costs_the_same_few_queries_with_more_rows(
    lead: FlaskClient, fair_database: Database, place: str
) -> None:
    def add() -> None:
        with fair_database.write() as session:
            add_product(session, LEAD, "nanling", HAND)
            add_person(session, LEAD, "nanling", ANNA)

    same_number_of_queries(fair_database, lambda: lead.get(place), add)

    with fair_database.count_statements() as count:
        lead.get(place)
    assert sum(not statement.startswith("BEGIN") for statement in count.statements) <= 12
