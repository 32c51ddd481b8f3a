"""The loss ledger by the hour: exact whatever comes again, in whatever order, and for the right eyes alone."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import col, select

from device_bridge.wire.batch import Batch, Delivery, Gap, Ledger, Rejection
from device_bridge.wire.report import Report, Source
from server.features.exhibitors.models import Robot
from server.features.telemetry.models import LossCursor, LossHour
from server.features.telemetry.queries.hours import HourRow, robot_hours
from server.features.telemetry.rules.hours import HourTally, Reach, asked_day, hour_of
from server.features.telemetry.service import forget_old_telemetry, store_batch
from server.infra.db import Database
from server.kernel.permissions import Role
from tests.conftest import NOON
from tests.support.people import bearer_of, make_exhibitor
from tests.support.robots import BOOT, FAIR, at
from tests.support.zone import make_zone

SIX, SEVEN = at(0), at(3600)
"""The morning's first two hours (UTC)."""
DAY = (SIX - timedelta(hours=14), SIX + timedelta(hours=10))


def take(database: Database, *deliveries: Delivery, now: datetime = NOON, **rest: tuple[object, ...]) -> None:
    """Store one batch in a unit of work of its own."""
    with database.write() as session:
        store_batch(session, Batch("zone", deliveries=deliveries, **rest), now)  # type: ignore[arg-type]  # parts by name


def report(seq: int, seconds: float, boot: int = BOOT) -> Delivery:
    """A report that came so many seconds into the morning."""
    return Delivery(
        Report(robot=FAIR.robot, boot=boot, seq=seq, time=at(seconds)), at(seconds), "fair-mqtt", Source.LIVE
    )


def refusal(copies: int, name: str = "more-1") -> Rejection:
    return Rejection(name, at(5), "mqtt", "t", "replayed", {"en": "No."}, b"{", 1, copies, FAIR.robot)


def hours(database: Database) -> list[HourRow]:
    """The hours of the fair robot."""
    with database.read() as session:
        robot_id = session.exec(select(Robot.id).where(Robot.code == "walker-7")).one() or 0
        return robot_hours(session, robot_id, *DAY)


@pytest.fixture
def zone(database: Database) -> Database:
    """Three robots of one exhibitor."""
    make_zone(database)
    return database


def test_reports_gaps_and_refusals_stand_in_the_hour_in_which_they_came(zone: Database) -> None:
    ledger = Ledger(FAIR.robot, BOOT, 9, first=1, high=9, mark=1, stored=5, duplicates=2, lost=3, missing=((2, 2),))
    take(zone, report(1, 10), report(3, 20), report(4, 3601), report(8, 3700), report(9, 3800))

    take(zone, gaps=(Gap(FAIR.robot, BOOT, 5, 7, at(3700)),), rejections=(refusal(4),), ledgers=(ledger,), now=at(3900))

    assert hours(zone) == [
        HourRow(SIX, sent=3, stored=2, duplicates=0, rejected=4, lost=0, gaps=0),
        HourRow(SEVEN, sent=6, stored=3, duplicates=2, rejected=0, lost=3, gaps=1),
    ]
    assert [(row.received, row.awaited) for row in hours(zone)] == [(6, 1), (5, 0)]


def test_a_batch_that_comes_again_adds_nothing_and_growth_adds_the_difference(zone: Database) -> None:
    def ledger(revision: int, duplicates: int) -> Ledger:
        return Ledger(FAIR.robot, BOOT, revision, first=1, high=2, mark=2, stored=2, duplicates=duplicates)

    gaps = (Gap(FAIR.robot, BOOT, 7, 9, at(9)),)
    for revision, duplicates, copies in ((1, 3, 10), (1, 3, 10), (2, 5, 25), (1, 3, 4), (2, 5, 25)):
        batch = (report(1, 1), report(2, 2))
        take(
            zone, *batch, gaps=gaps, rejections=(refusal(copies),), ledgers=(ledger(revision, duplicates),), now=at(30)
        )

    assert hours(zone) == [HourRow(SIX, sent=2, stored=2, duplicates=5, rejected=25, lost=3, gaps=1)]


def test_what_lies_before_the_first_report_counts_as_sent_whichever_comes_first(zone: Database) -> None:
    early = Ledger(FAIR.robot, BOOT, 1, first=1, high=5, mark=0, stored=1, missing=((1, 4),))
    late = Ledger(FAIR.robot, BOOT + 1, 1, first=1, high=5, mark=0, stored=1, missing=((1, 4),))

    take(zone, ledgers=(early,), now=at(1))
    take(zone, report(5, 2), now=at(2))
    take(zone, report(5, 3, BOOT + 1), now=at(3))
    take(zone, ledgers=(late,), now=at(4))

    assert [(row.sent, row.stored, row.awaited) for row in hours(zone)] == [(10, 2, 8)]


def test_late_reports_lower_what_is_awaited_in_the_hour_in_which_they_come(zone: Database) -> None:
    take(zone, report(1, 1), report(4, 4))

    take(zone, report(2, 3601), report(3, 3602))

    assert [(row.sent, row.stored, row.awaited) for row in hours(zone)] == [(4, 2, 2), (0, 2, -2)]


