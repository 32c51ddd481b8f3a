"""Every page, in both languages: it answers, has a title and one heading, and names its language."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import select

from server.app import create_app
from server.demo.fair import load_demo_fair
from server.features.accounts.models import Account
from server.features.buyers.models import Buyer
from server.features.enrolment.rules.credentials import CredentialPurpose
from server.features.enrolment.service import issue, issue_bridge
from server.features.timetable.schemas import DayIn
from server.features.timetable.service import add_days
from server.infra.db import Database
from server.infra.identity import SYSTEM
from server.infra.web.guard import action_of
from server.kernel.permissions import Role, may
from server.kernel.provenance import Provenance
from server.settings import Settings
from tests.conftest import NOON
from tests.support.clock import FixedClock
from tests.support.zone import make_zone

SAMPLES = {
    "secret": "nobodys",
    "username": "buyer",
    "notice": "77",
    "number": "D19.2C05",
    "code": "nanling",
    "demo": "d2-19",
    "product": "walker-h",
    "person": "yuan-qiuyue",
    "robot": "edu-2",
    "purpose": "fair",
    "change": "revoke",
    "bridge": "booth-pc",
}
READERS = (Role.ORGANISER, Role.EXHIBITOR_ADMIN, Role.BUYER)
"""Who looks at a page: the first of them who may."""
MOST_QUERIES = 12
LISTS = (
    "/",
    "/wall",
    "/exhibitors",
    "/exhibitors/nanling",
    "/search?q=robot",
    "/booths",
    "/timetable",
    "/timetable?day=all",
    "/robots",
)
NO_PAGES = ("/account/data", "/api", "/static", "/live", "/health", "/language", "/downloads/")
OWN_THINGS = ("/meetings/", "/me/needs/<")
"""Pages of one person's own things, which their own tests make first."""


class Outline(HTMLParser):
    """What a page says about itself."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.language = ""
        self.headings = 0
        self.title = ""
        self.inline: list[str] = []
        self._inside = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the language, the first headings, and what the content security policy would refuse."""
        named = dict(attrs)
        self.language = named.get("lang") or "" if tag == "html" else self.language
        self.headings += tag == "h1"
        self._inside = tag
        refused = [name for name in named if name == "style" or name.startswith("on")]
        bare_script = tag == "script" and "src" not in named and named.get("type") != "application/json"
        self.inline += refused + ([tag] if bare_script or tag == "style" else [])

    def handle_data(self, data: str) -> None:
        """Keep the page's title; an SVG's comes later and is not it."""
        if self._inside == "title" and not self.title:
            self.title = data.strip()


def places(app: Flask) -> dict[str, Role]:
    """The address of every page, with samples where it has placeholders, and who looks at it."""
    found = {}
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and not rule.rule.startswith(NO_PAGES + OWN_THINGS):
            action = str(action_of(app, rule.endpoint))
            found[with_samples(rule.rule)] = next(role for role in READERS if may(role, action))
    return dict(sorted(found.items()))


def with_samples(rule: str) -> str:
    """The rule with its placeholders filled in; one that has no sample stays, and no page is found there."""
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: SAMPLES.get(found[1], found[0]), rule)


@pytest.fixture
def readers(database: Database, login_as: Callable[[Role], FlaskClient]) -> dict[Role, FlaskClient]:
    """The browsers of those who look, at the demo fair."""
    load_demo_fair(database, NOON)
    browsers = {role: login_as(role) for role in READERS}
    with database.write() as session:
        account = session.exec(select(Account).where(Account.role == Role.BUYER)).one()
        account.buyer_id = session.exec(select(Buyer.id).where(Buyer.code == "b001")).one()
        issue(session, SYSTEM, "nanling/edu-2", CredentialPurpose.FAIR, NOON)
        issue_bridge(session, SYSTEM, "nanling", SAMPLES["bridge"], NOON)
    return browsers


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_every_page_has_a_title_one_heading_and_its_language(
    app: Flask, readers: dict[Role, FlaskClient], language: str
) -> None:
    wrong = []
    for place, role in places(app).items():
        response = readers[role].get(f"{place}?lang={language}")
        page = Outline(response.get_data(as_text=True))
        # A screen shows both languages at once, and says that the first is Chinese.
        expected = "zh-Hans" if place.startswith(("/screen/", "/wall")) else language
        # No link to set a password anew is known to a test: its page says so, and is a page like the others.
        status = 404 if place.startswith("/reset/") else 200
        found = (response.status_code, bool(page.title), page.headings, page.language, page.inline)
        if found != (status, True, 1, expected, []):
            wrong.append((place, found))

    assert wrong == []


EVERYBODY = (Role.VISITOR, Role.BUYER, Role.EXHIBITOR_ADMIN, Role.EXHIBITOR_STAFF, Role.ORGANISER, Role.OFFICIAL)
NO_CONTROLS = ("/wall", "/screen/")
"""Pages for a hall's screen, which nobody touches."""


