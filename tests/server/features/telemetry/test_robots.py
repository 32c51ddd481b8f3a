"""What is believed of a robot: by everybody, and by its own people."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from server.features.telemetry.rules.hearing import Hearing
from server.features.telemetry.rules.robots import PresentRobot, SeenRobot, present_state

NOW = datetime(2026, 4, 16, 4, 0, tzinfo=UTC)
UNHEARD = Hearing()


def report(age_s: float, **more: object) -> dict[str, Any]:
    return {"state": "charging", "at": (NOW - timedelta(seconds=age_s)).isoformat(), "silent_after": 15, **more}


def robot(state: dict[str, Any] | None, hearing: Hearing = UNHEARD) -> PresentRobot:
    texts = ("kind", "protocol", "address", "name_en", "name_zh", "exhibitor", "exhibitor_en", "exhibitor_zh", "booth")
    named: dict[str, Any] = dict.fromkeys(texts, "tea")
    return PresentRobot(key="tea/tea", source="live", options={}, **named, state=state, seen_at=None, hearing=hearing)


def test_a_robot_that_never_spoke_has_no_state() -> None:
    assert present_state(None, NOW) == "none"


@pytest.mark.parametrize(("age_s", "state"), [(0, "charging"), (15, "charging"), (15.1, "silent"), (86_400, "silent")])
def test_a_state_is_believed_until_the_robot_is_silent(age_s: float, state: str) -> None:
    assert present_state(report(age_s), NOW) == state


def test_a_protocol_that_reports_seldom_has_longer() -> None:
    assert present_state(report(39, silent_after=40), NOW) == "charging"


def test_a_fault_is_for_its_own_people_everybody_else_is_told_of_a_stop() -> None:
    one = robot(report(0, state="fault", robot="tea/tea", estop="none"))

    assert one.seen(NOW, own=True) == SeenRobot("fault", one.state)
    assert one.seen(NOW, own=False).state == "stopped"
    assert "estop" not in (one.seen(NOW, own=False).report or {})


@pytest.mark.parametrize(("state", "seen"), [(None, "none"), (report(60), "silent")])
def test_that_it_is_refused_is_for_its_own_people(state: dict[str, Any] | None, seen: str) -> None:
    one = robot(state, Hearing(refused_at=NOW - timedelta(seconds=1)))

    assert (one.seen(NOW, own=True).state, one.seen(NOW, own=False).state) == ("refused", seen)
