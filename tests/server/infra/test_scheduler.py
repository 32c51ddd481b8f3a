"""The worker's jobs: run twice they change nothing the second time, and their heartbeat can be seen."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session

from server.features import load_features
from server.infra.changes import announce
from server.infra.db import Database
from server.infra.feature import Feature, JobSpec
from server.infra.heartbeat import last_heartbeat
from server.infra.scheduler import infra_jobs, make_scheduler, run_job
from server.settings import Settings
from tests.conftest import NOON
from tests.support.clock import FixedClock
from tests.support.processes import wait_until

ALL_JOBS = [job.name for feature in load_features() for job in feature.jobs]
HOUSE_JOBS = ["heartbeat", "prune-changes", "prune-outbox", "prune-mails"]


def job_named(settings: Settings, name: str) -> JobSpec:
    jobs = [*infra_jobs(settings), *(job for feature in load_features() for job in feature.jobs)]
    return {job.name: job for job in jobs}[name]


@pytest.mark.parametrize("name", HOUSE_JOBS + ALL_JOBS)
def test_a_job_that_runs_twice_does_nothing_the_second_time(
    settings: Settings, database: Database, clock: FixedClock, name: str
) -> None:
    job = job_named(settings, name)
    run_job(job, database, clock)

    assert run_job(job, database, clock) == 0


def test_old_changes_are_pruned_by_the_setting(settings: Settings, database: Database, clock: FixedClock) -> None:
    for _ in range(3):
        with database.write() as session:
            announce(session, "robot", "nanling/walker-7", {})
    clock.move(lambda now: now + timedelta(hours=3))

    job = job_named(replace(settings, change_days=0.1), "prune-changes")

    assert run_job(job, database, clock) == 2


def test_the_scheduler_runs_its_jobs_at_once_and_shows_a_heartbeat(
    settings: Settings, database: Database, clock: FixedClock
) -> None:
    ran: list[str] = []

    def work(_session: Session, _now: object) -> int:
        ran.append("demo-watch")
        return 1

    feature = Feature(name="demo", jobs=(JobSpec(name="demo-watch", seconds=60, work=work),))
    scheduler = make_scheduler(settings, database, clock, [feature])
    scheduler.start()
    try:
        wait_until(lambda: bool(ran) and _beat(database), seconds=30, what="the first run of the jobs")
    finally:
        scheduler.shutdown(wait=True)

    assert ran == ["demo-watch"]


def test_jobs_have_names_of_their_own(settings: Settings) -> None:
    names = [*HOUSE_JOBS, *ALL_JOBS]

    assert sorted(names) == sorted(set(names))


def test_health_tells_that_the_worker_is_late_and_when_it_is_not(
    client: FlaskClient, settings: Settings, database: Database, clock: FixedClock
) -> None:
    before = client.get("/health").get_json()
    run_job(job_named(settings, "heartbeat"), database, clock)
    clock.move(lambda now: now + timedelta(seconds=7))

    after = client.get("/health").get_json()

    assert (before["status"], before["worker_age_s"]) == ("worker late", None)
    assert (after["status"], after["worker_age_s"], after["database"]) == ("ok", 7.0, "ok")


def test_health_is_unwell_when_the_database_does_not_answer(app: Flask, database: Database) -> None:
    browser = app.test_client()
    database.close()
    database._reader = Database("postgresql://nobody@127.0.0.1:1/nowhere")._reader

    response = browser.get("/health")

    assert (response.status_code, response.get_json()["status"]) == (503, "down")


def _beat(database: Database) -> bool:
    with database.read() as session:
        return last_heartbeat(session) == NOON
