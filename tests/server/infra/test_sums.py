"""Sums over what strangers send: exact while they can be, at a ceiling beyond, never an error."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import BigInteger, Column, Integer, MetaData, Table, select

from server.infra.db import Database, accumulate
from server.infra.sums import CEILING, Total, capped

FIGURES = Table("figures", MetaData(), Column("id", Integer, primary_key=True), Column("number", BigInteger))


@pytest.fixture
def figures(database: Database) -> Iterator[Database]:
    """A database with a table of numbers."""
    with database.write() as session:
        FIGURES.create(session.connection())
    yield database
    with database.write() as session:
        FIGURES.drop(session.connection())


def total_of(database: Database, numbers: list[int]) -> int:
    """What the database makes of these numbers."""
    with database.write() as session:
        session.execute(FIGURES.delete())
        if numbers:
            session.execute(FIGURES.insert(), [{"id": at, "number": number} for at, number in enumerate(numbers)])
        found: int = session.execute(select(Total(FIGURES.c.number))).scalar_one()
        session.rollback()
        return found


@pytest.mark.parametrize(
    "numbers",
    [
        [],
        [0],
        [1, 2, 3],
        [CEILING - 1, 1],
        [CEILING] * 1025,
        [2**63 - 1] * 5000,
        [2**32 - 1, 2**32, 1],
        [CEILING - 2**33, 2**33 - 1],
    ],
)
def test_a_sum_is_exact_up_to_the_ceiling_and_the_ceiling_beyond(figures: Database, numbers: list[int]) -> None:
    found = total_of(figures, numbers)

    assert (found, type(found)) == (min(sum(numbers), CEILING), int)


def test_any_numbers_have_a_sum(figures: Database) -> None:
    @settings(max_examples=60)
    @given(st.lists(st.integers(min_value=0, max_value=CEILING), max_size=20))
    def holds(numbers: list[int]) -> None:
        assert total_of(figures, numbers) == capped(sum(numbers))

    holds()


def test_a_figure_that_is_added_to_stays_at_the_ceiling(figures: Database) -> None:
    kept = []
    for more in (CEILING - 5, 3, 3, CEILING, CEILING):
        with figures.write() as session:
            accumulate(session, FIGURES, [{"id": 1, "number": more}], ("id",))
        with figures.read() as session:
            kept.append(session.execute(select(FIGURES.c.number)).scalar_one())

    assert kept == [CEILING - 5, CEILING - 2, CEILING, CEILING, CEILING]
    assert {type(figure) for figure in kept} == {int}
