"""Spans of time and the grid: what is on it, what comes next, and what is one time when it is put together."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.kernel.spans import CELL, Span, cells, joined, next_on_grid, on_grid, span_of, start_of

NINE = datetime(2026, 4, 16, 1, 0, tzinfo=UTC)
moments = st.integers(-(10**15), 10**15).map(lambda number: NINE + timedelta(microseconds=number))
pairs = st.tuples(moments, st.timedeltas(timedelta(seconds=1), timedelta(hours=3))).map(lambda p: (p[0], p[0] + p[1]))
near = st.tuples(st.integers(0, 40), st.integers(1, 20)).map(
    lambda p: (NINE + p[0] * timedelta(minutes=1), NINE + sum(p) * timedelta(minutes=1))
)


@given(moments)
def test_the_next_moment_of_the_grid_is_on_it_and_less_than_a_cell_away(moment: datetime) -> None:
    found = next_on_grid(moment)

    assert on_grid(found)
    assert timedelta(0) <= found - moment < CELL
    assert on_grid(moment) is (found == moment)


@given(pairs)
def test_a_span_lies_within_the_cells_that_it_touches_and_touches_each(pair: tuple[datetime, datetime]) -> None:
    span = Span(*pair)
    touched = cells(span)

    assert span.within(span_of(touched.start, touched.stop - 1))
    assert all(span.overlaps(Span(start_of(cell), start_of(cell + 1))) for cell in (touched[0], touched[-1]))


@given(st.lists(near, max_size=6))
def test_what_is_joined_is_the_same_time_without_seams(spans: list[tuple[datetime, datetime]]) -> None:
    found = joined(spans)
    minutes = [NINE + timedelta(minutes=number) for number in range(61)]

    assert found == sorted(found)
    assert all(earlier[1] < later[0] for earlier, later in pairwise(found))
    for minute in minutes:
        assert any(a <= minute < b for a, b in spans) is any(a <= minute < b for a, b in found)


def test_a_span_that_ends_before_it_starts_is_none() -> None:
    with pytest.raises(ValueError, match="a span ends after it starts"):
        Span(NINE, NINE)
