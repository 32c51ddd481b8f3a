"""The change feed: in commit order, and nothing skipped."""

import threading
from datetime import timedelta

import pytest
from sqlmodel import select

from server.infra.changes import Change, announce, last_change, oldest_change, prune_changes
from server.infra.db import Database
from tests.conftest import NOON
from tests.support.changes import changes_after
from tests.support.clock import FixedClock

WRITERS, EACH = 6, 50


def test_a_change_is_announced_with_its_unit_of_work(database: Database) -> None:
    with database.write() as session:
        announce(session, "robot", "nanling/walker-7", {"state": "live", "task": "导览"})

    with database.read() as session:
        kept = [(row.topic, row.key, row.payload, row.at) for row in session.exec(select(Change))]
    assert kept == [("robot", "nanling/walker-7", '{"state":"live","task":"导览"}', NOON)]


def test_a_figure_that_no_browser_reads_is_refused_where_it_is_announced(database: Database) -> None:
    with pytest.raises(ValueError, match="JSON"), database.write() as session:
        announce(session, "robot", "nanling/walker-7", {"battery": float("nan")})


def test_a_rolled_back_unit_of_work_announces_nothing(database: Database) -> None:
    def fail() -> None:
        with database.write() as session:
            announce(session, "robot", "nanling/walker-7", {})
            raise InterruptedError

    with pytest.raises(InterruptedError):
        fail()

    with database.read() as session:
        assert last_change(session) == 0


@pytest.mark.slow
def test_a_reader_that_follows_skips_no_change_of_concurrent_writers(database: Database) -> None:
    followed: list[int] = []
    finished = threading.Event()

    def follow() -> None:
        cursor = 0
        while True:
            all_written = finished.is_set()  # asked before reading: what is committed by now will be seen
            with database.read() as session:
                ids = [row.id or 0 for row in changes_after(session, cursor, 1000)]
            if all_written and not ids:
                return
            followed.extend(ids)
            cursor = ids[-1] if ids else cursor

    def write(writer: int) -> None:
        for number in range(EACH):
            with database.write() as session:
                announce(session, "robot", f"{writer}/{number}", {})

    reader = threading.Thread(target=follow)
    writers = [threading.Thread(target=write, args=(writer,)) for writer in range(WRITERS)]
    for thread in (reader, *writers):
        thread.start()
    for thread in writers:
        thread.join(60)
    finished.set()
    reader.join(30)

    with database.read() as session:
        written = list(session.exec(select(Change.id).order_by(Change.id)))  # type: ignore[arg-type]
    assert (followed, len(written)) == (written, WRITERS * EACH)


def test_pruning_keeps_what_is_fresh_and_the_newest_of_all(database: Database, clock: FixedClock) -> None:
    for _ in range(3):
        with database.write() as session:
            announce(session, "robot", "nanling/walker-7", {})
        clock.move(lambda now: now + timedelta(hours=1))

    with database.write() as session:
        gone = prune_changes(session, NOON + timedelta(days=1))

    with database.read() as session:
        assert (gone, oldest_change(session), last_change(session)) == (2, 3, 3)


def test_an_id_is_never_used_again(database: Database) -> None:
    with database.write() as session:
        announce(session, "robot", "a/b", {})
    with database.write() as session:
        session.delete(session.exec(select(Change)).one())

    with database.write() as session:
        announce(session, "robot", "a/b", {})

    with database.read() as session:
        assert last_change(session) == 2
