"""What comes with a change: the version that was seen, and the key of the request."""

from collections.abc import Callable

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient
from pydantic import BaseModel

from server.app import create_app
from server.infra.db import Database
from server.infra.idempotency import once
from server.infra.web.context import database
from server.infra.web.guard import guarded
from server.infra.web.preconditions import answered_once, form_key, if_match, tagged
from server.kernel.permissions import Role
from server.settings import Settings
from tests.support.browser import Browser
from tests.support.clock import FixedClock
from tests.support.people import csrf_token


class Made(BaseModel):
    number: int
    version: int = 1


@pytest.fixture
def app(settings: Settings, database: Database, clock: FixedClock) -> Flask:
    """An application of its own: no other test shall have the doors that it gets."""
    own = create_app(settings, database, clock)
    own.test_client_class = Browser
    return own


@pytest.fixture
def made(app: Flask) -> list[int]:
    """What the two doors below have made."""
    numbers: list[int] = []

    @app.post("/api/test/things")
    @guarded("account.self")
    def make() -> Response:
        with database().write() as session:
            numbers.append(len(numbers) + 1)
            return answered_once(session, lambda: Made(number=numbers[-1]))

    def one_more() -> str:
        numbers.append(len(numbers) + 1)
        return f"/things/{numbers[-1]}"

    @app.post("/test/things")
    @guarded("account.self")
    def make_by_form() -> str:
        with database().write() as session:
            return once(session, *form_key(), one_more)[0]

    @app.get("/api/test/version")
    @guarded("account.self")
    def version() -> Response:
        return tagged(app.response_class(str(if_match())), 4)

    return numbers


@pytest.fixture
def buyer(login_as: Callable[[Role], FlaskClient]) -> FlaskClient:
    return login_as(Role.BUYER)


def test_a_repeated_request_gets_the_first_answer_and_says_so(made: list[int], buyer: FlaskClient) -> None:
    headers = {"X-CSRFToken": csrf_token(buyer), "Idempotency-Key": "k1"}

    first = buyer.post("/api/test/things", json={"a": 1}, headers=headers)
    second = buyer.post("/api/test/things", json={"a": 1}, headers=headers)

    assert (first.status_code, first.get_json(), first.headers["ETag"]) == (201, {"number": 1, "version": 1}, '"1"')
    assert (second.status_code, second.get_json()) == (201, {"number": 1, "version": 1})
    assert ("Idempotent-Replayed" in first.headers, second.headers["Idempotent-Replayed"]) == (False, "true")


def test_another_body_under_the_same_key_is_refused(made: list[int], buyer: FlaskClient) -> None:
    headers = {"X-CSRFToken": csrf_token(buyer), "Idempotency-Key": "k1"}
    buyer.post("/api/test/things", json={"a": 1}, headers=headers)

    other = buyer.post("/api/test/things", json={"a": 2}, headers=headers)

    assert (other.status_code, other.get_json()["code"]) == (422, "key-reused")


def test_a_second_tap_on_a_form_acts_once(made: list[int], buyer: FlaskClient) -> None:
    form = {"csrf_token": csrf_token(buyer), "idempotency_key": "tap", "name": "南岭"}

    answers = [buyer.post("/test/things", data=form).get_data(as_text=True) for _ in range(2)]

    assert (answers, len(made)) == (["/things/1", "/things/1"], 1)


def test_a_second_tap_with_a_newer_token_acts_once_too(made: list[int], buyer: FlaskClient) -> None:
    token = csrf_token(buyer)
    typed = {"idempotency_key": "tap", "name": "南岭"}

    first = buyer.post("/test/things", data={"csrf_token": token, **typed}).get_data(as_text=True)
    second = buyer.post("/test/things", data=typed, headers={"X-CSRFToken": token}).get_data(as_text=True)

    assert ((first, second), len(made)) == (("/things/1", "/things/1"), 1)


@pytest.mark.parametrize("key", ["x" * 101, "a\x01b"])
def test_a_key_that_cannot_be_kept_is_refused_by_name(made: list[int], buyer: FlaskClient, key: str) -> None:
    headers = {"X-CSRFToken": csrf_token(buyer), "Idempotency-Key": key}

    assert buyer.post("/api/test/things", json={}, headers=headers).get_json()["code"] == "invalid"


@pytest.mark.parametrize("header", [None, "4", "*", '"four"', '"99999999999"'])
def test_a_change_without_a_version_is_refused_by_name(made: list[int], buyer: FlaskClient, header: str | None) -> None:
    response = buyer.get("/api/test/version", headers={"If-Match": header} if header else {})

    assert (response.status_code, response.get_json()["code"]) == (428, "if-match-required")


def test_the_version_that_was_seen_comes_back_as_it_was_given_out(made: list[int], buyer: FlaskClient) -> None:
    response = buyer.get("/api/test/version", headers={"If-Match": '"4"'})

    assert (response.get_data(as_text=True), response.headers["ETag"]) == ("4", '"4"')


def test_other_words_in_a_form_that_was_sent_already_are_another_request(made: list[int], buyer: FlaskClient) -> None:
    form = {"csrf_token": csrf_token(buyer), "idempotency_key": "tap"}

    answers = [
        buyer.post("/test/things", data={**form, "name": name}).get_data(as_text=True)
        for name in ("one", "other", "other", "one")
    ]

    assert answers == ["/things/1", "/things/2", "/things/2", "/things/1"]
    assert made == [1, 2]


def test_json_that_nobody_can_read_is_malformed(client: FlaskClient) -> None:
    answer = client.post(
        "/api/v1/buyers",
        data="[" * 200_000,
        content_type="application/json",
        headers={"Authorization": "Bearer nobody-yet"},
    )

    assert (answer.status_code, answer.get_json()["code"]) == (400, "malformed-json")
