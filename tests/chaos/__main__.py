"""`python -m tests.chaos`: kill everything for two minutes, then prove that nothing was lost uncounted.

One JSON line of figures goes to standard output, everything else to standard error; 1 means not proven.
"""

import argparse
import json
import shutil
import signal
import sys
import tempfile
from pathlib import Path

from tests.chaos.brokers import BROKERS
from tests.chaos.run import SETTLE_S, Order, Outcome, run
from tests.chaos.stores import STORES
from tests.support.parts import MissingPartError
from tests.support.processes import Children, NotReadyError

LONGEST_S, MOST_REPORTS = 1_800, 1_000_000
START_S = 180


def say(line: str) -> None:
    """Tell the person who watches."""
    print(line, file=sys.stderr, flush=True)


def main() -> int:
    """Return 0 when proven."""
    order = _order()
    signal.signal(signal.SIGTERM, _end)
    signal.signal(signal.SIGALRM, _too_long)
    signal.alarm(int(2 * order.seconds + SETTLE_S + START_S))
    folder = Path(tempfile.mkdtemp(prefix="fairzone-chaos-"))
    try:
        outcome = _run(order, folder)
    except (MissingPartError, NotReadyError, TimeoutError) as error:
        say(f"chaos: {error}\nwhat the programs wrote is in {folder}")
        return 1
    print(json.dumps(outcome.figures), flush=True)
    if outcome.complaints:
        say("\n".join(("chaos: NOT PROVEN", *outcome.complaints, f"what the programs wrote is in {folder}")))
        return 1
    shutil.rmtree(folder)
    return 0


def _run(order: Order, folder: Path) -> Outcome:
    # PostgreSQL's user needs its folder, and a socket's path must be short.
    with tempfile.TemporaryDirectory(prefix="fairzone-pg-", ignore_cleanup_errors=True) as pg_folder:
        children = Children(folder)
        try:
            return run(order, folder, Path(pg_folder), children, say)
        finally:
            children.end()


def _order() -> Order:
    parser = argparse.ArgumentParser(prog="make chaos", description=__doc__)
    parser.add_argument("--broker", choices=sorted(BROKERS), default=Order.broker)
    parser.add_argument("--database", choices=sorted(STORES), default=Order.database)
    parser.add_argument("--seconds", type=float, default=Order.seconds)
    parser.add_argument("--reports", type=int, default=Order.reports)
    parser.add_argument("--seed", type=int, default=Order.seed)
    order = Order(**vars(parser.parse_args()))
    if not (15 <= order.seconds <= LONGEST_S and 1 <= order.reports <= MOST_REPORTS):
        parser.error(f"--seconds takes 15 to {LONGEST_S}, --reports 1 to {MOST_REPORTS}")
    return order


def _end(*_: object) -> None:
    raise SystemExit(143)


def _too_long(*_: object) -> None:
    message = "the run took far longer than it may"
    raise TimeoutError(message)


if __name__ == "__main__":
    sys.exit(main())
