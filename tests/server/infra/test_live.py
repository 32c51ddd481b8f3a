"""The live feed over real HTTP: snapshot, changes, resume, redaction, and its end."""

import asyncio
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlmodel import Session, select

from server.asgi import serve
from server.features.accounts.service import log_out_everywhere
from server.features.accounts.service.sessions import end_session
from server.infra import livereader
from server.infra.changes import Change, announce, prune_changes
from server.infra.db import Database
from server.infra.identity import Audience
from server.infra.live import LiveFeed
from server.infra.livehub import ChangeRow
from server.infra.livetopic import LiveScope, LiveTopic, Payload
from server.infra.web.context import services
from server.kernel.permissions import Role
from tests.conftest import NOON
from tests.support.clock import FixedClock
from tests.support.people import enter, make_account
from tests.support.ports import free_port
from tests.support.processes import wait_until
from tests.support.site import RunningSite, running_site


def snapshot(session: Session, scope: LiveScope) -> list[Payload]:
    """The newest announced state of every robot, as a feature would keep it in a table."""
    newest = {row.key: json.loads(row.payload) for row in session.exec(select(Change).order_by(Change.id))}  # type: ignore[arg-type]
    return [state for state in newest.values() if matches(state, scope)]


def redact(payload: Payload, audience: Audience) -> Payload:
    return payload if audience.sees("nanling") else {**payload, "fault": None}


def matches(payload: Payload, scope: LiveScope) -> bool:
    return scope.kind == "zone" or payload["robot"] == scope.value


ROBOT = LiveTopic(name="robot", plural="robots", snapshot=snapshot, redact=redact, matches=matches)


def report(database: Database, battery: int, robot: str = "nanling/walker-7") -> None:
    with database.write() as session:
        announce(session, "robot", robot, state(battery, robot, "motor"))


def state(battery: int, robot: str = "nanling/walker-7", fault: str | None = None) -> dict[str, Any]:
    return {"robot": robot, "battery": battery, "fault": fault}


@pytest.fixture
def site(app: Flask) -> Iterator[RunningSite]:
    """The site with one live topic."""
    with running_site(app, [ROBOT]) as running:
        yield running


def test_a_fresh_listener_gets_a_snapshot_and_then_every_change(site: RunningSite, database: Database) -> None:
    report(database, 80)

    stream = site.listen("robot=nanling/walker-7")
    first = stream.next_of_change()
    report(database, 79)
    second = stream.next_of_change()

    assert (first.name, first.id, first.data["robots"]) == ("snapshot", 1, [state(80)])
    assert (second.name, second.id, second.data) == ("robot", 2, state(79))


def test_a_listener_that_returns_gets_what_it_missed_and_no_snapshot(site: RunningSite, database: Database) -> None:
    for battery in (80, 79, 78):
        report(database, battery)

    stream = site.listen("robot=nanling/walker-7", last_event_id="1")

    missed = [stream.next_of_change() for _ in range(2)]
    assert [(event.name, event.id, event.data) for event in missed] == [
        ("robot", 2, state(79)),
        ("robot", 3, state(78)),
    ]


def test_a_hand_made_reconnect_may_say_in_its_address_what_it_has_seen(site: RunningSite, database: Database) -> None:
    report(database, 80)
    report(database, 79)

    assert site.listen("robot=nanling/walker-7&last=1").next_of_change().data == state(79)


def test_nothing_is_lost_when_the_server_is_replaced_under_a_listener(app: Flask, database: Database) -> None:
    report(database, 80)
    with running_site(app, [ROBOT]) as first:
        stream = first.listen("robot=nanling/walker-7")
        seen = stream.next_of_change().id
        first.stop()
        ended = stream.ended()
    report(database, 79)

    with running_site(app, [ROBOT]) as second:
        resumed = second.listen("robot=nanling/walker-7", last_event_id=str(seen)).next_of_change()

    assert (ended, resumed.name, resumed.data) == (True, "robot", state(79))


