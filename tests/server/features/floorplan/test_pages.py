"""The organiser gives booths away and takes them back; every refusal says why, and nothing typed is lost."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from server.features.floorplan.queries import booth_uses, find_booth, list_booths
from server.features.reservations.service import release
from server.infra.db import Database
from server.kernel.permissions import Role
from tests.conftest import NOON
from tests.support.people import bearer_of, csrf_token, enter, make_account

TAKEN, OWNER = "D19.2C05", "nanling"


@pytest.fixture
def browser(fair_app: Flask, fair_database: Database) -> Callable[[Role], FlaskClient]:
    """A function that gives the browser of somebody in a role."""

    def log_in(role: Role) -> FlaskClient:
        opened = fair_app.test_client()
        opened.get("/language?lang=en")
        if role is not Role.VISITOR:
            enter(opened, make_account(fair_database, role, NOON))
        return opened

    return log_in


@pytest.fixture
def organiser(browser: Callable[[Role], FlaskClient]) -> FlaskClient:
    """The organiser's browser."""
    return browser(Role.ORGANISER)


@pytest.fixture
def vacant(fair_database: Database) -> str:
    """A booth that nobody has."""
    with fair_database.read() as session:
        return list_booths(session, free=True)[0].number


def occupant(database: Database, number: str) -> str | None:
    with database.read() as session:
        found = find_booth(session, number)
    assert found is not None
    return found.occupant.code if found.occupant else None


def text_of(response: TestResponse) -> str:
    """What a person reads, without the marks."""
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.get_data(as_text=True))))


def send(client: FlaskClient, number: str, act: str, **fields: str) -> TestResponse:
    form = {"csrf_token": csrf_token(client), "version": "1", **fields}
    return client.post(f"/booths/{number}/{act}", data=form)


def nothing_reserved(database: Database, number: str) -> None:
    with database.write() as session:
        uses = booth_uses(session, number, NOON - timedelta(days=9))
        release(session, *(f"{use.kind}:{use.key}" for use in uses))


def test_every_booth_is_a_link_with_a_name_on_the_plan_and_stands_in_the_list(organiser: FlaskClient) -> None:
    page = organiser.get("/booths").get_data(as_text=True)

    drawn = re.findall(r'<a class="booth[^>]*href="/booths/([^"]+)"[^>]*aria-label="([^"]+)"', page)
    listed = re.findall(r'<a class="pick" href="/booths/([^"]+)"', page)
    assert len(drawn) == 70
    assert [number for number, _ in drawn] == listed
    assert dict(drawn)[TAKEN] == "D19.2C05, Nanling Walker Robotics, Raw space"


def test_a_booth_is_given_away_from_its_panel(organiser: FlaskClient, fair_database: Database, vacant: str) -> None:
    answer = send(organiser, vacant, "assign", exhibitor=OWNER)
    page = organiser.get(answer.location)

    assert (answer.status_code, occupant(fair_database, vacant)) == (303, OWNER)
    assert f"Booth {vacant} is assigned to Nanling Walker Robotics." in text_of(page)


def test_a_booth_that_somebody_took_meanwhile_is_refused_by_name_with_vacant_ones_near_it(
    organiser: FlaskClient, fair_database: Database
) -> None:
    answer = send(organiser, TAKEN, "assign", exhibitor="egret")

    words = text_of(answer)
    assert (answer.status_code, occupant(fair_database, TAKEN)) == (409, OWNER)
    assert "Booth D19.2C05 belongs to Nanling Walker Robotics" in words
    # The choice goes along to the nearest booths that are vacant.
    assert len(re.findall(r'href="/booths/D19\.2[A-E]\d\d\?exhibitor=egret"', answer.get_data(as_text=True))) == 3


def test_a_form_without_an_exhibitor_says_what_is_missing_and_keeps_the_search(
    organiser: FlaskClient, vacant: str
) -> None:
    answer = send(organiser, vacant, "assign", exhibitor="", who="Egret")

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'href="#f-exhibitor"' in page
    assert 'name="who" value="Egret"' in page


def test_a_search_leaves_the_exhibitors_whose_name_has_it(organiser: FlaskClient, vacant: str) -> None:
    page = organiser.get(f"/booths/{vacant}?who=Egret").get_data(as_text=True)
    nobody = text_of(organiser.get(f"/booths/{vacant}?who=xyzzy"))

    assert re.findall(r'<option value="([a-z-]+)"', page.partition('id="candidates"')[2]) == ["egret"]
    assert "No exhibitor of that name." in nobody


def test_taking_a_booth_back_asks_first(organiser: FlaskClient, fair_database: Database) -> None:
    nothing_reserved(fair_database, TAKEN)

    question = text_of(organiser.get(f"/booths/{TAKEN}/vacate"))
    answer = send(organiser, TAKEN, "vacate")

    assert "Vacate booth D19.2C05, which Nanling Walker Robotics has?" in question
    assert (answer.status_code, occupant(fair_database, TAKEN)) == (303, None)
    assert "Booth D19.2C05 is vacant." in text_of(organiser.get(answer.location))


