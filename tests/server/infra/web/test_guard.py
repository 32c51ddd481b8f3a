"""Every route names its permission, and everybody gets exactly what the table says."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.infra.web.guard import action_of, guarded, refuse_unguarded
from server.kernel.errors import SetupError
from server.kernel.permissions import BY_TOKEN_ALONE, Role, may

SAMPLES = {
    "secret": "nobodys",
    "username": "nobody",
    "act": "cancel",
    "bridge": "booth-pc",
    "build": "0",
    "change": "renew",
    "code": "nanling",
    "demo": "d1-01",
    "file": "bundle.zip",
    "name": "css/tokens.css",
    "need": "1",
    "device": "77",
    "notice": "77",
    "number": "D19.2C05",
    "person": "s1",
    "product": "p1",
    "purpose": "fair",
    "robot": "r1",
    "staff": "s1",
    "uid": "none",
}
_PLACEHOLDER = re.compile(r"<(?:\w+:)?(\w+)>")


def requests_of(app: Flask) -> list[tuple[str, str, str]]:
    """Every (method, address, action) that the application answers."""
    return sorted(
        (method, address(rule.rule), str(action_of(app, rule.endpoint)))
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    )


def address(rule: str) -> str:
    """A route with its placeholders filled in; one without a sample stays as it is."""
    return _PLACEHOLDER.sub(lambda found: SAMPLES.get(found[1], found[0]), rule)


def send(client: FlaskClient, method: str, path: str) -> int:
    response = client.open(path, method=method)
    response.close()
    return response.status_code


def test_every_route_names_a_permission(app: Flask) -> None:
    assert [request for request in requests_of(app) if request[2] == "None"] == []


def test_every_placeholder_of_a_route_has_a_sample(app: Flask) -> None:
    assert [path for _, path, _ in requests_of(app) if "<" in path] == []


@pytest.mark.parametrize("role", list(Role))
def test_each_role_gets_what_the_table_says(app: Flask, login_as: Callable[[Role], FlaskClient], role: Role) -> None:
    app.config["WTF_CSRF_METHODS"] = set()
    browser = login_as(role)
    wrong = []
    # The way out comes last: behind it everybody is a visitor.
    for method, path, action in sorted(requests_of(app), key=lambda request: request[1] == "/logout"):
        status = send(browser, method, path)
        by_token = action in BY_TOKEN_ALONE  # no log-in opens these
        refused = status == (401 if role is Role.VISITOR or by_token else 403)
        if refused is (may(role, action) and not by_token) and not (path == "/login" and method == "POST"):
            wrong.append((method, path, action, status))

    assert wrong == []


def test_a_route_without_a_permission_stops_the_application(app: Flask) -> None:
    naked = Flask("naked")
    naked.add_url_rule("/open", view_func=lambda: "open to everybody")

    with pytest.raises(SetupError, match="/open"):
        refuse_unguarded(naked)


def test_a_view_cannot_name_a_permission_that_the_table_has_not() -> None:
    with pytest.raises(KeyError, match=r"fair\.burn_down"):
        guarded("fair.burn_down")


def test_a_stranger_is_refused_before_the_request_is_read(client: FlaskClient) -> None:
    response = client.get("/api/v1/accounts?page=nonsense")

    assert (response.status_code, response.get_json()["code"]) == (401, "login-required")
