"""The bridge's doors over HTTP, and the golden messages that both sides read."""

from pathlib import Path

import msgspec
import pytest
from flask.testing import FlaskClient

from device_bridge.wire.batch import Batch, Receipt, decode_batch, decode_enrolments, decode_receipt, encode_batch
from server.features.telemetry.queries import reports_stored
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


def test_the_bridge_learns_who_may_speak_and_asking_again_costs_little(
    client: FlaskClient, bridge: dict[str, str]
) -> None:
    first = client.get("/api/v1/bridge/enrolments", headers=bridge)
    second = client.get("/api/v1/bridge/enrolments", headers={**bridge, "If-None-Match": first.headers["ETag"]})

    assert set(decode_enrolments(first.data).robots) == set(ENROLMENTS.robots)
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
