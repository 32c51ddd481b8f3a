"""A robot in the zone's digest: numbers alone, short, and nothing that only its own people may know."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from server.features.telemetry.rules.digest import digest_row

NOON = datetime(2026, 4, 16, 4, tzinfo=UTC)


def state(**more: Any) -> dict[str, Any]:
    return {
        "robot": "nanling/walker-7",
        "number": 57,
        "exhibitor": "nanling",
        "state": "working",
        "activity": "working",
        "task": {"en": "Tray to table 4", "zh": "送餐至4号桌"},
        "battery": 78.0,
        "pose": {"x": 52.31, "y": 24.96, "theta": 1.2},
        "at": (NOON - timedelta(seconds=2)).isoformat(),
        "silent_after": 15,
        "errors": [],
        "metrics": {"deliveries_today": 146},
        **more,
    }


FAULT = {"level": "fatal", "code": "motor", "text": {"en": "Too hot"}}


@pytest.mark.parametrize(
    ("said", "own", "row"),
    [
        ({}, False, [57, 1, 2, 523, 250]),
        ({}, True, [57, 1, 2, 523, 250]),
        ({"silent_after": 40}, False, [57, 1, 2, 523, 250, 40]),
        ({"pose": None}, False, [57, 1, 2]),
        ({"pose": None, "battery": 12.4}, True, [57, 1, 2, None, None, None, {"battery": 12}]),
        ({"battery": 12.4}, False, [57, 1, 2, 523, 250]),
        ({"battery": 12.4, "state": "charging"}, True, [57, 4, 2, 523, 250]),
        ({"state": "fault", "errors": [FAULT]}, False, [57, 5, 2, 523, 250]),
        (
            {"state": "fault", "errors": [FAULT]},
            True,
            [57, 0, 2, 523, 250, None, {"code": "motor", "text": {"en": "Too hot"}}],
        ),
    ],
)
def test_a_row_says_what_is_not_as_usual_and_no_more(said: dict[str, Any], *, own: bool, row: list[Any]) -> None:
    assert digest_row(state(**said), NOON, own=own) == row


def test_a_robot_whose_clock_is_fast_is_heard_now() -> None:
    assert digest_row(state(at=(NOON + timedelta(hours=1)).isoformat()), NOON, own=False)[2] == 0


def test_a_hundred_and_one_moving_robots_fit_into_three_kilobytes() -> None:
    rows = [digest_row(state(number=400 + number), NOON, own=False) for number in range(101)]

    assert len(msgspec.json.encode({"now": NOON, "robots": rows})) < 3_000
