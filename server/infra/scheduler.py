"""The jobs of the ONE worker process: what runs when, and the heartbeat that shows it is alive.

`create_app` never starts a scheduler: in every web process it would run each job that many times.
"""

import logging
from collections.abc import Sequence
from datetime import UTC, timedelta

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from server.infra.changes import prune_changes
from server.infra.db import Database
from server.infra.feature import Feature, JobSpec, OutsideJob
from server.infra.heartbeat import beat
from server.infra.idempotency import KEPT_KEYS, prune_keys
from server.infra.mail import prune_mails
from server.infra.mail_delivery import MailRelay, deliver
from server.infra.outbox import Handler, dispatch, prune_events
from server.kernel.clock import Clock, SystemClock
from server.settings import Settings

log = logging.getLogger(__name__)

OUTBOX_EVERY_S = 1.0
MAIL_EVERY_S = 1.0


def infra_jobs(settings: Settings, handlers: Sequence[Handler] = ()) -> tuple[JobSpec, ...]:
    """The jobs that belong to no feature: heartbeat and pruning; events that `handlers` still wait for are kept."""
    changes = timedelta(days=settings.change_days)
    events = timedelta(days=settings.outbox_days)
    return (
        JobSpec(name="heartbeat", seconds=10, work=beat),
        JobSpec(name="prune-keys", seconds=3600, work=lambda session, now: prune_keys(session, now - KEPT_KEYS)),
        JobSpec(name="prune-changes", seconds=600, work=lambda session, now: prune_changes(session, now - changes)),
        JobSpec(
            name="prune-outbox", seconds=3600, work=lambda session, now: prune_events(session, now - events, handlers)
        ),
        JobSpec(name="prune-mails", seconds=3600, work=lambda session, now: prune_mails(session, now - events)),
    )


def make_scheduler(
    settings: Settings, database: Database, clock: Clock, features: Sequence[Feature]
) -> BackgroundScheduler:
    """A scheduler with every job of the infrastructure and of `features`, not yet started."""
    database.settings = settings
    scheduler = BackgroundScheduler(
        timezone=UTC,
        executors={"default": ThreadPoolExecutor(4)},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    handlers = [handler for feature in features for handler in feature.all_handlers(settings)]
    jobs = [*infra_jobs(settings, handlers), *(job for feature in features for job in feature.jobs)]
    # The machine's clock, not ours: APScheduler lives by it, and would make up for every second since an earlier start.
    start = SystemClock().now()
    for job in jobs:
        scheduler.add_job(
            run_job, "interval", (job, database, clock), seconds=job.seconds, id=job.name, next_run_time=start
        )
    for outside in (
        outside for feature in features if feature.outside_jobs_of for outside in feature.outside_jobs_of(settings)
    ):
        scheduler.add_job(
            run_outside_job,
            "interval",
            (outside, database, clock),
            seconds=outside.seconds,
            id=outside.name,
            next_run_time=start,
        )
    scheduler.add_job(
        _dispatch, "interval", (database, handlers, clock), seconds=OUTBOX_EVERY_S, id="outbox", next_run_time=start
    )
    office = MailRelay(settings.mail_server, settings.mail_from)
    scheduler.add_job(
        _deliver, "interval", (database, office, clock), seconds=MAIL_EVERY_S, id="mail", next_run_time=start
    )
    return scheduler


def run_job(job: JobSpec, database: Database, clock: Clock) -> int:
    """Run `job` in a unit of work of its own and return how many things it did."""
    with database.write() as session:
        done = job.work(session, clock.now())
    if done:
        log.info("job %s did %d", job.name, done)
    return done


def run_outside_job(job: OutsideJob, database: Database, clock: Clock) -> int:
    """Run `job` and return how many things it did."""
    done = job.run(database, clock.now())
    if done:
        log.info("job %s did %d", job.name, done)
    return done


def _dispatch(database: Database, handlers: Sequence[Handler], clock: Clock) -> None:
    dispatch(database, handlers, clock.now())


def _deliver(database: Database, office: MailRelay, clock: Clock) -> None:
    deliver(database, office, clock)
