"""Cells cover a span outwards, and the search for free starts agrees with trying every start by hand."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.features.reservations.rules import (
    Choice,
    Claim,
    Resource,
    ResourceKind,
    Want,
    first_free,
    free_starts,
    is_free,
    nearest_free,
)
from server.kernel.spans import CELL, Span, cell_at, cells, on_grid, runs, span_of, start_of

NINE = datetime(2026, 4, 16, 1, 0, tzinfo=UTC)
DAY = Span(NINE, NINE + timedelta(hours=9))
ANNA, BEN, TABLE = (Resource(ResourceKind.STAFF, 1), Resource(ResourceKind.STAFF, 2), Resource(ResourceKind.TABLE, 7))


def at(minutes: float, length: float = 30) -> Span:
    return Span(NINE + timedelta(minutes=minutes), NINE + timedelta(minutes=minutes + length))


def taken(*spans: Span) -> frozenset[int]:
    return frozenset(cell for span in spans for cell in cells(span))


moments = st.datetimes(datetime(1999, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - Hypothesis adds the zone
minutes = st.integers(-30, 600)
spans = st.builds(at, minutes, st.integers(1, 240))
choices = st.builds(
    Choice,
    st.just(ANNA),
    st.lists(spans, max_size=3).map(tuple),
    st.frozensets(st.integers(cell_at(NINE) - 12, cell_at(NINE) + 120), max_size=40),
    st.integers(0, 3),
    st.integers(0, 3),
)
groups = st.lists(st.lists(choices, max_size=3), max_size=3)


@given(moments, st.timedeltas(timedelta(microseconds=1), timedelta(hours=3)))
def test_the_cells_of_a_span_cover_it_and_no_cell_more(start: datetime, length: timedelta) -> None:
    span = Span(start, start + length)

    covered = cells(span)

    assert start_of(covered[0]) <= span.starts_at < start_of(covered[0] + 1)
    assert start_of(covered[-1]) < span.ends_at <= start_of(covered[-1] + 1)
    assert span.within(span_of(covered[0], covered[-1]))


@given(spans, spans)
def test_spans_on_the_grid_share_a_cell_exactly_when_they_overlap(one: Span, other: Span) -> None:
    a, b = (span_of(cells(span)[0], cells(span)[-1]) for span in (one, other))

    share = not set(cells(a)).isdisjoint(cells(b))

    assert share == a.overlaps(b) == (a.shared(b) is not None)


@given(groups, st.integers(1, 60), spans)
def test_the_search_finds_the_starts_that_trying_each_by_hand_finds(
    wanted: list[list[Choice]], length: int, within: Span
) -> None:
    found = free_starts(wanted, timedelta(minutes=length), within)

    tried = [start_of(cell) for cell in cells(within)]
    cell_count = -(-length // 5)
    by_hand = [
        start
        for start in tried
        if Span(start, start + cell_count * CELL).within(within)
        and all(first_free(group, Span(start, start + cell_count * CELL)) for group in wanted)
    ]
    assert found == by_hand


@given(groups, spans, spans, st.integers(1, 5))
def test_the_nearest_free_spans_are_free_sorted_by_distance_and_none_nearer_is_left_out(
    wanted: list[list[Choice]], asked: Span, within: Span, limit: int
) -> None:
    nearest = nearest_free(wanted, asked, within, limit)

    starts = free_starts(wanted, asked.ends_at - asked.starts_at, within)
    assert [span.starts_at for span in nearest] == sorted(
        starts, key=lambda start: (abs(start - asked.starts_at), start)
    )[:limit]
    assert {span.ends_at - span.starts_at for span in nearest} <= {asked.ends_at - asked.starts_at}


@given(st.sets(st.integers(0, 50)))
def test_runs_are_the_stretches_without_a_gap(numbers: set[int]) -> None:
    found = list(runs(numbers))

    assert {number for first, last in found for number in range(first, last + 1)} == numbers
    assert all(after[0] > before[1] + 1 for before, after in pairwise(found))


def test_the_nearest_free_starts_lie_on_both_sides_of_what_is_taken_the_earlier_first() -> None:
    busy = taken(at(60, 30))

    nearest = nearest_free([[Choice(ANNA, (DAY,), busy)], [Choice(TABLE, (DAY,))]], at(60), DAY, 4)

    assert nearest == [at(30), at(90), at(25), at(95)]


def test_buffers_keep_their_distance_from_what_is_taken_but_may_stand_out_of_the_opening_hours() -> None:
    anna = Choice(ANNA, (DAY,), taken(at(60, 30)), before=1, after=2)

    starts = free_starts([[anna]], timedelta(minutes=30), Span(NINE, NINE + timedelta(hours=3)))

    assert starts[0] == NINE
    assert (is_free(anna, at(20)), is_free(anna, at(25)), is_free(anna, at(90)), is_free(anna, at(95))) == (
        True,
        False,
        False,
        True,
    )
    assert is_free(anna, Span(DAY.ends_at - timedelta(minutes=30), DAY.ends_at))


def test_whoever_is_free_first_in_the_list_is_chosen() -> None:
    group = [Choice(ANNA, (DAY,), taken(at(0))), Choice(BEN, (at(0, 60),))]

    assert first_free(group, at(30)) == group[0]
    assert first_free(group, at(0)) == group[1]
    assert first_free(group[1:], at(45)) is None


def test_a_group_that_nobody_is_in_is_never_free() -> None:
    assert nearest_free([[]], at(60), DAY) == []


def test_a_resource_is_named_by_kind_and_number_and_read_back() -> None:
    assert (ANNA.key, Resource.of("staff:1")) == ("staff:1", ANNA)
    with pytest.raises(ValueError, match="is not a valid ResourceKind"):
        Resource.of("chair:1")


def test_a_span_that_ends_before_it_starts_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="ends after it starts"):
        Span(NINE, NINE)


def test_the_grid_has_a_line_every_five_minutes() -> None:
    assert [on_grid(NINE + timedelta(minutes=number)) for number in (0, 1, 5)] == [True, False, True]


def test_a_claim_counts_the_cells_of_all_that_it_wants() -> None:
    claim = Claim("demo:d1", (Want(ANNA, at(0, 10)), Want(TABLE, at(0, 5))))

    first = cell_at(NINE)
    assert claim.cells() == {("staff:1", first), ("staff:1", first + 1), ("table:7", first)}


def test_time_to_spare_makes_a_span_longer_on_its_side() -> None:
    assert at(60).longer(before=timedelta(minutes=5), after=timedelta(minutes=10)) == at(55, 45)
