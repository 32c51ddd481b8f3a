"""Forged and stale forms: refused, and nothing typed is lost."""

from collections.abc import Callable
from functools import cache

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.infra.web.guard import action_of
from server.kernel.permissions import BY_TOKEN_ALONE, Role, may
from tests.server.infra.web.test_guard import address
from tests.support.browser import Browser
from tests.support.people import csrf_token

CHANGING = {"POST", "PUT", "PATCH", "DELETE"}


def someone_who_may(action: str) -> Role:
    """The first role, in the order of the roles, that may do `action` and has logged in."""
    return next(role for role in Role if role is not Role.VISITOR and may(role, action))


def test_every_route_that_changes_something_wants_a_token(app: Flask, login_as: Callable[[Role], FlaskClient]) -> None:
    browsers = cache(login_as)
    answers = {
        (method, rule.rule): browsers(someone_who_may(action))
        .open(address(rule.rule), method=method, data={"typed": "text"})
        .status_code
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) & CHANGING
        if (action := action_of(app, rule.endpoint)) and action not in BY_TOKEN_ALONE
    }

    assert {request: status for request, status in answers.items() if status != 400} == {}
    assert ("POST", "/api/v1/telemetry/batches") in answers


def test_a_form_with_its_token_passes(login_as: Callable[[Role], FlaskClient]) -> None:
    browser = login_as(Role.ORGANISER)

    response = browser.post("/logout", data={"csrf_token": csrf_token(browser)})

    assert (response.status_code, response.location) == (303, "/")


def test_a_script_may_send_the_token_as_a_header(login_as: Callable[[Role], FlaskClient]) -> None:
    browser = login_as(Role.ORGANISER)

    response = browser.post("/logout", headers={"X-CSRFToken": csrf_token(browser)})

    assert response.status_code == 303


def test_a_token_of_another_session_is_refused(app: Flask, login_as: Callable[[Role], FlaskClient]) -> None:
    foreign = csrf_token(app.test_client())

    assert login_as(Role.ORGANISER).post("/logout", data={"csrf_token": foreign}).status_code == 400


def test_a_stale_form_offers_to_send_what_was_typed(login_as: Callable[[Role], FlaskClient]) -> None:
    page = login_as(Role.ORGANISER).post("/language?next=/zone", data={"note": "南岭 & <b>", "csrf_token": "old"})

    shown = page.get_data(as_text=True)
    assert '<input type="hidden" name="note" value="南岭 &amp; &lt;b&gt;">' in shown
    assert 'action="/language?next=/zone"' in shown
    assert "请核对后重新提交" in shown


def test_a_password_is_never_repeated(client: FlaskClient) -> None:
    page = client.post("/login", data={"username": "organiser", "password": "correct horse"})

    assert page.status_code == 400
    assert "correct horse" not in page.get_data(as_text=True)


FOREIGN = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "none"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    {"Origin": "http://evil.example"},
    {"Origin": "http://localhost:8080"},
    {"Origin": "http://["},
    {"Origin": "null"},
    {},
]
"""What a browser says of a form that is not of `http://localhost`, or does not say."""


@pytest.fixture
def silent(login_as: Callable[[Role], FlaskClient]) -> FlaskClient:
    """The organiser's browser, which says nothing of the site by itself."""
    browser = login_as(Role.ORGANISER)
    if isinstance(browser, Browser):
        browser.forget_site()
    return browser


@pytest.mark.parametrize("headers", FOREIGN)
def test_a_form_of_another_site_is_refused_even_with_a_token_and_not_offered_again(
    silent: FlaskClient, headers: dict[str, str]
) -> None:
    token = csrf_token(silent)

    page = silent.post("/language", data={"note": "forged", "csrf_token": token}, headers=headers)

    assert page.status_code == 403
    assert "forged" not in page.get_data(as_text=True)


@pytest.mark.parametrize("path", ["/language", "/logout", "/nowhere"])
@pytest.mark.parametrize("headers", FOREIGN)
def test_a_form_of_another_site_gets_no_session_cookie(app: Flask, headers: dict[str, str], path: str) -> None:
    browser = app.test_client()
    if isinstance(browser, Browser):
        browser.forget_site()

    page = browser.post(path, data={"note": "forged"}, headers=headers)

    assert page.status_code in {401, 403, 404}
    assert "Set-Cookie" not in page.headers
    assert "forged" not in page.get_data(as_text=True)


def test_a_browser_that_names_its_origin_alone_is_let_through(silent: FlaskClient) -> None:
    form = {"csrf_token": csrf_token(silent)}

    assert silent.post("/logout", data=form, headers={"Origin": "http://localhost"}).status_code == 303


def test_a_form_for_nowhere_or_with_the_wrong_method_is_told_so(client: FlaskClient) -> None:
    assert (client.post("/nowhere").status_code, client.post("/health").status_code) == (404, 405)


def test_a_bearer_token_needs_no_csrf_token_but_must_be_right(client: FlaskClient) -> None:
    response = client.post("/api/v1/telemetry/batches", headers={"Authorization": "Bearer nonsense"}, json={})

    assert (response.status_code, response.get_json()["code"]) == (401, "login-required")
