"""The programs' door to the meetings: who gets in, what is refused how, and that nothing is booked twice by a retry."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from server.features.buyers.models import Buyer, BuyerConsent
from server.features.buyers.rules import Purpose
from server.features.meetings.models import Meeting
from server.infra.db import Database
from tests.server.features.meetings.acting import ONE
from tests.support.small_fair import NOON, SmallFair, count_rows, make_small_fair

Post = Callable[..., TestResponse]


@pytest.fixture
def fair(database: Database) -> SmallFair:
    """Two exhibitors and three buyers."""
    return make_small_fair(database)


class Caller:
    """A program that acts for somebody."""

    def __init__(self, client: FlaskClient, headers: dict[str, str]) -> None:
        self._client = client
        self._headers = headers

    def get(self, path: str) -> TestResponse:
        """Read."""
        return self._client.get(f"/api/v1{path}", headers=self._headers)

    def post(self, path: str, body: dict[str, Any] | None = None, **headers: str) -> TestResponse:
        """Write, with these headers."""
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        return self._client.post(f"/api/v1{path}", json=body or {}, headers={**self._headers, **names})

    def hold(self, **said: Any) -> TestResponse:
        """Hold one o'clock at kapok, unless told otherwise."""
        return self.post("/meetings", {"exhibitor": "kapok", "starts_at": ONE.isoformat(), **said})

    def act(self, meeting: dict[str, Any], act: str, **said: Any) -> TestResponse:
        """Do something with a meeting in the version that was seen."""
        return self.post(f"/meetings/{meeting['uid']}/{act}", said, If_Match=f'"{meeting["version"]}"')


@pytest.fixture
def buyer(app: Flask, fair: SmallFair) -> Caller:
    """The first buyer's program."""
    return Caller(app.test_client(), fair.headers(fair.buyer(1)))


@pytest.fixture
def other(app: Flask, fair: SmallFair) -> Caller:
    """The second buyer's program."""
    return Caller(app.test_client(), fair.headers(fair.buyer(2)))


@pytest.fixture
def booth(app: Flask, fair: SmallFair) -> Caller:
    """The exhibitor's program."""
    return Caller(app.test_client(), fair.headers(fair.exhibitor()))


def test_a_meeting_is_held_requested_and_accepted_and_each_answer_carries_its_version(
    buyer: Caller, booth: Caller
) -> None:
    kept = buyer.hold(topic="Carts")
    asked = buyer.act(kept.get_json(), "request")
    met = booth.act(asked.get_json(), "accept")

    assert [(one.status_code, one.headers["ETag"]) for one in (kept, asked, met)] == [
        (201, '"1"'),
        (200, '"2"'),
        (200, '"3"'),
    ]
    assert (met.get_json()["state"], met.get_json()["topic"]) == ("accepted", "Carts")
    assert buyer.get(f"/meetings/{met.get_json()['uid']}").headers["ETag"] == '"3"'


def test_a_refusal_is_a_problem_with_the_nearest_free_times(buyer: Caller, other: Caller) -> None:
    buyer.hold()

    refused = other.hold()

    problem = refused.get_json()
    assert (refused.status_code, refused.mimetype, problem["code"]) == (409, "application/problem+json", "slot-taken")
    assert problem["alternatives"][0] == {
        "starts_at": (ONE + timedelta(minutes=35)).isoformat(),
        "ends_at": (ONE + timedelta(minutes=65)).isoformat(),
    }


def test_the_same_key_gives_the_same_answer_and_another_wish_under_it_is_refused_by_name(
    buyer: Caller, database: Database
) -> None:
    body = {"exhibitor": "kapok", "starts_at": ONE.isoformat()}
    later = {**body, "starts_at": (ONE + timedelta(hours=1)).isoformat()}

    first = buyer.post("/meetings", body, Idempotency_Key="a")
    again = buyer.post("/meetings", body, Idempotency_Key="a")
    other_wish = buyer.post("/meetings", later, Idempotency_Key="a")
    other_key = buyer.post("/meetings", later, Idempotency_Key="b")

    assert (first.status_code, again.status_code, again.data) == (201, 201, first.data)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert (other_wish.status_code, other_wish.get_json()["code"]) == (422, "key-reused")
    assert (other_key.status_code, count_rows(database, Meeting)) == (201, 2)


def test_a_refused_booking_may_be_tried_again_with_its_key(buyer: Caller, other: Caller) -> None:
    kept = buyer.hold().get_json()
    body = {"exhibitor": "kapok", "starts_at": ONE.isoformat()}

    refused = other.post("/meetings", body, Idempotency_Key="a")
    buyer.act(kept, "withdraw")
    then = other.post("/meetings", body, Idempotency_Key="a")

    assert (refused.status_code, then.status_code) == (409, 201)


def test_an_act_without_or_with_an_old_version_is_refused(buyer: Caller) -> None:
    kept = buyer.hold().get_json()
    buyer.act(kept, "request")

    bare = buyer.post(f"/meetings/{kept['uid']}/withdraw")
    stale = buyer.act(kept, "withdraw")

    assert (bare.status_code, bare.get_json()["code"]) == (428, "if-match-required")
    assert (stale.status_code, stale.get_json()["version"]) == (412, 2)
    assert {"field": "state", "old": "held", "new": "requested"} in stale.get_json()["changes"]


