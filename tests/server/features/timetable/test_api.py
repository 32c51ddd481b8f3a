"""The timetable for programs: what is planned, changed and cancelled by whom, and what a refusal tells."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator

from server.features.reservations.rules import ResourceKind
from server.infra.db import Database
from server.kernel.permissions import Role
from tests.server.features.timetable.demos import at, hold_for_meeting, typed
from tests.support.people import bearer_of

DEMOS = "/api/v1/demos"


def test_a_demo_is_planned_read_changed_and_cancelled(organiser: FlaskClient) -> None:
    planned = organiser.post(DEMOS, json=typed())
    code = planned.get_json()["code"]

    read = organiser.get(f"{DEMOS}/{code}")
    changed = organiser.patch(f"{DEMOS}/{code}", json={"minutes": 30}, headers={"If-Match": read.headers["ETag"]})
    gone = organiser.delete(f"{DEMOS}/{code}", headers={"If-Match": changed.headers["ETag"]})

    assert [one.status_code for one in (planned, read, changed, gone)] == [201, 200, 200, 204]
    assert read.get_json() == planned.get_json()
    assert (changed.get_json()["ends_at"], changed.headers["ETag"]) == ("2026-04-16T06:30:00Z", '"2"')
    assert organiser.get(f"{DEMOS}/{code}").status_code == 404


def test_a_refusal_names_what_is_in_the_way_and_the_nearest_free_times(
    organiser: FlaskClient, fair_database: Database
) -> None:
    hold_for_meeting(fair_database, ResourceKind.ROBOT, "walker-7", 300, 330)

    refused = organiser.post(DEMOS, json=typed(), headers={"Accept-Language": "en"})

    told = refused.get_json()
    assert (refused.status_code, refused.mimetype, told["code"]) == (409, "application/problem+json", "demo-taken")
    assert "Walker Seven 行者七号 14:00–14:30" in told["detail"]
    assert [one["kind"] for one in told["obstacles"]] == ["robot"]
    assert told["alternatives"][0] == {"starts_at": "2026-04-16T05:40:00Z", "ends_at": "2026-04-16T06:00:00Z"}
    again = typed(starts_at=told["alternatives"][0]["starts_at"])
    assert organiser.post(DEMOS, json=again).status_code == 201


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        ({"starts_at": at(302).isoformat()}, "starts_at"),
        ({"starts_at": "2026-04-16T14:00:00"}, "starts_at"),
        ({"minutes": 7}, "minutes"),
        ({"minutes": 0}, "minutes"),
        ({"minutes": 185}, "minutes"),
        ({"stage": "stage-1"}, ""),
        ({"booth": None}, ""),
        ({"title_zh": " "}, "title_zh"),
        ({"title_en": "A\x00B"}, "title_en"),
        ({"robot": None}, "robot"),
        ({"surprise": 1}, "surprise"),
        ({"starts_at": "9999-12-31T23:55:00Z"}, "starts_at"),
    ],
)
def test_what_is_no_demo_is_refused_with_the_place_of_the_fault(
    organiser: FlaskClient, wrong: dict[str, Any], place: str
) -> None:
    refused = organiser.post(DEMOS, json=typed(**wrong))

    assert (refused.status_code, [fault["at"] for fault in refused.get_json()["errors"]]) == (422, [place])


def test_a_foreign_robot_and_an_unknown_exhibitor_are_refused(organiser: FlaskClient) -> None:
    foreign = organiser.post(DEMOS, json=typed(robot="paw-a"))
    unknown = organiser.post(DEMOS, json=typed(exhibitor="nobody"))

    assert (foreign.status_code, foreign.get_json()["code"]) == (422, "demo-foreign-part")
    assert (unknown.status_code, unknown.get_json()["code"]) == (404, "not-found")


def test_a_request_that_is_sent_twice_plans_one_demo(organiser: FlaskClient) -> None:
    first = organiser.post(DEMOS, json=typed(), headers={"Idempotency-Key": "k-1"})
    second = organiser.post(DEMOS, json=typed(), headers={"Idempotency-Key": "k-1"})

    assert (first.status_code, second.status_code) == (201, 201)
    assert second.get_json() == first.get_json()


def test_a_change_without_a_version_or_of_an_old_one_is_refused(organiser: FlaskClient) -> None:
    code = organiser.post(DEMOS, json=typed()).get_json()["code"]
    organiser.patch(f"{DEMOS}/{code}", json={"title_en": "Two ramps"}, headers={"If-Match": '"1"'})

    bare = organiser.patch(f"{DEMOS}/{code}", json={"minutes": 30})
    stale = organiser.patch(f"{DEMOS}/{code}", json={"minutes": 30}, headers={"If-Match": '"1"'})
    unseen = organiser.delete(f"{DEMOS}/{code}", headers={"If-Match": '"1"'})

    assert [one.status_code for one in (bare, stale, unseen)] == [428, 412, 412]
    assert stale.get_json()["changes"] == [{"field": "title_en", "old": "Soup up a ramp, again", "new": "Two ramps"}]


@pytest.mark.parametrize("role", [Role.BUYER, Role.OFFICIAL, Role.SCREEN, Role.BRIDGE])
def test_nobody_but_the_organiser_touches_the_timetable(app: Flask, fair_database: Database, role: Role) -> None:
    headers = bearer_of(fair_database, role)
    client = app.test_client()

    answers = [
        client.post(DEMOS, json=typed(), headers=headers),
        client.patch(f"{DEMOS}/d2-19", json={"minutes": 30}, headers={**headers, "If-Match": '"1"'}),
        client.delete(f"{DEMOS}/d2-19", headers={**headers, "If-Match": '"1"'}),
    ]

    assert [one.status_code for one in answers] == [403, 403, 403]


def test_demos_are_listed_by_place(organiser: FlaskClient) -> None:
    found = organiser.get(f"{DEMOS}?place=stage-1&exhibitor=nanling").get_json()

    assert [demo["code"] for demo in found] == ["d1-24", "d4-37"]


def test_answers_are_as_the_document_promises(organiser: FlaskClient, read_schema: Callable[..., Any]) -> None:
    planned = organiser.post(DEMOS, json=typed())
    refused = organiser.post(DEMOS, json=typed())

    assert list(Draft202012Validator(read_schema("201")).iter_errors(planned.get_json())) == []
    assert list(Draft202012Validator(read_schema("409")).iter_errors(refused.get_json())) == []


@pytest.fixture
def read_schema(organiser: FlaskClient) -> Callable[..., Any]:
    """A function that gives the promised schema of an answer to a planned demo."""

    def read(status: str) -> Any:
        document = organiser.get("/api/openapi.json").get_json()
        content = document["paths"][DEMOS]["post"]["responses"][status]["content"]
        return {**next(iter(content.values()))["schema"], "components": document["components"]}

    return read
