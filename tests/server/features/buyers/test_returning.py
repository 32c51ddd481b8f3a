"""The way back: whoever has to log in or register first arrives where they wanted to go, and never elsewhere."""

import re
from html import unescape

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

from server.features.accounts import service
from server.infra.db import Database
from server.infra.web.returning import entry, own_path
from server.kernel.permissions import Role
from tests.conftest import NOON
from tests.support.people import PASSWORD, csrf_token, make_account, make_exhibitor

WANTED = "/exhibitors/nanling/meet?day=2&minutes=45"
NEXT = "next=%2Fexhibitors%2Fnanling%2Fmeet%3Fday%3D2%26minutes%3D45"
TYPED = {
    "name": "João Prado",
    "company": "Rede Hospitais Aurora",
    "country": "BR",
    "time_zone": "America/Sao_Paulo",
    "wants": ["AP52"],
    "password": "a-long-enough-one",
    "consents": ["programme"],
}
ELSEWHERE = [
    "https://evil.example/",
    "//evil.example",
    "/\\evil.example",
    "/\t/evil.example",
    "/a\r\nSet-Cookie: b",
    "evil",
    "javascript:alert(1)",
    "/" + "a" * 3000,
    "",
]


def addresses(page: str, path: str) -> set[str]:
    """Every address of a page that leads to `path`, by link or by form."""
    found = re.findall(r'(?:href|action)="([^"]+)"', page)
    return {unescape(one) for one in found if unescape(one).partition("?")[0] == path}


def test_a_page_that_asks_to_log_in_leads_back_by_either_way(client: FlaskClient, database: Database) -> None:
    make_exhibitor(database)

    page = client.get(WANTED)

    words = page.get_data(as_text=True)
    assert page.status_code == 401
    assert addresses(words, "/login") == {f"/login?{NEXT}"}
    assert addresses(words, "/register") == {f"/register?{NEXT}"}


@pytest.mark.parametrize("start", ["/login", "/register"])
def test_whoever_changes_their_mind_between_the_two_or_the_language_keeps_the_way(
    client: FlaskClient, start: str
) -> None:
    page = client.get(f"{start}?{NEXT}").get_data(as_text=True)
    (language,) = addresses(page, "/language")

    switched = client.get(language)
    again = client.get(switched.location).get_data(as_text=True)

    for words in (page, again):
        assert addresses(words, "/login") == {f"/login?{NEXT}"}
        assert addresses(words, "/register") == {f"/register?{NEXT}"}


def test_faults_in_the_registration_keep_the_way_and_then_it_leads_there(fair_client: FlaskClient) -> None:
    client = fair_client
    refused = client.post(f"/register?{NEXT}", data={"csrf_token": csrf_token(client), **TYPED, "company": ""})
    words = refused.get_data(as_text=True)

    (address,) = addresses(words, "/register")
    (language,) = addresses(words, "/language")
    taken = client.post(address, data={"csrf_token": csrf_token(client), **TYPED})

    assert refused.status_code == 422
    assert "Rede" not in language
    assert NEXT in unescape(client.get(language).location)
    assert (taken.status_code, taken.location) == (303, WANTED)
    assert client.get("/register?" + NEXT).location == WANTED


def test_a_wrong_password_keeps_the_way_in_every_link(client: FlaskClient, database: Database) -> None:
    make_account(database, Role.ORGANISER, NOON, password=PASSWORD)
    typed = {"csrf_token": csrf_token(client), "username": "organiser", "password": "wrong"}

    words = client.post(f"/login?{NEXT}", data=typed).get_data(as_text=True)
    (language,) = addresses(words, "/language")
    (address,) = addresses(words, "/login")
    there = client.post(address, data={**typed, "csrf_token": csrf_token(client), "password": PASSWORD})

    assert addresses(words, "/register") == {f"/register?{NEXT}"}
    assert client.get(language).location == f"/login?{NEXT}"
    assert there.location == WANTED


def test_an_address_that_is_taken_leads_to_the_log_in_with_the_way_and_the_name(fair_client: FlaskClient) -> None:
    client = fair_client
    typed = {**TYPED, "email": "joao@aurora.example"}
    client.post("/register", data={"csrf_token": csrf_token(client), **typed})
    other = client.application.test_client()

    words = other.post(f"/register?{NEXT}", data={"csrf_token": csrf_token(other), **typed}).get_data(as_text=True)

    assert f"/login?user=joao%40aurora.example&{NEXT}" in addresses(words, "/login")


def test_a_visitor_at_an_exhibitor_is_led_to_its_free_times(client: FlaskClient, database: Database) -> None:
    make_exhibitor(database)

    words = client.get("/exhibitors/nanling").get_data(as_text=True)

    assert "/register?next=%2Fexhibitors%2Fnanling%2Fmeet" in addresses(words, "/register")


@pytest.mark.parametrize("target", ELSEWHERE)
def test_registering_never_leads_to_another_site(fair_client: FlaskClient, target: str) -> None:
    typed = {"csrf_token": csrf_token(fair_client), **TYPED, "next": target}

    assert fair_client.post("/register", data=typed).location == "/matches?welcome=1"
    assert own_path(target) == "/"


def test_nobody_is_led_back_to_the_way_in(app: Flask) -> None:
    with app.test_request_context("/login?next=/register"):
        assert entry("/login") == "/login"
    with app.test_request_context("/register?next=/login?next=/booths"):
        assert entry("/login") == "/login"


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """argon2 at its cheapest: its price is its purpose, and no test's."""
    monkeypatch.setattr(service, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
