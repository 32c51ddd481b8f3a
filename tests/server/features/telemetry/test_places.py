"""Which positions are drawn on the zone's plan."""

from typing import Any

import pytest

from server.features.telemetry.rules.places import on_plan

PLAN = (60.0, 70.0)


@pytest.mark.parametrize(
    ("x", "y", "robots_map", "why"),
    [
        (0.0, 0.0, "", None),
        (60.0, 70.0, "", None),
        (-1.9, 71.9, "", None),
        (-2.1, 10.0, "", "outside"),
        (10.0, 72.1, "", "outside"),
        (12_400.0, 30_100.0, "", "outside"),
        (-1e12, 1e12, "", "outside"),
        (10.0, 10.0, "office", "other-map"),
    ],
)
def test_what_lies_outside_or_on_another_map_is_told_and_not_drawn(
    x: float, y: float, robots_map: str, why: str | None
) -> None:
    pose: dict[str, Any] = {"x": x, "y": y, "theta": None}

    drawn, off = on_plan(pose, robots_map, PLAN)

    assert drawn == (pose if why is None else None)
    assert off == (None if why is None else {"why": why, "x": x, "y": y, "map": robots_map})


def test_without_a_plan_or_a_position_nothing_is_outside() -> None:
    assert on_plan({"x": 1e6, "y": 0, "theta": 0}, "", None) == ({"x": 1e6, "y": 0, "theta": 0}, None)
    assert on_plan(None, "", PLAN) == (None, None)
