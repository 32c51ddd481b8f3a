"""Security headers on every answer, and caches that keep what they may."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from server.app import create_app
from server.infra.db import Database
from server.infra.web.headers import HEADERS, HSTS
from server.kernel.permissions import Role
from server.settings import Settings
from tests.support.clock import FixedClock
from tests.support.people import bearer_of

SERVER = Path(__file__).parents[4] / "server"
PAGES = ["/", "/login", "/nowhere", "/health", "/api/openapi.json", "/api/v1/account", "/static/0/css/tokens.css"]


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_forbids_inline_and_foreign_content(client: FlaskClient, path: str) -> None:
    with client.get(path) as response:
        policy = response.headers["Content-Security-Policy"]

    assert "unsafe" not in policy
    assert {"default-src 'self'", "object-src 'none'", "frame-ancestors 'none'", "form-action 'self'"} <= set(
        policy.split("; ")
    )
    assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", sorted(SERVER.rglob("*.html")), ids=lambda path: path.name)
def test_no_template_needs_what_the_policy_forbids(path: Path) -> None:
    source = path.read_text(encoding="utf-8")

    assert re.findall(r"\sstyle=|<style|\son[a-z]+=\"|javascript:", source) == []
    scripts = re.findall(r"<script\b[^>]*>", source)
    assert [tag for tag in scripts if "src=" not in tag and 'type="application/json"' not in tag] == []


def test_a_static_file_under_this_build_is_kept_for_ever(client: FlaskClient) -> None:
    page = client.get("/login").get_data(as_text=True)
    address = re.findall(r'href="(/static/[0-9a-f]{12}/css/tokens\.css)"', page)[0]

    with client.get(address) as response:
        assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert "Cookie" not in response.headers.get("Vary", "")


def test_a_static_file_under_another_build_must_be_asked_for_again(client: FlaskClient) -> None:
    with client.get("/static/000000000000/css/tokens.css") as response:
        assert (response.status_code, response.headers["Cache-Control"]) == (200, "no-cache")


def test_a_static_file_outside_its_folder_is_not_found(client: FlaskClient) -> None:
    assert client.get("/static/0/../app.py").status_code == 404


def test_a_page_is_for_its_reader_alone(client: FlaskClient) -> None:
    response = client.get("/login")

    assert response.headers["Cache-Control"] == "private, no-cache"
    assert {"Cookie", "Accept-Language"} <= set(response.headers["Vary"].split(", "))


@pytest.mark.parametrize("path", ["/account", "/desk", "/exhibitors", "/", "/api/v1/account", "/nowhere"])
def test_what_somebody_sees_who_has_logged_in_is_kept_by_no_browser(
    login_as: Callable[[Role], FlaskClient], path: str
) -> None:
    assert login_as(Role.EXHIBITOR_ADMIN).get(path).headers["Cache-Control"] == "no-store"


def test_what_a_token_opens_and_what_is_refused_is_kept_by_nobody(client: FlaskClient, database: Database) -> None:
    header = bearer_of(database, Role.BRIDGE)

    answers = [
        client.get("/api/v1/bridge/enrolments", headers=header),
        client.get("/api/v1/exhibitors", headers={"Authorization": "Bearer nonsense"}),
        client.get("/nowhere"),
        client.get("/desk"),
    ]

    assert [answer.headers["Cache-Control"] for answer in answers] == ["no-store"] * 4


def test_refusals_redirects_and_unchanged_files_carry_the_headers_too(
    settings: Settings, database: Database, clock: FixedClock
) -> None:
    secure = create_app(replace(settings, secure_cookies=True), database, clock).test_client()
    with secure.get("/static/0/css/tokens.css") as file:
        tag = {"If-None-Match": file.headers["ETag"]}
    answers = {
        200: secure.get("/login"),
        304: secure.get("/static/0/css/tokens.css", headers=tag),
        302: secure.get("//login"),
        303: secure.get("/language?lang=en"),
        401: secure.get("/desk"),
        404: secure.get("/nowhere"),
        405: secure.delete("/login"),
        413: secure.get("/?" + "a" * 9000),
    }

    for answer in answers.values():
        named = {name for name in HEADERS if name not in answer.headers}
        assert (named, answer.headers["Strict-Transport-Security"]) == (set(), HSTS)
        answer.close()
    assert {answer.status_code for answer in answers.values()} >= {200, 304, 401, 404, 405, 413}


def test_the_session_cookie_is_closed_to_scripts_and_to_other_sites(client: FlaskClient) -> None:
    cookie = client.get("/login").headers["Set-Cookie"]

    assert {"HttpOnly", "SameSite=Lax"} <= set(cookie.split("; "))
