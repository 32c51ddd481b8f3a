"""Moments that differ from today: the fast tests run at one of them with every landing, and at all of them on demand.

A pytest plug-in: with `--moment NAME` the clock of the whole test process starts there and goes on ticking. What counts
seconds (`time.monotonic`) stays the machine's own, so that waits end. Programs that a test starts know today's date
alone, so the tests that start any are not among the fast ones.
"""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from types import MappingProxyType

import pytest
import time_machine

from server.kernel.clock import FAIR_ZONE

MOMENTS: Mapping[str, datetime] = MappingProxyType(
    {
        "last-day-of-a-month": datetime(2027, 1, 31, 3, 10, tzinfo=UTC),
        "last-day-of-a-year": datetime(2027, 12, 31, 12, 0, tzinfo=UTC),
        "29-february": datetime(2028, 2, 29, 4, 0, tzinfo=UTC),
        "a-minute-before-midnight-in-fair-time": datetime(2026, 12, 15, 23, 59, tzinfo=FAIR_ZONE),
        "a-minute-after-midnight-in-fair-time": datetime(2026, 12, 16, 0, 1, tzinfo=FAIR_ZONE),
        "a-minute-before-midnight-in-utc": datetime(2026, 12, 15, 23, 59, tzinfo=UTC),
        "a-minute-after-midnight-in-utc": datetime(2026, 12, 16, 0, 1, tzinfo=UTC),
        "summer-time-begins-in-europe": datetime(2027, 3, 28, 0, 59, tzinfo=UTC),
        "summer-time-ends-in-europe": datetime(2027, 10, 31, 0, 59, tzinfo=UTC),
        "the-year-2036": datetime(2036, 6, 15, 4, 0, tzinfo=UTC),
    }
)


def drawn(commit: str) -> str:
    """The moment at which the fast tests of this commit run: the same one whenever it is asked."""
    number = int.from_bytes(hashlib.sha256(commit.encode()).digest()[:8])
    return sorted(MOMENTS)[number % len(MOMENTS)]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option `--moment`."""
    parser.addoption("--moment", choices=sorted(MOMENTS), help="let the clock of the tests start at this moment")


def pytest_report_header(config: pytest.Config) -> list[str]:
    """Say which day it is for the tests."""
    name = config.getoption("--moment")
    return [f"moment: {name}, {MOMENTS[name]:%Y-%m-%d %H:%M %z}"] if name else []


@pytest.fixture(scope="session", autouse=True)
def clock_of_the_tests(request: pytest.FixtureRequest) -> Iterator[None]:
    """The clock of this process for as long as its tests run."""
    name = request.config.getoption("--moment")
    if not name:
        yield
        return
    with time_machine.travel(MOMENTS[name], tick=True):
        yield
