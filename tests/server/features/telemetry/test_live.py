"""What of a robot reaches whom on the live feed: every booth of its exhibitor, and no faults for the public."""

import json
from typing import Any

import msgspec
import pytest
from flask import Flask
from sqlmodel import select

from device_bridge.wire.batch import Batch, Rejection
from device_bridge.wire.report import Activity, EStop, Fault, FaultLevel, Mode
from server.features.exhibitors.models import Exhibitor
from server.features.floorplan.models import Booth, BoothAssignment
from server.features.floorplan.rules import BoothKind
from server.features.telemetry.live import REFUSALS, ROBOTS
from server.features.telemetry.rules import in_scope, public_view
from server.features.telemetry.service import store_batch
from server.infra.changes import Change
from server.infra.db import Database
from server.infra.identity import Audience
from server.infra.livetopic import LiveScope
from server.kernel.provenance import Provenance
from tests.conftest import NOON
from tests.server.features.telemetry.test_store_batch import delivery, shown, take
from tests.support.robots import FAIR
from tests.support.site import running_site
from tests.support.zone import BOOTH, make_zone

SECOND = "D19.2C09"
FATAL = (Fault(FaultLevel.FATAL, "motor", {"en": "Motor.", "zh": "电机。"}),)


@pytest.fixture(autouse=True)
def zone(database: Database) -> None:
    """Three robots of one exhibitor."""
    make_zone(database)


def add_booth(database: Database, number: str) -> None:
    """One more booth for the exhibitor of the zone."""
    with database.write() as session:
        first = session.exec(select(Booth)).one()
        where: dict[str, Any] = {
            "x": 20,
            "y": 3,
            "width_m": 6,
            "depth_m": 6,
            "power_kw": 5,
            "provenance": Provenance.INVENTED,
        }
        booth = Booth(hall_id=first.hall_id, number=number, kind=BoothKind.RAW, **where)
        session.add(booth)
        session.flush()
        exhibitor = session.exec(select(Exhibitor.id)).one()
        session.add(
            BoothAssignment(booth_id=booth.id or 0, exhibitor_id=exhibitor or 0, provenance=Provenance.INVENTED)
        )


def test_every_booth_of_an_exhibitor_gets_the_snapshot_and_the_changes(app: Flask, database: Database) -> None:
    add_booth(database, SECOND)
    take(database, delivery(1, battery=80))

    with running_site(app, [ROBOTS]) as site:
        streams = [site.listen(f"booth={number}") for number in (BOOTH, SECOND)]
        snapshots = [[robot["battery"] for robot in one.next_of_change().data["robots"]] for one in streams]
        take(database, delivery(2, battery=79))
        changes = [(data["battery"], data["booth"], data["booths"]) for data in map(next_change, streams)]

    assert snapshots == [[80], [80]]
    assert changes == [(79, BOOTH, [BOOTH, SECOND])] * 2


def next_change(stream: Any) -> Any:
    return stream.next_of_change().data


def test_a_robot_of_another_booth_is_out_of_scope() -> None:
    state = {"robot": FAIR.robot, "booth": BOOTH, "booths": [BOOTH]}

    assert [in_scope(state, *scope) for scope in (("booth", BOOTH), ("booth", SECOND), ("zone", "1"))] == [
        True,
        False,
        True,
    ]
    assert in_scope({**state, "booth": None, "booths": []}, "booth", BOOTH) is False


def test_the_public_cannot_tell_a_fault_from_a_stop(database: Database) -> None:
    reports: tuple[dict[str, Any], ...] = (
        {"estop": EStop.MANUAL},
        {"errors": FATAL},
        {"estop": EStop.AUTO, "errors": FATAL, "mode": Mode.SERVICE},
    )
    seen = []
    for number, report in enumerate(reports):
        take(database, delivery(1, boot=number + 1, activity=Activity.PAUSED, battery=50, **report))
        (state,) = shown(database)
        seen.append(ROBOTS.redact(state, Audience(exhibitor="tianhe")) or {})

    assert seen[0] == seen[1] == seen[2]
    assert (seen[0]["state"], seen[0]["errors"], {"estop", "mode"} & seen[0].keys()) == ("stopped", [], set())


def test_the_public_sees_figures_but_none_of_faults_and_nothing_that_is_new(database: Database) -> None:
    metrics = {"deliveries_today": 42.0, "motor_errors": 3.0, "Fault_code": 17.0}
    take(database, delivery(1, metrics=metrics))
    (state,) = shown(database)

    public = public_view({**state, "repair_notes": "gearbox"})

    assert public["metrics"] == {"deliveries_today": 42}
    assert public == {
        **{name: value for name, value in state.items() if name not in ("estop", "mode", "number")},
        "metrics": {"deliveries_today": 42},
    }


def test_its_own_exhibitor_sees_all_of_a_robot(database: Database) -> None:
    take(database, delivery(1, estop=EStop.MANUAL, errors=FATAL))
    (state,) = shown(database)

    assert ROBOTS.redact(state, Audience(exhibitor="nanling")) == state


def refuse(database: Database, **more: Any) -> None:
    """Let a message of the fair's robot be refused at noon."""
    told = {"en": "No JSON.", "zh": "不是 JSON。"}
    row = Rejection("r-1", NOON, "mqtt", "t", "not-json", told, b"{", 1, robot=FAIR.robot)
    with database.write() as session:
        store_batch(session, Batch("zone", rejections=(msgspec.structs.replace(row, **more),)), NOON)


@pytest.mark.parametrize(
    ("audience", "told"),
    [
        (Audience(sees_all=True), [FAIR.robot]),
        (Audience(exhibitor="nanling"), [FAIR.robot]),
        (Audience(exhibitor="tianhe"), []),
        (Audience(), []),
    ],
    ids=["organiser", "own exhibitor", "another exhibitor", "public"],
)
def test_a_plan_that_is_opened_tells_a_robots_own_people_alone_that_it_is_refused(
    audience: Audience, told: list[str], database: Database
) -> None:
    refuse(database)

    with database.read() as session:
        for scope in (LiveScope("zone", "1"), LiveScope("booth", BOOTH), LiveScope("robot", FAIR.robot)):
            shown = [REFUSALS.redact(one, audience) for one in REFUSALS.snapshot(session, scope)]
            assert [one["robot"] for one in shown if one is not None] == told
        elsewhere = [LiveScope("booth", SECOND), LiveScope("own", "exhibitor:nanling"), LiveScope("timetable", "1")]
        assert [REFUSALS.snapshot(session, scope) for scope in elsewhere] == [[], [], []]


@pytest.mark.parametrize(
    ("more", "news"),
    [({}, True), ({"rehearsal": True}, False), ({"field": "battery", "code": "field-not-taken"}, False)],
    ids=["refused", "in rehearsal", "one field"],
)
def test_an_open_plan_hears_of_a_refusal_at_once_where_it_is_one(
    more: dict[str, Any], database: Database, *, news: bool
) -> None:
    refuse(database, **more)

    with database.read() as session:
        payload = json.loads(session.exec(select(Change.payload).where(Change.topic == "refusal")).one())
    scopes = [LiveScope("zone", "1"), LiveScope("booth", BOOTH), LiveScope("booth", SECOND)]
    assert [REFUSALS.matches(payload, scope) for scope in scopes] == [news, news, False]
    assert REFUSALS.matches(payload, LiveScope("own", "account:7 exhibitor:nanling"))
    assert REFUSALS.redact(payload, Audience()) is None
