"""Security headers on every answer, and caches that keep what they may."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

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


def test_the_session_cookie_is_closed_to_scripts_and_to_other_sites(client: FlaskClient) -> None:
    cookie = client.get("/login").headers["Set-Cookie"]

    assert {"HttpOnly", "SameSite=Lax"} <= set(cookie.split("; "))
