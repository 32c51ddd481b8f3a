"""The bridge's doors over HTTP, and the golden messages that both sides read."""

import re
from datetime import datetime
from pathlib import Path

import msgspec
import pytest
from flask.testing import FlaskClient

from device_bridge.protocols import decoded
from device_bridge.wire.batch import Batch, Receipt, decode_batch, decode_enrolments, decode_receipt, encode_batch
from server.features.telemetry.queries import reports_stored
from server.features.telemetry.schemas import EARLIEST, LATEST
from server.infra.db import Database
from server.kernel.permissions import Role
from tests.server.features.telemetry.test_store_batch import delivery
from tests.support.people import bearer_of
from tests.support.robots import ENROLMENTS, FAIR
from tests.support.zone import make_zone

GOLDEN = Path(__file__).parents[4] / "fixtures" / "wire"
BATCHES = "/api/v1/telemetry/batches"


@pytest.fixture(autouse=True)
def zone(database: Database) -> None:
    """Three robots of one exhibitor."""
    make_zone(database)


@pytest.fixture
def bridge(database: Database) -> dict[str, str]:
    """The headers of a bridge."""
    return bearer_of(database, Role.BRIDGE)


def test_the_bridge_hands_over_a_batch_and_gets_its_receipt(
    client: FlaskClient, bridge: dict[str, str], database: Database
) -> None:
    response = client.post(BATCHES, data=encode_batch(Batch("zone", deliveries=(delivery(1),))), headers=bridge)

    assert decode_receipt(response.data) == Receipt(stored=1, duplicates=0, rejections=0)
    with database.read() as session:
        assert reports_stored(session) == 1


def test_nobody_else_may_hand_over_a_batch(client: FlaskClient, database: Database) -> None:
    body = encode_batch(Batch("zone", deliveries=(delivery(1),)))

    assert client.post(BATCHES, data=body).status_code == 401
    assert client.post(BATCHES, data=body, headers={"Authorization": "Bearer guess"}).status_code == 401
    assert client.post(BATCHES, data=body, headers=bearer_of(database, Role.SCREEN)).status_code == 403


@pytest.mark.parametrize("path", sorted((GOLDEN / "valid").iterdir()), ids=lambda path: path.stem)
def test_a_golden_batch_is_taken_and_reads_the_same_after_a_round_trip(
    client: FlaskClient, bridge: dict[str, str], path: Path
) -> None:
    batch = decode_batch(path.read_bytes())

    assert decode_batch(encode_batch(batch)) == batch
    assert client.post(BATCHES, data=path.read_bytes(), headers=bridge).status_code == 200


@pytest.mark.parametrize("path", sorted((GOLDEN / "invalid").iterdir()), ids=lambda path: path.stem)
def test_a_golden_batch_that_is_wrong_is_refused_for_good_with_the_place(
    client: FlaskClient, bridge: dict[str, str], path: Path
) -> None:
    with pytest.raises(msgspec.DecodeError):
        decode_batch(path.read_bytes())

    response = client.post(BATCHES, data=path.read_bytes(), headers=bridge)

    assert (response.status_code, response.mimetype) == (422, "application/problem+json")
    assert response.json is not None
    assert response.json["code"] == "invalid"


DELIVERY = (GOLDEN / "valid" / "batch.everything.json").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ('{"bridge": "zone", "colour": ' + "[" * 100_000, ""),
        (DELIVERY.replace("2026-04-16T06:32:00.12Z", "0001-01-01T00:00:00+14:00", 1), "$.deliveries[0].report.time"),
        (DELIVERY.replace("2026-04-16T06:32:00.2Z", "9999-12-31T23:59:59-12:00", 1), "$.deliveries[0].received_at"),
        (DELIVERY.replace("2026-04-16T06:32:01Z", "1899-12-31T00:00:00Z"), "$.rejections[0].at"),
        (DELIVERY.replace("2026-04-16T06:31:00Z", "2200-01-02T00:00:00Z"), "$.gaps[0].noticed_at"),
        (DELIVERY.replace('"last": 9', '"last": 6'), "$.gaps[0]"),
        (DELIVERY.replace('"high": 42', '"high": 0'), "$.ledgers[0]"),
        (re.sub(r"\[\s*40,", "[41,", DELIVERY), "$.ledgers[0].missing[0]"),
    ],
    ids=["deep", "time", "received", "refused", "noticed", "gap", "ledger", "missing"],
)
def test_a_batch_that_no_table_can_keep_is_refused_for_good_with_the_place(
    client: FlaskClient, bridge: dict[str, str], body: str, place: str
) -> None:
    response = client.post(BATCHES, data=body.encode(), headers=bridge)

    assert (response.status_code, response.mimetype) == (422, "application/problem+json")
    assert response.json is not None
    assert (response.json["code"], place in response.json["detail"]) == ("invalid", True)


def test_the_door_is_no_narrower_than_the_bridge() -> None:
    assert (EARLIEST, LATEST) == (decoded.EARLIEST, decoded.LATEST)


@pytest.mark.parametrize("moment", [EARLIEST, LATEST])
def test_the_first_and_the_last_time_of_the_calendar_are_stored(
    client: FlaskClient, bridge: dict[str, str], moment: datetime
) -> None:
    body = DELIVERY.replace("2026-04-16T06:32:00.12Z", moment.isoformat())

    assert client.post(BATCHES, data=body.encode(), headers=bridge).status_code == 200


def test_the_bridge_learns_who_may_speak_and_asking_again_costs_little(
    client: FlaskClient, bridge: dict[str, str]
) -> None:
    first = client.get("/api/v1/bridge/enrolments", headers=bridge)
    second = client.get("/api/v1/bridge/enrolments", headers={**bridge, "If-None-Match": first.headers["ETag"]})

    found = decode_enrolments(first.data).robots
    assert sorted(found, key=lambda robot: robot.robot) == sorted(ENROLMENTS.robots, key=lambda robot: robot.robot)
    assert (second.status_code, second.data) == (304, b"")


def test_the_openapi_document_shows_what_a_batch_is(client: FlaskClient) -> None:
    document = client.get("/api/openapi.json").json

    assert document is not None
    operation = document["paths"][BATCHES]["post"]
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    assert schema["required"] == ["bridge"]
    report = schema["properties"]["deliveries"]["items"]["properties"]["report"]
    assert {"robot", "boot", "seq", "time"} == set(report["required"])
    assert report["properties"]["battery"]["anyOf"][0]["maximum"] == 100


def test_the_ledger_is_for_the_organiser_and_the_robots_own_exhibitor(
    client: FlaskClient, bridge: dict[str, str], database: Database
) -> None:
    golden = (GOLDEN / "valid" / "batch.everything.json").read_bytes()
    client.post(BATCHES, data=golden, headers=bridge)

    organiser = client.get("/api/v1/telemetry/ledger", headers=bearer_of(database, Role.ORGANISER))
    buyer = client.get("/api/v1/telemetry/ledger", headers=bearer_of(database, Role.BUYER))

    assert organiser.json is not None
    assert [(row["robot"], row["sent"], row["lost"]) for row in organiser.json] == [(FAIR.robot, 42, 3)]
    assert buyer.status_code == 403
