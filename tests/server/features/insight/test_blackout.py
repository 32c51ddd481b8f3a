"""Many robots that fall silent at once are one alarm with its cause, and none at night."""

from datetime import timedelta

import pytest

from server.features.insight.rules import Blackout, Cause, Heard, blackout
from tests.conftest import NOON

LOST = NOON - timedelta(minutes=3)


def robots(protocol: str, count: int = 4, *, silent: bool = True, minutes: float = 3) -> list[Heard]:
    """Robots of one protocol that were last heard so many minutes ago."""
    return [Heard(protocol, NOON - timedelta(minutes=minutes), silent) for _ in range(count)]


def live(protocol: str, count: int = 4) -> list[Heard]:
    return robots(protocol, count, silent=False, minutes=0)


@pytest.mark.parametrize(
    ("heard", "cause"),
    [
        ([*robots("fair-mqtt"), *robots("vda5050"), *live("fair-serial"), *live("fair-https")], Cause.BROKER),
        ([*robots("fair-mqtt"), *robots("mavlink"), *live("fair-https")], Cause.BRIDGE),
        ([*robots("kobuki"), *robots("modbus"), *live("fair-mqtt")], Cause.PORTS),
        ([*robots("fair-https"), *live("fair-mqtt")], Cause.HTTPS),
        ([*robots("fair-mqtt"), *robots("kobuki"), *robots("fair-https")], Cause.NETWORK),
        (robots("fair-mqtt"), Cause.NETWORK),
    ],
)
def test_what_is_still_heard_tells_what_has_failed(heard: list[Heard], cause: Cause) -> None:
    found = blackout(heard, NOON, open_now=True)

    assert found == Blackout(cause, sum(one.silent for one in heard), LOST)


@pytest.mark.parametrize(
    "heard",
    [
        [],
        live("fair-mqtt"),
        robots("fair-mqtt", 2),
        [*robots("fair-mqtt", 5), *live("vda5050", 5)],
        [*robots("fair-mqtt", 2, minutes=5), *robots("fair-mqtt", 2, minutes=30), *robots("fair-mqtt", 2, minutes=50)],
        robots("fair-mqtt", minutes=90),
    ],
    ids=["none", "all live", "too few", "half of them", "one after the other", "long gone"],
)
def test_single_robots_that_are_silent_are_no_blackout(heard: list[Heard]) -> None:
    assert blackout(heard, NOON, open_now=True) is None


def test_a_night_without_power_is_no_alarm() -> None:
    assert blackout(robots("fair-mqtt", 40), NOON, open_now=False) is None
