"""Refusals: one mapping, to pages for people and to problem+json for programs."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from server.app import create_app
from server.features import load_features
from server.infra.db import Database
from server.infra.i18n import Catalogues
from server.infra.web.errors import _HTTP_CODES
from server.kernel.errors import FairZoneError
from server.kernel.permissions import Role
from server.settings import Settings
from tests.support.clock import FixedClock


def codes() -> list[str]:
    """The codes of all named refusals that the server has."""
    load_features()
    found, waiting = set(_HTTP_CODES.values()), [FairZoneError]
    while waiting:
        kind = waiting.pop()
        found.add(kind.code)
        waiting.extend(kind.__subclasses__())
    return sorted(code for code in found | {"malformed-json", "invalid-request"} if not code.startswith("test-"))


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
def test_every_refusal_has_its_sentence_title_and_advice(language: str) -> None:
    catalogues = Catalogues(strict=True)

    keys = [f"error-{code}{part}" for code in codes() for part in ("", ".title", ".advice")]
    assert [key for key in keys if not catalogues.has(language, key)] == []


def test_a_missing_page_says_so_in_the_readers_language(client: FlaskClient) -> None:
    chinese = client.get("/nowhere")
    english = client.get("/nowhere?lang=en")

    assert (chinese.status_code, english.status_code) == (404, 404)
    assert '<h1 id="refusal">未找到</h1>' in chinese.get_data(as_text=True)
    assert '<h1 id="refusal">Not found</h1>' in english.get_data(as_text=True)
    assert "Look for it in the zone overview" in english.get_data(as_text=True)


def test_a_program_gets_a_problem_with_a_stable_code(client: FlaskClient) -> None:
    response = client.get("/api/v1/nowhere?lang=en")

    assert response.mimetype == "application/problem+json"
    assert response.get_json() == {
        "type": "/api/problems#not-found",
        "title": "Not found",
        "status": 404,
        "detail": "There is nothing at this address.",
        "code": "not-found",
        "instance": "/api/v1/nowhere",
    }


@pytest.mark.parametrize("address", ["/screen/%00", "/exhibitors?q=%00", "/api/v1/booths/%00", "/live?booth=%00"])
def test_an_address_with_a_nul_character_is_refused_on_both_databases(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 400


def test_a_kind_of_robot_that_there_is_not_is_refused_by_name(client: FlaskClient) -> None:
    response = client.get("/api/v1/robots?kind=unicorn")

    assert (response.status_code, response.get_json()["code"]) == (422, "invalid-request")
    assert client.get("/api/v1/robots?kind=").status_code == 200


def test_a_wrong_method_says_which_ones_there_are(client: FlaskClient) -> None:
    response = client.get("/logout")

    assert (response.status_code, response.headers["Allow"]) == (405, "OPTIONS, POST")


def test_an_unknown_key_in_a_query_is_named(login_as: Callable[[Role], FlaskClient]) -> None:
    response = login_as(Role.ORGANISER).get("/api/v1/accounts?pgae=2")

    assert (response.status_code, response.mimetype) == (422, "application/problem+json")
    assert [(fault["at"], fault["kind"]) for fault in response.get_json()["errors"]] == [("pgae", "extra_forbidden")]


def test_a_fault_that_nobody_expected_is_a_plain_sentence_without_innards(
    settings: Settings, database: Database, clock: FixedClock, caplog: pytest.LogCaptureFixture
) -> None:
    app = create_app(settings, database, clock)
    app.view_functions["accounts.login_form"] = _broken_like(app.view_functions["accounts.login_form"])

    response = app.test_client().get("/login?lang=en")

    assert response.status_code == 500
    assert "Something went wrong on our side." in response.get_data(as_text=True)
    assert "the innards" not in response.get_data(as_text=True)
    assert "the innards" in caplog.text


def _broken_like(view: object) -> Callable[[], str]:
    def broken() -> str:
        raise ValueError("the innards")

    broken.__dict__.update(vars(view))
    return broken


def test_too_large_a_body_is_refused_by_name(login_as: Callable[[Role], FlaskClient]) -> None:
    browser = login_as(Role.ORGANISER)

    response = browser.post("/logout", data={"typed": "x" * 1_100_000})

    assert response.status_code == 413
