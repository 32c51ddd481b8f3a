"""The pages of credentials in a real browser: axe, thumbs, no scrolling sideways, and a robot enrolled by keyboard."""

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from server.features.enrolment.rules.credentials import CredentialPurpose
from server.features.enrolment.service import issue, issue_bridge
from server.features.exhibitors.schemas import RobotEdit
from server.features.exhibitors.service import enrol_robot
from server.infra.db import Database
from server.infra.identity import SYSTEM
from server.kernel.permissions import Role
from tests.conftest import NOON
from tests.support.applications import Applications, settings_over
from tests.support.axe import violations
from tests.support.chromium import Pages
from tests.support.clock import FixedClock
from tests.support.people import enter, make_account
from tests.support.site import RunningSite, running_site

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PHONE, DESK = (390, 844), (1440, 900)
SIDEWAYS = "document.documentElement.scrollWidth - window.innerWidth"
TARGETS = "main :is(button, summary, select, input:not([type=hidden], [type=checkbox]), .tick, .btn)"
SMALL_TARGETS = f"""[...document.querySelectorAll("{TARGETS}")]
    .filter((node) => node.offsetParent && node.getBoundingClientRect().height < 43.5)
    .map((node) => node.outerHTML.slice(0, 80))"""
PLACES = [
    "/desk/robots",
    "/desk/robots/new",
    "/desk/robots/edu-2/edit",
    "/desk/robots/rail-inspector/edit",
    "/desk/robots/edu-2/credential",
    "/desk/robots/edu-2/credential/fair/revoke",
    "/desk/robots/bridges",
]


@pytest.fixture
def app(loaded_sqlite: Path, tmp_path: Path, applications: Applications) -> Iterator[Flask]:
    """The demo fair, where one of Nanling's robots and its bridge have credentials."""
    shutil.copy(loaded_sqlite, tmp_path / "fair.db")
    database = Database(f"sqlite:///{tmp_path / 'fair.db'}", FixedClock(NOON))
    with database.write() as session:
        issue(session, SYSTEM, "nanling/edu-2", CredentialPurpose.FAIR, NOON)
        issue_bridge(session, SYSTEM, "nanling", "booth-pc", NOON)
        names = {"name_en": "Rail inspector", "name_zh": "巡轨机器人", "kind": "inspection", "protocol": "mavlink"}
        enrol_robot(session, SYSTEM, "nanling", RobotEdit.model_validate({**names, "options": "system_id = 7"}))
    make_account(database, Role.EXHIBITOR_ADMIN, NOON)
    settings = replace(settings_over("sqlite:///never-opened", tmp_path), broker_url="mqtts://zone.example:8883")
    yield applications.over(database, FixedClock(NOON), settings)
    database.close()


@pytest.fixture
def site(app: Flask) -> Iterator[RunningSite]:
    """The fair, served."""
    with running_site(app, []) as running:
        yield running


@pytest.fixture
def window(app: Flask, site: RunningSite, pages: Pages) -> Callable[..., Page]:
    """A function that opens an address in the browser of Nanling's administrator."""
    client = app.test_client()
    enter(client, 1)
    log_in = client.get_cookie("fairzone_session")
    assert log_in is not None

    def open_at(address: str, size: tuple[int, int], language: str) -> Page:
        page = pages.blank(width=size[0], height=size[1])
        home = f"http://127.0.0.1:{site.port}"
        page.context.add_cookies(
            [
                {"name": "fairzone_session", "value": log_in.value, "url": home},
                {"name": "fairzone_language", "value": language, "url": home},
            ]
        )
        page.goto(home + address)
        return page

    return open_at


@pytest.mark.parametrize(("size", "language"), [(PHONE, "zh-Hans"), (DESK, "en")], ids=["phone", "desk"])
def test_axe_finds_nothing_nothing_is_too_small_and_no_page_scrolls_sideways(
    window: Callable[..., Page], size: tuple[int, int], language: str
) -> None:
    found = {}
    page = window(PLACES[0], size, language)
    for place in PLACES:
        page.goto(page.url.partition("/desk")[0] + place)
        found[place] = (violations(page), page.evaluate(SMALL_TARGETS), page.evaluate(SIDEWAYS) <= 0)

    assert found == dict.fromkeys(PLACES, ([], [], True))


def test_a_robot_is_enrolled_and_has_its_line_without_a_mouse(window: Callable[..., Page]) -> None:
    page = window("/desk/robots/new", DESK, "en")

    page.get_by_label("Name in Chinese").fill("送茶员")
    page.get_by_label("Name in English").fill("Tea Porter")
    page.get_by_label("Kind").select_option("delivery")
    page.get_by_role("button", name="Enrol and get a credential").press("Enter")

    expect(page.get_by_role("img", name="nanling.tea-porter")).to_be_visible()
    expect(page.get_by_text(re.compile(r"mosquitto_pub -h zone\.example -p 8883 --cafile ca\.crt"))).to_be_visible()
    expect(page.get_by_text("Nothing has come yet")).to_be_visible()
