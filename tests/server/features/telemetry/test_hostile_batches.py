"""What a robot's token or a booth's bridge can make the zone count, keep and show: bounded, named, never an error."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlmodel import select

from device_bridge.wire.batch import Enrolment
from device_bridge.wire.report import Source
from server.features.enrolment.rules.credentials import CredentialPurpose
from server.features.enrolment.service import issue, issue_bridge, secret_of
from server.features.telemetry.models import LossHour
from server.features.telemetry.queries import QuarantineRow, present_states, quarantine_page
from server.features.telemetry.queries.alarms import alarm_page
from server.infra.db import Database
from server.infra.identity import SYSTEM, Audience
from server.kernel.permissions import Role
from server.settings import Settings
from tests.conftest import NOON
from tests.support.clock import FixedClock
from tests.support.robots import BOOT, ENROLMENTS, fair_status
from tests.support.zone import make_zone

KIOSK = Enrolment(robot="nanling/kiosk-1", protocol="fair-https", address="nanling/kiosk-1", source=Source.LIVE)
WALKER = "nanling/walker-7"
REPORTS = "/api/v1/robots/reports"
BATCHES = "/api/v1/telemetry/batches"
LAST = 2**53 - 1
PAGES = (
    *("/", "/today", "/robots", "/ledger", "/ledger/nanling/kiosk-1", "/ledger/nanling/walker-7", "/quarantine"),
    *("/api/v1/telemetry/ledger", "/api/v1/telemetry/ledger/nanling/kiosk-1", "/api/v1/telemetry/alarms", "/health"),
    *("/api/v1/telemetry/ledger/nanling/walker-7", "/screen/D19.2C05", "/audit"),
)
OWN_PAGES = (
    "/desk",
    "/desk/robots/reports",
    "/desk/robots",
    "/api/v1/telemetry/ledger",
    "/ledger",
    "/ledger/nanling/walker-7",
)


@pytest.fixture(autouse=True)
def zone(database: Database) -> None:
    """A robot that speaks over HTTPS beside three that do not."""
    make_zone(database, (*ENROLMENTS.robots, KIOSK))


@pytest.fixture
def robot(client: FlaskClient, database: Database, settings: Settings) -> Callable[[bytes], Any]:
    """A function that posts to the robots' door with the kiosk's own token."""
    with database.write() as session:
        token = secret_of(issue(session, SYSTEM, KIOSK.robot, CredentialPurpose.FAIR, NOON), settings.secret_key)
    return lambda body: client.post(REPORTS, data=body, headers={"Authorization": f"Bearer {token}"})


@pytest.fixture
def bridge(client: FlaskClient, database: Database, settings: Settings) -> Callable[[str], Any]:
    """A function that posts the parts of a batch, JSON, with the token of the exhibitor's own bridge."""
    with database.write() as session:
        token = secret_of(issue_bridge(session, SYSTEM, "nanling", "booth-pc", NOON), settings.secret_key)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    return lambda parts: client.post(BATCHES, data=f'{{"bridge": "b", {parts}}}', headers=headers)


@pytest.fixture
def read(login_as: Callable[[Role], FlaskClient]) -> Callable[[], dict[str, int]]:
    """A function that opens what shows robots, as their organiser and their exhibitor, and gives what was no page."""
    readers = {login_as(Role.ORGANISER): PAGES, login_as(Role.EXHIBITOR_ADMIN): OWN_PAGES}

    def wrong() -> dict[str, int]:
        found = {}
        for browser, pages in readers.items():
            for page in pages:
                status = browser.get(page).status_code
                if status != 200:
                    found[page] = status
        return found

    return wrong


def status(seq: int, **changes: Any) -> bytes:
    fair = json.loads(fair_status(1, robot="kiosk-1", time=NOON.isoformat()))
    return json.dumps({**fair, "seq": seq, **changes}).encode()


@pytest.mark.slow
def test_ever_new_starts_with_the_highest_numbers_leave_every_page_readable(
    robot: Callable[[bytes], Any], read: Callable[[], dict[str, int]], client: FlaskClient
) -> None:
    last = b""
    for number in range(135):
        boots = range(BOOT + 8 * number, BOOT + 8 * number + 8)
        body = robot(b"[" + b",".join(status(LAST, boot=boot, oldest=LAST) for boot in boots) + b"]")
        assert body.status_code in {200, 422}
        last = body.get_data()

    assert b"too-many-starts" in last
    assert read() == {}
    assert client.get("/health").get_json()["database"] == "ok"


