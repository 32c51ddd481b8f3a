"""Units of work and rows, alike on both databases."""

import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError
from sqlmodel import Session, col, select

from server.infra.db import Database, insert_new, last_in_transaction, upsert
from server.infra.heartbeat import Heartbeat
from server.kernel.errors import SetupError
from tests.conftest import NOON


def beat(name: str, at: datetime = NOON) -> dict[str, Any]:
    return {"name": name, "at": at}


def names(database: Database) -> list[str]:
    with database.read() as session:
        return list(session.exec(select(Heartbeat.name).order_by(Heartbeat.name)))


def test_a_unit_of_work_is_committed_when_it_ends(database: Database) -> None:
    with database.write() as session:
        session.add(Heartbeat(name="worker", at=NOON))

    assert names(database) == ["worker"]


def test_a_unit_of_work_that_raises_leaves_nothing(database: Database) -> None:
    def fail() -> None:
        with database.write() as session:
            session.add(Heartbeat(name="worker", at=NOON))
            session.flush()
            raise InterruptedError

    with pytest.raises(InterruptedError):
        fail()

    assert names(database) == []


def test_units_of_work_do_not_nest(database: Database) -> None:
    with database.write(), pytest.raises(RuntimeError, match="already open"), database.write():
        pass


def test_after_a_failed_unit_of_work_the_next_one_works(database: Database) -> None:
    with pytest.raises(IntegrityError), database.write() as session:
        session.connection().execute(Heartbeat.__table__.insert(), [beat("a"), beat("a")])  # type: ignore[attr-defined]

    with database.write() as session:
        session.add(Heartbeat(name="b", at=NOON))

    assert names(database) == ["b"]


def test_a_reading_session_changes_nothing(database: Database) -> None:
    with pytest.raises(DBAPIError), database.read() as session:
        insert_new(session, Heartbeat, [beat("worker")], ("name",))

    assert names(database) == []


def test_what_comes_last_runs_after_the_rest_and_once(database: Database) -> None:
    seen: list[list[str]] = []

    def look(session: Session) -> None:
        seen.append(list(session.exec(select(Heartbeat.name))))

    with database.write() as session:
        last_in_transaction(session, "look", look)
        last_in_transaction(session, "look", look)
        session.add(Heartbeat(name="worker", at=NOON))

    assert seen == [["worker"]]


def test_insert_new_counts_only_what_was_new(database: Database) -> None:
    with database.write() as session:
        first = insert_new(session, Heartbeat, [beat("b"), beat("a")], ("name",))
    with database.write() as session:
        again = insert_new(session, Heartbeat, [beat("a"), beat("c"), beat("b")], ("name",))
        nothing = insert_new(session, Heartbeat, [], ("name",))

    assert (first, again, nothing, names(database)) == (2, 1, 0, ["a", "b", "c"])


def test_insert_new_of_many_rows_counts_them_all(database: Database) -> None:
    rows = [beat(f"n{number:04}") for number in range(1500)]

    with database.write() as session:
        insert_new(session, Heartbeat, rows[:700], ("name",))
        fresh = insert_new(session, Heartbeat, rows, ("name",))

    assert fresh == 800


def test_upsert_overwrites_only_with_what_is_newer(database: Database) -> None:
    later, earlier = NOON + timedelta(minutes=1), NOON - timedelta(minutes=1)

    with database.write() as session:
        upsert(session, Heartbeat, [beat("a"), beat("b")], ("name",))
        rows = [beat("a", later), beat("b", earlier)]
        written = upsert(session, Heartbeat, rows, ("name",), newer=lambda table, new: new.at > table.c.at)

    with database.read() as session:
        kept = list(session.exec(select(Heartbeat.name, Heartbeat.at).order_by(Heartbeat.name)))
    assert (written, [tuple(row) for row in kept]) == (1, [("a", later), ("b", NOON)])


def test_writers_with_the_same_keys_in_other_orders_do_not_deadlock(database: Database) -> None:
    keys = [f"n{number}" for number in range(50)]
    counts: list[int] = []

    def insert(order: list[str]) -> None:
        with database.write() as session:
            counts.append(insert_new(session, Heartbeat, [beat(name) for name in order], ("name",)))

    threads = [threading.Thread(target=insert, args=(keys[::step],)) for step in (1, -1) * 4]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert (sum(counts), len(counts), len(names(database))) == (50, 8, 50)


offsets = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
moments = st.datetimes(min_value=datetime(1900, 1, 2), max_value=datetime(2900, 1, 1), timezones=offsets)  # noqa: DTZ001


@given(moment=moments)
@hypothesis_settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_moment_comes_back_as_the_same_moment_in_utc(database: Database, moment: datetime) -> None:
    with database.write() as session:
        upsert(session, Heartbeat, [beat("worker", moment)], ("name",))

    with database.read() as session:
        kept = session.exec(select(Heartbeat.at)).one()
        found = session.exec(select(Heartbeat.name).where(Heartbeat.at == moment)).all()
    assert (kept, kept.tzinfo, list(found)) == (moment, UTC, ["worker"])


def test_a_time_without_its_offset_is_refused(database: Database) -> None:
    naive = datetime(2026, 4, 16, 12, 0)  # noqa: DTZ001

    with pytest.raises(StatementError, match="without its offset"), database.write() as session:
        insert_new(session, Heartbeat, [beat("worker", naive)], ("name",))


def test_times_are_compared_as_moments(database: Database) -> None:
    with database.write() as session:
        insert_new(session, Heartbeat, [beat("a"), beat("b", NOON + timedelta(hours=1))], ("name",))

    fair_time = (NOON + timedelta(minutes=30)).astimezone(timezone(timedelta(hours=8)))
    with database.read() as session:
        later = session.exec(select(Heartbeat.name).where(col(Heartbeat.at) > fair_time)).all()
    assert list(later) == ["b"]


def test_statements_are_counted_over_all_sessions(database: Database) -> None:
    with database.count_statements() as count:
        with database.read() as session:
            session.exec(select(Heartbeat)).all()
        with database.write() as session:
            session.exec(select(Heartbeat)).all()

    assert len([statement for statement in count.statements if statement.startswith("SELECT")]) == 2


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://fair@db/fair"])
def test_a_database_that_cannot_work_is_refused_by_name(url: str) -> None:
    with pytest.raises(SetupError):
        Database(url)


def test_a_file_that_is_no_database_does_not_answer(tmp_path: Path) -> None:
    (tmp_path / "fair.db").write_bytes(b"no database at all " * 100)
    broken = Database(f"sqlite:///{tmp_path / 'fair.db'}")

    assert not broken.answers()
    broken.close()
