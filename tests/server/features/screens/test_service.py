"""What the overview says is live is what is heard, and where it is heard."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from server.features.exhibitors.models import Robot
from server.features.floorplan.models import Booth, BoothAssignment, Hall
from server.features.screens.rules import ZoneFilter
from server.features.screens.service import zone_overview
from server.features.screens.service.shown import ZoneOverview
from server.features.telemetry.models import RobotHearing, RobotState
from server.features.timetable.models import Demo
from server.infra.db import Database
from server.infra.identity import Audience
from server.kernel.provenance import Provenance
from tests.conftest import NOON
from tests.support.zone import BOOTH, make_zone

SECOND = "D19.2C07"
INVENTED: dict[str, Any] = {"provenance": Provenance.INVENTED}


def add_demo(session: Session, code: str, robot: str | None) -> None:
    booth = session.exec(select(Booth).where(Booth.number == BOOTH)).one()
    owner = session.exec(select(BoothAssignment.exhibitor_id)).first() or 0
    shown = session.exec(select(Robot.id).where(Robot.code == robot)).first() if robot else None
    times: dict[str, datetime] = {"starts_at": NOON - timedelta(minutes=5), "ends_at": NOON + timedelta(minutes=5)}
    session.add(
        Demo(
            code=code,
            exhibitor_id=owner or 0,
            booth_id=booth.id,
            robot_id=shown,
            **{"title_en": "Tea", "title_zh": "茶", **times, **INVENTED},
        )
    )


def hear(session: Session, code: str, *, ago_s: float = 1, at: tuple[float, float] | None = None) -> None:
    robot = session.exec(select(Robot).where(Robot.code == code)).one()
    heard = NOON - timedelta(seconds=ago_s)
    body: dict[str, Any] = {
        "robot": f"nanling/{code}",
        "exhibitor": "nanling",
        "state": "working",
        "at": heard.isoformat(),
        "silent_after": 15,
        "pose": {"x": at[0], "y": at[1], "theta": 0} if at else None,
    }
    session.add(RobotState(robot_id=robot.id or 0, boot=1, seq=1, received_at=heard, body=json.dumps(body)))


@pytest.fixture
def zone(database: Database) -> Database:
    """The small zone, whose exhibitor has a second booth beside the first."""
    make_zone(database)
    with database.write() as session:
        hall = session.exec(select(Hall.id)).one()
        first = session.exec(select(Booth)).one()
        second = Booth(**first.model_dump(exclude={"id", "number", "x"}), number=SECOND, x=9)
        assert hall == second.hall_id
        session.add(second)
        session.flush()
        owner = session.exec(select(BoothAssignment.exhibitor_id)).one()
        session.add(BoothAssignment(booth_id=second.id or 0, exhibitor_id=owner, **INVENTED))
    return database


def overview(database: Database) -> ZoneOverview:
    with database.read() as session:
        return zone_overview(session, Audience(), NOON, ZoneFilter())


def states(found: ZoneOverview) -> dict[str, str]:
    return {tile.card.number: tile.state for tile in found.booths}


def test_only_the_booth_with_a_robot_in_it_works(zone: Database) -> None:
    with zone.write() as session:
        hear(session, "walker-7", at=(12, 5))

    found = overview(zone)

    assert (states(found), found.figures.live, found.figures.booths_live) == ({BOOTH: "none", SECOND: "working"}, 1, 1)


def test_a_robot_on_its_way_is_live_and_in_no_booth(zone: Database) -> None:
    with zone.write() as session:
        hear(session, "walker-7", at=(40, 30))

    found = overview(zone)

    assert (states(found), found.figures.live, found.figures.booths_live) == ({BOOTH: "none", SECOND: "none"}, 1, 0)


def test_a_silent_robot_is_missed_where_it_belongs(zone: Database) -> None:
    with zone.write() as session:
        hear(session, "walker-7", at=(12, 5), ago_s=600)

    found = overview(zone)

    assert (states(found), found.figures.live) == ({BOOTH: "silent", SECOND: "none"}, 0)


def test_a_demo_runs_when_its_robot_speaks(zone: Database) -> None:
    with zone.write() as session:
        add_demo(session, "heard", "walker-7")
        add_demo(session, "silent", "porter-2")
        add_demo(session, "unheard", "arm-1")
        add_demo(session, "nobody", None)
        hear(session, "walker-7")
        hear(session, "porter-2", ago_s=600)

    found = overview(zone)

    running = {shown.demo.code: (shown.scheduled, shown.running) for shown in found.demos}
    assert running == {
        "heard": (True, True),
        "silent": (True, False),
        "unheard": (True, False),
        "nobody": (True, False),
    }
    assert found.figures.demos_running == 1


def test_without_a_sound_nothing_is_live(zone: Database) -> None:
    with zone.write() as session:
        add_demo(session, "unheard", "arm-1")

    figures = overview(zone).figures

    assert (figures.live, figures.booths_live, figures.demos_running) == (0, 0, 0)
    assert not any(tile.demo_now for tile in overview(zone).booths)


@pytest.mark.parametrize(
    ("audience", "state"),
    [
        (Audience(sees_all=True), "refused"),
        (Audience(exhibitor="nanling"), "refused"),
        (Audience(exhibitor="tianhe"), "silent"),
        (Audience(), "silent"),
    ],
    ids=["organiser", "own exhibitor", "another exhibitor", "public"],
)
def test_a_silent_robot_that_is_refused_is_told_as_such_to_its_own_people_alone(
    audience: Audience, state: str, zone: Database
) -> None:
    with zone.write() as session:
        hear(session, "walker-7", ago_s=120)
        robot = session.exec(select(Robot.id).where(Robot.code == "walker-7")).one()
        session.add(RobotHearing(robot_id=robot or 0, refused_at=NOON - timedelta(seconds=5), refused_code="not-json"))

    with zone.read() as session:
        found = zone_overview(session, audience, NOON, ZoneFilter())

    assert (states(found)[BOOTH], found.counts["refused"], found.figures.live) == (state, int(state == "refused"), 0)
