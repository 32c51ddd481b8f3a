"""The conformance checker: the field that is wrong, in the reader's language, or the report; and nothing is kept."""

from collections.abc import Callable
from html import unescape

import pytest
from flask.testing import FlaskClient

from device_bridge.protocols import MESSAGE_PROTOCOLS, STREAM_PROTOCOLS
from device_bridge.protocols.cobs import frame
from device_bridge.wire.batch import Batch, Rejection
from server.features.telemetry.queries import quarantine_page, reports_stored
from server.features.telemetry.rules.robots import EnrolledRobot
from server.features.telemetry.service import store_batch
from server.features.telemetry.service.checker import Finding, MessageForm, check, forms
from server.infra.db import Database
from server.infra.identity import Audience
from server.kernel.permissions import Role
from tests.conftest import NOON
from tests.support.people import bearer_of, csrf_token
from tests.support.robots import FAIR, fair_status, serial_line, vda_state
from tests.support.zone import make_zone

WALKER = EnrolledRobot(
    FAIR.robot, "nanling", "fair-mqtt", FAIR.address, "live", {}, "delivery", name_en="Walker", name_zh="行者"
)
FORMS = {form.key: form for form in forms()}


def checked(key: str, message: str, *, is_hex: bool = False, robot: EnrolledRobot | None = None) -> Finding:
    """The first finding of a message."""
    return check(FORMS[key], message, is_hex=is_hex, robot=robot)[0]


def test_every_protocol_of_the_registry_is_offered_unasked() -> None:
    assert {form.protocol for form in forms()} == {
        *(protocol.name for protocol in MESSAGE_PROTOCOLS.values()),
        *STREAM_PROTOCOLS,
    }
    assert {form.key for form in forms()} >= {"fair:status", "uagv:state", "vda5050:connection", "port:fair-serial"}


def test_a_right_message_shows_the_report_that_it_becomes() -> None:
    found = checked("fair:status", fair_status(7, battery=64.5).decode())

    assert (found.kind, found.says["robot"], found.says["seq"], found.says["battery"]) == (
        "report",
        FAIR.robot,
        7,
        64.5,
    )


def test_a_wrong_field_is_named_with_what_was_found_and_what_was_expected_in_both_languages() -> None:
    message = fair_status(7, battery=180).decode()

    found, rest = check(FORMS["fair:status"], message, is_hex=False, robot=None)

    assert (found.kind, found.code, rest.kind, rest.mended) == ("untaken", "field-not-taken", "report", True)
    for language, number in (("en", "180"), ("zh", "180")):
        assert "`battery`" in found.detail[language]
        assert number in found.detail[language]


def test_all_wrong_fields_are_named_and_what_the_message_would_say_without_them() -> None:
    message = fair_status(7, battery=180, speed="fast", mode="flying", task="Tea").decode()

    *faults, mended = check(FORMS["fair:status"], message, is_hex=False, robot=WALKER)

    assert [one.kind for one in faults] == ["untaken"] * 3
    assert {name for name in ("battery", "speed", "mode") for one in faults if f"`{name}`" in one.detail["en"]} == {
        *("battery", "speed", "mode")
    }
    assert (mended.kind, mended.mended, mended.says["task"], "battery" in mended.says) == ("report", True, "Tea", False)


def test_a_message_that_lacks_a_field_it_needs_cannot_be_mended() -> None:
    (found,) = check(FORMS["fair:status"], '{"exhibitor": "nanling"}', is_hex=False, robot=None)

    assert (found.kind, found.code) == ("refused", "invalid-field")


def test_a_report_without_boot_and_clock_of_its_own_claims_none() -> None:
    found = checked("uagv:state", vda_state(12).decode())

    assert (found.says["robot"], found.says["seq"], "boot" in found.says) == ("NANLING/P2", 12, False)


def test_binary_frames_are_pasted_as_bytes_with_or_without_their_delimiters() -> None:
    whole = frame(fair_status(3))
    bare = whole.strip(b"\0")

    assert [checked("port:fair-cobs", raw.hex(" "), is_hex=True).says.get("seq") for raw in (whole, bare)] == [3, 3]
    assert checked("port:fair-cobs", "0x" + whole.hex(",", 1).upper(), is_hex=True).kind == "report"


