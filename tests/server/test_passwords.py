"""Whatever password is taken logs in again, by whichever door it came: pages, interface, command line."""

import re
import unicodedata
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from argon2 import PasswordHasher
from click.testing import CliRunner
from flask import Flask
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from server.commands.user import user
from server.features.accounts import service
from server.infra.db import Database
from tests.support.people import csrf_token

SPACED = st.builds(
    lambda before, middle, after: before + middle + after,
    st.sampled_from(["", " ", "  ", "\u3000", "\u00a0"]),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=6, max_size=24),
    st.sampled_from(["", " ", "   ", "\u2003", "e\u0301", "\u1112\u1161\u11ab"]),
)
TAKEN = (303, 201, 0)
REGISTRATION: dict[str, Any] = {
    "name": "Amal Haddad",
    "company": "Oasis Hotels",
    "country": "AE",
    "languages": ["ar"],
    "time_zone": "Asia/Dubai",
    "wants": ["AP52"],
    "consents": ["programme"],
}
numbers = count()


@pytest.fixture
def fair(fair_app: Flask, fair_database: Database, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The fair, with hashes that cost nothing, and commands that find its database."""
    monkeypatch.setattr(service, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    monkeypatch.setenv("DATABASE_URL", fair_database.url.render_as_string(hide_password=False))
    return fair_app


def by_page(fair: Flask, email: str, password: str) -> int:
    browser = fair.test_client()
    page = browser.get("/register").get_data(as_text=True)
    key = re.search(r'name="idempotency_key" value="([^"]*)"', page)
    hidden = {"csrf_token": csrf_token(browser), "idempotency_key": key.group(1) if key else ""}
    return browser.post("/register", data={**REGISTRATION, **hidden, "email": email, "password": password}).status_code


def by_interface(fair: Flask, email: str, password: str) -> int:
    body = {**REGISTRATION, "email": email, "password": password}
    answer = fair.test_client().post("/api/v1/buyers", json=body, headers={"Authorization": "Bearer nobody-yet"})
    return answer.status_code


def by_command(_fair: Flask, email: str, password: str) -> int:
    words = ["add", email, "--role", "official", f"--password={password}"]
    return CliRunner().invoke(user, words).exit_code


def by_prompt(_fair: Flask, email: str, password: str) -> int:
    words = ["add", email, "--role", "official"]
    return CliRunner().invoke(user, words, input=f"{password}\n{password}\n").exit_code


def by_new_password(_fair: Flask, email: str, password: str) -> int:
    CliRunner().invoke(user, ["add", email, "--role", "official", "--password=quiet bamboo harbour"])
    return CliRunner().invoke(user, ["password", email, f"--password={password}"]).exit_code


@pytest.mark.parametrize("door", [by_page, by_interface, by_command, by_prompt, by_new_password])
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(password=SPACED)
@example(password="space at its end ")
@example(password=" space before")
@example(password="cafe\u0301 au lait")
@example(password=unicodedata.normalize("NFD", "한글 비밀번호 열쇠"))
@pytest.mark.slow
def test_whatever_password_is_taken_logs_in(fair: Flask, door: Callable[[Flask, str, str], int], password: str) -> None:
    email = f"person{next(numbers)}@oasis.example"

    if door(fair, email, password) not in TAKEN:
        return  # too easily guessed, or too short

    for typed in (password, unicodedata.normalize("NFD", password), unicodedata.normalize("NFC", password)):
        assert logged_in(fair, email, typed)
    assert not logged_in(fair, email, f"{password} ")


def logged_in(fair: Flask, username: str, password: str) -> bool:
    browser = fair.test_client()
    form = {"csrf_token": csrf_token(browser), "username": username, "password": password}
    return browser.post("/login", data=form).status_code == 303


@pytest.mark.parametrize("password", ["password1", "amalhaddad1", "oasis-hotels", "11111111", "qwertyuiop"])
def test_a_password_that_anybody_guesses_is_refused_at_every_door(fair: Flask, password: str) -> None:
    refused = [door(fair, "amal@oasis.example", password) for door in (by_page, by_interface, by_command)]

    assert refused[:2] == [422, 422]
    assert refused[2] != 0 or "amal" in password or "oasis" in password


def test_the_page_says_why_a_password_is_too_weak(fair: Flask) -> None:
    browser = fair.test_client()
    form = {**REGISTRATION, "csrf_token": csrf_token(browser), "password": "amalhaddad1"}

    page = browser.post("/register?lang=en", data=form).get_data(as_text=True)

    assert "This is your own name, user name, company or address." in page
    assert "amalhaddad1" not in page
