"""Booth numbers and the geometry of the floor plan; pure, in metres."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import dist

BOOTH_NUMBER = re.compile(r"^([A-D])?(\d{1,2})\.(\d)([A-Z])(\d{2})(?:-(\d{2}))?$")
"""Optional area letter, hall, floor, aisle letter, two digits, and for a range the last two digits: `D19.2C05-06`."""
STANDARD_SIDE_M = 3.0
RAW_MIN_M2 = 36.0
MAX_STRIPS = 3


class BoothKind(StrEnum):
    """How a booth is let: on the 3 x 3 m grid with walls, or as bare floor."""

    STANDARD = "standard"
    RAW = "raw"


TABLES = {BoothKind.STANDARD: 2, BoothKind.RAW: 4}
"""So many meeting tables stand in a booth."""


class FeatureKind(StrEnum):
    """What is on the floor and is no booth."""

    AISLE = "aisle"
    STAGE = "stage"
    SERVICE = "service"
    ENTRANCE = "entrance"


@dataclass(frozen=True)
class BoothNumber:
    """The parts of a booth number."""

    area: str | None
    hall: int
    floor: int
    aisle: str
    first: int
    last: int


@dataclass(frozen=True)
class Rectangle:
    """A rectangle with its sides along the axes; (x, y) is its south-west corner."""

    x: float
    y: float
    width_m: float
    depth_m: float

    @property
    def area_m2(self) -> float:
        """Width by depth."""
        return self.width_m * self.depth_m

    @property
    def east(self) -> float:
        """The x of the eastern side."""
        return self.x + self.width_m

    @property
    def north(self) -> float:
        """The y of the northern side."""
        return self.y + self.depth_m

    @property
    def centre(self) -> tuple[float, float]:
        """The middle, as (x, y)."""
        return (self.x + self.width_m / 2, self.y + self.depth_m / 2)


def parse_booth_number(text: str) -> BoothNumber | None:
    """The parts of a booth number, or nothing when the text is none (a range must run upward)."""
    found = BOOTH_NUMBER.fullmatch(text)
    if not found:
        return None
    area, hall, floor, aisle, first, last = found.groups()
    number = BoothNumber(area, int(hall), int(floor), aisle, int(first), int(last or first))
    return number if last is None or number.last > number.first else None


def overlap(one: Rectangle, other: Rectangle) -> bool:
    """Whether two rectangles share floor; touching sides do not."""
    return one.x < other.east and other.x < one.east and one.y < other.north and other.y < one.north


def inside(inner: Rectangle, outer: Rectangle) -> bool:
    """Whether one rectangle lies wholly in another; sides may touch."""
    return inner.x >= outer.x and inner.y >= outer.y and inner.east <= outer.east and inner.north <= outer.north


def overlapping(rectangles: Sequence[tuple[str, Rectangle]]) -> list[tuple[str, str]]:
    """All pairs of names whose rectangles share floor, in the given order."""
    return [
        (name, other)
        for index, (name, rectangle) in enumerate(rectangles)
        for other, neighbour in rectangles[index + 1 :]
        if overlap(rectangle, neighbour)
    ]


def is_let_as(kind: BoothKind, rectangle: Rectangle) -> bool:
    """Whether a booth of this size may be let so: standard in one, two or three grid cells, raw from 36 m2."""
    if kind is BoothKind.RAW:
        return rectangle.area_m2 >= RAW_MIN_M2
    sides = sorted((rectangle.width_m, rectangle.depth_m))
    return sides[0] == STANDARD_SIDE_M and sides[1] in (3.0, 6.0, 9.0)


def nearest(rectangle: Rectangle, others: Mapping[str, Rectangle], limit: int) -> list[str]:
    """The names of the rectangles nearest to one, by their middles; of two equally near the smaller name first."""
    return sorted(others, key=lambda name: (dist(others[name].centre, rectangle.centre), name))[:limit]


def shares(rectangle: Rectangle, number: int) -> list[Rectangle]:
    """The floor of a booth in `number` equal parts: strips along the longer side, from four on in two rows."""
    rows = 1 if number <= MAX_STRIPS else 2
    columns = -(-number // rows)
    along, across = (columns, rows) if rectangle.width_m >= rectangle.depth_m else (rows, columns)
    width, depth = rectangle.width_m / along, rectangle.depth_m / across
    parts = [
        Rectangle(rectangle.x + column * width, rectangle.y + row * depth, width, depth)
        for row in range(across)
        for column in range(along)
    ]
    return parts[:number]
