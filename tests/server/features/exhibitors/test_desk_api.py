"""The programs' door to an exhibitor's desk."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.features.exhibitors.queries import list_openings
from server.features.exhibitors.schemas import DayHours, HoursEdit, StretchIn
from server.features.exhibitors.service import add_person, edit_hours
from server.features.reservations.rules import Resource, ResourceKind, Want
from server.features.reservations.service import claim
from server.infra.db import Database
from server.kernel.permissions import Role
from server.kernel.spans import Span
from tests.server.features.exhibitors.test_edits import LEAD
from tests.server.features.exhibitors.test_staff import ANNA
from tests.support.people import bearer_of

NANLING = "/api/v1/exhibitors/nanling"
PRODUCT = {
    "name_en": "Helping Hand",
    "name_zh": "助手",
    "category": "XF7",
    "moq": 5,
    "price_min": 900,
    "price_max": 1200,
    "currency": "USD",
    "markets": ["DE"],
}


@pytest.fixture
def program(fair_app: Flask, fair_database: Database) -> FlaskClient:
    """A program of Nanling's administrator."""
    client = fair_app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = bearer_of(fair_database, Role.EXHIBITOR_ADMIN)["Authorization"]
    return client


def seen(version: int) -> dict[str, str]:
    """The header that says which version was seen."""
    return {"If-Match": f'"{version}"'}


def test_a_patch_changes_what_it_names_and_answers_with_the_next_version(program: FlaskClient) -> None:
    before = program.get(NANLING).get_json()["exhibitor"]

    answer = program.patch(NANLING, json={"city": "Foshan", "city_zh": "佛山"}, headers=seen(1))

    assert (answer.status_code, answer.headers["ETag"]) == (200, '"2"')
    assert answer.get_json() == {**before, "city": "Foshan", "city_zh": "佛山", "version": 2}
    assert program.get(NANLING).headers["ETag"] == '"2"'


def test_a_patch_without_if_match_or_of_an_old_version_is_refused(program: FlaskClient) -> None:
    program.patch(NANLING, json={"city": "Foshan"}, headers=seen(1))

    bare = program.patch(NANLING, json={"city": "Zhuhai"})
    stale = program.patch(NANLING, json={"city": "Zhuhai"}, headers=seen(1))

    assert (bare.status_code, bare.get_json()["code"]) == (428, "if-match-required")
    assert (stale.status_code, stale.get_json()["code"], stale.get_json()["changes"]) == (
        412,
        "stale",
        [{"field": "city", "old": "Shenzhen", "new": "Foshan"}],
    )


@pytest.mark.parametrize(
    ("body", "at"),
    [({"city": ""}, "city"), ({"city": None}, "city"), ({"categories": []}, "categories"), ({"code": "x"}, "code")],
)
def test_a_patch_that_would_be_wrong_names_the_fault(program: FlaskClient, body: dict[str, object], at: str) -> None:
    answer = program.patch(NANLING, json=body, headers=seen(1))

    assert (answer.status_code, [one["at"] for one in answer.get_json()["errors"]]) == (422, [at])


def test_a_product_is_posted_once_patched_and_deleted(program: FlaskClient) -> None:
    first, second = (
        program.post(f"{NANLING}/products", json=PRODUCT, headers={"Idempotency-Key": "hand"}) for _ in range(2)
    )
    place = f"{NANLING}/products/{first.get_json()['code']}"
    patched = program.patch(place, json={"payload_kg": 2.5, "price_max": 1500}, headers=seen(1))
    band = program.patch(place, json={"price_max": 1}, headers=seen(2))
    gone = program.delete(place, headers=seen(2))

    assert (first.status_code, first.get_json(), second.headers["Idempotent-Replayed"]) == (
        201,
        second.get_json(),
        "true",
    )
    assert (patched.get_json()["payload_kg"], patched.headers["ETag"]) == (2.5, '"2"')
    assert (band.status_code, band.get_json()["errors"][0]["at"]) == (422, "price_max")
    assert (gone.status_code, program.get(place).status_code) == (204, 404)


def test_a_product_in_use_is_refused_with_its_robots(program: FlaskClient) -> None:
    answer = program.delete(f"{NANLING}/products/walker-edu", headers=seen(1))

    assert (answer.status_code, answer.get_json()["code"], answer.get_json()["robots"]) == (
        409,
        "product-in-use",
        [{"key": "nanling/edu-2", "name_en": "Little Walker", "name_zh": "小行者"}],
    )


