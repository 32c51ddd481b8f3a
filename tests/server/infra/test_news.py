"""Hints reach those whose affairs have changed, and tell nobody what has changed."""

import pytest
from flask import Flask

from server.infra.db import Database
from server.infra.identity import Audience, Identity
from server.infra.livetopic import LiveScope
from server.infra.news import NEWS, ORGANISER, announce_news, names_of
from server.kernel.permissions import Role
from tests.conftest import NOON
from tests.support.people import enter, make_account
from tests.support.site import running_site

BUYER = Identity(role=Role.BUYER, account_id=7, buyer_id=3)
STAFF = Identity(role=Role.EXHIBITOR_STAFF, account_id=8, exhibitor="nanling", exhibitor_id=12)
CHIEF = Identity(role=Role.ORGANISER, account_id=9)


@pytest.mark.parametrize(
    ("readers", "told"),
    [
        (["account:7"], {"buyer"}),
        (["exhibitor:nanling"], {"staff"}),
        (["exhibitor-id:12", "buyer-id:3"], {"staff", "buyer"}),
        (["exhibitor:nan", "account:70", "buyer-id:33"], set()),
        ([ORGANISER], {"organiser"}),
    ],
)
def test_each_is_told_of_what_is_their_own(readers: list[str], told: set[str]) -> None:
    people = {"buyer": BUYER, "staff": STAFF, "organiser": CHIEF}
    payload = {"about": "meetings", "readers": readers}

    found = {name for name, who in people.items() if NEWS.matches(payload, LiveScope("own", names_of(who)))}

    assert found == told


@pytest.mark.parametrize(
    ("readers", "audience", "told"),
    [
        ([ORGANISER], Audience(sees_all=True), {"about": "changes"}),
        ([ORGANISER], Audience(), None),
        ([ORGANISER], Audience(exhibitor="nanling"), None),
    ],
)
def test_of_the_zones_listeners_the_organiser_alone_is_told(
    readers: list[str], audience: Audience, told: dict[str, str] | None
) -> None:
    assert NEWS.told({"about": "changes", "readers": readers}, audience, NOON) == told


def test_what_is_a_readers_own_does_not_depend_on_the_address(app: Flask, database: Database) -> None:
    account_id = make_account(database, Role.BUYER, NOON)
    browser = app.test_client()
    enter(browser, account_id)
    cookie = browser.get_cookie("fairzone_session")
    with running_site(app, [NEWS]) as site:
        stranger = site.request("GET", "/live?own=1")[0]
        stream = site.listen("own=organiser", cookie=f"fairzone_session={cookie.value if cookie else ''}")
        stream.next_of_change()
        with database.write() as session:
            announce_news(session, "changes", ORGANISER)
            announce_news(session, "inbox", f"account:{account_id}")
        told = stream.next_of_change()

    assert (stranger, told.name, told.data) == (401, "news", {"about": "inbox"})