def batch_of(kind: str, number: int, boot: int = BOOT) -> dict[str, Any]:
    """One row of a batch with the largest numbers that the contract knows."""
    at = NOON.isoformat()
    more = {"made_at": at, "clock_off_s": 1, "rank": 0, "backfill": False}
    report = {"robot": WALKER, "boot": boot, "seq": LAST - number, "time": at}
    rows: dict[str, dict[str, Any]] = {
        "deliveries": {"report": report, "received_at": at, "protocol": "fair-mqtt", "source": "live", **more},
        "rejections": {
            "id": f"r{number}-{boot}",
            "at": at,
            "channel": "mqtt",
            "address": "a",
            "code": "not-json",
            "detail": {"en": "No.", "zh": "否。"},
            "raw": "",
            "size": LAST,
            "copies": LAST,
            "robot": WALKER,
        },
        "gaps": {"robot": WALKER, "boot": boot, "first": number, "last": LAST, "noticed_at": at},
        "ledgers": {
            "robot": WALKER,
            "boot": boot + number,
            "revision": LAST,
            "first": 0,
            "high": LAST,
            "mark": LAST,
            "stored": LAST,
            "duplicates": LAST,
            "lost": LAST,
            "missing": [[0, LAST]] * 4,
        },
    }
    return rows[kind]


@pytest.mark.parametrize("kind", ["deliveries", "rejections", "gaps", "ledgers"])
def test_a_bridge_that_counts_to_the_end_of_all_numbers_leaves_every_page_readable(
    bridge: Callable[[str], Any], read: Callable[[], dict[str, int]], kind: str
) -> None:
    for boot in range(BOOT, BOOT + 3):
        rows = [batch_of(kind, number, boot) for number in range(1000)]
        assert bridge(f'"{kind}": {json.dumps(rows)}').status_code == 200

    assert read() == {}


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["deliveries", "rejections", "gaps", "ledgers", "alarms", "presences", "factsheets"])
def test_no_value_in_a_batch_is_a_fault_of_ours(
    bridge: Callable[[str], Any], read: Callable[[], dict[str, int]], kind: str
) -> None:
    rows: dict[str, dict[str, Any]] = {
        "alarms": {"robot": WALKER, "kind": "clock-skew", "at": NOON.isoformat(), "detail": {"en": "x", "zh": "x"}},
        "presences": {
            "robot": WALKER,
            "state": "online",
            "at": NOON.isoformat(),
            "received_at": NOON.isoformat(),
        },
        "factsheets": {"robot": WALKER, "received_at": NOON.isoformat(), "body": {"a": 1}},
    }
    fair = rows.get(kind) or batch_of(kind, 1)
    faults = []
    for name in leaves(fair):
        for hostile in HOSTILE:
            row = json.dumps(replaced(fair, name, "HOSTILE")).replace('"HOSTILE"', hostile)
            answer = bridge(f'"{kind}": [{row}]')
            if answer.status_code >= 500:
                faults.append((name, hostile[:60], answer.status_code))

    assert faults == []
    assert read() == {}


HOSTILE = (
    *("9223372036854775808", "-1", "1e400", "1e308", "null", "true", "[]", "{}", '""', "9" * 400, "NaN"),
    *('"a\\u0000b"', '"\\ud800"', '"0001-01-01T00:00:00+08:00"', '"9999-12-31T23:59:59-12:00"', '"x-unknown"'),
    *('{"en": "a\\u0000b", "zh": "\\ud83d"}', '{"\\u0000": 1e308}', '{"en": 1e400}', json.dumps("x" * 5000)),
    *(
        '{"a": 9223372036854775808}',
        '{"a": ' + "9" * 400 + "}",
        "[" * 50_000,
        '{"a": "\\u0000"}',
        '{"en": ""}',
        '"0001-01-01T00:00:00Z"',
    ),
)


