"""Forged and stale forms: refused, and nothing typed is lost."""

from collections.abc import Callable
from functools import cache

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.features.accounts.rules import works_for_exhibitor
from server.features.accounts.schemas import NewAccount
from server.features.accounts.service import create_account
from server.infra.db import Database
from server.infra.web.csrf import OPENED_BY
from server.infra.web.guard import action_of
from server.kernel.permissions import BY_TOKEN_ALONE, Role, may
from tests.conftest import NOON
from tests.server.infra.web.test_guard import address
from tests.support.browser import Browser
from tests.support.people import EXHIBITOR, csrf_token, enter

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
    foreign = csrf_token(login_as(Role.ORGANISER))

    assert same_person(app, 1).post("/logout", data={"csrf_token": foreign}).status_code == 400


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


def same_person(app: Flask, account_id: int) -> FlaskClient:
    """Another browser in which that account is logged in."""
    browser = app.test_client()
    enter(browser, account_id)
    return browser


def second_of(database: Database, role: Role) -> int:
    """The key of a second account of a role: another person at the same machine."""
    new = NewAccount(
        username=f"second.{role.value}",
        display_name="Second Person",
        role=role,
        exhibitor=EXHIBITOR if works_for_exhibitor(role) else None,
    )
    with database.write() as session:
        return create_account(session, new, NOON)


ANYBODYS = {"session.open", "language.choose"}


def test_every_form_of_one_person_is_refused_when_another_one_has_logged_in(
    app: Flask, database: Database, login_as: Callable[[Role], FlaskClient]
) -> None:
    first, others = cache(login_as), cache(lambda role: same_person(app, second_of(database, role)))
    answers = {}
    for rule in app.url_map.iter_rules():
        action = str(action_of(app, rule.endpoint))
        if action in BY_TOKEN_ALONE | ANYBODYS:
            continue
        for method in (rule.methods or set()) & CHANGING:
            role = someone_who_may(action)
            typed = {"company": "Lingnan Tea", "password": "correct horse", "csrf_token": csrf_token(first(role))}
            page = others(role).open(address(rule.rule), method=method, data=typed)
            words = page.get_data(as_text=True)
            named = "Second Person" in words or page.mimetype == "application/problem+json"
            answers[method, rule.rule] = (page.status_code, named, "correct horse" in words)

    assert {request: answer for request, answer in answers.items() if answer != (409, True, False)} == {}
    assert ("POST", "/me/profile") in answers
    assert ("POST", "/meetings/<uid>/<act>") in answers


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_what_the_first_person_typed_is_kept_and_the_page_says_who_is_logged_in(
    app: Flask, database: Database, login_as: Callable[[Role], FlaskClient], headers: dict[str, str]
) -> None:
    typed = {"company": "Lingnan Tea", "csrf_token": csrf_token(login_as(Role.BUYER))}

    page = same_person(app, second_of(database, Role.BUYER)).post("/me/profile", data=typed, headers=headers)

    words = page.get_data(as_text=True)
    assert page.status_code == 409
    assert "Second Person" in words
    assert "second.buyer" in words
    assert '<input type="hidden" name="kept.company" value="Lingnan Tea">' in words
    assert 'action="/me/profile"' not in words


def test_one_who_may_not_even_do_it_is_told_the_same(
    app: Flask, database: Database, login_as: Callable[[Role], FlaskClient]
) -> None:
    typed = {"company": "Lingnan Tea", "csrf_token": csrf_token(login_as(Role.BUYER))}

    page = same_person(app, second_of(database, Role.OFFICIAL)).post("/me/profile", data=typed)

    assert (page.status_code, "Lingnan Tea" in page.get_data(as_text=True)) == (409, True)


def test_a_form_that_was_kept_over_a_log_in_still_belongs_to_the_one_who_opened_it(
    app: Flask, database: Database, login_as: Callable[[Role], FlaskClient]
) -> None:
    opened = csrf_token(login_as(Role.BUYER))
    visitor = app.test_client().post("/me/profile", data={"company": "Lingnan Tea", "csrf_token": opened})
    second = same_person(app, second_of(database, Role.BUYER))
    again = {"company": "Lingnan Tea", "csrf_token": csrf_token(second), OPENED_BY: opened}

    refused = second.post("/me/profile", data=again)

    assert f'name="kept.{OPENED_BY}" value="{opened}"' in visitor.get_data(as_text=True)
    assert (visitor.status_code, refused.status_code) == (401, 409)


def test_what_somebody_typed_before_they_logged_in_is_theirs_when_they_say_so(
    app: Flask, login_as: Callable[[Role], FlaskClient]
) -> None:
    before, browser = csrf_token(app.test_client()), login_as(Role.ORGANISER)
    token = csrf_token(browser)

    refused = browser.post("/logout", data={"csrf_token": before})
    taken = browser.post("/logout", data={"csrf_token": token, OPENED_BY: before})

    assert (refused.status_code, taken.status_code) == (409, 303)


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
