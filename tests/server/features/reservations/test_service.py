"""Nobody and nothing is reserved twice, however many try at the same time, and nobody waits for ever."""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session, select

from server.features.reservations.models import Reservation
from server.features.reservations.rules import Claim, Resource, ResourceKind, Want
from server.features.reservations.service import (
    Holding,
    TakenError,
    busy,
    claim,
    holdings,
    move,
    release,
    settle,
    shift_all,
)
from server.infra.db import Database
from server.kernel.spans import Span, cells

NINE = datetime(2026, 4, 16, 1, 0, tzinfo=UTC)
ROBOT, STAGE, ANNA = (
    Resource(ResourceKind.ROBOT, 3),
    Resource(ResourceKind.STAGE, 1),
    Resource(ResourceKind.STAFF, 12),
)
WRITERS = 40


def at(minutes: float, length: float = 30) -> Span:
    return Span(NINE + timedelta(minutes=minutes), NINE + timedelta(minutes=minutes + length))


def owned(session: Session) -> set[tuple[str, str, int]]:
    """Everything that is reserved, as (holder, resource, cells after nine)."""
    first = cells(at(0))[0]
    return {(row.holder, row.resource, row.cell - first) for row in session.exec(select(Reservation))}


def cells_of(holder: str, resource: Resource, *numbers: int) -> set[tuple[str, str, int]]:
    return {(holder, resource.key, number) for number in numbers}


def test_what_is_claimed_is_owned_cell_by_cell(database: Database) -> None:
    with database.write() as session:
        claim(session, "demo:d1", [Want(ROBOT, at(0, 10)), Want(STAGE, at(3, 4))])

    with database.read() as session:
        assert owned(session) == cells_of("demo:d1", ROBOT, 0, 1) | cells_of("demo:d1", STAGE, 0, 1)


def test_a_claim_that_meets_another_names_what_is_taken_and_leaves_nothing(database: Database) -> None:
    with database.write() as session:
        claim(session, "demo:d1", [Want(ROBOT, at(0, 10)), Want(ANNA, at(0, 10))])

        with pytest.raises(TakenError) as refused:
            claim(session, "demo:d2", [Want(STAGE, at(5)), Want(ROBOT, at(5)), Want(ANNA, at(5))])

        assert refused.value.taken == (ROBOT, ANNA)
        assert owned(session) == cells_of("demo:d1", ROBOT, 0, 1) | cells_of("demo:d1", ANNA, 0, 1)


def test_spans_that_touch_do_not_meet(database: Database) -> None:
    with database.write() as session:
        claim(session, "demo:d1", [Want(ROBOT, at(0, 30))])
        claim(session, "demo:d2", [Want(ROBOT, at(30, 30))])

        assert len(owned(session)) == 12


def test_a_move_may_overlap_its_own_old_place(database: Database) -> None:
    with database.write() as session:
        claim(session, "demo:d1", [Want(ROBOT, at(0, 20)), Want(STAGE, at(0, 5))])
        move(session, "demo:d1", [Want(ROBOT, at(10, 20))])

        assert owned(session) == cells_of("demo:d1", ROBOT, 2, 3, 4, 5)


def test_a_move_onto_somebody_else_is_refused_and_rolled_back(database: Database) -> None:
    with database.write() as session:
        claim(session, "demo:d1", [Want(ROBOT, at(0, 10))])
        claim(session, "demo:d2", [Want(ROBOT, at(10, 10))])

    with pytest.raises(TakenError), database.write() as session:
        move(session, "demo:d1", [Want(ROBOT, at(5, 10))])

    with database.read() as session:
        assert owned(session) == cells_of("demo:d1", ROBOT, 0, 1) | cells_of("demo:d2", ROBOT, 2, 3)


def test_what_was_released_is_free_for_the_next(database: Database) -> None:
    with database.write() as session:
        claim(session, "demo:d1", [Want(ROBOT, at(0, 10))])
        release(session, "demo:d1")
        release(session, "demo:d1")
        claim(session, "demo:d2", [Want(ROBOT, at(0, 10))])

        assert owned(session) == cells_of("demo:d2", ROBOT, 0, 1)