def leaves(row: dict[str, Any], prefix: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """The path of every value in a row."""
    found: list[tuple[str, ...]] = []
    for name, value in row.items():
        found.append((*prefix, name))
        if isinstance(value, dict):
            found += leaves(value, (*prefix, name))
    return found


def replaced(row: dict[str, Any], path: tuple[str, ...], value: Any) -> dict[str, Any]:
    """The row with another value at the end of that path."""
    name, *rest = path
    return {**row, name: replaced(row[name], tuple(rest), value) if rest else value}


@pytest.mark.slow
def test_no_value_in_a_report_is_a_fault_of_ours(
    robot: Callable[[bytes], Any], read: Callable[[], dict[str, int]]
) -> None:
    fair: dict[str, Any] = {
        **json.loads(status(1)),
        "v": 1,
        "mode": "automatic",
        "estop": "none",
        "speed": 1,
        "pose": {"x": 1, "y": 2, "theta": 0},
        "oldest": 1,
        "task": {"en": "x"},
        "metrics": {"a": 1},
        "errors": {"level": "urgent", "code": "x", "text": {"en": "x"}},
    }
    faults = []
    for name in leaves(fair):
        for hostile in HOSTILE:
            body = json.dumps(replaced(fair, name, "HOSTILE")).replace('"HOSTILE"', hostile)
            if (answer := robot(body.encode())).status_code >= 500:
                faults.append((name, hostile[:60], answer.status_code))

    assert faults == []
    assert read() == {}


def quarantined(database: Database) -> list[QuarantineRow]:
    """What the exhibitor of the bridge sees of what was refused."""
    with database.read() as session:
        return quarantine_page(session, Audience(exhibitor="nanling"), limit=2000)


def test_a_report_that_claims_to_have_come_in_2099_came_when_the_server_says_and_an_alarm_tells(
    bridge: Callable[[str], Any], database: Database, read: Callable[[], dict[str, int]]
) -> None:
    row = {**batch_of("deliveries", 1), "received_at": "2099-01-01T00:00:00Z"}

    answer = bridge(f'"deliveries": [{json.dumps(row)}]')

    assert answer.status_code == 200
    with database.read() as session:
        (state,) = present_states(session)
        (alarm,) = alarm_page(session, Audience(sees_all=True), NOON)
    assert state["at"] == NOON.isoformat()
    assert (alarm.robot, alarm.kind, alarm.last_seen) == (WALKER, "bridge-clock", NOON)
    assert "2099-01-01" in alarm.detail["en"]
    assert read() == {}


@pytest.mark.parametrize("said", ["2099-01-01T00:00:00Z", "1970-01-01T00:00:00Z"])
@pytest.mark.parametrize("kind", ["rejections", "gaps"])
def test_no_part_of_a_batch_is_dated_by_a_wrong_clock(
    bridge: Callable[[str], Any], database: Database, kind: str, said: str
) -> None:
    row = {**batch_of(kind, 1), {"rejections": "at", "gaps": "noticed_at"}[kind]: said}

    bridge(f'"{kind}": [{json.dumps(row)}]')

    with database.read() as session:
        hours = session.exec(select(LossHour.hour)).all()
    assert set(hours) == {NOON}


def test_refusals_of_a_booths_bridge_are_few_named_and_all_counted(
    bridge: Callable[[str], Any], database: Database, clock: FixedClock
) -> None:
    def flood(first: int, **changes: Any) -> None:
        base = {**batch_of("rejections", 1), "copies": 1, **changes}
        rows = [{**base, "id": f"f{number}"} for number in range(first, first + 900)]
        assert bridge(f'"rejections": {json.dumps(rows)}').status_code == 200

    for number in range(5):
        flood(number * 900, robot=None)
    kept = quarantined(database)
    clock.move(lambda moment: moment + timedelta(minutes=1))
    for number in range(5, 8):
        flood(number * 900, code=f"reason-{number}")

    assert {row.exhibitor for row in kept} == {"nanling"}
    assert (len(kept), sum(row.copies for row in kept)) == (21, 4500)
    assert [row.copies for row in kept if row.code == "more-refusals"] == [4480]
    assert len(quarantined(database)) == 21 + 3 * 20 + 1


def test_a_bridge_that_invents_reasons_keeps_no_more_than_others_do(
    bridge: Callable[[str], Any], database: Database
) -> None:
    rows = [{**batch_of("rejections", number), "copies": 1, "code": f"r{number}"} for number in range(1000)]

    bridge(f'"rejections": {json.dumps(rows)}')

    assert len(quarantined(database)) == 201