@pytest.mark.parametrize("last", ["1", "999999", "nonsense"])
def test_who_was_away_for_too_long_or_comes_from_elsewhere_gets_a_snapshot(
    site: RunningSite, database: Database, clock: FixedClock, last: str
) -> None:
    for battery in (80, 79, 78):
        report(database, battery)
    clock.move(lambda now: now + timedelta(days=2))
    with database.write() as session:
        prune_changes(session, NOON + timedelta(days=1))

    event = site.listen("robot=nanling/walker-7", last_event_id=last).next_of_change()

    assert (event.name, event.id, event.data["robots"]) == ("snapshot", 3, [state(78)])


def test_the_public_does_not_see_what_the_organiser_sees(site: RunningSite, database: Database, app: Flask) -> None:
    report(database, 80)
    public = site.listen("robot=nanling/walker-7")
    organiser = site.listen("robot=nanling/walker-7", cookie=cookie_of(app, database, Role.ORGANISER))

    snapshots = [stream.next_of_change().data["robots"] for stream in (public, organiser)]
    report(database, 79)
    changes = [stream.next_of_change().data for stream in (public, organiser)]

    assert snapshots == [[state(80)], [state(80, fault="motor")]]
    assert changes == [state(79), state(79, fault="motor")]


def test_a_listener_gets_its_scope_alone(site: RunningSite, database: Database) -> None:
    report(database, 80)
    stream = site.listen("robot=nanling/cleaner-1")
    first = stream.next_of_change()

    report(database, 79)
    report(database, 55, "nanling/cleaner-1")

    assert first.data["robots"] == []
    assert stream.next_of_change().data == state(55, "nanling/cleaner-1")


def test_who_follows_the_zone_gets_one_digest_of_many_changes(site: RunningSite, database: Database) -> None:
    report(database, 80)
    stream = site.listen("zone=1")
    first = stream.next_of_change()

    with database.write() as session:
        for battery in (79, 78):
            announce(session, "robot", "nanling/walker-7", state(battery, fault="motor"))
        announce(session, "robot", "nanling/tea-1", state(55, "nanling/tea-1"))
    digest = stream.next_of_change()

    assert (first.name, first.data["robots"]) == ("snapshot", [state(80)])
    assert (digest.name, digest.id) == ("digest", 4)
    assert digest.data["robots"] == [state(78), state(55, "nanling/tea-1")]


def test_who_returns_to_the_zone_gets_one_digest_of_what_it_missed(site: RunningSite, database: Database) -> None:
    for battery in (80, 79, 78):
        report(database, battery)

    missed = site.listen("zone=1", last_event_id="1").next_of_change()

    assert (missed.name, missed.id, missed.data["robots"]) == ("digest", 3, [state(78)])


def test_a_tick_tells_the_time_and_the_build(site: RunningSite) -> None:
    tick = site.listen("robot=nanling/walker-7").next("tick")

    assert tick.id is None
    assert tick.data["now"] == "2026-04-16T04:00:00.000+00:00"
    assert re.fullmatch(r"[0-9a-f]{12}", tick.data["build"])


def test_the_stream_is_neither_kept_nor_buffered_on_its_way(site: RunningSite) -> None:
    headers = dict(site.listen("robot=nanling/walker-7").response.getheaders())

    assert headers["content-type"] == "text/event-stream; charset=utf-8"
    assert (headers["cache-control"], headers["x-accel-buffering"]) == ("no-store", "no")


@pytest.mark.parametrize("query", ["", "zone=1&booth=D19.2C05", "colour=red", "booth=%00", "robot=a/%00"])
def test_a_request_without_one_scope_is_refused_by_name(site: RunningSite, query: str) -> None:
    status, body = site.request("GET", f"/live?{query}")

    assert (status, json.loads(body)["code"]) == (422, "invalid")


