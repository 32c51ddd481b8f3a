"""The rule of wrong tries: what is right costs nothing, what is wrong costs time, and the time ends."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from server.kernel.tries import (
    FORGOTTEN_S,
    FREE,
    LAST_S,
    Budget,
    Rate,
    Tries,
    mistaken,
    refilled,
    short_s,
    spent,
    wait_s,
)

SECONDS = st.floats(0, 1e6)
RATE = Rate(most=40, each_s=0.5)


@given(SECONDS, st.integers(0, 5000))
def test_the_wait_is_never_longer_than_the_longest_and_ends(now: float, mistakes: int) -> None:
    tries = Tries(mistakes, now)

    assert 0 <= wait_s(tries, now) <= LAST_S
    assert wait_s(tries, now + LAST_S) == 0


@given(st.lists(st.floats(0, 100), min_size=1, max_size=60))
def test_each_mistake_waits_at_least_as_long_as_the_one_before(pauses: list[float]) -> None:
    tries, now, waits = Tries(), 0.0, []
    for pause in pauses:
        now += wait_s(tries, now) + pause
        tries = mistaken(tries, now)
        waits.append(wait_s(tries, now))

    assert all(later >= earlier - 1e-6 for earlier, later in pairwise(waits))
    assert set(waits[: FREE - 1]) == {0.0}


def test_a_few_mistakes_cost_nothing_and_then_each_costs_twice_as_much() -> None:
    waits, tries = [], Tries()
    for _ in range(FREE + 10):
        waits.append(wait_s(tries, 0))
        tries = mistaken(tries, 0)

    assert waits == [0.0] * FREE + [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 240.0, 240.0]


@given(st.integers(0, 5000), SECONDS)
def test_mistakes_of_long_ago_are_forgotten(mistakes: int, at: float) -> None:
    later = at + FORGOTTEN_S + 1

    assert wait_s(Tries(mistakes, at), later) == 0
    assert mistaken(Tries(mistakes, at), later) == Tries(1, later)


@given(st.lists(st.tuples(st.floats(0, 30), st.booleans()), max_size=300))
def test_of_a_budget_no_more_is_spent_than_it_holds_and_gets_back(steps: list[tuple[float, bool]]) -> None:
    now, used, budget = 0.0, 0, refilled(None, RATE, 0)
    for pause, _ in steps:
        now += pause
        budget = refilled(budget, RATE, now)
        if short_s(budget, RATE) <= 0:
            budget, used = spent(budget), used + 1

    assert used <= RATE.most + now * RATE.each_s + 1e-6
    assert 0 <= budget.left <= RATE.most


def test_an_empty_budget_says_how_long_until_it_holds_something() -> None:
    assert (short_s(Budget(0, 0), RATE), short_s(Budget(0.5, 0), RATE), short_s(Budget(1, 0), RATE)) == (2.0, 1.0, 0.0)
