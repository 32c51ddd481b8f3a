"""What goes over a hall's network is compressed, unless its length could betray a secret."""

import gzip
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.app import create_app
from server.infra.db import Database
from server.settings import Settings
from tests.support.clock import FixedClock

UNPACKS = {"Accept-Encoding": "gzip, deflate, br"}
LED_THERE = [("same-origin", "gzip"), ("none", "gzip"), ("cross-site", None), ("same-site", None), (None, None)]


@pytest.fixture
def plain_client(settings: Settings, database: Database, clock: FixedClock) -> FlaskClient:
    """A client that adds nothing to what a test says."""
    return create_app(settings, database, clock).test_client()


def test_a_page_for_everybody_is_compressed_and_is_the_same_page(client: FlaskClient) -> None:
    plain = client.get("/exhibitors")
    packed = client.get("/exhibitors", headers=UNPACKS)

    assert plain.headers.get("Content-Encoding") is None
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) == int(packed.headers["Content-Length"]) < len(plain.data) / 2
    assert {"Accept-Encoding"} <= set(packed.vary) & set(plain.vary)


@pytest.mark.parametrize(("site", "encoding"), LED_THERE)
def test_a_page_with_a_forms_token_is_compressed_only_for_who_came_from_here(
    plain_client: FlaskClient, site: str | None, encoding: str | None
) -> None:
    headers = UNPACKS | ({"Sec-Fetch-Site": site} if site else {})

    response = plain_client.get("/login?next=/words-of-a-stranger", headers=headers)

    assert response.headers.get("Content-Encoding") == encoding


def test_a_page_of_somebody_who_is_logged_in_is_not_compressed_for_a_stranger(app: Flask) -> None:
    browser = app.test_client()
    with browser.session_transaction() as kept:
        kept["_user_id"] = "77:0"

    foreign = browser.get("/exhibitors?q=stranger", headers=UNPACKS | {"Sec-Fetch-Site": "cross-site"})
    own = browser.get("/exhibitors?q=stranger", headers=UNPACKS | {"Sec-Fetch-Site": "same-origin"})

    assert (foreign.headers.get("Content-Encoding"), own.headers.get("Content-Encoding")) == (None, "gzip")


def test_a_browser_that_cannot_unpack_is_sent_the_page_as_it_is(client: FlaskClient) -> None:
    encodings = [
        client.get("/exhibitors", headers={"Accept-Encoding": said}).headers.get("Content-Encoding")
        for said in ("identity", "br", "gzip;q=0", "gzip;q=0.1", "*")
    ]

    assert encodings == [None, None, None, "gzip", "gzip"]


def test_answers_for_programs_are_left_as_they_are(client: FlaskClient) -> None:
    encodings = {
        path: client.get(path, headers=UNPACKS).headers.get("Content-Encoding")
        for path in ("/api/v1/exhibitors", "/health", "/api/openapi.json", "/language?lang=en")
    }

    assert set(encodings.values()) == {None}


def test_a_static_file_has_a_name_for_each_way_it_is_sent(client: FlaskClient) -> None:
    page = client.get("/login").get_data(as_text=True)
    address = re.findall(r'href="(/static/[0-9a-f]{12}/css/pages\.css)"', page)[0]

    with client.get(address) as plain, client.get(address, headers=UNPACKS) as packed:
        names = plain.headers["ETag"], packed.headers["ETag"]
        assert gzip.decompress(packed.data) == plain.data
        assert packed.headers["Cache-Control"] == plain.headers["Cache-Control"]
        assert (plain.vary.to_header(), packed.vary.to_header()) == ("Accept-Encoding", "Accept-Encoding")
    assert names[0] != names[1]
    for headers, name in (({}, names[0]), (UNPACKS, names[1])):
        with client.get(address, headers=headers | {"If-None-Match": name}) as again:
            assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", name)


def test_a_part_of_a_static_file_is_a_part_of_the_file_itself(client: FlaskClient) -> None:
    with client.get("/static/0/css/pages.css", headers=UNPACKS | {"Range": "bytes=0-9"}) as part:
        assert (part.status_code, part.headers.get("Content-Encoding"), len(part.data)) == (206, None, 10)


def test_a_picture_is_not_packed_twice(client: FlaskClient) -> None:
    with client.get("/static/0/vendor/bootstrap/LICENSE", headers=UNPACKS) as response:
        assert response.headers.get("Content-Encoding") is None


def test_the_head_of_a_page_says_what_the_page_would(client: FlaskClient) -> None:
    head = client.head("/exhibitors", headers=UNPACKS)

    assert (head.headers["Content-Encoding"], head.data) == ("gzip", b"")
