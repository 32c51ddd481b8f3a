"""The robots' own door over HTTPS: stored before the answer, once, under the token's name alone."""

import json
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from importlib import import_module
from itertools import count
from random import Random
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import select

from device_bridge.wire.batch import Enrolment
from device_bridge.wire.report import Source
from server.features.enrolment.rules.credentials import CredentialPurpose, RobotIdentity
from server.features.enrolment.service import issue, revoke, secret_of
from server.features.exhibitors.models import Robot
from server.features.telemetry.live import ROBOTS
from server.features.telemetry.queries import ledger_page, present_states, quarantine_page, reports_stored
from server.features.telemetry.queries.alarms import alarm_page
from server.features.telemetry.queries.hours import HourRow, robot_hours
from server.features.telemetry.queries.rehearsals import rehearsals
from server.features.telemetry.service import take_reports
from server.infra.db import Database
from server.infra.identity import SYSTEM, Audience
from server.kernel.permissions import Role
from server.settings import Settings
from tests.conftest import NOON
from tests.support.changes import changes_after
from tests.support.clock import FixedClock
from tests.support.robots import BOOT, ENROLMENTS, fair_status
from tests.support.site import running_site
from tests.support.zone import make_zone

DOOR = "/api/v1/robots/reports"
KIOSK = Enrolment(robot="nanling/kiosk-1", protocol="fair-https", address="nanling/kiosk-1", source=Source.LIVE)
ORGANISER = Audience(sees_all=True)
OWN = Audience(exhibitor="nanling")


@pytest.fixture(autouse=True)
def zone(database: Database) -> None:
    """A robot that speaks over HTTPS beside three that do not."""
    make_zone(database, (*ENROLMENTS.robots, KIOSK))


@pytest.fixture
def token(database: Database, settings: Settings) -> Callable[..., str]:
    """A function that gives a robot a token."""

    def give(robot: str = KIOSK.robot, purpose: CredentialPurpose = CredentialPurpose.FAIR) -> str:
        with database.write() as session:
            return secret_of(issue(session, SYSTEM, robot, purpose, NOON), settings.secret_key)

    return give


@pytest.fixture
def post(client: FlaskClient, token: Callable[..., str]) -> Callable[..., Any]:
    """A function that posts to the door as the kiosk and gives the answer."""
    header = {"Authorization": f"Bearer {token()}"}

    def send(body: bytes | list[bytes], **headers: str) -> Any:
        data = body if isinstance(body, bytes) else b"[" + b",".join(body) + b"]"
        return client.post(DOOR, data=data, headers={**header, **headers})

    return send


def status(seq: int, **changes: Any) -> bytes:
    """A status of the kiosk, made at noon."""
    return fair_status(seq, **{"robot": "kiosk-1", "time": (NOON + timedelta(seconds=seq)).isoformat(), **changes})


def robot_id(database: Database) -> int:
    with database.read() as session:
        return session.exec(select(Robot.id).where(Robot.code == "kiosk-1")).one() or 0


def identity(database: Database) -> RobotIdentity:
    """Who the kiosk's token is."""
    return RobotIdentity(KIOSK.robot, robot_id(database), "nanling", CredentialPurpose.FAIR)


def test_one_report_is_stored_shown_and_booked_and_its_mark_is_told(
    post: Callable[..., Any], database: Database
) -> None:
    answer = post(status(1, battery=55))

    assert (answer.status_code, answer.json) == (
        200,
        {"stored": 1, "duplicates": 0, "mark": {"boot": BOOT, "seq": 1}, "refused": []},
    )
    with database.read() as session:
        (state,) = present_states(session)
        (account,) = ledger_page(session, ORGANISER)
    assert (state["robot"], state["battery"], state["source"]) == (KIOSK.robot, 55, "live")
    assert (account.robot, account.sent, account.stored, account.protocol) == (KIOSK.robot, 1, 1, "fair-https")