def test_several_changes_at_once_give_the_optional_ones_in_order_all_or_nothing(database: Database) -> None:
    with database.write() as session:
        claim(session, "demo:old", [Want(ANNA, at(0, 10))])
        claim(session, "demo:moved", [Want(ROBOT, at(0, 10))])
        got = settle(
            session,
            must=[Claim("demo:moved", (Want(ROBOT, at(5, 10)),))],
            may=[
                Claim("demo:first", (Want(STAGE, at(0, 15)),)),
                Claim("demo:second", (Want(STAGE, at(10, 15)),)),
                Claim("demo:third", (Want(STAGE, at(15, 5)),)),
            ],
            free=["demo:old"],
        )

        assert got == {"demo:first", "demo:third"}
        assert owned(session) == (
            cells_of("demo:moved", ROBOT, 1, 2)
            | cells_of("demo:first", STAGE, 0, 1, 2)
            | cells_of("demo:third", STAGE, 3)
        )


def test_busy_cells_leave_out_the_asker_and_what_lies_outside(database: Database) -> None:
    with database.write() as session:
        claim(session, "demo:d1", [Want(ROBOT, at(0, 10))])
        claim(session, "demo:d2", [Want(ROBOT, at(10, 5)), Want(STAGE, at(60, 5))])

        found = busy(session, [ROBOT, STAGE, ANNA], at(5, 30), but="demo:d2")

        assert found == {ROBOT: {cells(at(5))[0]}, STAGE: set(), ANNA: set()}


def test_holdings_tell_who_has_what_in_stretches(database: Database) -> None:
    with database.write() as session:
        claim(session, "demo:d1", [Want(ROBOT, at(0, 10)), Want(ROBOT, at(20, 5))])
        claim(session, "demo:d2", [Want(ROBOT, at(10, 5))])

        assert holdings(session, [ROBOT, STAGE], at(0, 60)) == [
            Holding(ROBOT, "demo:d1", at(0, 10)),
            Holding(ROBOT, "demo:d2", at(10, 5)),
            Holding(ROBOT, "demo:d1", at(20, 5)),
        ]


@pytest.mark.parametrize("minutes", [5, -5, 1440, -1440])
def test_all_reservations_move_together_when_the_fair_does(database: Database, minutes: int) -> None:
    with database.write() as session:
        claim(session, "demo:d1", [Want(ROBOT, at(0, 60)), Want(STAGE, at(0, 5))])
        shift_all(session, timedelta(minutes=minutes))

        assert holdings(session, [ROBOT, STAGE], at(-2000, 4000)) == [
            Holding(ROBOT, "demo:d1", at(minutes, 60)),
            Holding(STAGE, "demo:d1", at(minutes, 5)),
        ]


def at_once(database: Database, acts: list[Callable[[Session], None]]) -> Counter[str]:
    """Run every act in a thread and a unit of work of its own, all let go together; how they ended, counted."""
    gate = threading.Barrier(len(acts))

    def run(act: Callable[[Session], None]) -> str:
        gate.wait(30)
        try:
            with database.write() as session:
                act(session)
        except TakenError:
            return "taken"
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return Counter(pool.map(run, acts))


def test_of_many_who_want_the_same_at_once_one_gets_it(database: Database) -> None:
    def one(number: int) -> Callable[[Session], None]:
        wants = [Want(ROBOT, at(0)), Want(ANNA, at(0)), Want(STAGE, at(0))]
        return lambda session: claim(session, f"demo:{number}", wants[:: 1 if number % 2 else -1])

    ended = at_once(database, [one(number) for number in range(WRITERS)])

    assert ended == {"done": 1, "taken": WRITERS - 1}
    with database.read() as session:
        assert len(owned(session)) == 18
        assert len({holder for holder, _, _ in owned(session)}) == 1


def test_moves_against_each_other_end_without_a_deadlock_and_without_an_overlap(database: Database) -> None:
    with database.write() as session:
        for number in range(WRITERS):
            claim(session, f"demo:{number}", [Want(ROBOT, at(5 * number, 5)), Want(ANNA, at(5 * number, 5))])

    def shuffle(number: int) -> Callable[[Session], None]:
        target = (number * 7 + 1) % (2 * WRITERS)
        wants = [Want(ANNA, at(5 * target, 5)), Want(ROBOT, at(5 * target, 5))]
        return lambda session: move(session, f"demo:{number}", wants)

    ended = at_once(database, [shuffle(number) for number in range(WRITERS)])

    assert ended["done"] + ended["taken"] == WRITERS
    assert ended["done"] >= 1
    with database.read() as session:
        held = Counter(holder for holder, _, _ in owned(session))
        assert held == {f"demo:{number}": 2 for number in range(WRITERS)}
