"""The fair starts fresh every morning: what was kept overnight is stored and counted, and shown nowhere."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from device_bridge.wire.batch import Batch, Delivery
from device_bridge.wire.report import Report, Source
from server.features.exhibitors.models import Robot
from server.features.exhibitors.rules import SourceClass
from server.features.telemetry.live import ROBOTS
from server.features.telemetry.models import TelemetryReport
from server.features.telemetry.queries import present_states, reports_stored
from server.features.telemetry.rules.freshness import day_began, is_history
from server.features.telemetry.service import store_batch
from server.features.timetable.schemas import DayIn
from server.features.timetable.service import add_days
from server.infra.db import Database
from server.kernel.clock import FAIR_ZONE
from server.kernel.provenance import Provenance
from tests.support.changes import changes_after
from tests.support.clock import FixedClock
from tests.support.robots import BOOT, FAIR, VDA
from tests.support.site import running_site
from tests.support.zone import make_zone


def fair(day: int, hour: float = 0) -> datetime:
    """An hour of a day in April, fair time."""
    return datetime(2026, 4, day, tzinfo=FAIR_ZONE) + timedelta(hours=hour)


OPENINGS = [(fair(15, 9.5), fair(15, 18)), (fair(16, 9.5), fair(16, 18)), (fair(17, 9.5), fair(17, 16))]
LATE = [(fair(15, 9.5), fair(16, 2)), (fair(16, 6), fair(16, 18))]
MORNING = fair(16, 9)


@pytest.mark.parametrize(
    ("openings", "now", "began"),
    [
        (OPENINGS, fair(15, 8), fair(15, 3.5)),
        (OPENINGS, fair(15, 23), fair(15, 3.5)),
        (OPENINGS, fair(16, 3), fair(15, 3.5)),
        (OPENINGS, fair(16, 3.5), fair(16, 3.5)),
        (OPENINGS, fair(16, 12), fair(16, 3.5)),
        (LATE, fair(16, 3.9), fair(15, 3.5)),
        (LATE, fair(16, 4.1), fair(16, 4)),
        (OPENINGS, fair(14, 12), fair(14, 4)),
        (OPENINGS, fair(30, 3), fair(29, 4)),
        ([], fair(16, 12), fair(16, 4)),
    ],
    ids=["before", "evening", "night", "begins", "noon", "long night", "after it", "eve", "weeks later", "no fair"],
)
def test_the_night_belongs_to_the_day_before_it(
    openings: list[tuple[datetime, datetime]], now: datetime, began: datetime
) -> None:
    assert day_began(now, openings) == began


@given(st.datetimes(datetime(2026, 4, 10), datetime(2026, 4, 25), timezones=st.just(UTC)))  # noqa: DTZ001 - with a zone
def test_a_day_has_begun_before_now_not_long_ago_and_never_goes_back(now: datetime) -> None:
    assert now - timedelta(hours=30) < day_began(now, OPENINGS) <= now
    assert day_began(now - timedelta(hours=1), OPENINGS) <= day_began(now, OPENINGS)


@pytest.mark.parametrize(
    ("made", "received", "history"),
    [
        (MORNING, MORNING, False),
        (fair(15, 17), fair(15, 17), True),
        (fair(15, 17), MORNING, True),
        (fair(15, 17), fair(15, 23), True),
        (fair(16, 3.49), fair(16, 3.51), False),
        (fair(1), MORNING, False),
        (datetime(1970, 1, 1, tzinfo=UTC), MORNING, False),
        (fair(18), MORNING, False),
    ],
    ids=["now", "held by the bridge", "kept by the robot", "both", "over the hour", "clock", "reset", "ahead"],
)
def test_history_is_what_came_or_was_kept_since_before_this_day(
    made: datetime, received: datetime, *, history: bool
) -> None:
    assert is_history(made, received, fair(16, 3.5)) is history


def delivery(seq: int, made: datetime, received: datetime, robot: str = FAIR.robot, **more: Any) -> Delivery:
    return Delivery(Report(robot=robot, boot=BOOT, seq=seq, time=made, **more), received, "fair-mqtt", Source.LIVE)


def take(database: Database, clock: FixedClock, *deliveries: Delivery) -> None:
    with database.write() as session:
        store_batch(session, Batch("zone", deliveries=deliveries), clock.now())


@pytest.fixture
def zone(database: Database, clock: FixedClock) -> Database:
    """Three robots on the second morning of the fair."""
    make_zone(database)
    days = [
        DayIn(date=opens.date(), opens_at=opens, closes_at=closes, provenance=Provenance.DERIVED)
        for opens, closes in OPENINGS
    ]
    with database.write() as session:
        add_days(session, days)
    clock.move(lambda _: MORNING)
    return database


def test_yesterdays_backlog_is_stored_as_history_and_shown_on_no_screen(zone: Database, clock: FixedClock) -> None:
    evening = fair(15, 17)
    kept = [delivery(seq, evening + timedelta(seconds=seq), MORNING) for seq in range(1, 4)]
    held = delivery(1, evening, evening, VDA.robot)

    take(zone, clock, *kept, held)

    with zone.read() as session:
        assert (
            reports_stored(session),
            present_states(session),
            [one.topic for one in changes_after(session, 0, 9)],
        ) == (4, [], ["news"])
        assert set(session.exec(select(TelemetryReport.backfill))) == {True}


def test_the_first_report_of_the_morning_is_shown_though_it_comes_with_the_backlog(
    zone: Database, clock: FixedClock
) -> None:
    take(zone, clock, delivery(1, fair(15, 17), MORNING, battery=20), delivery(2, MORNING, MORNING, battery=99))

    with zone.read() as session:
        assert [state["battery"] for state in present_states(session)] == [99]


def test_a_replay_is_shown_however_old_its_own_times_are(zone: Database, clock: FixedClock) -> None:
    with zone.write() as session:
        enrolled = FAIR.robot.partition("/")[2]
        session.exec(select(Robot).where(Robot.code == enrolled)).one().source = SourceClass.REPLAY

    take(zone, clock, delivery(1, fair(15, 17), MORNING))

    with zone.read() as session:
        assert [state["source"] for state in present_states(session)] == ["replay"]


def test_a_screen_that_starts_in_the_morning_shows_no_robot_of_yesterday(
    app: Flask, zone: Database, clock: FixedClock
) -> None:
    clock.move(lambda _: fair(15, 17))
    take(zone, clock, delivery(1, fair(15, 17), fair(15, 17)), delivery(1, fair(15, 17), fair(15, 17), VDA.robot))
    clock.move(lambda _: MORNING)
    take(zone, clock, delivery(2, MORNING, MORNING))

    with running_site(app, [ROBOTS]) as site:
        snapshot = site.listen("booth=D19.2C05").next_of_change().data

    assert [robot["robot"] for robot in snapshot["robots"]] == [FAIR.robot]