def test_in_a_list_what_is_wrong_stops_nothing_and_is_kept_raw_with_its_sentence(
    post: Callable[..., Any], database: Database
) -> None:
    wrong = status(2, time="noon")

    answer = post([status(1), wrong, b"7", status(3), status(4, robot="walker-7"), status(5, exhibitor="tianhe")])

    found = answer.json
    assert (answer.status_code, found["stored"], found["mark"]) == (200, 2, {"boot": BOOT, "seq": 3})
    assert [(one["index"], one["code"]) for one in found["refused"]] == [
        (1, "invalid-field"),
        (2, "invalid-field"),
        (4, "wrong-identity"),
        (5, "wrong-identity"),
    ]
    assert all(set(one["detail"]) >= {"en", "zh"} for one in found["refused"])
    assert "time" in found["refused"][0]["detail"]["en"]
    with database.read() as session:
        rows = quarantine_page(session, OWN)
    assert {row.robot for row in rows} == {KIOSK.robot}
    assert wrong in {row.raw for row in rows}


def test_a_sender_that_looks_at_the_status_alone_notices_when_nothing_was_taken(post: Callable[..., Any]) -> None:
    answers = [post(body) for body in (b"", b"{", b"[1", b"\xff\x00", status(-3), b"[" * 100_000)]

    assert [(one.status_code, one.json["stored"], one.json["mark"]) for one in answers] == [(422, 0, None)] * 6
    assert {one.json["refused"][0]["code"] for one in answers} <= {"not-json", "invalid-field", "oversized"}
    assert post(b"[]").json == {"stored": 0, "duplicates": 0, "mark": None, "refused": []}


def test_an_answer_that_never_arrived_is_given_again_however_late(
    post: Callable[..., Any], clock: FixedClock, database: Database
) -> None:
    reports = [status(seq) for seq in range(1, 6)]
    post(reports)
    for _ in range(3):  # the mark counts as heard by now
        clock.move(lambda now: now + timedelta(minutes=5))
        post(reports[-1])

    again = post(reports)

    assert (again.status_code, again.json) == (
        200,
        {"stored": 0, "duplicates": 5, "mark": {"boot": BOOT, "seq": 5}, "refused": []},
    )
    with database.read() as session:
        (account,) = ledger_page(session, ORGANISER)
        assert (reports_stored(session), account.stored, account.duplicates) == (5, 5, 8)


def test_what_was_not_committed_was_not_booked_either(post: Callable[..., Any], database: Database) -> None:
    numbers = count()
    with pytest.raises(ConnectionError), database.write() as session:  # noqa: PT012 - the unit of work is what fails
        take_reports(session, identity(database), status(1), NOON, lambda: str(next(numbers)))
        raise ConnectionError

    assert post([status(1), status(2)]).json["stored"] == 2


def test_two_requests_with_the_same_reports_at_once_store_each_once(
    app: Flask, token: Callable[..., str], database: Database
) -> None:
    headers = {"Authorization": f"Bearer {token()}"}
    body = b"[" + b",".join(status(seq) for seq in range(1, 21)) + b"]"

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: app.test_client().post(DOOR, data=body, headers=headers), range(8)))

    assert [one.status_code for one in answers] == [200] * 8
    assert sum(one.json["stored"] for one in answers if one.json) == 20
    assert {one.json["mark"]["seq"] for one in answers if one.json} == {20}
    with database.read() as session:
        (account,) = ledger_page(session, ORGANISER)
        hours = robot_hours(session, robot_id(database), NOON - timedelta(hours=1), NOON + timedelta(hours=1))
    assert (account.stored, account.duplicates, account.lost) == (20, 140, 0)
    assert hours == [HourRow(NOON, sent=20, stored=20, duplicates=140, rejected=0, lost=0, gaps=0)]


