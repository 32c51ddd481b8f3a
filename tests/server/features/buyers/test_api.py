"""The programs' door to the buyers: a token from the first request on, versions, and nobody else's data."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from server.infra.db import Database
from server.kernel.permissions import Role
from tests.support.people import bearer_of

NEW = {
    "name": "Amal Haddad",
    "company": "Oasis Hotels",
    "country": "AE",
    "languages": ["ar", "en"],
    "time_zone": "Asia/Dubai",
    "wants": ["AP52"],
    "password": "long-enough",
    "consents": ["programme"],
}


@pytest.fixture
def registered(fair_client: FlaskClient) -> dict[str, Any]:
    """What the interface answered to a registration."""
    answer = fair_client.post("/api/v1/buyers", json=NEW, headers={"Authorization": "Bearer nobody-yet"})
    assert answer.status_code == 201, answer.get_json()
    made: dict[str, Any] = answer.get_json()
    return made


def bearer(registered: dict[str, Any], version: int | None = None) -> dict[str, str]:
    headers = {"Authorization": f"Bearer {registered['token']}"}
    return headers if version is None else {**headers, "If-Match": f'"{version}"'}


def test_who_registers_by_a_program_acts_with_the_token(fair_client: FlaskClient, registered: dict[str, Any]) -> None:
    mine = fair_client.get("/api/v1/buyer", headers=bearer(registered))
    matches = fair_client.get("/api/v1/matches", headers=bearer(registered)).get_json()

    assert registered["username"] == registered["buyer"]["code"] == mine.get_json()["code"]
    assert mine.headers["ETag"] == '"1"'
    assert matches["needs"][0]["category"] == "AP52"
    assert matches["matches"]


def test_an_edit_needs_the_version_and_an_old_one_says_what_changed(
    fair_client: FlaskClient, registered: dict[str, Any]
) -> None:
    need = {"category": "AP21"}

    without = fair_client.post("/api/v1/buyer/needs", json=need, headers=bearer(registered))
    done = fair_client.post("/api/v1/buyer/needs", json=need, headers=bearer(registered, 1))
    late = fair_client.post("/api/v1/buyer/needs", json=need, headers=bearer(registered, 1))

    assert (without.status_code, done.status_code, late.status_code) == (428, 200, 412)
    assert done.headers["ETag"] == '"2"'
    assert (late.get_json()["version"], late.get_json()["changes"]) == (
        2,
        [{"field": "need", "old": None, "new": "AP21"}],
    )


def test_needs_profile_and_consents_are_changed(fair_client: FlaskClient, registered: dict[str, Any]) -> None:
    number = registered["buyer"]["needs"][0]["id"]
    profile = {key: NEW[key] for key in ("name", "company", "country", "languages", "time_zone")}

    answers = [
        fair_client.put(f"/api/v1/buyer/needs/{number}", json={"category": "XF1"}, headers=bearer(registered, 1)),
        fair_client.put("/api/v1/buyer", json={**profile, "company": "Oasis"}, headers=bearer(registered, 2)),
        fair_client.put(
            "/api/v1/buyer/consents", json={"consents": ["programme", "mail"]}, headers=bearer(registered, 3)
        ),
        fair_client.delete(f"/api/v1/buyer/needs/{number}", headers=bearer(registered, 4)),
    ]

    last = answers[-1].get_json()
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200]
    assert (last["company"], last["version"], last["needs"]) == ("Oasis", 5, [])
    assert [one["purpose"] for one in last["consents"]] == ["programme", "mail"]


def test_more_needs_than_a_person_may_have_are_refused(fair_client: FlaskClient, registered: dict[str, Any]) -> None:
    statuses = [
        fair_client.post(
            "/api/v1/buyer/needs", json={"category": "XF2"}, headers=bearer(registered, version)
        ).status_code
        for version in range(1, 9)
    ]

    assert statuses == [200] * 7 + [409]


@pytest.mark.parametrize(
    ("change", "fault"),
    [({"time_zone": "Mars/Base"}, "time_zone"), ({"password": "short"}, "password"), ({"boss": 1}, "boss")],
)
def test_a_registration_that_does_not_fit_names_the_field(
    fair_client: FlaskClient, change: dict[str, Any], fault: str
) -> None:
    answer = fair_client.post("/api/v1/buyers", json={**NEW, **change}, headers={"Authorization": "Bearer nobody-yet"})

    assert answer.status_code == 422
    assert [one["at"] for one in answer.get_json()["errors"]] == [fault]


@pytest.mark.parametrize("role", [Role.EXHIBITOR_ADMIN, Role.OFFICIAL, Role.BUYER])
def test_buyers_are_listed_for_the_organiser_alone(
    fair_client: FlaskClient, fair_database: Database, role: Role
) -> None:
    refused = fair_client.get("/api/v1/buyers", headers=bearer_of(fair_database, role))
    listed = fair_client.get("/api/v1/buyers?country=DE", headers=bearer_of(fair_database, Role.ORGANISER))

    assert refused.status_code == 403
    assert len(listed.get_json()) == 8


def test_a_buyers_account_without_a_profile_has_nothing_to_show(
    fair_client: FlaskClient, fair_database: Database
) -> None:
    assert fair_client.get("/api/v1/buyer", headers=bearer_of(fair_database, Role.BUYER)).status_code == 404


def test_what_there_is_to_look_for_is_listed_with_both_names(fair_client: FlaskClient) -> None:
    groups = fair_client.get("/api/v1/categories").get_json()

    delivery = next(one for group in groups for one in group["choices"] if one["code"] == "AP52")
    assert groups[0]["name_en"] == "Professional use"
    assert (delivery["name_zh"], delivery["products"]) == ("运输与物流：室内（有公众）", 8)


@pytest.mark.parametrize(
    "said",
    [
        {"name": "a\0b"},
        {"note": "a\0b"},
        {"wants": ["AP52\0"]},
        {"time_zone": "America/Indiana"},
        {"password": "\ud800 is half a character"},
    ],
    ids=["name", "note", "wants", "part of the world", "half a character"],
)
def test_what_no_database_keeps_is_refused_by_its_field(fair_client: FlaskClient, said: dict[str, Any]) -> None:
    answer = fair_client.post("/api/v1/buyers", json={**NEW, **said}, headers={"Authorization": "Bearer nobody-yet"})

    assert answer.status_code == 422
    assert [fault["at"].split(".")[0] for fault in answer.get_json()["errors"]] == list(said)


def test_a_need_with_a_number_longer_than_any_is_not_there(
    fair_client: FlaskClient, registered: dict[str, Any]
) -> None:
    answer = fair_client.delete(f"/api/v1/buyer/needs/{'9' * 30}", headers=bearer(registered, 1))

    assert answer.status_code == 404
