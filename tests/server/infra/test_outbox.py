"""The outbox: every event reaches every handler, and what a handler stores is stored once."""

import threading
from datetime import timedelta

from pydantic import BaseModel
from sqlmodel import Session, select

from server.infra.db import Database
from server.infra.heartbeat import Heartbeat
from server.infra.outbox import Handler, OutboxEvent, dispatch, emit, failures, prune_events, retry_delay
from tests.conftest import NOON


class BoothReleased(BaseModel, frozen=True):
    booth: str


class DemoMoved(BaseModel, frozen=True):
    demo: str


def store(session: Session, event: BoothReleased) -> None:
    session.add(Heartbeat(name=event.booth, at=NOON))


STORE = Handler("store-booth", BoothReleased, store)


def release(database: Database, booth: str) -> None:
    with database.write() as session:
        emit(session, BoothReleased(booth=booth))


def stored(database: Database) -> list[str]:
    with database.read() as session:
        return list(session.exec(select(Heartbeat.name).order_by(Heartbeat.name)))


def test_an_event_reaches_its_handler_once(database: Database) -> None:
    release(database, "D19.2C05")

    counts = [dispatch(database, [STORE], NOON), dispatch(database, [STORE], NOON)]

    assert (counts, stored(database)) == ([1, 0], ["D19.2C05"])


def test_an_event_reaches_handlers_of_its_own_class_alone(database: Database) -> None:
    with database.write() as session:
        emit(session, DemoMoved(demo="opening"))

    assert (dispatch(database, [STORE], NOON), stored(database)) == (0, [])


def test_an_event_of_a_rolled_back_unit_of_work_never_happened(database: Database) -> None:
    try:
        with database.write() as session:
            emit(session, BoothReleased(booth="D19.2C05"))
            _ = 1 / 0
    except ZeroDivisionError:
        pass

    assert dispatch(database, [STORE], NOON) == 0


def test_a_process_that_dies_after_the_commit_leaves_its_event_to_the_next(
    database: Database, database_url: str
) -> None:
    release(database, "D19.2C05")
    database.close()  # nothing of the first process is left but what it committed

    successor = Database(database_url)
    done = dispatch(successor, [STORE], NOON)

    assert (done, stored(successor)) == (1, ["D19.2C05"])
    successor.close()


def test_a_handler_that_dies_midway_stores_its_effect_once(database: Database) -> None:
    deaths = iter([True, False])

    def die_first(session: Session, event: BoothReleased) -> None:
        store(session, event)
        session.flush()
        if next(deaths):
            raise ConnectionError("the machine went away")

    release(database, "D19.2C05")
    handler = Handler("dies-first", BoothReleased, die_first)

    counts = [dispatch(database, [handler], NOON + timedelta(minutes=minutes)) for minutes in range(3)]

    assert (counts, stored(database)) == ([0, 1, 0], ["D19.2C05"])


def test_a_failure_is_kept_where_it_can_be_seen_and_goes_with_success(database: Database) -> None:
    broken = True

    def sometimes(_session: Session, _event: BoothReleased) -> None:
        if broken:
            raise ValueError("no such mail server")

    release(database, "D19.2C05")
    handler = Handler("sometimes", BoothReleased, sometimes)
    dispatch(database, [handler], NOON)
    with database.read() as session:
        seen = [(row.handler, row.attempts, row.error, row.retry_at) for row in failures(session)]
    broken = False
    dispatch(database, [handler], NOON + timedelta(minutes=1))

    assert seen == [("sometimes", 1, "ValueError: no such mail server", NOON + timedelta(seconds=5))]
    with database.read() as session:
        assert failures(session) == []


def test_a_failing_handler_does_not_hold_up_another(database: Database) -> None:
    def fail(_session: Session, _event: BoothReleased) -> None:
        raise ValueError("never")

    release(database, "D19.2C05")

    done = dispatch(database, [Handler("fails", BoothReleased, fail), STORE], NOON)

    assert (done, stored(database)) == (1, ["D19.2C05"])


def test_a_failed_pair_waits_before_it_is_tried_again(database: Database) -> None:
    tries: list[str] = []

    def fail(_session: Session, event: BoothReleased) -> None:
        tries.append(event.booth)
        raise ValueError("never")

    release(database, "D19.2C05")
    handler = Handler("fails", BoothReleased, fail)
    for seconds in (0, 1, 6, 7, 17):
        dispatch(database, [handler], NOON + timedelta(seconds=seconds))

    assert len(tries) == 3


def test_the_wait_doubles_up_to_an_hour() -> None:
    assert [retry_delay(attempts).total_seconds() for attempts in (1, 2, 3, 9, 30, 3000)] == [
        5,
        10,
        20,
        1280,
        3600,
        3600,
    ]


def test_two_workers_at_once_do_each_pair_once(database: Database) -> None:
    for number in range(20):
        release(database, f"booth-{number}")
    counts: list[int] = []

    workers = [threading.Thread(target=lambda: counts.append(dispatch(database, [STORE], NOON))) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)

    with database.read() as session:
        failed = failures(session)
    assert (sum(counts), len(stored(database)), failed) == (20, 20, [])


def test_pruning_forgets_old_events_but_not_what_failed(database: Database) -> None:
    def fail(_session: Session, _event: DemoMoved) -> None:
        raise ValueError("never")

    release(database, "D19.2C05")
    with database.write() as session:
        emit(session, DemoMoved(demo="opening"))
    dispatch(database, [STORE, Handler("fails", DemoMoved, fail)], NOON)

    with database.write() as session:
        gone = prune_events(session, NOON + timedelta(days=1), [STORE])

    with database.read() as session:
        assert (gone, list(session.exec(select(OutboxEvent.kind)))) == (1, ["DemoMoved"])


def test_pruning_keeps_an_event_until_every_handler_of_its_class_is_done(database: Database) -> None:
    late = Handler("late", BoothReleased, lambda _session, _event: None)
    release(database, "D19.2C05")

    counts = []
    for done_by in ([], [STORE], [late]):
        dispatch(database, done_by, NOON)
        with database.write() as session:
            counts.append(prune_events(session, NOON + timedelta(days=1), [STORE, late]))

    assert counts == [0, 0, 1]