@pytest.mark.parametrize("seed", range(2))
def test_any_order_any_repetition_and_any_restart_adds_up(
    post: Callable[..., Any], database: Database, seed: int
) -> None:
    chance = Random(seed)
    boots = (BOOT, BOOT + 60_000)
    lost = {(boot, seq) for boot in boots for seq in range(2, 40) if chance.random() < 0.15}
    sent = [(boot, seq) for boot in boots for seq in range(1, 41) if (boot, seq) not in lost]
    stored = 0
    for _ in range(12):
        some = chance.sample(sent, 15)
        stored += post([status(seq, boot=boot) for boot, seq in some]).json["stored"]
    final = post([status(seq, boot=boot) for boot, seq in sent]).json
    gone = post([status(41, boot=boot, oldest=41) for boot in boots]).json

    assert (stored + final["stored"], gone["mark"]) == (len(sent), {"boot": boots[1], "seq": 41})
    with database.read() as session:
        (account,) = ledger_page(session, ORGANISER)
        hours = robot_hours(session, robot_id(database), NOON - timedelta(hours=1), NOON + timedelta(hours=1))
    assert (account.sent, account.stored, account.lost, account.open) == (82, len(sent) + 2, len(lost), 0)
    assert [(row.sent, row.stored, row.lost, row.awaited) for row in hours] == [(82, len(sent) + 2, len(lost), 0)]


def test_only_the_token_of_a_robot_that_may_speak_opens_the_door(
    client: FlaskClient, token: Callable[..., str], database: Database, settings: Settings
) -> None:
    mine, walkers = token(), token("nanling/porter-2")
    answers = {
        name: client.post(f"{DOOR}?lang={language}", data=status(1), headers={"Authorization": f"Bearer {shown}"})
        for name, shown, language in (
            ("guessed", f"{mine[:-4]}aaaa", "en"),
            ("other protocol", walkers, "zh-Hans"),
        )
    }
    bare = client.post(DOOR, data=status(1))
    with database.write() as session:
        revoke(session, SYSTEM, KIOSK.robot, CredentialPurpose.FAIR)
    revoked = client.post(DOOR, data=status(1), headers={"Authorization": f"Bearer {mine}", "Accept-Language": "zh-CN"})

    assert [(one.status_code, one.json and one.json["code"]) for one in (bare, answers["guessed"], revoked)] == [
        (401, "robot-token")
    ] * 3
    assert bare.headers["WWW-Authenticate"].startswith("Bearer")
    assert answers["other protocol"].status_code == 403
    sentence = "nanling/porter-2 登记的协议是 vda5050，不是 HTTPS 上的 fair 协议。"
    assert [
        one.json and one.json[name] for one, name in ((answers["other protocol"], "detail"), (revoked, "title"))
    ] == [
        sentence,
        "未知机器人",
    ]
    with database.read() as session:
        assert (reports_stored(session), quarantine_page(session, ORGANISER)) == (0, [])