@pytest.mark.parametrize("seed", range(3))
def test_any_order_and_any_repetition_gives_the_same_hours(zone: Database, seed: int) -> None:
    chance = Random(seed)
    lost = {number for number in range(2, 120) if chance.random() < 0.1}
    sent = [report(number, number * 50) for number in range(1, 121) if number not in lost]
    parts = [tuple(chance.sample(sent, 30)) for _ in range(12)] + [
        tuple(sent[start : start + 40]) for start in (0, 40, 80)
    ]
    chance.shuffle(parts)

    for part in parts:
        take(zone, *part)

    found = hours(zone)
    assert sum(row.sent for row in found) == 120
    assert {row.hour: row.stored for row in found} == {
        hour: sum(hour_of(one.received_at) == hour for one in sent) for hour in (SIX, SEVEN)
    }
    assert sum(row.awaited for row in found) == len(lost)


def test_old_hours_go_with_the_reports(zone: Database) -> None:
    take(zone, report(1, 1), report(2, 3601), report(1, 3602, BOOT + 1), now=at(3700))

    with zone.write() as session:
        forget_old_telemetry(session, at(2 * 3600))

    with zone.read() as session:
        left = session.exec(select(LossHour.hour)).all(), session.exec(select(col(LossCursor.boot))).all()
    assert left == ([], [BOOT + 1])


@given(
    st.lists(st.integers(1, 60), unique=True),
    st.lists(st.integers(0, 59), max_size=4),
)
def test_the_counter_comes_forward_by_the_same_whatever_the_batches_are(numbers: list[int], cuts: list[int]) -> None:
    at_once, in_parts = HourTally(), HourTally()
    edges = sorted({0, *cuts, len(numbers)})

    reach = None
    for start, end in pairwise(edges):
        reach = in_parts.count_forward(1, reach, [(number, SIX) for number in numbers[start:end]])
    whole = at_once.count_forward(1, None, [(number, SIX) for number in numbers])

    assert reach == whole == (Reach(min(numbers), max(numbers)) if numbers else None)
    assert in_parts.hours == at_once.hours


def test_nonsense_in_an_address_means_today_in_fair_time() -> None:
    late = datetime(2026, 4, 16, 17, 0, tzinfo=UTC)

    assert [asked_day(text, late).isoformat() for text in ("2026-04-14", "", "yesterday", "9999-01-01")] == [
        "2026-04-14",
        *["2026-04-17"] * 3,
    ]


def test_the_page_shows_the_day_by_the_hour_with_its_gaps_in_both_languages(
    zone: Database, client: FlaskClient
) -> None:
    take(zone, report(1, 10), report(5, 20), gaps=(Gap(FAIR.robot, BOOT, 2, 4, at(20)),))
    headers = bearer_of(zone, Role.ORGANISER)

    english = client.get(f"/ledger/{FAIR.robot}?lang=en&day=2026-04-16", headers=headers).get_data(as_text=True)
    chinese = client.get(f"/ledger/{FAIR.robot}?lang=zh-Hans&day=2026-04-16", headers=headers).get_data(as_text=True)
    empty = client.get(f"/ledger/{FAIR.robot}?lang=en&day=2026-04-15", headers=headers).get_data(as_text=True)

    assert ("Reports 2 to 4 (3)" in english, "Sent = stored + lost + numbers refused + awaited." in english) == (
        True,
        True,
    )
    assert ("第 2 至 4 条报告（共 3 条）" in chinese, "按小时" in chinese) == (True, True)
    assert "Nothing came on this day." in empty


def test_programs_read_the_same_day(zone: Database, client: FlaskClient) -> None:
    take(zone, report(1, 10), report(3, 20))
    address = f"/api/v1/telemetry/ledger/{FAIR.robot}?day=2026-04-16"

    day = client.get(address, headers=bearer_of(zone, Role.EXHIBITOR_STAFF)).json

    assert day == {
        "robot": FAIR.robot,
        "date": "2026-04-16",
        "hours": [
            {
                "hour": "2026-04-16T06:00:00Z",
                "sent": 3,
                "received": 2,
                "stored": 2,
                "duplicates": 0,
                "rejected": 0,
                "lost": 0,
                "gaps": 0,
                "turned_away": 0,
                "awaited": 1,
            }
        ],
        "lost": [],
        "awaited": [],
    }


def test_a_robot_of_somebody_else_is_not_there(zone: Database, client: FlaskClient) -> None:
    make_exhibitor(zone, "tianhe")
    headers = bearer_of(zone, Role.EXHIBITOR_ADMIN)

    answers = [
        client.get(f"{door}/{key}", headers=headers).status_code
        for door in ("/ledger", "/api/v1/telemetry/ledger")
        for key in (FAIR.robot, "tianhe/robot-1", "nanling/nobody")
    ]

    assert answers == [200, 404, 404] * 2
