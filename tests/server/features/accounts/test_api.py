"""Accounts for programs, and the OpenAPI document that describes every interface."""

from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator

from server.features.accounts.service import ensure_bridge
from server.infra.db import Database
from server.kernel.permissions import Role
from tests.conftest import NOON
from tests.support.people import make_account
from tests.support.queries import same_number_of_queries


def test_a_bearer_token_says_who_is_calling(client: FlaskClient, database: Database) -> None:
    with database.write() as session:
        ensure_bridge(session, "a token", NOON)

    response = client.get("/api/v1/account", headers={"Authorization": "Bearer a token"})

    assert (response.status_code, response.get_json()["role"]) == (200, "bridge")


def test_the_organiser_reads_the_accounts_a_page_at_a_time(
    login_as: Callable[[Role], FlaskClient], database: Database
) -> None:
    browser = login_as(Role.ORGANISER)
    make_account(database, Role.BUYER, NOON)
    make_account(database, Role.EXHIBITOR_STAFF, NOON)

    pages = [browser.get(f"/api/v1/accounts?per_page=2&page={number}").get_json() for number in (1, 2)]

    assert [[row["username"] for row in page] for page in pages] == [["buyer", "exhibitor_staff"], ["organiser"]]
    assert pages[0][1]["exhibitor"] == "nanling"


def test_the_list_costs_the_same_for_one_account_and_for_many(
    login_as: Callable[[Role], FlaskClient], database: Database
) -> None:
    browser = login_as(Role.ORGANISER)

    def more() -> None:
        for role in (Role.BUYER, Role.EXHIBITOR_ADMIN, Role.EXHIBITOR_STAFF, Role.OFFICIAL):
            make_account(database, role, NOON)

    same_number_of_queries(database, lambda: browser.get("/api/v1/accounts"), more)


def test_the_document_names_every_operation_of_the_interface(app: Flask, client: FlaskClient) -> None:
    document = client.get("/api/openapi.json").get_json()

    named = {(path, method) for path, operations in document["paths"].items() for method in operations}
    routed = {
        (rule.rule.replace("<int:", "{").replace("<", "{").replace(">", "}"), method.lower())
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert named == routed


def test_answers_are_as_the_document_promises(login_as: Callable[[Role], FlaskClient]) -> None:
    browser = login_as(Role.ORGANISER)
    document = browser.get("/api/openapi.json").get_json()

    for path in ("/api/v1/account", "/api/v1/accounts"):
        promised = document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        schema = {**promised, "components": document["components"]}
        assert list(Draft202012Validator(schema).iter_errors(browser.get(path).get_json())) == []


def test_the_viewer_of_the_document_loads_only_our_own_files(client: FlaskClient) -> None:
    page = client.get("/api/docs?lang=en").get_data(as_text=True)

    assert "<title>FairZone interface for programs</title>" in page
    assert 'data-document="/api/openapi.json"' in page
    assert "https://" not in page