def test_a_log_in_opens_nothing_here(login_as: Callable[[Role], FlaskClient]) -> None:
    organiser = login_as(Role.ORGANISER)

    answer = organiser.post(
        DOOR, data=status(1), headers={"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    )

    assert answer.status_code == 401


def test_bodies_and_lists_are_bounded(post: Callable[..., Any]) -> None:
    huge = post(b" " * (5 * 2**20))
    long = post([b"{}"] * 501)
    full = post([status(seq) for seq in range(1, 501)])

    assert (huge.status_code, long.status_code, long.json["code"]) == (413, 413, "too-many-at-once")
    assert (full.json["stored"], full.json["mark"]["seq"]) == (500, 500)


def test_a_robot_that_asks_without_end_is_told_to_wait(
    post: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    # The package names its blueprint like the module, so that the module has to be asked for by its full name.
    monkeypatch.setattr(import_module("server.features.telemetry.api"), "REQUESTS_A_MINUTE", 5)

    answers = [post(b"[]") for _ in range(7)]

    assert [one.status_code for one in answers] == [200] * 5 + [429] * 2
    assert answers[-1].json["code"] == "too-many-reports"


def test_a_robot_that_is_wrong_all_day_does_not_fill_the_quarantine(
    post: Callable[..., Any], database: Database
) -> None:
    for _ in range(3):
        post([status(1, time="noon")] * 30)

    with database.read() as session:
        rows = quarantine_page(session, OWN)
        hours = robot_hours(session, robot_id(database), NOON - timedelta(hours=1), NOON + timedelta(hours=1))
    assert (len(rows), sum(row.copies for row in rows), [row.rejected for row in hours]) == (21, 90, [90])


def test_a_field_that_cannot_be_read_costs_itself_is_told_and_counted_and_refuses_nothing(
    post: Callable[..., Any], database: Database
) -> None:
    wrong = [status(number, battery=180, estop="pressed") for number in range(1, 31)]

    answers = [post(wrong[:20]).json, post(wrong).json]

    with database.read() as session:
        (state,) = present_states(session)
        rows = quarantine_page(session, OWN)
        hours = robot_hours(session, robot_id(database), NOON - timedelta(hours=1), NOON + timedelta(hours=1))
        (account,) = ledger_page(session, OWN)
    assert [(one["stored"], one["refused"], len(one["untaken"])) for one in answers] == [(20, [], 40), (10, [], 20)]
    assert {
        (one["index"], one["field"], "按急停处理。" in one["detail"]["zh"]) for one in answers[0]["untaken"][:2]
    } == {
        (0, "battery", False),
        (0, "estop", True),
    }
    assert (state["battery"], state["estop"], state["state"]) == (None, "manual", "stopped")
    assert {(row.code, row.copies, row.raw in wrong) for row in rows} == {("field-not-taken", 30, True)}
    assert ([(row.stored, row.rejected) for row in hours], account.refused, len(rows)) == ([(30, 0)], 0, 2)


def test_what_is_rehearsed_reaches_its_exhibitor_and_no_screen_and_no_figure(
    client: FlaskClient, token: Callable[..., str], database: Database
) -> None:
    headers = {"Authorization": f"Bearer {token(purpose=CredentialPurpose.REHEARSAL)}"}
    body = b"[" + b",".join([status(1, battery=11), status(2, battery=12), status(3, time="noon"), status(5)]) + b"]"

    first = client.post(DOOR, data=body, headers=headers).json
    client.post(DOOR, data=body, headers=headers)
    own = client.post(DOOR, data=status(1), headers={"Authorization": f"Bearer {token()}"}).json

    assert first is not None
    assert own is not None
    assert (first["stored"], first["mark"], own["stored"], own["mark"]) == (
        *(3, {"boot": BOOT, "seq": 3}),
        *(1, {"boot": BOOT, "seq": 1}),
    )
    with database.read() as session:
        (state,) = present_states(session)
        kept = (reports_stored(session), [row for row in quarantine_page(session, ORGANISER) if not row.rehearsal])
        (account,) = ledger_page(session, ORGANISER)
        (rehearsed,) = rehearsals(session, "nanling")
        announced = [json.loads(change.payload) for change in changes_after(session, 0, 50)]
    assert (state["battery"], *kept, account.refused) == (80, 1, [], 0)
    assert (rehearsed.reports, rehearsed.refused, rehearsed.report and rehearsed.report["seq"]) == (3, 2, 5)
    assert {news.get("battery", 80) for news in announced} == {80}
    assert all(news["rehearsal"] for news in announced if "code" in news)


def test_a_wrong_clock_and_a_second_sender_raise_alarms_here_as_well(
    post: Callable[..., Any], database: Database
) -> None:
    ahead = (NOON + timedelta(hours=2)).isoformat()
    for seq in range(1, 4):
        post(status(seq, time=ahead))
    for turn in range(3):
        post(status(10 + turn, boot=BOOT + 60_000))
        post(status(10 + turn, time=(NOON + timedelta(seconds=30)).isoformat()))

    with database.read() as session:
        found = alarm_page(session, OWN, NOON)
        assert alarm_page(session, Audience(exhibitor="tianhe"), NOON) == []
    assert sorted((alarm.kind, alarm.open) for alarm in found) == [("clock-skew", True), ("two-senders", True)]


@pytest.mark.slow
def test_curl_sends_a_report_and_reads_its_mark(app: Flask, token: Callable[..., str]) -> None:
    with running_site(app, [ROBOTS]) as site:
        done = subprocess.run(
            [
                *("curl", "--silent", "--show-error", "--max-time", "20", "--data-binary", status(1).decode()),
                *("--header", f"Authorization: Bearer {token()}", f"http://127.0.0.1:{site.port}{DOOR}"),
            ],
            capture_output=True,
            check=True,
            timeout=30,
        )

    assert json.loads(done.stdout)["mark"] == {"boot": BOOT, "seq": 1}
