"""Whether a robot's position is drawn on the zone's plan: not one on a map of its own, and not one outside the plan."""

from typing import Any

SLACK_M = 2.0
"""So far beyond the plan's edge a position may be: robots measure, and stand in the aisle around."""
OTHER_MAP, OUTSIDE = "other-map", "outside"


def on_plan(
    pose: dict[str, Any] | None, robots_map: str, plan: tuple[float, float] | None
) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """(what is drawn, what is only told: why it is not drawn, and where the robot says it is).

    `plan` is the width and depth of the zone, None while there is no plan.
    """
    if pose is None:
        return None, None
    why = OTHER_MAP if robots_map else OUTSIDE if plan is not None and _outside(pose, plan) else None
    if why is None:
        return pose, None
    return None, {"why": why, "x": pose["x"], "y": pose["y"], "map": robots_map}


def _outside(pose: dict[str, Any], plan: tuple[float, float]) -> bool:
    width, depth = plan
    return not (-SLACK_M <= pose["x"] <= width + SLACK_M and -SLACK_M <= pose["y"] <= depth + SLACK_M)
