"""A request's Host decides nothing: no link, no QR code, no redirect; and a foreign one is refused."""

import re
from dataclasses import replace

import pytest
from flask import Flask

from server.app import create_app
from server.features.accounts.service import set_token
from server.infra.db import Database
from server.infra.web.address import is_known, url_of
from server.settings import Settings
from tests.support.buyers import GERMAN, buyer_account
from tests.support.clock import FixedClock
from tests.support.zone import make_zone

PUBLIC = "https://zone.example"
EVIL = "evil.example"
HERE = "http://127.0.0.1:8460"
ANYWHERE = ("/", "/login", "/health", "/api/v1/exhibitors", "/static/0/css/tokens.css", "/nowhere")
OURS = ("zone.example", "zone.example:443", "ZONE.example", "127.0.0.1:8460", "localhost", "[::1]:1")
FOREIGN = (EVIL, "zone.example.evil.example", "", "[", "zone.example@evil.example", "10.0.0.9", "a b")
READ = ("/", "/login", "/register", "/screen/D19.2C05", "/exhibitors/nanling", "//evil.example/x", "/api/docs")


@pytest.fixture
def public(settings: Settings, database: Database, clock: FixedClock) -> Flask:
    """The application of an installation with a public address, behind one proxy."""
    return create_app(replace(settings, public_url=PUBLIC, trusted_proxies=1), database, clock)


@pytest.mark.parametrize("path", ANYWHERE)
def test_a_foreign_host_is_refused_with_the_right_address(public: Flask, path: str) -> None:
    response = public.test_client().get(path, headers={"Host": EVIL, "Accept-Language": "en"})

    assert response.status_code == 421
    assert PUBLIC in response.get_data(as_text=True)
    assert EVIL not in response.get_data(as_text=True)


def test_a_host_that_the_trusted_proxy_passes_on_counts_and_no_other(public: Flask) -> None:
    browser = public.test_client()

    assert browser.get("/login", headers={"X-Forwarded-Host": EVIL}).status_code == 421
    assert browser.get("/login", headers={"X-Forwarded-Host": "zone.example"}).status_code == 200


@pytest.mark.parametrize("host", OURS)
def test_the_public_address_and_the_machines_own_are_known(settings: Settings, host: str) -> None:
    assert is_known(host, replace(settings, public_url=PUBLIC))


@pytest.mark.parametrize("host", FOREIGN)
def test_nothing_else_is_known(settings: Settings, host: str) -> None:
    assert not is_known(host, replace(settings, public_url=PUBLIC))


def test_who_listens_on_every_address_is_found_by_each(settings: Settings) -> None:
    everywhere = replace(settings, public_url=PUBLIC, host="0.0.0.0")  # noqa: S104 - nothing listens

    assert is_known("10.0.0.9:8460", everywhere)
    assert not is_known(EVIL, everywhere)


@pytest.mark.parametrize(
    ("changes", "address"),
    [
        ({"public_url": PUBLIC}, PUBLIC),
        ({}, "http://127.0.0.1:8460"),
        ({"host": "10.0.0.9", "port": 80}, "http://10.0.0.9:80"),
        ({"host": "fd00::1"}, "http://[fd00::1]:8460"),
    ],
)
def test_links_lead_to_the_public_address_or_to_where_the_house_listens(
    settings: Settings, changes: dict[str, str], address: str
) -> None:
    assert url_of(replace(settings, **changes)) == address  # type: ignore[arg-type]  # by name


def test_no_page_tells_the_host_of_its_request(app: Flask, database: Database) -> None:
    make_zone(database)
    visitor = app.test_client()

    for path in (
        "/",
        "/login",
        "/register",
        "/screen/D19.2C05",
        "/exhibitors/nanling",
        "//evil.example/x",
        "/api/docs",
    ):
        response = visitor.get(path, headers={"Host": EVIL})
        told = response.get_data(as_text=True) + str(response.headers)

        assert EVIL not in told.replace("//evil.example/x", ""), path


def test_the_code_that_leads_to_the_log_in_names_the_house_whatever_the_request_says(
    fair_database: Database, settings: Settings, clock: FixedClock
) -> None:
    buyer_account(fair_database)
    with fair_database.write() as session:
        set_token(session, f"person.{GERMAN}", "a-token-of-this-test")
    browser = create_app(settings, fair_database, clock).test_client()

    page = browser.get("/me", headers={"Host": EVIL, "Authorization": "Bearer a-token-of-this-test"})

    assert re.findall(r'class="qr"><title>([^<]*)</title>', page.get_data(as_text=True)) == [f"{HERE}/login"]
