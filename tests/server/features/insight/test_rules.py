"""Which demos are in trouble, and what a logged value is."""

from datetime import UTC, datetime, timedelta

import pytest

from server.features.insight.rules import Trouble, live_of, minutes_since, trouble_of

NOON = datetime(2026, 4, 16, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("starts_in_min", "state", "trouble"),
    [
        (31, "silent", None),
        (30, "silent", Trouble.ROBOT),
        (10, "fault", Trouble.ROBOT),
        (10, "waiting", None),
        (0, "waiting", None),
        (-2, "waiting", Trouble.LATE),
        (-2, "charging", Trouble.LATE),
        (-2, "working", None),
        (-2, "stopped", Trouble.ROBOT),
        (-2, "none", Trouble.ROBOT),
        (-20, "silent", None),
    ],
)
def test_a_demo_is_in_trouble_when_its_robot_is_absent_or_stands_after_the_start(
    starts_in_min: int, state: str, trouble: Trouble | None
) -> None:
    starts = NOON + timedelta(minutes=starts_in_min)

    assert trouble_of(starts, starts + timedelta(minutes=20), state, NOON) is trouble


def test_minutes_are_whole_and_never_less_than_none() -> None:
    moments = (timedelta(seconds=119), timedelta(0), timedelta(minutes=-5))

    assert [minutes_since(NOON - ago, NOON) for ago in moments] == [1, 0, 0]


def test_a_robot_is_live_in_any_state_but_silent_and_never_heard() -> None:
    assert live_of(["working", "fault", "silent", "none", "charging"]) == 3
