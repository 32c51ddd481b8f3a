"""Composition root of the ONE worker process: the scheduler with every job, the outbox and the heartbeat."""

import logging
import signal
import threading

from server.features import load_features
from server.infra.db import Database
from server.infra.scheduler import make_scheduler
from server.kernel.clock import Clock
from server.settings import Settings

log = logging.getLogger(__name__)


def run(settings: Settings, database: Database, clock: Clock) -> None:
    """Run the jobs until SIGTERM or SIGINT; jobs that are at work end first."""
    stopping = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stopping.set())
    scheduler = make_scheduler(settings, database, clock, load_features())
    scheduler.start()
    log.info("the worker runs %d jobs", len(scheduler.get_jobs()))
    try:
        stopping.wait()
    finally:
        scheduler.shutdown(wait=True)
        database.close()
