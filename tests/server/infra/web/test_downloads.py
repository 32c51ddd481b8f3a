"""`/downloads`: what lies in the data folder is offered to booth machines, and nothing else of this server is."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.kernel.permissions import Role
from server.settings import Settings

BUNDLE = "fairzone-booth-bridge-0.1.0-linux.zip"
BODY = b"PK of a booth" * 1_000


@pytest.fixture
def folder(settings: Settings) -> Path:
    """The folder with a bundle, and with things that are not offered."""
    made = settings.data_dir / "downloads"
    made.mkdir()
    (made / BUNDLE).write_bytes(BODY)
    (made / f"{BUNDLE}.new").write_bytes(b"half")
    (made / ".hidden").write_bytes(b"nobody's")
    (made / "inside").mkdir()
    return made


def page(browser: FlaskClient, language: str = "en") -> str:
    return browser.get(f"/downloads?lang={language}").get_data(as_text=True)


def test_the_page_shows_each_file_with_its_check_sum_in_both_languages(app: Flask, folder: Path) -> None:
    digest = hashlib.sha256(BODY).hexdigest()

    english, chinese = page(app.test_client()), page(app.test_client(), "zh-Hans")

    assert english.count('href="/downloads/') == chinese.count('href="/downloads/') == 1
    assert f"{digest[:32]}<wbr>{digest[32:]}" in english
    assert "Linux, 64-bit" in english
    assert "展位网桥" in chinese
    assert "64 位" in chinese


def test_a_file_that_was_replaced_shows_its_new_check_sum(app: Flask, folder: Path) -> None:
    before = page(app.test_client())
    (folder / BUNDLE).write_bytes(BODY + b"!")

    after = page(app.test_client())

    digest = hashlib.sha256(BODY + b"!").hexdigest()
    assert (digest[:32] in before, digest[:32] in after) == (False, True)


def test_a_machine_without_a_log_in_gets_the_file_whole(app: Flask, folder: Path) -> None:
    with app.test_client().get(f"/downloads/{BUNDLE}") as response:
        assert (response.status_code, response.data) == (200, BODY)
        assert response.headers["Content-Disposition"] == f"attachment; filename={BUNDLE}"


@pytest.mark.parametrize(
    "name", [".hidden", f"{BUNDLE}.new", "inside", "nothing.zip", "..%2fsecrets", "%2e%2e/secrets", "..\\secrets"]
)
def test_nothing_else_is_given_out(app: Flask, folder: Path, settings: Settings, name: str) -> None:
    (settings.data_dir / "secrets").write_text("the key", encoding="utf-8")

    with app.test_client().get(f"/downloads/{name}") as response:
        assert (response.status_code, b"the key" in response.data) == (404, False)


def test_an_empty_house_says_which_command_makes_the_bundle(
    app: Flask, settings: Settings, login_as: Callable[[Role], FlaskClient]
) -> None:
    visitor, organiser = page(app.test_client()), page(login_as(Role.ORGANISER))

    assert "fairzone bridge bundle --out fairzone-data/downloads" in visitor
    assert str(settings.data_dir) not in visitor
    assert f"fairzone bridge bundle --out {settings.data_dir / 'downloads'}" in organiser


def test_the_exhibitors_desk_leads_there(login_as: Callable[[Role], FlaskClient]) -> None:
    desk = login_as(Role.EXHIBITOR_STAFF).get("/desk/robots?lang=en").get_data(as_text=True)

    assert '<a class="btn btn-outline-primary" href="/downloads">Booth bridge for download</a>' in " ".join(
        desk.split()
    )
