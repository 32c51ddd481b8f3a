"""`python -m tests.suite all|fast|dates|orders`: every test, the fast ones, these at every moment, or in twenty orders.

Arguments after the first are pytest's. Tests run in an order that is drawn at random and printed; a test that fails is
run once more by itself, and told apart: what fails twice fails the suite, what passes alone is named as unsteady.
"""

import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.suite.moments import MOMENTS, drawn
from tests.suite.verdict import Verdict, judge, worth_a_second_try

ROOT = Path(__file__).resolve().parents[2]
WORKERS = ("-n", "2", "--dist", "worksteal")
FAST = (
    *("-q", "-m", "not slow and not browser", "-k", "not postgresql"),
    *("--ignore", "tests/device_bridge/simulators", "--ignore", "tests/device_bridge/transports"),
)
LONGEST_ALONE_S = 600
ORDERS = 20


def pytest(*words: str, timeout: float | None = None) -> int:
    """Run pytest in a process of its own and tell how it ended."""
    command = [sys.executable, "-m", "pytest", *words]
    try:
        return subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, timeout=timeout, check=False).returncode
    except subprocess.TimeoutExpired:
        return 1


def commit() -> str:
    """The commit that is tried, or the newest changelog where there is no git."""
    asked = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False)
    return asked.stdout.strip() or (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def run(name: str, seed: str, *words: str) -> Verdict:
    """Run some tests in company, then each that failed alone."""
    print(f"\n== {name} ==", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "failures"
        ending = pytest(*WORKERS, f"--randomly-seed={seed}", f"--failures={path}", *words)
        failures = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    again = failures if worth_a_second_try(ending, failures) else ()
    moment = [word for word in words if word.startswith("--moment=")]
    alone = [test for test in again if pytest("-n", "0", *moment, test, timeout=LONGEST_ALONE_S)]
    return judge(ending, failures, alone)


def everything(words: Sequence[str], seed: str) -> list[Verdict]:
    """Everything; and where all of it was asked for, the fast tests at the moment that the commit draws."""
    whole = run("every test", seed, *words)
    if words:
        return [whole]
    moment = drawn(commit())
    return [whole, run(f"the fast tests, {moment}", seed, *FAST, f"--moment={moment}")]


def fast(words: Sequence[str], seed: str) -> list[Verdict]:
    """The fast tests today."""
    return [run("the fast tests", seed, *FAST, *words)]


def dates(words: Sequence[str], seed: str) -> list[Verdict]:
    """The fast tests at every moment."""
    return [run(f"the fast tests, {moment}", seed, *FAST, f"--moment={moment}", *words) for moment in sorted(MOMENTS)]


def orders(words: Sequence[str], seed: str) -> list[Verdict]:
    """The fast tests in twenty orders, one seed after the other: what depends on the order is named."""
    seeds = [str(number) for number in range(int(seed), int(seed) + ORDERS)]
    return [run(f"the fast tests in the order {one}", one, *FAST, *words) for one in seeds]


PARTS = {"all": everything, "fast": fast, "dates": dates, "orders": orders}


def main() -> int:
    """Run what was asked for, and say at the end what was unsteady and what failed."""
    what, *words = sys.argv[1:]
    seed = os.environ.get("FAIRZONE_TEST_SEED") or str(secrets.randbelow(2**32))
    verdicts = PARTS[what](words, seed)
    print(f"\norder of the tests: FAIRZONE_TEST_SEED={seed}")
    for line in (line for verdict in verdicts for line in verdict.lines()):
        print(line)
    return max(verdict.code for verdict in verdicts)


if __name__ == "__main__":
    sys.exit(main())
