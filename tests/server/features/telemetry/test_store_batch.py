"""Taking the bridge's batches: any part may come again, in any order, and nothing is stored twice or shown stale."""

import json
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from sqlmodel import select

from device_bridge.wire.batch import Batch, Delivery, Gap, Ledger, Receipt, Rejection
from device_bridge.wire.report import Activity, EStop, Fault, FaultLevel, Report, Source
from server.features.telemetry.models import QuarantinedMessage
from server.features.telemetry.queries import (
    gap_page,
    ledger_page,
    present_states,
    quarantine_page,
    recent_reports,
    reports_stored,
    zone_counts,
)
from server.features.telemetry.service import forget_old_telemetry, store_batch
from server.infra.changes import changes_after
from server.infra.db import Database
from tests.conftest import NOON
from tests.support.robots import BOOT, FAIR, SERIAL, VDA, at
from tests.support.zone import BOOTH, make_zone


@pytest.fixture(autouse=True)
def zone(database: Database) -> None:
    """Three robots of one exhibitor."""
    make_zone(database)


def delivery(seq: int, *, robot: str = FAIR.robot, backfill: bool = False, **report: Any) -> Delivery:
    """A delivery whose report and receipt are `seq` seconds into the morning."""
    body = Report(robot=robot, boot=report.pop("boot", BOOT), seq=seq, time=at(seq), **report)
    return Delivery(body, at(seq), FAIR.protocol, Source.SIMULATED, backfill)


def take(database: Database, *deliveries: Delivery, **rest: Any) -> Receipt:
    """Store one batch in a unit of work of its own."""
    with database.write() as session:
        return store_batch(session, Batch("zone", deliveries=deliveries, **rest), NOON)


def shown(database: Database) -> list[dict[str, Any]]:
    """The present states."""
    with database.read() as session:
        return present_states(session)


def test_a_batch_is_stored_shown_and_announced(database: Database) -> None:
    report = delivery(1, activity=Activity.WORKING, battery=78.5, task="Tray to table 4", speed=0.8)

    receipt = take(database, report)

    assert receipt == Receipt(stored=1, duplicates=0, rejections=0)
    (state,) = shown(database)
    assert state == {
        "robot": FAIR.robot,
        "exhibitor": "nanling",
        "booth": BOOTH,
        "state": "working",
        "mode": "automatic",
        "activity": "working",
        "task": {"en": "Tray to table 4", "zh": "Tray to table 4"},
        "battery": 78.5,
        "speed": 0.8,
        "pose": None,
        "at": at(1).isoformat(),
        "source": "simulated",
        "silent_after": 15,
        "estop": "none",
        "errors": [],
        "metrics": {},
    }
    with database.read() as session:
        assert [(change.key, json.loads(change.payload)) for change in changes_after(session, 0, 10)] == [
            (FAIR.robot, state)
        ]


def test_the_same_batch_again_changes_nothing(database: Database) -> None:
    deliveries = [delivery(number) for number in (1, 2, 3)]
    rejection = Rejection(
        "zone-1", at(1), "mqtt", "a/b", "not-json", {"en": "No.", "zh": "不。"}, b"{", 1, 1, FAIR.robot
    )
    gap = Gap(FAIR.robot, BOOT, 7, 9, at(9))
    take(database, *deliveries, rejections=(rejection,), gaps=(gap,))

    receipt = take(database, *deliveries, rejections=(rejection,), gaps=(gap,))

    assert receipt == Receipt(stored=0, duplicates=3, rejections=0)
    with database.read() as session:
        assert (reports_stored(session), len(changes_after(session, 0, 10))) == (3, 1)
        assert zone_counts(session).quarantined == 1
        assert zone_counts(session).gaps == 1


def test_a_batch_that_overlaps_another_stores_what_is_new_of_it(database: Database) -> None:
    take(database, delivery(1), delivery(2))

    assert take(database, delivery(2), delivery(3)) == Receipt(stored=1, duplicates=1, rejections=0)


def test_history_never_overwrites_the_live_value(database: Database) -> None:
    take(database, delivery(5, battery=50))

    take(database, delivery(3, battery=90, backfill=True))
    take(database, delivery(4, battery=80))
    take(database, delivery(900, boot=BOOT - 1, battery=70))

    assert [state["battery"] for state in shown(database)] == [50]
    with database.read() as session:
        assert (reports_stored(session), len(changes_after(session, 0, 10))) == (4, 1)


def test_a_new_boot_takes_over_though_its_numbers_start_again(database: Database) -> None:
    take(database, delivery(500, battery=50))

    take(database, delivery(1, boot=BOOT + 60_000, battery=99))

    assert [state["battery"] for state in shown(database)] == [99]


