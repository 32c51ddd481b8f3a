"""The organiser's day: its figures are those of the tables, and each leads to its list."""

import json
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert
from sqlmodel import Session, col, select

from server.features.buyers.models import Buyer
from server.features.exhibitors.models import Exhibitor, Robot, StaffMember
from server.features.floorplan.models import Booth, BoothAssignment, MeetingTable
from server.features.insight.rules import Trouble
from server.features.insight.schemas import BoothFigures, MailFigures, MeetingFigures, RobotFigures, TodayOut
from server.features.insight.service import today
from server.features.meetings.models import Meeting
from server.features.telemetry.models import RobotState
from server.features.timetable.models import Demo
from server.infra.audit import record
from server.infra.db import Database
from server.infra.heartbeat import beat
from server.infra.identity import SYSTEM
from server.infra.mail import Mail, MailMessage, post
from server.infra.outbox import OutboxEvent, OutboxFailure
from server.kernel.permissions import Role
from tests.conftest import NOON
from tests.support.people import bearer_of

NANLING = "nanling"


def seen(database: Database, now: datetime = NOON) -> TodayOut:
    with database.read() as session:
        return today(session, now)


def hear(session: Session, robot: Robot, state: str, ago_s: int = 0) -> None:
    """Let a robot have reported `ago_s` seconds before noon."""
    at = NOON - timedelta(seconds=ago_s)
    body = {"robot": robot.code, "state": state, "at": at.isoformat(), "silent_after": 15}
    session.add(RobotState(robot_id=robot.id or 0, boot=1, seq=1, received_at=at, body=json.dumps(body)))


def robots_of(session: Session, code: str) -> list[Robot]:
    query = select(Robot).join(Exhibitor, col(Exhibitor.id) == Robot.exhibitor_id).where(Exhibitor.code == code)
    return list(session.exec(query.order_by(Robot.code)))


def meet(session: Session, number: int, state: str, starts_at: datetime, requested_at: datetime | None) -> None:
    """A meeting as it stands in its table, whatever led to it."""
    staff = session.exec(select(StaffMember.exhibitor_id, StaffMember.id)).first()
    assert staff is not None
    seated = state in {"accepted", "done", "no_show"}
    row: dict[str, Any] = {
        "uid": f"m-{number}",
        "exhibitor_id": staff[0],
        "buyer_id": session.exec(select(Buyer.id)).first(),
        "staff_id": staff[1] if seated else None,
        "table_id": session.exec(select(MeetingTable.id)).first() if seated else None,
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(minutes=30),
        "state": state,
        "requested_at": requested_at,
        "expires_at": NOON + timedelta(days=1),
        "created_at": NOON,
        "changed_at": NOON,
    }
    session.execute(insert(Meeting).values(**row))


def test_robots_are_counted_by_what_may_be_believed_of_them(fair_database: Database) -> None:
    with fair_database.write() as session:
        all_robots = list(session.exec(select(Robot).order_by(Robot.code)))
        for robot, state, ago_s in zip(all_robots, ("working", "fault", "working"), (0, 5, 60), strict=False):
            hear(session, robot, state, ago_s)

    enrolled = len(all_robots)
    assert seen(fair_database).robots == RobotFigures(
        enrolled=enrolled, live=2, silent=1, refused=0, unheard=enrolled - 3, fault=1
    )


def test_booths_without_exhibitor_or_live_robot_and_exhibitors_without_booth_are_counted(
    fair_database: Database,
) -> None:
    with fair_database.write() as session:
        hear(session, robots_of(session, NANLING)[0], "working")
        lost = session.exec(
            select(BoothAssignment)
            .join(Exhibitor, col(Exhibitor.id) == BoothAssignment.exhibitor_id)
            .where(Exhibitor.code == "egret")
        ).one()
        session.delete(lost)
        booths = len(session.exec(select(Booth.id)).all())

    taken = 45
    assert seen(fair_database).booths == BoothFigures(
        booths=booths, vacant=booths - taken, dark=taken - 1, without_booth=1
    )


def test_a_running_demo_is_late_when_its_robot_stands_and_in_trouble_when_it_is_silent(
    fair_database: Database,
) -> None:
    with fair_database.write() as session:
        demos = session.exec(select(Demo).where(Demo.starts_at > NOON).order_by(col(Demo.starts_at))).all()
        late, silent, fine = (one for one in demos[:3])
        for demo, state, ago_s in ((late, "waiting", 0), (silent, "working", 90), (fine, "working", 0)):
            demo.starts_at, demo.ends_at = NOON - timedelta(minutes=6), NOON + timedelta(minutes=14)
            robot = session.get(Robot, demo.robot_id)
            assert robot is not None
            hear(session, robot, state, ago_s)
        names = (silent.code, late.code, fine.code)

    found = {demo.code: (demo.trouble, demo.late_min) for demo in seen(fair_database).demos.trouble}
    assert (found[names[0]], found[names[1]]) == ((Trouble.ROBOT, 6), (Trouble.LATE, 6))
    assert names[2] not in found


def test_meetings_of_today_and_open_requests_of_all_days_are_counted(fair_database: Database) -> None:
    old, older = NOON - timedelta(minutes=10), NOON - timedelta(minutes=43)
    tomorrow = NOON + timedelta(days=1)
    with fair_database.write() as session:
        for number, (state, starts_at, asked) in enumerate(
            [
                ("accepted", NOON, old),
                ("accepted", tomorrow, old),
                ("requested", NOON, old),
                ("requested", tomorrow, older),
                ("waiting", tomorrow, old),
                ("done", NOON - timedelta(hours=1), old),
                ("declined", NOON, old),
            ]
        ):
            meet(session, number, state, starts_at, asked)

    assert seen(fair_database).meetings == MeetingFigures(
        accepted=1, done=1, no_show=0, unanswered=2, queued=1, oldest_request_at=older
    )


