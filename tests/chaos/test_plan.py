"""The order of deaths comes from the seed alone, and spares nobody."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tests.chaos.plan import EVERYTHING, QUIET_S, plan


@given(st.integers(), st.floats(min_value=15, max_value=600))
def test_everything_dies_in_its_own_time_and_comes_back_before_the_next_death(seed: int, seconds: float) -> None:
    deaths = plan(seed, seconds, EVERYTHING)

    assert {death.victim for death in deaths} == set(EVERYTHING)
    assert deaths[0].at >= QUIET_S
    assert all(a.at < b.at for a, b in pairwise(deaths))
    assert deaths[-1].at < seconds


def test_the_same_seed_kills_in_the_same_order_and_another_in_another() -> None:
    first, again, other = (plan(seed, 120, EVERYTHING) for seed in (1, 1, 2))

    assert first == again
    assert first != other
