"""The navigation: each reader finds the places that the features declare for such a reader, in their order."""

import pytest
from flask import Flask, g, render_template_string

from server.app import create_app
from server.features import load_features
from server.infra.db import Database
from server.infra.feature import Feature, NavEntry
from server.infra.identity import Identity
from server.kernel.permissions import Role
from server.settings import Settings

FIRST = "{% for place, first in places() if first %}{{ place.address }} {% endfor %}"
PHONE = "{% for place in phone_bar() %}{{ place.address }} {% endfor %}"
NEWS = Feature(
    name="news",
    places=(NavEntry("/news", "nav-zone", 45, "zone.view", keys="g w", first=True),),
)


@pytest.fixture
def app(settings: Settings, database: Database) -> Flask:
    return create_app(settings, database, features=(*load_features(), NEWS))


def shown(app: Flask, template: str, role: Role) -> list[str]:
    with app.test_request_context("/"):
        g.identity = Identity(role=role, account_id=None if role is Role.VISITOR else 1)
        return render_template_string(template).split()


@pytest.mark.parametrize(
    ("role", "addresses"),
    [
        (Role.BUYER, "/matches / /news /diary /exhibitors /timetable /booths"),
        (Role.EXHIBITOR_STAFF, "/desk / /news /diary /exhibitors /timetable /booths"),
        (Role.ORGANISER, "/today / /news /diary /exhibitors /timetable /booths"),
        (Role.OFFICIAL, "/ /news /exhibitors /timetable /booths /robots"),
        (Role.VISITOR, "/ /news /exhibitors /timetable /booths /robots"),
    ],
)
def test_each_reader_finds_the_places_of_the_bar_in_their_order(app: Flask, role: Role, addresses: str) -> None:
    assert shown(app, FIRST, role) == addresses.split()


@pytest.mark.parametrize(
    ("role", "addresses"),
    [
        (Role.BUYER, "/matches / /diary /me"),
        (Role.EXHIBITOR_ADMIN, "/desk /diary / /robots"),
        (Role.ORGANISER, "/today / /timetable /booths"),
        (Role.OFFICIAL, "/ /exhibitors /timetable /register"),
        (Role.VISITOR, "/ /exhibitors /timetable /register"),
    ],
)
def test_each_reader_finds_four_places_in_the_phones_bar(app: Flask, role: Role, addresses: str) -> None:
    assert shown(app, PHONE, role) == addresses.split()


def test_no_two_places_of_a_reader_have_the_same_keys(app: Flask) -> None:
    template = "{% for place, first in places() %}{{ place.keys|replace(' ', '') }} {% endfor %}"

    keys = {role: shown(app, template, role) for role in Role}

    assert {role: sorted(set(found)) for role, found in keys.items()} == {role: sorted(keys[role]) for role in Role}