def test_an_act_that_does_not_follow_is_refused_in_words(buyer: Caller, booth: Caller) -> None:
    asked = buyer.act(buyer.hold().get_json(), "request").get_json()
    declined = booth.act(asked, "decline", reason_text="Fully booked").get_json()

    refused = booth.act(declined, "accept")

    assert (refused.status_code, refused.get_json()["code"], refused.get_json()["state"]) == (
        409,
        "not-possible",
        "declined",
    )
    assert len(refused.get_json()["alternatives"]) == 3
    assert declined["reason_text"] == "Fully booked"


@pytest.mark.parametrize(
    "body",
    [
        {"starts_at": "2026-04-16T13:00:00"},
        {"starts_at": "9999-12-31T23:59:00Z"},
        {"starts_at": "0001-01-01T00:00:00+14:00"},
        {"minutes": 7},
        {"minutes": 0},
        {"minutes": 600},
        {"topic": "\0"},
        {"topic": "x" * 501},
        {"exhibitor": "Nobody At All"},
        {"unknown": 1},
    ],
)
def test_what_cannot_be_understood_is_refused_before_anything_happens(
    buyer: Caller, database: Database, body: dict[str, Any]
) -> None:
    refused = buyer.hold(**body)

    assert (refused.status_code, refused.get_json()["code"]) == (422, "invalid-request")
    assert count_rows(database, Meeting) == 0


def test_every_act_has_its_door_and_leads_to_its_state(buyer: Caller, booth: Caller) -> None:
    later = {"starts_at": (ONE + timedelta(hours=1)).isoformat(), "minutes": 20}
    much_later = {"starts_at": (ONE + timedelta(hours=2)).isoformat(), "minutes": 20}
    steps: list[tuple[Caller, str, dict[str, Any], str]] = [
        (buyer, "request", {"topic": "Lifts"}, "requested"),
        (buyer, "reschedule", later, "requested"),
        (booth, "propose", much_later, "requested"),
        (buyer, "agree", {}, "accepted"),
        (buyer, "propose", later, "accepted"),
        (booth, "keep", {}, "accepted"),
        (booth, "hand_over", {"staff": "s1"}, "accepted"),
        (buyer, "cancel", {"reason_text": "Ill"}, "cancelled"),
    ]
    meeting = buyer.hold().get_json()

    for caller, act, said, state in steps:
        answer = caller.act(meeting, act, **said)
        assert (act, answer.status_code, answer.get_json()["state"]) == (act, 200, state)
        meeting = answer.get_json()

    assert (meeting["topic"], meeting["reason_text"], meeting["sequence"]) == ("Lifts", "Ill", 1)


def test_nobody_comes_before_the_start_of_the_meeting(buyer: Caller, booth: Caller) -> None:
    met = booth.act(buyer.act(buyer.hold().get_json(), "request").get_json(), "accept").get_json()

    refused = booth.act(met, "no_show")

    assert (refused.status_code, refused.get_json()["code"]) == (409, "too-early")


def test_others_find_nothing(buyer: Caller, other: Caller, booth: Caller) -> None:
    kept = buyer.hold().get_json()

    found = [caller.get(f"/meetings/{kept['uid']}").status_code for caller in (buyer, other, booth)]

    assert found == [200, 404, 404]
    assert other.act(kept, "withdraw").status_code == 404


def test_lists_and_free_times_are_read(buyer: Caller, booth: Caller) -> None:
    asked = buyer.act(buyer.hold().get_json(), "request").get_json()
    day = NOON.date().isoformat()

    mine = buyer.get(f"/meetings?day={day}&state=requested").get_json()
    theirs = booth.get("/meetings").get_json()
    none = booth.get("/meetings?state=done").get_json()
    times = buyer.get(f"/exhibitors/kapok/slots?date={day}&minutes=30").get_json()

    assert ([one["uid"] for one in mine], [one["uid"] for one in theirs], none) == ([asked["uid"]], [asked["uid"]], [])
    assert (times["exhibitor"], len(times["slots"]), times["slots"][0]["free"]) == ("kapok", 19, False)
    assert buyer.get("/exhibitors/nobody/slots?date=2026-04-16").status_code == 404


def test_a_contact_reaches_the_exhibitor_with_the_request_and_consent_alone(
    buyer: Caller, booth: Caller, database: Database
) -> None:
    with database.write() as session:
        for number in (1, 2):
            found = session.get(Buyer, number)
            assert found is not None
            found.email = f"b{number}@example.com"
        session.add(BuyerConsent(buyer_id=1, purpose=Purpose.CONTACT, given_at=NOON))

    asked = buyer.act(buyer.hold().get_json(), "request").get_json()
    shown = booth.get(f"/meetings/{asked['uid']}").get_json()["buyer_email"]
    with database.write() as session:
        consent = session.get(BuyerConsent, (1, Purpose.CONTACT))
        assert consent is not None
        consent.withdrawn_at = NOON
    hidden = booth.get(f"/meetings/{asked['uid']}").get_json()["buyer_email"]

    assert (asked["buyer_email"], shown, hidden) == ("b1@example.com", "b1@example.com", None)


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_ends_of_the_calendar_are_no_days_of_a_diary(buyer: Caller, day: str) -> None:
    answer = buyer.get(f"/meetings?day={day}")

    assert (answer.status_code, answer.get_json()["code"]) == (422, "invalid-request")
