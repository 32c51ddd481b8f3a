"""A short run of `make chaos`: everything dies once under 3,000 reports, and the ledger is proven."""

from pathlib import Path

import pytest

from tests.chaos.run import Order, run
from tests.support.processes import Children


@pytest.mark.slow
@pytest.mark.timeout(200)
def test_everything_dies_once_and_the_ledger_is_proven(tmp_path: Path, children: Children) -> None:
    said: list[str] = []
    order = Order(seconds=16, reports=3_000, seed=20261122)

    outcome = run(order, tmp_path, tmp_path, children, said.append)

    assert outcome.complaints == []
    assert outcome.figures["deaths"] == {"broker": 1, "bridge": 1, "server": 1, "ports": 1}
    assert outcome.figures["sent"] >= 3_000
