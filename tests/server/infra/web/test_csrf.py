"""Forged and stale forms: refused, and nothing typed is lost."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.infra.web.guard import action_of
from server.kernel.permissions import Role
from tests.support.people import csrf_token


def test_every_route_that_changes_something_wants_a_token(app: Flask, login_as: Callable[[Role], FlaskClient]) -> None:
    browser = login_as(Role.BRIDGE)
    answers = {
        rule.rule: browser.post(rule.rule, data={"typed": "text"}).status_code
        for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or set()) and action_of(app, rule.endpoint)
    }

    assert set(answers.values()) == {400}
    assert "/api/v1/telemetry/batches" in answers


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


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
def test_a_form_of_another_site_is_not_offered_again(client: FlaskClient, site: str) -> None:
    page = client.post("/language", data={"note": "forged"}, headers={"Sec-Fetch-Site": site})

    assert page.status_code == 400
    assert "forged" not in page.get_data(as_text=True)


def test_a_bearer_token_needs_no_csrf_token_but_must_be_right(client: FlaskClient) -> None:
    response = client.post("/api/v1/telemetry/batches", headers={"Authorization": "Bearer nonsense"}, json={})

    assert (response.status_code, response.get_json()["code"]) == (401, "login-required")
