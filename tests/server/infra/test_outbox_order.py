"""The outbox's subjects: events that share one come one after the other, and hold up nobody else."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta

import pytest
from pydantic import BaseModel
from sqlmodel import Session

from server.infra.db import Database
from server.infra.outbox import BATCH, Handler, dispatch, emit
from tests.conftest import NOON
from tests.support.processes import wait_until


class MeetingMoved(BaseModel, frozen=True):
    uid: str
    number: int


class MeetingSeen(BaseModel, frozen=True):
    uid: str


class Diary:
    """A handler that writes down what reached it, and fails at what it is told to."""

    def __init__(self, name: str = "diary") -> None:
        self.seen: list[str] = []
        self.fails_at: set[str] = set()
        self.handler = Handler(name, MeetingMoved, self._note)

    def _note(self, _session: Session, event: MeetingMoved) -> None:
        line = f"{event.uid}{event.number}"
        if line in self.fails_at:
            raise ValueError(line)
        self.seen.append(line)


@pytest.fixture
def diary() -> Diary:
    return Diary()


def move(database: Database, *lines: str, subject: bool = True) -> None:
    """Emit one event for each line such as `a1`, in a unit of work of its own."""
    for line in lines:
        with database.write() as session:
            event = MeetingMoved(uid=line[0], number=int(line[1:]))
            emit(session, event, subject=event.uid if subject else None)


def test_one_dispatch_hands_over_all_events_of_a_subject_in_their_order(database: Database, diary: Diary) -> None:
    move(database, "a1", "b1", "a2", "b2", "a3")

    done = dispatch(database, [diary.handler], NOON)

    assert (done, sorted(diary.seen)) == (5, ["a1", "a2", "a3", "b1", "b2"])
    assert [line for line in diary.seen if line[0] == "a"] == ["a1", "a2", "a3"]
    assert [line for line in diary.seen if line[0] == "b"] == ["b1", "b2"]


def test_a_failing_event_holds_up_its_own_subject_and_nobody_else(database: Database, diary: Diary) -> None:
    diary.fails_at = {"a1"}
    move(database, "a1", "a2", "b1", "b2")

    dispatch(database, [diary.handler], NOON)

    assert diary.seen == ["b1", "b2"]


def test_a_subject_goes_on_where_it_failed(database: Database, diary: Diary) -> None:
    diary.fails_at = {"a2"}
    move(database, "a1", "a2", "a3")
    dispatch(database, [diary.handler], NOON)
    diary.fails_at = set()

    dispatch(database, [diary.handler], NOON + timedelta(seconds=1))
    before_its_time = list(diary.seen)
    dispatch(database, [diary.handler], NOON + timedelta(minutes=1))

    assert (before_its_time, diary.seen) == (["a1"], ["a1", "a2", "a3"])


def test_each_handler_has_an_order_of_its_own(database: Database, diary: Diary) -> None:
    other = Diary("other")
    other.fails_at = {"a1"}
    move(database, "a1", "a2")

    dispatch(database, [other.handler, diary.handler], NOON)

    assert (other.seen, diary.seen) == ([], ["a1", "a2"])


def test_events_without_a_subject_wait_for_nothing(database: Database, diary: Diary) -> None:
    diary.fails_at = {"a1"}
    move(database, "a1", "a2", subject=False)

    dispatch(database, [diary.handler], NOON)

    assert diary.seen == ["a2"]


def test_an_event_of_another_kind_holds_nothing_up(database: Database, diary: Diary) -> None:
    with database.write() as session:
        emit(session, MeetingSeen(uid="a"), subject="a")
    move(database, "a1")

    dispatch(database, [diary.handler], NOON)

    assert diary.seen == ["a1"]


def test_a_blocked_subject_with_more_events_than_a_batch_starves_nobody(database: Database, diary: Diary) -> None:
    diary.fails_at = {"a0"}
    with database.write() as session:
        for number in range(BATCH + 50):
            emit(session, MeetingMoved(uid="a", number=number), subject="a")
    move(database, "b1")

    dispatch(database, [diary.handler], NOON)

    assert diary.seen == ["b1"]


def test_two_workers_keep_the_order_of_every_subject(database: Database) -> None:
    diaries = [Diary("one"), Diary("one")]
    seen: list[str] = []
    for diary in diaries:
        diary.seen = seen
    move(database, *(f"{uid}{number}" for number in range(8) for uid in "abc"))

    threads = [threading.Thread(target=_until_empty, args=(database, diary)) for diary in diaries]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert {uid: [line for line in seen if line[0] == uid] for uid in "abc"} == {
        uid: [f"{uid}{number}" for number in range(8)] for uid in "abc"
    }


def _until_empty(database: Database, diary: Diary) -> None:
    for _ in range(40):
        dispatch(database, [diary.handler], NOON)


def test_of_two_units_of_work_the_one_that_emits_later_commits_later(database_url: str, diary: Diary) -> None:
    with ExitStack() as stack:
        first, second = (stack.enter_context(opened(database_url)) for _ in range(2))
        entered, may_commit = threading.Event(), threading.Event()

        def emit_and_wait() -> None:
            with first.write() as session:
                emit(session, MeetingMoved(uid="a", number=1), subject="a")
                session.flush()
                entered.set()
                may_commit.wait(30)

        slow = threading.Thread(target=emit_and_wait)
        slow.start()
        assert entered.wait(30)
        quick = threading.Thread(target=move, args=(second, "a2"))
        quick.start()
        quick.join(0.5)
        overtook = not quick.is_alive()
        may_commit.set()
        wait_until(lambda: not slow.is_alive() and not quick.is_alive(), seconds=30, what="both to commit")
        dispatch(first, [diary.handler], NOON)

    assert (overtook, diary.seen) == (False, ["a1", "a2"])


@contextmanager
def opened(url: str) -> Iterator[Database]:
    database = Database(url)
    yield database
    database.close()
