"""Taking the bridge's batches: any part may come again, in any order, and nothing is stored twice or shown stale."""

import json
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from sqlmodel import select

from device_bridge.wire.batch import Batch, Delivery, Gap, Ledger, Receipt, Rejection
from device_bridge.wire.report import Activity, EStop, Fault, FaultLevel, Report, Source
from server.features.exhibitors.models import Robot
from server.features.telemetry.models import LossGap, LossLedger, QuarantinedMessage
from server.features.telemetry.queries import (
    ledger_page,
    present_states,
    quarantine_page,
    reports_stored,
)
from server.features.telemetry.service import forget_old_telemetry, store_batch
from server.infra.db import Database
from server.infra.identity import Audience, Identity
from server.kernel.permissions import Role
from tests.conftest import NOON
from tests.support.changes import changes_after
from tests.support.robots import BOOT, FAIR, SERIAL, VDA, at
from tests.support.zone import BOOTH, make_zone

ORGANISER = Audience(sees_all=True)


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


def switch_off(database: Database, code: str) -> None:
    """Let a robot speak no more."""
    with database.write() as session:
        session.exec(select(Robot).where(Robot.code == code)).one().active = False


def shown(database: Database) -> list[dict[str, Any]]:
    """The present states."""
    with database.read() as session:
        return present_states(session)


def test_where_data_come_from_is_what_the_enrolment_says_not_the_bridge(database: Database) -> None:
    take(database, delivery(1), delivery(1, robot=VDA.robot))

    assert {state["robot"]: state["source"] for state in shown(database)} == {
        FAIR.robot: "live",
        VDA.robot: "simulated",
    }


