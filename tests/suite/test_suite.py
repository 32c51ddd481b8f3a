"""The suite judges itself: what failed is tried alone, what is unsteady is named, and the clock starts where told."""

import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.architecture.source import ROOT
from tests.suite.moments import MOMENTS, drawn
from tests.suite.verdict import MOST_TRIED_AGAIN, Verdict, judge, worth_a_second_try


def run(folder: Path, text: str, *words: str) -> str:
    """What pytest says of one file of tests, with our plug-ins and without the project's own settings."""
    path = folder / "test_planted.py"
    path.write_text(text, encoding="utf-8")
    command = [
        *(sys.executable, "-m", "pytest", "-p", "tests.suite.moments", "-p", "tests.suite.failures"),
        *("-p", "no:randomly", "-p", "no:cacheprovider", "-c", "/dev/null", f"--rootdir={folder}", str(path), *words),
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    return done.stdout


def test_the_clock_starts_at_the_moment_and_ticks(tmp_path: Path) -> None:
    text = (
        "import time\nfrom datetime import UTC, datetime\n\n\n"
        "def test_it() -> None:\n"
        "    first = time.time_ns()\n"
        "    assert datetime.now(UTC).strftime('%Y-%m-%d') == '2028-02-29'\n"
        "    while time.time_ns() == first:\n        pass\n"
    )

    said = run(tmp_path, text, "--moment=29-february")

    assert "moment: 29-february, 2028-02-29 04:00 +0000" in said
    assert "1 passed" in said


def test_what_failed_is_written_down_once_by_name(tmp_path: Path) -> None:
    text = "def test_right() -> None:\n    pass\n\n\ndef test_wrong() -> None:\n    assert [] == [1]\n"
    written = tmp_path / "failures"

    run(tmp_path, text, f"--failures={written}")

    assert written.read_text(encoding="utf-8") == "test_planted.py::test_wrong\n"


@pytest.mark.parametrize(
    ("ending", "failures", "alone", "expected"),
    [
        (0, [], [], Verdict()),
        (1, ["a", "b"], ["b"], Verdict(unsteady=("a",), failed=("b",))),
        (1, ["a"], [], Verdict(unsteady=("a",))),
        (2, [], [], Verdict(broken=2)),
        (1, [], [], Verdict(broken=1)),
        (5, [], [], Verdict(broken=5)),
    ],
)
def test_the_verdict(ending: int, failures: Sequence[str], alone: Sequence[str], expected: Verdict) -> None:
    assert judge(ending, failures, alone) == expected


def test_many_failures_are_not_tried_again_and_none_of_them_is_forgiven() -> None:
    failures = [f"test_{number}" for number in range(MOST_TRIED_AGAIN + 1)]

    assert worth_a_second_try(1, failures) is False
    assert judge(1, failures, []) == Verdict(failed=tuple(failures))


@given(st.integers(0, 5), st.lists(st.text(min_size=1), unique=True), st.lists(st.text(min_size=1)))
def test_the_suite_passes_only_when_nothing_failed_or_all_of_it_passed_alone(
    ending: int, failures: list[str], alone: list[str]
) -> None:
    verdict = judge(ending, failures, alone)

    assert (verdict.code == 0) == (ending == 0 or (bool(verdict.unsteady) and not verdict.failed))


def test_an_unsteady_test_is_named() -> None:
    lines = Verdict(unsteady=("a::b",), failed=("c::d",)).lines()

    assert lines == ["failed twice: c::d", "UNSTEADY, failed in company and passed alone: a::b"]


def test_a_commit_draws_the_same_moment_again_and_many_commits_draw_all() -> None:
    commits = [f"{number:040x}" for number in range(400)]

    moments = [drawn(commit) for commit in commits]

    assert moments == [drawn(commit) for commit in commits]
    assert set(moments) == set(MOMENTS)


def test_the_moments_are_those_at_which_dates_go_wrong() -> None:
    utc = {name: moment.astimezone(UTC) for name, moment in MOMENTS.items()}

    assert utc["29-february"].date() == datetime(2028, 2, 29, tzinfo=UTC).date()
    assert utc["the-year-2036"].year == 2036
    assert utc["a-minute-before-midnight-in-fair-time"].strftime("%H:%M") == "15:59"
    assert utc["a-minute-after-midnight-in-fair-time"].strftime("%H:%M") == "16:01"
    assert len(MOMENTS) >= 9
