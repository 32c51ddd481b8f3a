"""Requests that are sent twice act once, also at the same moment; what was refused may be tried again."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from server.infra.db import Database
from server.infra.idempotency import KeyReusedError, once, prune_keys
from server.kernel.permissions import Role
from tests.support.clock import FixedClock
from tests.support.people import make_account


@pytest.fixture
def account(database: Database, clock: FixedClock) -> int:
    return make_account(database, Role.BUYER, clock.now())


def test_the_second_request_gets_the_first_ones_answer(database: Database, account: int) -> None:
    answers = iter(["first", "second"])

    given = []
    for _ in range(2):
        with database.write() as session:
            given.append(once(session, account, "k", "d", lambda: next(answers)))

    assert given == [("first", False), ("first", True)]


def test_a_key_of_another_account_is_another_key(database: Database, account: int, clock: FixedClock) -> None:
    other = make_account(database, Role.ORGANISER, clock.now())

    with database.write() as session:
        first = once(session, account, "k", "d", lambda: "mine")
        second = once(session, other, "k", "d", lambda: "theirs")

    assert (first, second) == (("mine", False), ("theirs", False))


def test_a_key_for_another_request_is_refused(database: Database, account: int) -> None:
    with database.write() as session:
        once(session, account, "k", "one", lambda: "first")

    with pytest.raises(KeyReusedError), database.write() as session:
        once(session, account, "k", "two", lambda: "second")


def test_a_refused_request_may_be_tried_again(database: Database, account: int) -> None:
    def refuse() -> str:
        raise ValueError

    with pytest.raises(ValueError, match=r"^$"), database.write() as session:
        once(session, account, "k", "d", refuse)
    with database.write() as session:
        answer = once(session, account, "k", "d", lambda: "now")

    assert answer == ("now", False)


def test_of_many_at_the_same_moment_one_acts_and_all_get_its_answer(database: Database, account: int) -> None:
    acted: list[int] = []

    def send(number: int) -> str:
        def act() -> str:
            acted.append(number)
            return str(number)

        with database.write() as session:
            return once(session, account, "k", "d", act)[0]

    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(send, range(24)))

    assert len(acted) == 1
    assert answers == [str(acted[0])] * 24


def test_old_keys_are_forgotten(database: Database, account: int, clock: FixedClock) -> None:
    with database.write() as session:
        once(session, account, "k", "d", lambda: "a")
    clock.move(lambda now: now + timedelta(days=2))

    with database.write() as session:
        gone = prune_keys(session, clock.now() - timedelta(days=1))
        again = once(session, account, "k", "d", lambda: "b")

    assert (gone, again) == (1, ("b", False))


def test_a_key_of_yesterday_is_a_new_request_though_nobody_has_tidied_up(
    database: Database, account: int, clock: FixedClock
) -> None:
    answers = iter(["yesterday", "today"])
    with database.write() as session:
        once(session, account, "k", "d", lambda: next(answers))
    clock.move(lambda now: now + timedelta(days=1))

    given = []
    for digest in ("other", "other"):
        with database.write() as session:
            given.append(once(session, account, "k", digest, lambda: next(answers)))

    assert given == [("today", False), ("today", True)]
