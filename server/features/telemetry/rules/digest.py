"""A robot in the zone's digest: a short row of numbers, without words; pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from server.features.telemetry.rules import USUALLY_SILENT_AFTER_S, public_view
from server.kernel.robot_states import STATES

LOW_BATTERY = 20
"""Below so many percent its own people are told, unless it is charging."""


def digest_row(state: Mapping[str, Any], now: datetime, *, own: bool) -> list[Any]:
    """`[number, state, age, x, y, silent after, concern]`, cut after the last that is not as usual.

    The state is its place in `STATES`, the age in whole seconds, x and y in tenths of a metre; a concern is what the
    robot's `own` people should look at.
    """
    shown = state if own else public_view(state)
    pose = shown.get("pose")
    place = [round(pose["x"] * 10), round(pose["y"] * 10)] if pose else [None, None]
    silent_after = shown.get("silent_after", USUALLY_SILENT_AFTER_S)
    age_s = max(0, round((now - datetime.fromisoformat(shown["at"])).total_seconds()))
    rest = [*place, silent_after if silent_after != USUALLY_SILENT_AFTER_S else None, _concern(shown) if own else None]
    while rest and rest[-1] is None:
        rest.pop()
    return [state["number"], STATES.index(shown["state"]), age_s, *rest]


def _concern(state: Mapping[str, Any]) -> dict[str, Any] | None:
    errors = state.get("errors") or []
    if state["state"] in {"fault", "stopped"} and errors:
        return {"code": errors[0]["code"], "text": errors[0].get("text", {})}
    battery = state.get("battery")
    if battery is not None and battery < LOW_BATTERY and state["state"] != "charging":
        return {"battery": round(battery)}
    return None