def test_mails_and_steps_that_failed_are_counted_and_named(fair_database: Database) -> None:
    with fair_database.write() as session:
        for name in ("a", "b"):
            mail = Mail(
                message_id=name, thread=name, to_name="Ana", to_address="a@example.org", subject="s", text="t",
                language="en", about="t",
            )  # fmt: skip
            post(session, mail)
        for row in session.exec(select(MailMessage).where(MailMessage.message_id == "a")):
            row.attempts = 2
        event = OutboxEvent(kind="InviteIssued", payload="{}", at=NOON)
        session.add(event)
        session.flush()
        session.add(
            OutboxFailure(
                event_id=event.id or 0,
                handler="invites",
                attempts=3,
                error="ValueError: no",
                failed_at=NOON,
                retry_at=NOON,
            )
        )

    found = seen(fair_database)
    assert found.mails == MailFigures(waiting=2, failed=1)
    assert [(one.handler, one.attempts, one.error) for one in found.failures] == [("invites", 3, "ValueError: no")]


def test_the_workers_last_sign_of_life_has_an_age(fair_database: Database) -> None:
    before = seen(fair_database).worker_age_s
    with fair_database.write() as session:
        beat(session, NOON - timedelta(seconds=7))

    assert (before, seen(fair_database).worker_age_s) == (None, 7)


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_the_page_says_what_needs_the_organiser_first(organiser: FlaskClient, fair_database: Database) -> None:
    with fair_database.write() as session:
        meet(session, 1, "requested", NOON + timedelta(hours=2), NOON - timedelta(minutes=43))
        beat(session, NOON - timedelta(minutes=5))

    page = organiser.get("/today").get_data(as_text=True)

    needs = text_of(page.partition('class="needs"')[2].partition("</section>")[0])
    assert "One request waits for an answer the oldest for 43 minutes" in needs
    assert "The background service does not answer" in needs
    assert "Day 2 of 5" in text_of(page)


def test_every_figure_leads_to_a_page_that_answers(organiser: FlaskClient) -> None:
    page = organiser.get("/today").get_data(as_text=True)
    links = re.findall(r'<a id="n-[a-z-]+" href="([^"#]+)"', page)

    answers = {link: organiser.get(link.replace("&amp;", "&")).status_code for link in set(links) - {"/health"}}

    assert len(links) > 10
    assert answers == dict.fromkeys(answers, 200)


def test_the_page_renews_itself_and_keeps_the_focus_where_it_is(
    organiser: FlaskClient, fair_database: Database
) -> None:
    with fair_database.write() as session:
        record(session, SYSTEM, "booth.assign", "D19.2E24", {"exhibitor": (None, NANLING)}, version=2)

    page = organiser.get("/today").get_data(as_text=True)
    body = page.partition('<div id="today"')[2].partition("</main>")[0]

    assert 'hx-trigger="news"' in body
    # The focus returns to an element of the same id: every link has one of its own.
    links = re.findall(r"<a ([^>]*)>", body)
    ids = [found.group(1) for link in links if (found := re.search(r'id="([^"]+)"', link))]
    assert len(ids) == len(links) == len(set(ids))


def test_latest_changes_stand_on_the_page_in_words(organiser: FlaskClient, fair_database: Database) -> None:
    with fair_database.write() as session:
        record(session, SYSTEM, "booth.assign", "D19.2E24", {"exhibitor": (None, NANLING)}, version=2)

    page = text_of(organiser.get("/today").get_data(as_text=True))

    assert "FairZone assigned booth D19.2E24" in page
    assert "Exhibitor from nothing" not in page  # what changed into what stands in the log itself


def test_before_a_fair_is_loaded_the_day_is_calm(database: Database) -> None:
    with database.write() as session:
        beat(session, NOON)

    found = seen(database)

    assert (found.day, found.demos.running, found.booths.booths, found.changes) == (None, 0, 0, [])


@pytest.mark.parametrize("changes", [0, 20])
def test_the_page_costs_the_same_however_much_happened(
    organiser: FlaskClient, fair_database: Database, changes: int
) -> None:
    with fair_database.write() as session:
        for number in range(changes):
            record(session, SYSTEM, "demo.changed", f"d-{number}", {"minutes": (10, 20)})
    organiser.get("/today")

    with fair_database.count_statements() as count:
        organiser.get("/today")

    assert sum(not statement.startswith("BEGIN") for statement in count.statements) == 16


def test_programs_get_the_same_figures(fair_app: Flask, fair_database: Database) -> None:
    bearer = bearer_of(fair_database, Role.ORGANISER)

    answer = fair_app.test_client().get("/api/v1/today", headers=bearer)

    assert TodayOut.model_validate(answer.json) == seen(fair_database)


def test_all_robots_silent_at_once_are_one_line_and_no_list_of_demos(
    organiser: FlaskClient, fair_database: Database
) -> None:
    with fair_database.write() as session:
        for robot in session.exec(select(Robot).order_by(Robot.code)):
            hear(session, robot, "working", 120)

    pages = [organiser.get(f"/today?lang={lang}").text for lang in ("en", "zh-Hans")]

    found = seen(fair_database).blackout
    assert found is not None
    assert (found.cause, found.robots) == ("network", seen(fair_database).robots.silent)
    assert f"{found.robots} robots fell silent at once" in pages[0]
    assert "所有机器人均无信号" in pages[1]
    assert 'id="now-' not in pages[0]
