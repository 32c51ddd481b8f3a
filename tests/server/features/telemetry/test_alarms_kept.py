"""Alarms and refusals reach their exhibitor and the organiser, at once, and nobody else."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import select

from device_bridge.wire.batch import Alarm, Batch, Rejection
from server.features.telemetry.live import ALARMS, REFUSALS, ROBOTS
from server.features.telemetry.models import RobotAlarm
from server.features.telemetry.queries.alarms import alarm_page
from server.features.telemetry.service import store_batch
from server.infra.db import Database
from server.infra.identity import Audience
from server.kernel.permissions import Role
from tests.conftest import NOON
from tests.support.people import bearer_of, enter, make_account
from tests.support.robots import FAIR, VDA
from tests.support.site import running_site
from tests.support.zone import make_zone

ORGANISER = Audience(sees_all=True)
DETAIL = {"en": "The robot's clock is 2 h ahead.", "zh": "机器人时钟快了 2 小时。"}


def alarm(seconds: float, robot: str = FAIR.robot, kind: str = "clock-skew") -> Alarm:
    """An alarm at so many seconds past noon."""
    return Alarm(robot, kind, NOON + timedelta(seconds=seconds), DETAIL)


def take(database: Database, *alarms: Alarm, now: datetime = NOON, rejections: tuple[Rejection, ...] = ()) -> None:
    with database.write() as session:
        store_batch(session, Batch("zone", alarms=alarms, rejections=rejections), now)


def refusal(number: int, robot: str = FAIR.robot) -> Rejection:
    detail = {"en": f"Field `battery`: {number} is too much.", "zh": f"字段 `battery`：{number} 过大。"}
    return Rejection(f"r-{number}", NOON, "mqtt", "t", "invalid-field", detail, b"{}", 2, robot=robot)


@pytest.fixture(autouse=True)
def zone(database: Database) -> None:
    """Three robots of one exhibitor."""
    make_zone(database)


def test_an_alarm_stands_from_its_first_word_until_five_quiet_minutes_are_over(database: Database) -> None:
    take(database, *(alarm(60 * minute) for minute in (0, 1, 2)))
    take(database, alarm(60), alarm(120), alarm(60 * 6))

    with database.read() as session:
        (standing,) = alarm_page(session, ORGANISER, NOON + timedelta(minutes=11))
        (over,) = alarm_page(session, ORGANISER, NOON + timedelta(minutes=11, seconds=1))

    assert (standing.opened_at, standing.last_seen, standing.open) == (NOON, NOON + timedelta(minutes=6), True)
    assert (over.open, over.detail) == (False, DETAIL)


def test_what_comes_back_later_or_is_of_another_kind_is_an_alarm_of_its_own(database: Database) -> None:
    take(database, alarm(0), alarm(0, kind="two-senders"), alarm(0, VDA.robot), alarm(400), alarm(3, "nanling/sold"))

    with database.read() as session:
        found = session.exec(select(RobotAlarm.kind, RobotAlarm.opened_at).order_by(RobotAlarm.kind)).all()
    assert sorted((kind, (opened - NOON).seconds) for kind, opened in found) == [
        ("clock-skew", 0),
        ("clock-skew", 0),
        ("clock-skew", 400),
        ("two-senders", 0),
    ]


def test_the_desk_and_the_organisers_day_show_what_stands_in_both_languages(
    database: Database, login_as: Callable[[Role], FlaskClient]
) -> None:
    take(database, alarm(0), alarm(-3_600, VDA.robot, "two-senders"))
    pages = {
        (role, language): login.get(f"{address}?lang={language}").get_data(as_text=True)
        for role, address in ((Role.EXHIBITOR_STAFF, "/desk/robots/reports"), (Role.ORGANISER, "/today"))
        for login in [login_as(role)]
        for language in ("en", "zh-Hans")
    }

    for (_, language), page in pages.items():
        words = ("时钟不准", DETAIL["zh"]) if language == "zh-Hans" else ("Wrong clock", "clock is 2 h ahead.")
        assert [word in page for word in words] == [True, True]
        assert "Two senders" not in page


def test_programs_read_the_alarms_of_their_own_robots(database: Database, client: FlaskClient) -> None:
    take(database, alarm(0))

    own = client.get("/api/v1/telemetry/alarms", headers=bearer_of(database, Role.EXHIBITOR_ADMIN)).json
    buyer = client.get("/api/v1/telemetry/alarms", headers=bearer_of(database, Role.BUYER))

    assert [(one["robot"], one["kind"], one["open"]) for one in own or []] == [(FAIR.robot, "clock-skew", True)]
    assert buyer.status_code == 403


@pytest.mark.slow
def test_a_refusal_and_an_alarm_reach_the_open_page_of_their_exhibitor(app: Flask, database: Database) -> None:
    cookies = {role: session_of(app, database, role) for role in (Role.EXHIBITOR_STAFF, Role.ORGANISER, Role.BUYER)}
    with running_site(app, [ROBOTS, REFUSALS, ALARMS]) as site:
        own = site.listen("own=1", cookie=cookies[Role.EXHIBITOR_STAFF])
        organiser = site.listen("zone=1", cookie=cookies[Role.ORGANISER])
        buyer = site.listen("own=1", cookie=cookies[Role.BUYER], seconds=2)
        screen = site.listen("zone=1", seconds=2)
        starts = [stream.next_of_change().data for stream in (own, organiser, buyer, screen)]
        take(database, alarm(0), rejections=(refusal(180),))
        heard = [own.next("refusal", "alarm") for _ in range(2)]
        digest = organiser.next("digest").data
        with pytest.raises(TimeoutError):
            buyer.next("refusal", "alarm")
        with pytest.raises(TimeoutError):
            screen.next("digest")

    assert [(start["refusals"], start["alarms"]) for start in starts] == [([], [])] * 4
    assert sorted((event.name, event.data["robot"]) for event in heard) == [
        ("alarm", FAIR.robot),
        ("refusal", FAIR.robot),
    ]
    assert [[one["robot"] for one in digest[name]] for name in ("refusals", "alarms")] == [[FAIR.robot]] * 2


def session_of(app: Flask, database: Database, role: Role) -> str:
    """The cookie of somebody who has logged in."""
    account = make_account(database, role, NOON)
    browser = app.test_client()
    enter(browser, account)
    cookie = browser.get_cookie("fairzone_session")
    return f"fairzone_session={cookie.value}" if cookie else ""
