"""Writes down which tests failed: a pytest plug-in with the option `--failures FILE`, one name a line."""

from pathlib import Path

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option `--failures`."""
    parser.addoption("--failures", type=Path, help="write the names of the tests that failed into this file")


def pytest_configure(config: pytest.Config) -> None:
    """Listen in the process that hears of every test, not in xdist's workers."""
    path = config.getoption("--failures")
    if path is not None and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Failures(path), "fairzone-failures")


class Failures:
    """Collects the names of the tests that failed, in set-up, call or tear-down."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._names: dict[str, None] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a test that failed, once."""
        if report.failed:
            self._names[report.nodeid] = None

    def pytest_sessionfinish(self) -> None:
        """Write the names down."""
        self._path.write_text("".join(f"{name}\n" for name in self._names), encoding="utf-8")