def test_a_batch_is_stored_shown_and_announced(database: Database) -> None:
    report = delivery(1, activity=Activity.WORKING, battery=78.5, task="Tray to table 4", speed=0.8)

    receipt = take(database, report)

    assert receipt == Receipt(stored=1, duplicates=0, rejections=0)
    (state,) = shown(database)
    assert state == {
        "robot": FAIR.robot,
        "number": 1,
        "exhibitor": "nanling",
        "booth": BOOTH,
        "booths": [BOOTH],
        "state": "working",
        "mode": "automatic",
        "activity": "working",
        "task": {"en": "Tray to table 4", "zh": "Tray to table 4"},
        "battery": 78.5,
        "speed": 0.8,
        "pose": None,
        "at": at(1).isoformat(),
        "source": "live",
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
        assert (reports_stored(session), [one.topic for one in changes_after(session, 0, 10)]) == (
            3,
            ["robot", "refusal"],
        )
        assert [row.copies for row in quarantine_page(session, ORGANISER)] == [1]
        assert len(session.exec(select(LossGap)).all()) == 1


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
        assert (reports_stored(session), [one.topic for one in changes_after(session, 0, 10)]) == (4, ["robot", "news"])


def test_a_new_boot_takes_over_though_its_numbers_start_again(database: Database) -> None:
    take(database, delivery(500, battery=50))

    take(database, delivery(1, boot=BOOT + 60_000, battery=99))

    assert [state["battery"] for state in shown(database)] == [99]


def test_a_report_of_a_robot_that_is_not_enrolled_any_more_goes_to_quarantine(database: Database) -> None:
    receipt = take(database, delivery(1), delivery(1, robot="nanling/sold"))

    assert receipt == Receipt(stored=1, duplicates=0, rejections=1)
    with database.read() as session:
        (row,) = quarantine_page(session, ORGANISER)
    assert (row.code, row.address, row.robot) == ("not-enrolled", "nanling/sold", None)
    assert msgspec.json.decode(row.raw)["seq"] == 1


def test_every_report_of_a_robot_with_a_long_name_is_kept_whole_in_quarantine(database: Database) -> None:
    key = f"nanling/{'sold-' * 9}"
    text = dict.fromkeys(("en", "zh", "de", "fr", "es", "pt", "ja", "ko"), "x" * 200)
    faults = tuple(Fault(FaultLevel.WARNING, f"f-{number}", text) for number in range(5))

    for _ in range(2):
        take(database, *(delivery(number, robot=key, errors=faults) for number in (1, 2, 3)))

    with database.read() as session:
        rows = quarantine_page(session, ORGANISER)
    bodies = [msgspec.json.decode(row.raw) for row in rows]
    assert sorted(body["seq"] for body in bodies) == [1, 2, 3]
    assert [len(body["errors"]) for body in bodies] == [5, 5, 5]


def test_what_a_robot_lost_and_had_refused_counts_though_it_is_switched_off_by_then(database: Database) -> None:
    take(database, delivery(1))
    switch_off(database, "walker-7")

    receipt = take(
        database,
        delivery(2),
        gaps=(Gap(FAIR.robot, BOOT, 7, 9, at(9)),),
        ledgers=(Ledger(FAIR.robot, BOOT, 1, first=1, high=9, mark=6, stored=6, lost=3),),
    )

    assert (receipt, shown(database)) == (Receipt(stored=0, duplicates=0, rejections=1), [])
    with database.read() as session:
        (row,) = ledger_page(session, ORGANISER)
        refused = [message.robot for message in quarantine_page(session, Audience(exhibitor="nanling"))]
    assert (row.lost, row.gaps, row.refused, refused) == (3, 1, 1, [FAIR.robot])


def test_a_name_with_a_nul_character_is_stored_readable_and_its_bytes_as_they_came(database: Database) -> None:
    refusal = Rejection("z\0-1", at(1), "mqtt" * 9, "a\0b", "not\0json", {"en": "No\0."}, b"{\0", 2**40, 2**40)

    for _ in range(2):
        take(database, delivery(1, task="Tea\0time"), rejections=(refusal,))

    with database.read() as session:
        (row,) = quarantine_page(session, ORGANISER)
    assert (row.address, row.code, row.detail) == ("a\ufffdb", "not\ufffdjson", {"en": "No\ufffd."})
    assert (row.channel, row.raw, row.size, row.copies) == (("mqtt" * 9)[:16], b"{\0", 2**40, 2**40)
    assert [state["task"]["en"] for state in shown(database)] == ["Tea\0time"]


def test_what_was_refused_is_kept_raw_with_its_sentences(database: Database) -> None:
    detail = {"en": "Field `battery`: above 100.", "zh": "字段 `battery` 大于 100。"}
    raw = b'{"battery": 178}\xff\x00'

    take(database, rejections=(Rejection("z-1", at(1), "mqtt", "t", "invalid-field", detail, raw, 18, 1, FAIR.robot),))

    with database.read() as session:
        stored = session.exec(select(QuarantinedMessage)).one()
        assert (stored.raw, stored.detail, stored.size) == (raw, detail, 18)
        assert [row.robot for row in quarantine_page(session, ORGANISER)] == [FAIR.robot]
        assert quarantine_page(session, Audience(exhibitor="tianhe")) == []


def test_a_row_that_stands_for_many_refusals_grows_and_never_shrinks(database: Database) -> None:
    def refusal(copies: int) -> Rejection:
        return Rejection("more-1", at(1), "mqtt", "t", "replayed", {"en": "No."}, b"{", 1, copies, FAIR.robot)

    for copies in ((1, 5), (900, 300), (40,)):
        take(database, rejections=tuple(refusal(number) for number in copies))

    with database.read() as session:
        assert [row.copies for row in quarantine_page(session, ORGANISER)] == [900]


def test_the_ledger_keeps_the_newest_revision_whatever_the_order(database: Database) -> None:
    newer = Ledger(FAIR.robot, BOOT, 40, first=1, high=42, mark=39, stored=38, lost=3, missing=((40, 40),))
    older = Ledger(FAIR.robot, BOOT, 20, first=1, high=20, mark=20, stored=20)

    take(database, ledgers=(newer,))
    take(database, ledgers=(older,))

    with database.read() as session:
        (row,) = ledger_page(session, ORGANISER)
    assert (row.robot, row.sent, row.stored, row.lost, row.open) == (FAIR.robot, 42, 38, 3, 1)


def test_the_accounts_of_all_boots_of_a_robot_add_up(database: Database) -> None:
    boots = [
        Ledger(FAIR.robot, BOOT + number, 1, first=1, high=10, mark=5, stored=6, duplicates=2, lost=1, missing=spans)
        for number, spans in enumerate([((6, 6), (8, 9)), ((6, 8),)])
    ]

    take(database, ledgers=tuple(boots), gaps=(Gap(FAIR.robot, BOOT, 7, 7, at(9)),))

    with database.read() as session:
        (row,) = ledger_page(session, ORGANISER)
    assert (row.sent, row.stored, row.duplicates, row.lost, row.open, row.gaps) == (20, 12, 4, 2, 6, 1)
    assert row.updated_at == NOON


def test_an_exhibitors_person_without_exhibitor_sees_nobodys_troubles(database: Database) -> None:
    ledger = Ledger(FAIR.robot, BOOT, 1, first=1, high=1, mark=1, stored=1)
    take(database, delivery(1, robot="nanling/sold"), ledgers=(ledger,))
    lost = Audience.of(Identity(role=Role.EXHIBITOR_STAFF))

    with database.read() as session:
        seen = (ledger_page(session, lost), quarantine_page(session, lost))

    assert seen == ([], [])


def test_old_accounts_go_but_for_each_robots_newest(database: Database) -> None:
    def ledger(robot: str, boot: int) -> Ledger:
        return Ledger(robot, boot, 1, first=1, high=1, mark=1, stored=1)

    take(database, ledgers=(ledger(FAIR.robot, BOOT), ledger(FAIR.robot, BOOT + 1), ledger(VDA.robot, BOOT)))

    with database.write() as session:
        kept = forget_old_telemetry(session, NOON)
        gone = forget_old_telemetry(session, NOON + timedelta(seconds=1))

    with database.read() as session:
        left = sorted(session.execute(select(LossLedger.boot)).scalars())
    assert (kept, gone, left) == (0, 1, [BOOT, BOOT + 1])


def test_a_gap_is_a_row_of_its_robot(database: Database) -> None:
    take(database, gaps=(Gap(VDA.robot, BOOT, 12, 14, at(20)),))

    with database.read() as session:
        robot_id = {state.robot: state for state in ledger_page(session, ORGANISER)}
        assert robot_id == {}
        rows = session.exec(select(LossGap)).all()
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
