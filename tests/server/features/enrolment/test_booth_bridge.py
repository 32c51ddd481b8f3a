"""The bridge on a booth's own machine: it speaks for its exhibitor's robots and for nobody else's."""

from typing import Any

import msgspec
import pytest
from flask import Flask
from sqlmodel import select

from device_bridge.wire.batch import Batch, Delivery, Gap, Ledger, Rejection, decode_enrolments, encode_batch
from device_bridge.wire.report import Report, Source
from server.features.enrolment.rules.credentials import CredentialPurpose
from server.features.enrolment.service import issue, issue_bridge, revoke_bridge, secret_of
from server.features.exhibitors.models import Exhibitor, Robot
from server.features.telemetry.models import LossGap, LossLedger, QuarantinedMessage, TelemetryReport
from server.infra.db import Database
from server.infra.identity import SYSTEM
from server.kernel.permissions import Role
from tests.conftest import NOON
from tests.support.people import bearer_of, make_exhibitor
from tests.support.zone import make_zone

KEY = "only-for-tests-0123456789abcdefghij"
MINE, THEIRS = "nanling/walker-7", "kapok-clean/cleaner-1"


@pytest.fixture
def bearer(database: Database) -> dict[str, str]:
    """The headers of Nanling's own bridge, in a zone where another exhibitor has a robot, too."""
    make_zone(database)
    make_exhibitor(database, "kapok-clean")
    with database.write() as session:
        walker = session.exec(select(Robot).where(Robot.code == "walker-7")).one().model_dump(exclude={"id"})
        other = session.exec(select(Exhibitor.id).where(Exhibitor.code == "kapok-clean")).one()
        session.add(Robot(**{**walker, "exhibitor_id": other, "code": "cleaner-1", "address": THEIRS}))
        session.flush()
        return {"Authorization": f"Bearer {secret_of(issue_bridge(session, SYSTEM, 'nanling', 'pc', NOON), KEY)}"}


def delivery(robot: str) -> Delivery:
    """One report of a robot."""
    report = Report(robot=robot, boot=1, seq=1, time=NOON)
    return Delivery(report=report, received_at=NOON, protocol="fair-serial", source=Source.LIVE)


def batch(robot: str) -> Batch:
    """A batch that says something of every kind about a robot."""
    refused = Rejection("same-name", NOON, "serial", "port-1", "not-json", {"en": "No."}, b"x", 1, robot=robot)
    return Batch(
        bridge="pc",
        deliveries=(delivery(robot),),
        rejections=(refused,),
        gaps=(Gap(robot, 1, 2, 3, NOON),),
        ledgers=(Ledger(robot, 1, 1, 1, 3, 1, 1, lost=2),),
    )


def rows(database: Database) -> dict[str, Any]:
    """Of which robots there is what."""
    with database.read() as session:
        keys = {row[0]: row[1] for row in session.execute(select(Robot.id, Robot.code))}
        tables: tuple[Any, ...] = (TelemetryReport, LossGap, LossLedger)
        found = {one.__tablename__: [keys[row.robot_id] for row in session.exec(select(one))] for one in tables}
        kept = session.exec(select(QuarantinedMessage.robot_id, QuarantinedMessage.code)).all()
        return {**found, "refused": sorted((keys.get(robot), code) for robot, code in kept)}


def test_what_a_booths_bridge_says_of_its_own_robots_is_taken(
    app: Flask, database: Database, bearer: dict[str, str]
) -> None:
    answer = app.test_client().post("/api/v1/telemetry/batches", data=encode_batch(batch(MINE)), headers=bearer)

    assert answer.get_json() == {"stored": 1, "duplicates": 0, "rejections": 1}
    assert rows(database) == {
        "telemetry_report": ["walker-7"],
        "loss_gap": ["walker-7"],
        "loss_ledger": ["walker-7"],
        "refused": [("walker-7", "not-json")],
    }


def test_what_it_says_of_others_changes_nothing_of_theirs_and_is_seen(
    app: Flask, database: Database, bearer: dict[str, str]
) -> None:
    answer = app.test_client().post("/api/v1/telemetry/batches", data=encode_batch(batch(THEIRS)), headers=bearer)

    found = rows(database)
    assert (answer.status_code, answer.get_json()["stored"]) == (200, 0)
    assert {name: found[name] for name in found if name != "refused"} == {
        "telemetry_report": [],
        "loss_gap": [],
        "loss_ledger": [],
    }
    assert sorted(str(one) for one in found["refused"]) == ["(None, 'foreign-robot')", "(None, 'not-json')"]


def test_its_refusals_cannot_write_over_those_of_the_zones_bridge(
    app: Flask, database: Database, bearer: dict[str, str]
) -> None:
    zone = bearer_of(database, Role.BRIDGE)
    forged = msgspec.structs.replace(batch(MINE).rejections[0], copies=999, code="forged")
    client = app.test_client()

    client.post("/api/v1/telemetry/batches", data=encode_batch(batch(THEIRS)), headers=zone)
    client.post("/api/v1/telemetry/batches", data=encode_batch(Batch("pc", rejections=(forged,))), headers=bearer)

    assert rows(database)["refused"] == [("cleaner-1", "not-json"), ("walker-7", "forged")]


def test_it_is_told_of_its_own_robots_alone_and_the_zones_bridge_of_all(
    app: Flask, database: Database, bearer: dict[str, str]
) -> None:
    zone = bearer_of(database, Role.BRIDGE)
    client = app.test_client()

    own, every = (
        decode_enrolments(client.get("/api/v1/bridge/enrolments", headers=who).data).robots for who in (bearer, zone)
    )

    assert {one.robot.partition("/")[0] for one in own} == {"nanling"}
    assert {one.robot for one in every} - {one.robot for one in own} == {THEIRS}


def test_a_robot_that_may_rehearse_is_named_twice(app: Flask, database: Database, bearer: dict[str, str]) -> None:
    with database.write() as session:
        issue(session, SYSTEM, MINE, CredentialPurpose.REHEARSAL, NOON)

    found = decode_enrolments(app.test_client().get("/api/v1/bridge/enrolments", headers=bearer).data).robots

    assert sorted(one.rehearsal for one in found if one.robot == MINE) == [False, True]


def test_its_token_opens_nothing_else_and_nothing_at_all_when_it_ends(
    app: Flask, database: Database, bearer: dict[str, str]
) -> None:
    client = app.test_client()
    places = ["/api/v1/accounts", "/api/v1/telemetry/ledger", "/desk/robots", "/quarantine"]

    others = [client.get(place, headers=bearer).status_code for place in places]
    who = client.get("/api/v1/account", headers=bearer).get_json()
    with database.write() as session:
        revoke_bridge(session, SYSTEM, "nanling", "pc")
    ended = client.get("/api/v1/bridge/enrolments", headers=bearer).status_code

    assert others == [403] * 4
    assert (who["role"], who["exhibitor"], ended) == ("bridge", "nanling", 401)
