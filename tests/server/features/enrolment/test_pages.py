"""The exhibitor's pages of credentials: enrol a robot, copy what it needs, renew it, take it back."""

import html
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from server.features.enrolment.rules.credentials import CredentialPurpose, read_token
from server.features.enrolment.service import authenticate, issue, issue_bridge, secret_of
from server.features.exhibitors.queries import desk_robots
from server.infra.audit import AuditFilter, list_entries
from server.infra.db import Database
from server.infra.identity import SYSTEM
from server.kernel.permissions import Role
from tests.conftest import NOON
from tests.support.people import carried, csrf_token

KEY = "only-for-tests-0123456789abcdefghij"
NEW = {"name_en": "Tea Porter", "name_zh": "送茶员", "kind": "delivery", "protocol": "fair-mqtt"}


def send(browser: FlaskClient, place: str, **fields: Any) -> TestResponse:
    """Send a form of the desk, in English."""
    form = {"csrf_token": csrf_token(browser)}
    if place.endswith(("/rotate", "/revoke")) and browser.get(place).status_code == 200:
        form = carried(browser, place)
    return browser.post(f"{place}?lang=en", data={**form, **fields})


def words(response: TestResponse) -> str:
    """What a person reads of an answer, without its marks."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.get_data(as_text=True))).split())


def tokens(response: TestResponse) -> set[str]:
    """The tokens that an answer shows."""
    return set(re.findall(r"fzb?_[a-z0-9.-]+\.[a-z2-7]{32}", response.get_data(as_text=True)))


def test_an_exhibitor_enrols_a_robot_and_gets_what_it_has_to_paste(lead: FlaskClient, fair_database: Database) -> None:
    enrolled = send(lead, "/desk/robots/new", **NEW)
    place = enrolled.headers["Location"]
    before = lead.get(f"{place}?lang=en")
    given = send(lead, f"{place}/fair/rotate")
    page = lead.get(f"{place}?lang=en")
    (token,) = tokens(page)
    with fair_database.read() as session:
        who = authenticate(session, token, NOON, KEY)

    assert place == "/desk/robots/tea-porter/credential"
    assert (len(tokens(before)), given.status_code, given.headers["Location"]) == (1, 303, f"{place}?saved=yes")
    assert tokens(before) != {token}
    assert f'hx-get="{place.removesuffix("credential")}heard"' in page.get_data(as_text=True)
    assert who is not None
    assert (getattr(who, "robot", ""), getattr(who, "purpose", "")) == ("nanling/tea-porter", CredentialPurpose.FAIR)
    assert page.headers["Cache-Control"] == "no-store"
    assert "the close of the fair." in words(page)
    assert f"mosquitto_pub -h 127.0.0.1 -p 1883 -i nanling.tea-porter -u nanling.tea-porter -P {token}" in words(page)
    assert 'role="img"' in page.get_data(as_text=True)


def test_what_was_typed_wrongly_stays_and_says_which_address_is_needed(lead: FlaskClient) -> None:
    vague = send(lead, "/desk/robots/new", **{**NEW, "protocol": "vda5050"})
    greedy = send(lead, "/desk/robots/new", **{**NEW, "protocol": "vda5050", "address": "+/+"})
    port = send(lead, "/desk/robots/new", **{**NEW, "protocol": "fair-serial", "address": "../../etc"})

    assert [answer.status_code for answer in (vague, greedy, port)] == [422, 422, 422]
    assert "VDA 5050 needs manufacturer/serialNumber" in words(vague)
    assert 'value="+/+"' in greedy.get_data(as_text=True)
    assert "The name of a port has letters" in words(port)


def test_an_address_that_somebody_elses_robot_has_is_refused_and_nothing_typed_is_lost(
    lead: FlaskClient, fair_database: Database
) -> None:
    maker = {**NEW, "protocol": "vda5050", "address": "TEA/1"}
    first = send(lead, "/desk/robots/new", **maker)

    second = send(lead, "/desk/robots/new", **{**maker, "name_en": "Tea Porter Two"})

    assert (first.status_code, second.status_code) == (303, 409)
    assert "Another robot is enrolled under TEA/1 in this protocol." in words(second)
    assert 'value="Tea Porter Two"' in second.get_data(as_text=True)


def test_renewing_asks_first_and_ends_the_old_secret(lead: FlaskClient, fair_database: Database) -> None:
    place = "/desk/robots/edu-2/credential"
    with fair_database.write() as session:
        old = secret_of(issue(session, SYSTEM, "nanling/edu-2", CredentialPurpose.REHEARSAL, NOON), KEY)

    question = lead.get(f"{place}/rehearsal/rotate?lang=en")
    untouched = tokens(lead.get(place))
    send(lead, f"{place}/rehearsal/rotate")
    renewed = tokens(lead.get(place))

    assert "New credential for" in words(question)
    assert untouched == {old}
    assert len(renewed) == 1
    assert renewed != {old}


def test_what_is_taken_back_is_shown_no_more_and_says_since_when(lead: FlaskClient, fair_database: Database) -> None:
    place = "/desk/robots/edu-2/credential"
    with fair_database.write() as session:
        issue(session, SYSTEM, "nanling/edu-2", CredentialPurpose.FAIR, NOON)

    send(lead, f"{place}/fair/revoke")
    page = lead.get(f"{place}?lang=en")

    assert tokens(page) == set()
    assert "Revoked on" in words(page)


def test_a_second_tap_renews_once(lead: FlaskClient) -> None:
    place = "/desk/robots/edu-2/credential"
    once = {"csrf_token": csrf_token(lead), "idempotency_key": "abc"}

    lead.post(f"{place}/fair/rotate", data=once)
    first = tokens(lead.get(place))
    lead.post(f"{place}/fair/rotate", data=once)

    assert tokens(lead.get(place)) == first


@pytest.mark.parametrize("protocol", ["fair-serial", "mavlink", "kobuki"])
def test_a_robot_behind_a_port_is_told_of_the_booths_bridge(lead: FlaskClient, protocol: str) -> None:
    place = send(lead, "/desk/robots/new", **{**NEW, "protocol": protocol}).headers["Location"]

    page = lead.get(f"{place}?lang=en")

    assert "This robot comes by a port named nanling-tea-porter" in words(page)
    assert 'href="/desk/robots/bridges"' in page.get_data(as_text=True)


def test_a_bridge_gets_its_settings_is_renewed_and_taken_back(lead: FlaskClient, fair_database: Database) -> None:
    place = "/desk/robots/bridges"
    given = send(lead, place, name="Booth-PC")
    page = lead.get(f"{place}?lang=en")
    (token,) = tokens(page)
    send(lead, f"{place}/booth-pc/rotate")
    (renewed,) = tokens(lead.get(place))
    send(lead, f"{place}/booth-pc/revoke")
    last = lead.get(f"{place}?lang=en")
    with fair_database.read() as session:
        found = [authenticate(session, one, NOON, KEY) for one in (token, renewed)]

    assert (given.status_code, page.headers["Cache-Control"]) == (303, "no-store")
    assert f'token = "{token}"' in words(page)
    assert (renewed != token, tokens(last), found) == (True, set(), [None, None])


def test_credentials_are_in_the_log_with_who_and_whence_and_never_the_secret(
    lead: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    place = send(lead, "/desk/robots/new", **NEW).headers["Location"]
    shown = [lead.get(f"{place}?lang=en")]
    for change in ("rotate", "revoke"):
        send(lead, f"{place}/fair/{change}")
    send(lead, "/desk/robots/bridges", name="booth-pc")
    for change in ("rotate", "revoke"):
        shown.append(lead.get("/desk/robots/bridges?lang=en"))
        send(lead, f"/desk/robots/bridges/booth-pc/{change}")

    said = [record.getMessage() for record in caplog.records if record.name == "server.infra.web.acts"]
    acts = [
        *("credential issue nanling/tea-porter fair", "credential rotate nanling/tea-porter fair"),
        "credential revoke nanling/tea-porter fair",
        *(f"bridge {change} nanling.booth-pc" for change in ("issue", "rotate", "revoke")),
    ]
    secrets = set().union(*map(tokens, shown))
    assert said == [f"{act}: exhibitor_admin from 127.0.0.1" for act in acts]
    assert (len(secrets), [secret for secret in secrets if secret in caplog.text]) == (3, [])


def test_a_name_that_is_no_code_is_refused_and_stays(lead: FlaskClient) -> None:
    refused = send(lead, "/desk/robots/bridges", name="booth pc!")

    assert refused.status_code == 422
    assert 'value="booth pc!"' in refused.get_data(as_text=True)


def test_nobody_but_the_exhibitors_own_administrators_sees_a_secret(
    at_fair: Callable[[Role], FlaskClient], fair_database: Database
) -> None:
    with fair_database.write() as session:
        issue(session, SYSTEM, "nanling/edu-2", CredentialPurpose.FAIR, NOON)
        issue_bridge(session, SYSTEM, "nanling", "booth-pc", NOON)
    places = ["/desk/robots/edu-2/credential", "/desk/robots/bridges", "/desk/robots", "/audit", "/today"]

    for role in (Role.VISITOR, Role.BUYER, Role.EXHIBITOR_STAFF, Role.ORGANISER, Role.OFFICIAL):
        browser = at_fair(role) if role is not Role.VISITOR else at_fair(Role.SCREEN)
        answers = [browser.get(place) for place in places]

        assert [answer.status_code for answer in answers[:2]] == [403, 403]
        assert set().union(*map(tokens, answers)) == set()


def test_somebody_elses_robot_is_not_there(lead: FlaskClient) -> None:
    answers = [
        lead.get("/desk/robots/nobody/credential"),
        lead.get("/desk/robots/nobody/credential/fair/rotate"),
        send(lead, "/desk/robots/nobody/credential/fair/rotate"),
        send(lead, "/desk/robots/edu-2/credential/fair/steal"),
        send(lead, "/desk/robots/edu-2/credential/theirs/rotate"),
        send(lead, "/desk/robots/bridges/nobody/rotate"),
        send(lead, "/desk/robots/bridges/nobody/revoke"),
    ]

    assert [answer.status_code for answer in answers] == [404] * 7


def test_every_token_that_a_page_shows_reads_as_one(lead: FlaskClient, fair_database: Database) -> None:
    with fair_database.write() as session:
        issue(session, SYSTEM, "nanling/edu-2", CredentialPurpose.REHEARSAL, NOON)

    (token,) = tokens(lead.get("/desk/robots/edu-2/credential"))

    assert read_token(token) is not None


MODBUS = """\
device_id = 3
registers = [
    { feeds = "battery", address = 0, scale = 0.1 },
]
"""


def version_of(page: TestResponse) -> str:
    """The version that a form was shown with."""
    found = re.search(r'name="version" value="(\d+)"', page.get_data(as_text=True))
    assert found is not None
    return found[1]


def settings_in(page: TestResponse) -> str:
    """What stands in the field of the settings."""
    found = re.search(r"<textarea[^>]*>(.*?)</textarea>", page.get_data(as_text=True), re.DOTALL)
    assert found is not None
    return html.unescape(found[1])


def test_a_robot_is_enrolled_with_its_registers_and_keeps_them_word_for_word_when_it_is_changed(
    lead: FlaskClient, fair_database: Database
) -> None:
    send(lead, "/desk/robots/new", **{**NEW, "protocol": "modbus", "options": MODBUS})
    place = "/desk/robots/tea-porter/edit"
    form = lead.get(f"{place}?lang=en")
    typed = settings_in(form)
    kept = {name: NEW[name] for name in ("name_zh", "kind")}

    renamed = send(lead, place, **kept, name_en="Tea Porter II", options=typed, active="yes", version=version_of(form))

    with fair_database.read() as session:
        (robot,) = desk_robots(session, "nanling", "tea-porter")
    assert (renamed.status_code, renamed.headers["Location"]) == (303, "/desk/robots?saved=yes")
    assert (robot.name_en, robot.address, robot.active, robot.version) == (
        "Tea Porter II",
        "nanling-tea-porter",
        True,
        2,
    )
    assert robot.options == {"device_id": 3, "registers": [{"feeds": "battery", "address": 0, "scale": 0.1}]}


@pytest.mark.parametrize(
    ("protocol", "options", "status", "said"),
    [
        ("modbus", "", 422, "registers"),
        ("modbus", '{"registers": [{"feeds": "batery", "address": 0}]}', 422, "batery"),
        ("declared", "[fields]\nbattery = \n", 422, "neither TOML nor JSON. Look at line 2."),
        ("declared", '{"fields": {"battery": ', 422, "neither TOML nor JSON. Look at line 1."),
        ("declared", "day = 2026-10-15", 422, "neither TOML nor JSON"),
        ("mavlink", "system_id = 900", 422, "system_id"),
        ("mavlink", "x = 1\n" * 4000, 422, "neither TOML nor JSON. Look at line 2."),
        ("mavlink", "x = " + "[" * 3000 + "]" * 3000, 422, "neither TOML nor JSON"),
        ("mavlink", f'x = "{"a" * 17_000}"', 422, "That is too long: 16,384 bytes at most."),
        ("fair-mqtt", "system_id = 7", 422, "This protocol takes no settings."),
    ],
)
def test_settings_that_a_protocol_cannot_use_are_refused_in_words_and_stay_as_they_were_typed(
    lead: FlaskClient, protocol: str, options: str, status: int, said: str
) -> None:
    refused = send(lead, "/desk/robots/new", **{**NEW, "protocol": protocol, "options": options})

    assert (refused.status_code, said in words(refused)) == (status, True), words(refused)
    assert settings_in(refused) == options


def test_a_refusal_of_the_settings_is_said_in_the_readers_language(lead: FlaskClient) -> None:
    token = csrf_token(lead)
    refused = lead.post("/desk/robots/new?lang=zh-Hans", data={**NEW, "csrf_token": token, "options": "a = 1"})

    assert "该协议无需设置。" in words(refused)


def test_a_robot_that_may_not_speak_any_more_is_off_and_two_editors_do_not_overwrite_each_other(
    lead: FlaskClient, fair_database: Database
) -> None:
    send(lead, "/desk/robots/new", **{**NEW, "protocol": "vda5050", "address": "TEA/1"})
    send(lead, "/desk/robots/new", **{**NEW, "name_en": "Other", "protocol": "vda5050", "address": "TEA/2"})
    place, version = "/desk/robots/tea-porter/edit", version_of(lead.get("/desk/robots/tea-porter/edit"))
    same = {name: NEW[name] for name in ("name_en", "name_zh", "kind")}

    off = send(lead, place, **same, address="TEA/1", version=version)
    late = send(lead, place, **{**same, "name_en": "Late"}, address="TEA/1", active="yes", version=version)
    taken = send(lead, place, **same, address="TEA/2", version=int(version) + 1)
    missing = send(lead, place, **same, version=int(version) + 1)

    with fair_database.read() as session:
        (robot,) = desk_robots(session, "nanling", "tea-porter")
    assert (off.status_code, late.status_code, taken.status_code, missing.status_code) == (303, 412, 409, 422)
    assert "Another robot is enrolled under TEA/2 in this protocol." in words(taken)
    assert (robot.active, robot.name_en, robot.address, robot.version) == (False, "Tea Porter", "TEA/1", 2)


def test_the_log_keeps_the_names_of_the_settings_and_never_a_key(lead: FlaskClient, fair_database: Database) -> None:
    secret = "ab" * 32
    send(lead, "/desk/robots/new", **{**NEW, "protocol": "mavlink", "options": f'signing_key = "{secret}"'})

    with fair_database.read() as session:
        (entry,) = list_entries(session, AuditFilter(thing="robot", key="nanling/tea-porter"))

    assert json.loads(entry.changes)["options"] == [None, ["signing_key"]]
    assert secret not in entry.model_dump_json()


def test_a_robot_of_somebody_else_is_not_there(lead: FlaskClient) -> None:
    assert lead.get("/desk/robots/no-such-robot/edit").status_code == 404
    assert send(lead, "/desk/robots/no-such-robot/edit", name_en="x").status_code == 404
