"""Booth numbers and the geometry of the plan."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.features.floorplan.rules import (
    BoothKind,
    BoothNumber,
    Rectangle,
    inside,
    is_let_as,
    overlap,
    overlapping,
    parse_booth_number,
    shares,
)

RECTANGLES = st.builds(Rectangle, *[st.integers(0, 40).map(float)] * 2, *[st.integers(1, 20).map(float)] * 2)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("D19.2C05", BoothNumber("D", 19, 2, "C", 5, 5)),
        ("9.2B29", BoothNumber(None, 9, 2, "B", 29, 29)),
        ("10.3E15-16", BoothNumber(None, 10, 3, "E", 15, 16)),
    ],
)
def test_a_booth_number_is_read_into_its_parts(text: str, number: BoothNumber) -> None:
    assert parse_booth_number(text) == number


@pytest.mark.parametrize("text", ["", "C05", "E19.2C05", "19.2c05", "19.2C5", "19.2C05-", "19.2C05-04", "19.2C05\n"])
def test_what_is_no_booth_number_is_not_read(text: str) -> None:
    assert parse_booth_number(text) is None


def test_booths_that_share_a_wall_do_not_overlap() -> None:
    assert not overlap(Rectangle(0, 0, 3, 3), Rectangle(3, 0, 3, 3))
    assert not overlap(Rectangle(0, 0, 3, 3), Rectangle(0, 3, 3, 3))


@given(RECTANGLES, RECTANGLES)
def test_overlap_means_a_common_cell_of_floor(one: Rectangle, other: Rectangle) -> None:
    cells = [
        {(x, y) for x in range(int(shape.x), int(shape.east)) for y in range(int(shape.y), int(shape.north))}
        for shape in (one, other)
    ]

    assert overlap(one, other) == overlap(other, one) == bool(cells[0] & cells[1])


@given(RECTANGLES, RECTANGLES)
def test_what_lies_inside_has_all_its_cells_there(inner: Rectangle, outer: Rectangle) -> None:
    within = {(x, y) for x in range(int(outer.x), int(outer.east)) for y in range(int(outer.y), int(outer.north))}

    cells = {(x, y) for x in range(int(inner.x), int(inner.east)) for y in range(int(inner.y), int(inner.north))}

    assert inside(inner, outer) == (cells <= within)


def test_overlaps_are_named_in_pairs() -> None:
    named = [("a", Rectangle(0, 0, 3, 3)), ("b", Rectangle(2, 0, 3, 3)), ("c", Rectangle(5, 0, 3, 3))]

    assert overlapping(named) == [("a", "b")]


@given(RECTANGLES, st.integers(1, 9))
def test_the_robots_of_a_booth_share_its_floor_without_overlap(booth: Rectangle, number: int) -> None:
    parts = shares(booth, number)

    assert len(parts) == number
    # Parts are drawn with fractions: a hair of tolerance for the last bit.
    tight = [Rectangle(part.x + 1e-9, part.y + 1e-9, part.width_m - 2e-9, part.depth_m - 2e-9) for part in parts]
    assert overlapping([(str(index), part) for index, part in enumerate(tight)]) == []
    assert all(inside(part, booth) for part in tight)


@pytest.mark.parametrize(
    ("kind", "size", "let"),
    [
        (BoothKind.STANDARD, (3, 3), True),
        (BoothKind.STANDARD, (6, 3), True),
        (BoothKind.STANDARD, (3, 9), True),
        (BoothKind.STANDARD, (6, 6), False),
        (BoothKind.STANDARD, (4, 3), False),
        (BoothKind.RAW, (6, 6), True),
        (BoothKind.RAW, (6, 5), False),
    ],
)
def test_a_booth_is_let_on_the_grid_or_as_raw_space(kind: BoothKind, size: tuple[float, float], *, let: bool) -> None:
    assert is_let_as(kind, Rectangle(0, 0, *size)) is let