def test_a_person_gets_hours_and_leaves(program: FlaskClient, fair_database: Database) -> None:
    with fair_database.read() as session:
        day = list_openings(session)[1]
    body = {"name": "Anna Li", "name_zh": "李安娜", "call_me": "Anna", "languages": ["zh"]}
    hours = {
        "date": day.date.isoformat(),
        "stretches": [
            {"starts_at": day.opens_at.isoformat(), "ends_at": (day.opens_at + timedelta(hours=3)).isoformat()}
        ],
    }

    added = program.post(f"{NANLING}/staff", json=body)
    place = f"{NANLING}/staff/{added.get_json()['code']}"
    timed = program.patch(f"{place}/hours", json={"days": [hours]}, headers=seen(1))
    called = program.patch(place, json={"email": "anna@nanling.example"}, headers=seen(2))
    gone = program.delete(place, headers=seen(3))

    assert (added.status_code, added.get_json()["hours"]) == (201, [])
    assert timed.get_json()["hours"] == [["2026-04-16T01:00:00Z", "2026-04-16T04:00:00Z"]]
    assert (called.get_json()["email"], called.get_json()["name"]) == ("anna@nanling.example", "Anna Li")
    assert (gone.status_code, program.get(place).status_code) == (204, 404)


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+08:00", "9999-12-31T23:55:00Z"])
def test_hours_at_the_ends_of_the_calendar_are_refused_by_their_field(
    program: FlaskClient, fair_database: Database, moment: str
) -> None:
    with fair_database.read() as session:
        day = list_openings(session)[1].date.isoformat()
    hours = {"date": day, "stretches": [{"starts_at": moment, "ends_at": moment}]}

    answer = program.patch(f"{NANLING}/staff/anna/hours", json={"days": [hours]}, headers=seen(1))

    assert (answer.status_code, answer.get_json()["code"]) == (422, "invalid-request")


def test_hours_that_orphan_a_booking_are_refused_with_it(program: FlaskClient, fair_database: Database) -> None:
    with fair_database.write() as session:
        day = list_openings(session)[3]
        morning = StretchIn(starts_at=day.opens_at, ends_at=day.opens_at + timedelta(hours=3))
        row = add_person(session, LEAD, "nanling", ANNA)
        hours = HoursEdit(days=[DayHours(date=day.date, stretches=[morning])])
        edit_hours(session, LEAD, "nanling/anna-li", hours, 1, now=day.opens_at)
        span = Span(day.opens_at, day.opens_at + timedelta(minutes=30))
        claim(session, "demo:not-in-the-timetable", [Want(Resource(ResourceKind.STAFF, row.id or 0), span)])

    answer = program.patch(
        f"{NANLING}/staff/anna-li/hours",
        json={"days": [{"date": day.date.isoformat(), "stretches": []}]},
        headers=seen(2),
    )

    assert (answer.status_code, answer.get_json()["code"]) == (409, "staff-booked")
    assert answer.get_json()["bookings"] == [
        {
            "kind": "demo",
            "key": "not-in-the-timetable",
            "starts_at": "2026-04-18T01:00:00Z",
            "ends_at": "2026-04-18T01:30:00Z",
            "title_en": "",
            "title_zh": "",
        }
    ]


def test_hours_on_a_day_without_a_fair_are_refused_with_the_reason(program: FlaskClient) -> None:
    stretch = {"starts_at": "2026-05-01T09:00:00+08:00", "ends_at": "2026-05-01T12:00:00+08:00"}
    answer = program.patch(
        f"{NANLING}/staff/yuan-qiuyue/hours",
        json={"days": [{"date": "2026-05-01", "stretches": [stretch]}]},
        headers={**seen(1), "Accept-Language": "en"},
    )

    assert (answer.status_code, answer.get_json()["code"]) == (422, "hours")
    assert answer.get_json()["detail"] == (
        "The hours 09:00–12:00 on May 1, 2026 cannot be: the fair is closed on that day."
    )


def test_the_organiser_edits_any_exhibitor_and_sees_its_people(fair_app: Flask, fair_database: Database) -> None:
    client = fair_app.test_client()
    organiser = bearer_of(fair_database, Role.ORGANISER)

    edited = client.patch("/api/v1/exhibitors/litchi-lane", json={"city": "Foshan"}, headers={**organiser, **seen(1)})
    people = client.get(f"{NANLING}/staff", headers=organiser)

    assert (edited.status_code, edited.get_json()["city"]) == (200, "Foshan")
    assert [person["code"] for person in people.get_json()] == [
        "gong-yifan",
        "jiang-mengjie",
        "tong-yanzhi",
        "yuan-qiuyue",
    ]


@pytest.mark.parametrize(
    ("method", "place", "body"),
    [
        ("PATCH", "", {"city": "Foshan"}),
        ("POST", "/products", PRODUCT),
        ("PATCH", "/products/momo", {"moq": 2}),
        ("DELETE", "/products/momo", None),
        ("GET", "/staff", None),
        ("GET", "/staff/yan-haotian", None),
        ("PATCH", "/staff/yan-haotian", {"call_me": "Yan"}),
        ("PATCH", "/staff/yan-haotian/hours", {"days": []}),
        ("DELETE", "/staff/yan-haotian", None),
    ],
)
def test_somebody_elses_things_are_not_there(
    program: FlaskClient, method: str, place: str, body: dict[str, object] | None
) -> None:
    answer = program.open(f"/api/v1/exhibitors/litchi-lane{place}", method=method, json=body, headers=seen(1))

    assert (answer.status_code, answer.get_json()["code"]) == (404, "not-found")


def test_a_colleague_reads_and_may_not_write(fair_app: Flask, fair_database: Database) -> None:
    client = fair_app.test_client()
    colleague = bearer_of(fair_database, Role.EXHIBITOR_STAFF)

    read = client.get(f"{NANLING}/staff", headers=colleague)
    written = client.patch(NANLING, json={"city": "Foshan"}, headers={**colleague, **seen(1)})

    assert (read.status_code, written.status_code) == (200, 403)