@pytest.mark.parametrize("form", forms(), ids=lambda form: form.key)
def test_nonsense_is_refused_with_a_sentence_in_every_form(form: MessageForm) -> None:
    # A protocol whose decoder has to be told of its robot first says which option it misses.
    nonsense = ["", "{", "\0\ud800", "[" * 50_000, "x" * 40_000, "7", "\n\n", "aa 55 03"]

    found = [one for text in nonsense for one in check(form, text, is_hex=False, robot=None)]

    assert {one.kind for one in found} == {"refused"}
    assert all(one.detail["en"] and one.detail["zh"] for one in found)
    assert [one.code for one in check(form, "no hex", is_hex=True, robot=None)] == ["no-hex"]


def test_with_a_robot_the_name_is_checked_too() -> None:
    other = checked("fair:status", fair_status(1, robot="walker-8").decode(), robot=WALKER)
    own = checked("fair:status", fair_status(1).decode(), robot=WALKER)

    assert (other.code, own.kind) == ("wrong-identity", "report")


@pytest.fixture
def zone(database: Database) -> Database:
    """Three robots of one exhibitor, one of which had a message refused."""
    make_zone(database)
    raw = fair_status(1, battery=180)
    refused = Rejection("r", NOON, "mqtt", "t", "invalid-field", {"en": "No."}, raw, len(raw), robot=FAIR.robot)
    with database.write() as session:
        store_batch(session, Batch("zone", rejections=(refused,)), NOON)
    return database


def test_the_page_shows_the_sentence_in_its_language_keeps_what_was_typed_and_stores_nothing(
    zone: Database, login_as: Callable[[Role], FlaskClient]
) -> None:
    reader = login_as(Role.EXHIBITOR_STAFF)
    message = fair_status(5, battery=180).decode()
    typed = {"form": "fair:status", "message": message, "robot": FAIR.robot, "encoding": "text"}
    sent = {**typed, "csrf_token": csrf_token(reader)}

    pages = {
        language: unescape(
            reader.post(f"/check?lang={language}", data=sent, headers={"Origin": "http://localhost"}).get_data(
                as_text=True
            )
        )
        for language in ("en", "zh-Hans")
    }

    assert "Field not taken" in pages["en"]
    assert "字段未采用" in pages["zh-Hans"]
    assert all(f"\n{message}</textarea>" in page for page in pages.values())
    assert all('<option value="nanling/walker-7" selected>' in page for page in pages.values())
    with zone.read() as session:
        assert (reports_stored(session), len(quarantine_page(session, Audience(sees_all=True)))) == (0, 1)


def test_a_refused_message_leads_to_the_checker_with_itself_in_it(
    zone: Database, login_as: Callable[[Role], FlaskClient]
) -> None:
    own = login_as(Role.EXHIBITOR_STAFF)
    with zone.read() as session:
        (row,) = quarantine_page(session, Audience(sees_all=True))

    page = unescape(own.get(f"/check?message={row.id}").get_data(as_text=True))
    missing = unescape(own.get(f"/check?message={row.id + 1}").get_data(as_text=True))

    assert f'href="/check?message={row.id}"' in own.get("/quarantine").get_data(as_text=True)
    assert ('"battery": 180' in page, '"battery": 180' in missing) == (True, False)


def test_programs_check_as_people_do(zone: Database, client: FlaskClient) -> None:
    headers = bearer_of(zone, Role.EXHIBITOR_ADMIN)
    line = serial_line(2).decode()

    listed = client.get("/api/v1/check", headers=headers).json
    right = client.post("/api/v1/check", json={"form": "port:fair-serial", "message": line}, headers=headers).json
    unknown = client.post("/api/v1/check", json={"form": "morse", "message": line}, headers=headers)
    stranger = client.post(
        "/api/v1/check", json={"form": "fair:status", "message": line, "robot": "tianhe/x"}, headers=headers
    )

    assert listed == [{"key": form.key, "protocol": form.protocol, "kind": form.kind} for form in forms()]
    assert [(one["kind"], one["says"]["seq"]) for one in right or []] == [("report", 2)]
    assert (unknown.status_code, stranger.status_code) == (422, 404)
