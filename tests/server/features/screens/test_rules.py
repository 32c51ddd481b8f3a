"""What the live pages decide: what a booth is, what a filter finds, how a QR code is drawn."""

from datetime import UTC, datetime

import pytest
import segno

from server.features.screens.rules import (
    FilteredBooth,
    FloorArea,
    ZoneFilter,
    booth_of,
    booth_state,
    matches,
    qr_path,
    short_number,
)

NOW = datetime(2026, 4, 16, 4, 0, tzinfo=UTC)
BOOTH = FilteredBooth("d19.2c05 nanling walker robotics 南岭行者 walker 7", ("delivery",), "working", True, False)


@pytest.mark.parametrize(
    ("states", "state"),
    [
        ((), "none"),
        (("silent", "charging"), "charging"),
        (("working", "fault"), "fault"),
        (("none", "silent"), "silent"),
    ],
)
def test_a_booth_is_what_its_most_telling_robot_is(states: tuple[str, ...], state: str) -> None:
    assert booth_state(states) == state


HALL = FloorArea("", 0, 0, 84, 50)
OWN = (FloorArea("9.2A01", 3, 3, 6, 6), FloorArea("9.2A02", 9, 3, 6, 6))


@pytest.mark.parametrize(
    ("x", "y", "booth"),
    [
        (4, 4, "9.2A01"),
        (8.9, 8.9, "9.2A01"),
        (9.4, 4, "9.2A02"),
        (15.5, 4, "9.2A02"),
        (15.7, 4, ""),
        (30, 24, ""),
        (-4, 900, "9.2A01"),
    ],
)
def test_a_robot_is_in_the_booth_that_its_position_says(x: float, y: float, booth: str) -> None:
    assert booth_of({"pose": {"x": x, "y": y}}, OWN, HALL) == booth


def test_a_robot_without_a_position_is_in_the_first_booth_and_without_a_booth_in_none() -> None:
    assert [booth_of(None, OWN, HALL), booth_of({"pose": None}, OWN, HALL), booth_of(None, (), HALL)] == [
        "9.2A01",
        "9.2A01",
        "",
    ]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (ZoneFilter(), True),
        (ZoneFilter(q=" Walker 7 "), True),
        (ZoneFilter(q="行者"), True),
        (ZoneFilter(q="porter"), False),
        (ZoneFilter(kind="delivery", state="working", place="guangdong"), True),
        (ZoneFilter(kind="humanoid"), False),
        (ZoneFilter(state="silent"), False),
        (ZoneFilter(demo="now"), False),
    ],
)
def test_a_filter_finds_what_fits_all_of_it(wanted: ZoneFilter, *, found: bool) -> None:
    assert matches(wanted, BOOTH) is found


@pytest.mark.parametrize(("number", "short"), [("D19.2C05-06", "C05-06"), ("9.2B29", "B29"), ("odd", "odd")])
def test_the_plan_shows_a_number_without_hall_and_floor(number: str, short: str) -> None:
    assert short_number(number) == short


def test_a_qr_path_draws_each_run_of_dark_modules_inside_the_quiet_zone() -> None:
    assert qr_path([[1, 1, 0, 1], [0, 0, 0, 0], [0, 1, 1, 1]]) == "M4 4.5h2M7 4.5h1M5 6.5h3"


def test_a_qr_path_draws_every_dark_module_once() -> None:
    modules = segno.make("https://fair.example/exhibitors/nanling", error="m", micro=False).matrix

    drawn = sum(int(stroke.rpartition("h")[2]) for stroke in qr_path(modules).split("M")[1:])

    assert drawn == sum(sum(row) for row in modules)
