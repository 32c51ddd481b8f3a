"""The organiser edits any exhibitor, by the exhibitor's own form and rules; others have no such page."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from server.features.exhibitors.queries import find_exhibitor
from server.features.exhibitors.schemas import CategoryIn, ExhibitorIn
from server.features.exhibitors.service import add_categories, add_exhibitors
from server.infra.audit import AuditFilter, list_entries
from server.infra.db import Database
from server.kernel.permissions import Role
from server.kernel.provenance import Provenance
from tests.support.people import csrf_token

CODE = "kapok"
TYPED = {
    "name_en": "Kapok Motion",
    "name_zh": "木棉动力",
    "city": "Foshan",
    "city_zh": "佛山",
    "profile_en": "Walks on stairs.",
    "profile_zh": "会爬楼梯。",
    "categories": "SR-1",
}


@pytest.fixture
def organiser(database: Database, login_as: Callable[[Role], FlaskClient]) -> FlaskClient:
    """The organiser's browser, in English, and one exhibitor."""
    names = {"name_en": "Service robot", "name_zh": "服务机器人", "name_de": "Serviceroboter", "scheme": "ISO 8373"}
    categories = [
        CategoryIn(code="SR", provenance=Provenance.FACT, **names),
        CategoryIn(code="SR-1", parent="SR", provenance=Provenance.FACT, **names),
    ]
    said: dict[str, Any] = {**TYPED, "name_en": "Kapok", "categories": ["SR-1"], "province": "Guangdong"}
    with database.write() as session:
        add_categories(session, categories)
        add_exhibitors(session, [ExhibitorIn(code=CODE, provenance=Provenance.INVENTED, **said)])
    browser = login_as(Role.ORGANISER)
    browser.get("/language?lang=en")
    return browser


def send(client: FlaskClient, **fields: str) -> TestResponse:
    form = {"csrf_token": csrf_token(client), "version": "1", **TYPED, **fields}
    return client.post(f"/exhibitors/{CODE}/edit", data=form)


def name_of(database: Database) -> str:
    with database.read() as session:
        found = find_exhibitor(session, CODE)
    assert found is not None
    return found.exhibitor.name_en


def test_the_form_shows_what_is_there_and_leads_to_booth_and_log(organiser: FlaskClient) -> None:
    page = organiser.get(f"/exhibitors/{CODE}/edit").get_data(as_text=True)

    assert "<h1>Edit Kapok</h1>" in page
    assert re.findall(r'name="name_zh"[^>]*value="([^"]*)"', page) == ["木棉动力"]
    assert 'href="/booths?only=vacant"' in page
    assert f'href="/audit?thing=exhibitor&amp;key={CODE}"' in page


def test_what_the_organiser_saves_is_there_and_in_the_log_under_the_organisers_name(
    organiser: FlaskClient, database: Database
) -> None:
    answer = send(organiser)

    assert (answer.status_code, answer.location) == (303, f"/exhibitors/{CODE}/edit?saved=yes")
    assert name_of(database) == "Kapok Motion"
    with database.read() as session:
        (entry,) = list_entries(session, AuditFilter(thing="exhibitor", key=CODE))
        assert (entry.who, entry.role, [(one.field, one.old, one.new) for one in entry.differences]) == (
            "Organiser",
            "organiser",
            [("name_en", "Kapok", "Kapok Motion")],
        )


def test_a_form_with_a_fault_names_it_and_keeps_everything_typed(organiser: FlaskClient, database: Database) -> None:
    answer = send(organiser, city="", profile_en="Dances on ropes.")

    page = answer.get_data(as_text=True)
    assert (answer.status_code, name_of(database)) == (422, "Kapok")
    assert 'href="#f-city"' in page
    assert "Dances on ropes." in page


def test_a_stale_form_tells_what_has_changed_and_keeps_everything_typed(
    organiser: FlaskClient, database: Database
) -> None:
    send(organiser)

    answer = send(organiser, name_en="Kapok Dance")

    page = answer.get_data(as_text=True)
    assert (answer.status_code, name_of(database)) == (412, "Kapok Motion")
    assert "Kapok → Kapok Motion" in re.sub(r"\s+", " ", page)
    assert re.findall(r'name="name_en"[^>]*value="([^"]*)"', page) == ["Kapok Dance"]


@pytest.mark.parametrize("role", [Role.VISITOR, Role.BUYER, Role.EXHIBITOR_ADMIN])
def test_nobody_else_has_the_page(organiser: FlaskClient, login_as: Callable[[Role], FlaskClient], role: Role) -> None:
    answer = login_as(role).get(f"/exhibitors/{CODE}/edit")

    assert organiser.get(f"/exhibitors/{CODE}/edit").status_code == 200
    assert answer.status_code == (401 if role is Role.VISITOR else 403)
