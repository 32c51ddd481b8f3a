"""The language of a page: who decides, and in which order."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from server.features.accounts.models import Account
from server.infra.db import Database
from server.kernel.permissions import Role


def language_of(client: FlaskClient, address: str = "/login", **headers: str) -> str:
    page = client.get(address, headers=headers).get_data(as_text=True)
    return page.split('<html lang="')[1].split('"')[0]


@pytest.mark.parametrize(
    ("wanted", "shown"),
    [
        ("", "zh-Hans"),
        ("zh-CN,zh;q=0.9", "zh-Hans"),
        ("zh-TW", "zh-Hans"),
        ("en-GB,en;q=0.9,zh;q=0.5", "en"),
        ("xx-YY, en;q=0.3", "en"),
        ("xx", "en"),
        ("de-DE,de;q=0.9", "en"),
        ("*", "zh-Hans"),
    ],
)
def test_the_browser_names_a_preference(client: FlaskClient, wanted: str, shown: str) -> None:
    headers = {"Accept-Language": wanted} if wanted else {}

    assert language_of(client, **headers) == shown


def test_the_address_decides_before_the_browser(client: FlaskClient) -> None:
    assert language_of(client, "/login?lang=en", **{"Accept-Language": "zh-CN"}) == "en"


def test_a_choice_is_kept_and_leads_back_to_the_page(client: FlaskClient) -> None:
    response = client.get("/language?lang=en&next=/login?next=/booths")

    assert (response.status_code, response.location) == (303, "/login?next=/booths")
    assert language_of(client) == "en"


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_a_choice_never_leads_to_another_site(client: FlaskClient, target: str) -> None:
    assert client.get("/language", query_string={"lang": "en", "next": target}).location == "/"


def test_an_unknown_language_is_not_kept(client: FlaskClient) -> None:
    client.get("/language?lang=tlh")

    assert language_of(client) == "zh-Hans"


def test_an_account_has_its_language(database: Database, login_as: Callable[[Role], FlaskClient]) -> None:
    browser = login_as(Role.BUYER)
    with database.write() as session:
        account = session.get(Account, 1)
        assert account is not None
        account.locale = "en"

    assert language_of(browser, **{"Accept-Language": "zh-CN"}) == "en"


def test_a_person_who_is_logged_in_chooses_for_the_mails_too(
    database: Database, login_as: Callable[[Role], FlaskClient]
) -> None:
    browser = login_as(Role.BUYER)

    browser.get("/language?lang=en")
    browser.get("/language?lang=zh-Hans", headers={"Sec-Fetch-Site": "cross-site"})
    browser.get("/language?lang=tlh")

    with database.read() as session:
        assert session.get_one(Account, 1).locale == "en"