def test_the_news_go_on_after_a_fault_of_the_poller(
    site: RunningSite, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = site.listen("robot=nanling/walker-7")
    stream.next_of_change()
    read, faults = livereader.rows_after, [KeyError("planted")]

    def fail_once(*asked: Any) -> list[ChangeRow]:
        if faults:
            raise faults.pop()
        return read(*asked)

    monkeypatch.setattr(livereader, "rows_after", fail_once)
    wait_until(lambda: faults == [], seconds=30, what="the poller to fail")
    report(database, 80)

    assert stream.next_of_change().data == state(80)


def test_the_end_of_the_poller_is_the_end_of_the_process(app: Flask) -> None:
    class Dying(LiveFeed):
        async def run(self) -> None:
            raise InterruptedError

    async def run() -> None:
        settings = replace(services(app).settings, port=free_port())
        await asyncio.wait_for(serve(app, Dying(app, [ROBOT]), settings, asyncio.Event()), 20)

    with pytest.raises(InterruptedError):
        asyncio.run(run())


def test_streams_end_when_their_account_is_logged_out_everywhere(
    site: RunningSite, database: Database, app: Flask
) -> None:
    stream = site.listen("robot=nanling/walker-7", cookie=cookie_of(app, database, Role.ORGANISER))
    visitor = site.listen("robot=nanling/walker-7")
    for one in (stream, visitor):
        one.next_of_change()

    with database.write() as session:
        log_out_everywhere(session, 1)

    assert stream.ended()
    report(database, 80)
    assert visitor.next_of_change().data == state(80)


def test_the_streams_of_one_session_end_with_it_and_no_others(
    site: RunningSite, database: Database, app: Flask
) -> None:
    cookies = [cookie_of(app, database, Role.ORGANISER)]
    other = app.test_client()
    enter(other, 1)
    kept = other.get_cookie("fairzone_session")
    cookies.append(f"fairzone_session={kept.value if kept else ''}")
    ended, stays = (site.listen("robot=nanling/walker-7", cookie=cookie) for cookie in cookies)
    for one in (ended, stays):
        one.next_of_change()

    with database.write() as session:
        end_session(session, 1, 1)

    assert ended.ended()
    report(database, 80)
    assert stays.next_of_change().data == state(80, fault="motor")


@pytest.mark.slow
def test_a_stream_ends_when_the_time_of_its_session_is_over(
    site: RunningSite, database: Database, app: Flask, clock: FixedClock
) -> None:
    stream = site.listen("robot=nanling/walker-7", cookie=cookie_of(app, database, Role.ORGANISER))
    stream.next_of_change()

    clock.move(lambda now: now + timedelta(hours=13))

    assert stream.ended()


def test_a_hundred_listeners_all_get_a_burst_in_order(site: RunningSite, database: Database) -> None:
    streams = [site.listen("robot=nanling/walker-7", seconds=30) for _ in range(100)]
    for stream in streams:
        stream.next_of_change()

    for battery in range(20):
        report(database, battery)

    got = [[stream.next_of_change().data["battery"] for _ in range(20)] for stream in streams]
    assert got == [list(range(20))] * 100


def test_a_post_with_a_body_passes_the_whole_stack(site: RunningSite) -> None:
    body = b"x" * 200_000

    status, answer = site.request("POST", "/api/v1/telemetry/batches", body, **{"Content-Type": "application/json"})

    assert (status, json.loads(answer)["code"]) == (401, "login-required")


def test_pages_answer_beside_open_streams(site: RunningSite) -> None:
    streams = [site.listen("robot=nanling/walker-7") for _ in range(50)]

    assert site.request("GET", "/health")[0] == 200
    assert len({id(stream) for stream in streams}) == site.feed.listeners


def cookie_of(app: Flask, database: Database, role: Role) -> str:
    """The session cookie of somebody in that role."""
    account_id = make_account(database, role, NOON)
    browser = app.test_client()
    enter(browser, account_id)
    cookie = browser.get_cookie("fairzone_session")
    if cookie is None:
        raise AssertionError("no session cookie")
    return f"fairzone_session={cookie.value}"