class Ways(HTMLParser):
    """The ways on from a page: what can be pressed in its main part."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self._main = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note every link and button of the main part."""
        self._main = self._main or tag == "main"
        if self._main and tag in {"a", "button"}:
            self.found.append(dict(attrs).get("href") or tag)

    def handle_endtag(self, tag: str) -> None:
        """The main part ends."""
        self._main = self._main and tag != "main"


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "zh-Hans"])
@pytest.mark.parametrize("role", EVERYBODY)
def test_every_page_of_an_empty_installation_says_what_to_do_next(
    app: Flask, login_as: Callable[[Role], FlaskClient], role: Role, language: str
) -> None:
    browser, wrong = login_as(role), []
    rules = [rule.rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]

    for place in sorted(with_samples(rule) for rule in rules if not rule.startswith(NO_PAGES)):
        response = browser.get(f"{place}?lang={language}", follow_redirects=True)
        text = response.get_data(as_text=True)
        ways = Ways(text).found or (
            ["none needed"] if place.startswith(NO_CONTROLS) and response.status_code == 200 else []
        )
        if response.status_code not in {200, 401, 403, 404} or not ways or "fairzone seed" in text:
            wrong.append((place, response.status_code, ways))

    assert wrong == []


@pytest.mark.parametrize("place", ["/", "/booths", "/exhibitors", "/robots", "/timetable"])
@pytest.mark.parametrize(
    ("role", "way"),
    [
        (Role.VISITOR, "/register"),
        (Role.BUYER, "/me/needs/new"),
        (Role.EXHIBITOR_STAFF, "/check"),
        (Role.ORGANISER, "/today#setup"),
        (Role.OFFICIAL, "/exhibitors"),
    ],
)
def test_what_is_not_there_yet_leads_each_reader_on(
    login_as: Callable[[Role], FlaskClient], place: str, role: Role, way: str
) -> None:
    page = login_as(role).get(f"{place}?lang=en").get_data(as_text=True)

    # An exhibitor's account makes its exhibitor: that list is not empty then.
    if not (place == "/exhibitors" and role is Role.EXHIBITOR_STAFF):
        assert f'<a class="btn btn-primary" href="{way}">' in page


def test_the_organisers_dashboard_lists_what_an_empty_installation_lacks(
    login_as: Callable[[Role], FlaskClient], fair_database: Database, settings: Settings, clock: FixedClock
) -> None:
    page = login_as(Role.ORGANISER).get("/today?lang=en").get_data(as_text=True)

    assert re.findall(r'id="setup-(\w+)"', page) == ["plan", "days", "robots"]
    assert page.count(">Missing<") == 3
    assert "setup" not in create_app(settings, fair_database, clock).test_client().get("/?lang=en").get_data(
        as_text=True
    )


def test_the_landing_page_says_which_fair_where_when_for_whom_and_what_to_do_first(
    settings: Settings, fair_database: Database, clock: FixedClock
) -> None:
    named = replace(settings, fair_name=("Robot Fair", "机器人展"), fair_place=("Guangzhou", "广州"))
    visitor = create_app(named, fair_database, clock).test_client()

    english, chinese = (visitor.get(f"/?lang={tag}").get_data(as_text=True) for tag in ("en", "zh-Hans"))

    for words in (
        "Robot Fair",
        "Hall 19.2, service-robot zone · Guangzhou",
        'href="/register">Buyers: register',
        'href="/login">Exhibitors: log in',
    ):
        assert words in english
    assert [
        words
        for words in ("机器人展", "19.2馆 服务机器人专区 · 广州", "采购商登记", "参展商登录")
        if words not in chinese
    ] == []
    assert re.search(r"April 15, 2026 to .*April 19, 2026", english)
    assert "welcome" not in visitor.get("/?q=D19.2C05").get_data(as_text=True)


def costs(app: Flask, database: Database) -> dict[str, int]:
    """How many statements each list page runs for a visitor, once warm."""
    browser = app.test_client()
    found = {}
    for place in LISTS:
        assert browser.get(place).status_code == 200
        with database.count_statements() as count:
            browser.get(place)
        found[place] = sum(not statement.startswith("BEGIN") for statement in count.statements)
    return found


@pytest.mark.slow
def test_a_page_runs_the_same_few_queries_for_one_row_and_for_many(
    app: Flask, database: Database, settings: Settings, fair_database: Database, clock: FixedClock
) -> None:
    make_zone(database)
    day = DayIn(date=NOON.date(), opens_at=NOON, closes_at=NOON + timedelta(hours=9), provenance=Provenance.DERIVED)
    with database.write() as session:
        add_days(session, [day])

    small = costs(app, database)
    whole = costs(create_app(settings, fair_database, clock), fair_database)

    assert small == whole
    assert max(whole.values()) <= MOST_QUERIES