def test_a_booth_in_use_is_not_taken_back_and_the_page_lists_what_is_reserved(
    organiser: FlaskClient, fair_database: Database
) -> None:
    with fair_database.read() as session:
        uses = booth_uses(session, TAKEN, NOON)

    answer = send(organiser, TAKEN, "vacate")

    words = text_of(answer)
    assert (answer.status_code, occupant(fair_database, TAKEN)) == (409, OWNER)
    assert "This booth is in use" in words
    assert uses
    assert all(use.name_en in words for use in uses[:20])
    assert [f"Demo: {use.name_en}" in words for use in uses if use.kind == "demo"][:1] == [True]


def test_a_stale_form_says_what_has_changed_and_can_be_sent_again(
    organiser: FlaskClient, fair_database: Database, vacant: str
) -> None:
    send(organiser, vacant, "assign", exhibitor="egret")
    send(organiser, vacant, "vacate", version="2")

    refused = send(organiser, vacant, "assign", exhibitor=OWNER)

    page = refused.get_data(as_text=True)
    assert refused.status_code == 412
    assert f'<option value="{OWNER}" selected>' in page
    assert re.findall(r'name="version" value="(\d+)"', page) == ["3"]
    assert send(organiser, vacant, "assign", exhibitor=OWNER, version="3").status_code == 303
    assert occupant(fair_database, vacant) == OWNER


def test_the_script_gets_the_panel_alone_and_the_browsers_history_the_whole_page(organiser: FlaskClient) -> None:
    panel = organiser.get(f"/booths/{TAKEN}", headers={"HX-Request": "true"})
    whole = organiser.get(f"/booths/{TAKEN}", headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})

    assert panel.get_data(as_text=True).lstrip().startswith('<section id="panel"')
    assert "<!doctype html>" in whole.get_data(as_text=True)
    assert "HX-Request" in panel.headers["Vary"]


@pytest.mark.parametrize("role", [Role.VISITOR, Role.BUYER, Role.EXHIBITOR_ADMIN])
def test_others_see_the_booths_without_a_way_to_change_them(
    browser: Callable[[Role], FlaskClient], vacant: str, role: Role
) -> None:
    page = browser(role).get(f"/booths/{vacant}").get_data(as_text=True)

    assert f"Booth {vacant}" in page
    assert "<select" in page.partition('class="floor"')[0]
    assert "<form" not in page.partition('class="floor"')[2].partition("<dialog")[0]


def test_an_unknown_booth_has_no_page(organiser: FlaskClient) -> None:
    assert organiser.get("/booths/D19.2Z99").status_code == 404


def test_the_page_costs_the_same_with_and_without_a_chosen_booth_in_use(
    organiser: FlaskClient, fair_database: Database, vacant: str
) -> None:
    costs = []
    for address in (f"/booths/{vacant}", f"/booths/{TAKEN}"):
        organiser.get(address)
        with fair_database.count_statements() as count:
            organiser.get(address)
        costs.append(sum(not statement.startswith("BEGIN") for statement in count.statements))

    assert costs[0] == costs[1] <= 12


def test_programs_give_and_take_with_if_match(fair_app: Flask, fair_database: Database, vacant: str) -> None:
    nothing_reserved(fair_database, TAKEN)
    bearer, client = bearer_of(fair_database, Role.ORGANISER), fair_app.test_client()
    place = f"/api/v1/booths/{vacant}/assignment"

    bare = client.put(place, json={"exhibitor": OWNER}, headers=bearer)
    given = client.put(place, json={"exhibitor": OWNER}, headers={**bearer, "If-Match": '"1"'})
    taken = client.put(place, json={"exhibitor": "egret"}, headers={**bearer, "If-Match": '"2"'})
    stale = client.delete(place, headers={**bearer, "If-Match": '"1"'})
    freed = client.delete(place, headers={**bearer, "If-Match": given.headers["ETag"]})

    assert (bare.status_code, bare.get_json()["code"]) == (428, "if-match-required")
    assert (given.status_code, given.get_json()["occupant"]["code"], given.headers["ETag"]) == (200, OWNER, '"2"')
    assert (taken.status_code, taken.get_json()["code"], taken.get_json()["exhibitor"]) == (409, "booth-taken", OWNER)
    assert (stale.status_code, stale.get_json()["changes"]) == (
        412,
        [{"field": "exhibitor", "old": None, "new": OWNER}],
    )
    assert (freed.status_code, freed.get_json()["occupant"], freed.get_json()["version"]) == (200, None, 3)


def test_a_program_that_takes_back_a_booth_in_use_learns_what_is_reserved(
    fair_app: Flask, fair_database: Database
) -> None:
    bearer = bearer_of(fair_database, Role.ORGANISER)
    with fair_database.read() as session:
        uses = booth_uses(session, TAKEN, NOON)

    refused = fair_app.test_client().delete(f"/api/v1/booths/{TAKEN}/assignment", headers={**bearer, "If-Match": '"1"'})

    assert (refused.status_code, refused.get_json()["code"]) == (409, "booth-in-use")
    assert [use["key"] for use in refused.get_json()["uses"]] == [use.key for use in uses]
