"""No test depends on how fast the machine is, and each rule finds what is planted."""

import pytest

from tests.architecture import steadiness
from tests.architecture.source import ROOT, Module, read_tree

PLANTED = [
    ("took = time.monotonic() - began\n    assert took < 5", "asserts on 5 s"),
    ("assert time.perf_counter() - began <= 0.5", "asserts on 0.5 s"),
    ("took = min(took, time.monotonic() - began)\n    assert (code, took < 2) == (0, True)", "asserts on 2 s"),
]
HARMLESS = [
    "took = time.monotonic() - began\n    assert took < 60",
    "assert took < 5",
    "assert time.monotonic() - began > 0.2",
]


def planted(body: str, path: str = "tests/server/test_planted.py") -> Module:
    return Module(path, f"def test_it() -> None:\n    {body}\n")


def test_no_test_measures_the_machine() -> None:
    modules = read_tree(ROOT, ("tests",)).values()

    assert [found for module in modules for rule in steadiness.RULES for found in rule(module)] == []


@pytest.mark.parametrize(("body", "expected"), PLANTED)
def test_a_planted_limit_of_a_few_seconds_is_found(body: str, expected: str) -> None:
    found = list(steadiness.measures_the_machine(planted(body)))

    assert [expected in sentence for sentence in found] == [True]


@pytest.mark.parametrize("body", HARMLESS)
def test_what_only_a_hang_exceeds_is_left_alone(body: str) -> None:
    assert list(steadiness.measures_the_machine(planted(body))) == []


def test_the_benchmark_may_measure() -> None:
    body, _ = PLANTED[0]

    assert list(steadiness.measures_the_machine(planted(body, "tests/bench/latency.py"))) == []


def test_a_planted_deadline_is_found() -> None:
    module = planted("settings(max_examples=5, deadline=200)(check)()")

    assert list(steadiness.sets_deadlines(module)) == [
        "tests/server/test_planted.py:2: sets a deadline; tests/support/properties.py decides"
    ]


@pytest.mark.parametrize("body", ["time.sleep(1)", "page.wait_for_timeout(500)"])
def test_a_planted_wait_for_seconds_is_found_where_none_is_allowed(body: str) -> None:
    allowed = planted(body, "tests/journeys/test_kill.py")

    assert list(steadiness.waits_for_seconds(planted(body))) == [
        "tests/server/test_planted.py:2: waits for seconds; wait for what must have happened"
    ]
    assert list(steadiness.waits_for_seconds(allowed)) == []


def test_every_allowance_to_wait_is_used() -> None:
    paths = {module.path for module in read_tree(ROOT, ("tests",)).values()}

    assert [prefix for prefix in steadiness.SECONDS if not any(path.startswith(prefix) for path in paths)] == []
