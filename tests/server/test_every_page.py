"""Every page, in both languages: it answers, has a title and one heading, and names its language."""

from collections.abc import Callable
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.app import create_app
from server.demo_fair import load_demo_fair
from server.features.timetable.schemas import DayIn
from server.features.timetable.service import add_days
from server.infra.db import Database
from server.kernel.clock import FixedClock
from server.kernel.permissions import Role
from server.kernel.provenance import Provenance
from server.settings import Settings
from tests.conftest import NOON
from tests.support.zone import make_zone

SAMPLES = {"number": "D19.2C05", "code": "nanling"}
MOST_QUERIES = 12
LISTS = ("/", "/exhibitors", "/exhibitors/nanling", "/booths", "/timetable", "/robots")
NO_PAGES = ("/api", "/static", "/live", "/health", "/language")


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


def places(app: Flask) -> list[str]:
    """The address of every page, with samples where it has placeholders."""
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    pages = [rule.rule for rule in rules if not rule.rule.startswith(NO_PAGES)]
    return sorted({page.replace("<number>", SAMPLES["number"]).replace("<code>", SAMPLES["code"]) for page in pages})


@pytest.fixture
def organiser(database: Database, login_as: Callable[[Role], FlaskClient]) -> FlaskClient:
    """The organiser's browser, at the demo fair."""
    load_demo_fair(database, NOON)
    return login_as(Role.ORGANISER)


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_every_page_has_a_title_one_heading_and_its_language(app: Flask, organiser: FlaskClient, language: str) -> None:
    wrong = []
    for place in places(app):
        response = organiser.get(f"{place}?lang={language}")
        page = Outline(response.get_data(as_text=True))
        # A screen shows both languages at once, and says that the first is Chinese.
        expected = "zh-Hans" if place.startswith("/screen/") else language
        found = (response.status_code, bool(page.title), page.headings, page.language, page.inline)
        if found != (200, True, 1, expected, []):
            wrong.append((place, found))

    assert wrong == []


def test_the_pages_of_an_empty_fair_say_what_to_do(app: Flask, login_as: Callable[[Role], FlaskClient]) -> None:
    browser = login_as(Role.ORGANISER)
    plain = [place for place in places(app) if not set(SAMPLES.values()) & set(place.split("/"))]

    answers = {place: browser.get(place).status_code for place in plain}

    assert answers == dict.fromkeys(plain, 200)
    assert "fairzone seed" in browser.get("/?lang=en").get_data(as_text=True)


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
