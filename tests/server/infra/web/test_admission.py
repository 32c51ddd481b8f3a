"""How much a request may bring: what is more than anybody needs is refused by name, in a short answer."""

import gzip
import json

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.infra.bodies import BodySender, SenderKind
from server.infra.db import Database
from server.infra.web.admission import keeper
from server.infra.web.errors import MOST_FAULTS
from server.kernel.permissions import Role
from tests.support.people import bearer_of

FORM = "application/x-www-form-urlencoded"
SHORT = 20_000
"""Bytes that no refusal has."""


@pytest.mark.parametrize("body", ["a&" * 440_000, "a=1&" * 5_000, "&" * 1_000])
def test_a_form_of_ever_more_fields_is_refused_in_a_short_answer(client: FlaskClient, body: str) -> None:
    for path in ("/login", "/register", "/desk/profile", "/nowhere"):
        response = client.post(f"{path}?lang=en", data=body, content_type=FORM)

        assert (response.status_code, len(response.get_data()) < SHORT) == (413, True)
        assert "has more parts than FairZone accepts" in response.get_data(as_text=True)


def test_a_form_in_parts_has_as_many_fields_at_most(client: FlaskClient) -> None:
    part = '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n'

    response = client.post("/login", data=part * 1_001 + "--x--", content_type="multipart/form-data; boundary=x")

    assert (response.status_code, len(response.get_data()) < SHORT) == (413, True)


@pytest.mark.parametrize("query", ["q=" + "x" * 9_000, "q&" * 1_001, "lang=en&" * 1_001])
def test_an_address_longer_than_any_of_ours_is_refused_in_a_short_answer(client: FlaskClient, query: str) -> None:
    for path in ("/", "/search", "/api/v1/exhibitors", "/timetable", "/nowhere"):
        response = client.get(path, query_string=query)

        assert (response.status_code, len(response.get_data()) < SHORT) == (413, True)


def test_a_document_with_ever_more_faults_is_answered_with_the_first_of_them(
    client: FlaskClient, database: Database
) -> None:
    body = json.dumps({f"unknown-{number}": 1 for number in range(20_000)})

    response = client.post(
        "/api/v1/check", data=body, content_type="application/json", headers=bearer_of(database, Role.ORGANISER)
    )

    assert (response.status_code, len(response.get_json()["errors"])) == (422, MOST_FAULTS)
    assert len(response.get_data()) < SHORT


def test_a_packed_body_is_refused_before_anybody_unpacks_it(client: FlaskClient) -> None:
    packed = gzip.compress(b"0" * 10_000_000)

    response = client.post("/login", data=packed, headers={"Content-Encoding": "gzip"}, content_type=FORM)

    assert response.status_code == 415


def test_whose_a_body_is_and_how_long_it_may_be_is_known_before_it_is_read(app: Flask, database: Database) -> None:
    ask = keeper(app)
    bridge = bearer_of(database, Role.BRIDGE)["Authorization"]

    def sender(path: str, **headers: str) -> BodySender:
        with app.test_request_context(path, method="POST", headers=headers) as context:
            return ask(context.request.environ)

    assert sender("/login") == BodySender(SenderKind.VISITOR, "", 64 * 1024)
    assert sender("/nowhere") == BodySender(SenderKind.VISITOR, "", 0)
    assert sender("/desk/profile") == BodySender(SenderKind.VISITOR, "", 64 * 1024), "so that nothing typed is lost"
    assert sender("/api/v1/telemetry/batches") == BodySender(SenderKind.VISITOR, "", 0)
    assert sender("/api/v1/robots/reports", Authorization="Bearer nonsense") == BodySender(SenderKind.VISITOR, "", 0)
    assert sender("/api/v1/telemetry/batches", Authorization=bridge) == BodySender(SenderKind.ZONE, "", 16 * 2**20)