def test_a_report_of_a_robot_that_is_not_enrolled_any_more_goes_to_quarantine(database: Database) -> None:
    receipt = take(database, delivery(1), delivery(1, robot="nanling/sold"))

    assert receipt == Receipt(stored=1, duplicates=0, rejections=1)
    with database.read() as session:
        (row,) = quarantine_page(session)
    assert (row.code, row.address, row.robot) == ("not-enrolled", "nanling/sold", None)
    assert msgspec.json.decode(row.raw)["seq"] == 1


def test_what_was_refused_is_kept_raw_with_its_sentences(database: Database) -> None:
    detail = {"en": "Field `battery`: above 100.", "zh": "字段 `battery` 大于 100。"}
    raw = b'{"battery": 178}\xff\x00'

    take(database, rejections=(Rejection("z-1", at(1), "mqtt", "t", "invalid-field", detail, raw, 18, 1, FAIR.robot),))

    with database.read() as session:
        stored = session.exec(select(QuarantinedMessage)).one()
        assert (stored.raw, stored.detail, stored.size) == (raw, detail, 18)
        assert [row.robot for row in quarantine_page(session)] == [FAIR.robot]
        assert quarantine_page(session, exhibitor_id=10_000) == []


def test_a_row_that_stands_for_many_refusals_grows_and_never_shrinks(database: Database) -> None:
    def refusal(copies: int) -> Rejection:
        return Rejection("more-1", at(1), "mqtt", "t", "replayed", {"en": "No."}, b"{", 1, copies, FAIR.robot)

    for copies in ((1, 5), (900, 300), (40,)):
        take(database, rejections=tuple(refusal(number) for number in copies))

    with database.read() as session:
        assert [row.copies for row in quarantine_page(session)] == [900]
        assert zone_counts(session).quarantined == 900


def test_the_ledger_keeps_the_newest_revision_whatever_the_order(database: Database) -> None:
    newer = Ledger(FAIR.robot, BOOT, 40, first=1, high=42, mark=39, stored=38, lost=3, missing=((40, 40),))
    older = Ledger(FAIR.robot, BOOT, 20, first=1, high=20, mark=20, stored=20)

    take(database, ledgers=(newer,))
    take(database, ledgers=(older,))

    with database.read() as session:
        (row,) = ledger_page(session)
    assert (row.robot, row.sent, row.stored, row.lost, row.open) == (FAIR.robot, 42, 38, 3, 1)


def test_a_gap_is_a_row_of_its_robot(database: Database) -> None:
    take(database, gaps=(Gap(VDA.robot, BOOT, 12, 14, at(20)),))

    with database.read() as session:
        robot_id = {state.robot: state for state in ledger_page(session)}
        assert robot_id == {}
        rows = [gap for number in range(1, 10) for gap in gap_page(session, number)]
    assert [(gap.first, gap.last, gap.noticed_at) for gap in rows] == [(12, 14, at(20))]


@pytest.mark.parametrize(
    ("report", "state"),
    [
        ({"activity": Activity.IDLE}, "waiting"),
        ({"activity": Activity.MOVING}, "working"),
        ({"activity": Activity.CHARGING}, "charging"),
        ({"activity": Activity.WORKING, "estop": EStop.MANUAL}, "stopped"),
        ({"estop": EStop.AUTO, "errors": (Fault(FaultLevel.FATAL, "motor"),)}, "fault"),
        ({"activity": Activity.WORKING, "errors": (Fault(FaultLevel.WARNING, "tray"),)}, "working"),
    ],
)
def test_a_report_becomes_one_word(database: Database, report: dict[str, Any], state: str) -> None:
    take(database, delivery(1, **report))

    assert [row["state"] for row in shown(database)] == [state]


def test_old_reports_go_and_the_present_state_stays(database: Database) -> None:
    take(database, delivery(1), delivery(2), delivery(1, robot=SERIAL.robot))

    with database.write() as session:
        removed = forget_old_telemetry(session, at(2))
        again = forget_old_telemetry(session, at(2))

    assert (removed, again, len(shown(database))) == (2, 0, 2)


def test_the_last_hour_of_a_robot_is_found_newest_first(database: Database) -> None:
    take(database, *(delivery(number) for number in (1, 2, 3)))

    with database.read() as session:
        found = [recent_reports(session, number, at(0) + timedelta(hours=1, seconds=2)) for number in range(1, 5)]

    assert [[msgspec.json.decode(body)["seq"] for body in bodies] for bodies in found if bodies] == [[3, 2]]
