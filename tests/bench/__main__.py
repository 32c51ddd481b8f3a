"""`python -m tests.bench`: the measured ratios in one run. A table for people, and one JSON line at the end.

Only figures of the same run are compared: five interleaved rounds, medians. Bounded in load and time; loopback alone.
"""

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import psutil

from tests.bench import bookings, memory, viewers
from tests.bench.contenders import (
    Contender,
    EmptyCallback,
    SpoolOnly,
    TwoWorkers,
    WholePath,
    fsync_seconds,
    postgres,
)
from tests.bench.latency import Latency, measure
from tests.bench.load import Publisher, Robot, packets
from tests.support.processes import Children

GOALS = {"spool": 0.65, "path": 0.25}
"""Least shares of the empty callback's rate."""
SSE_GOAL_S = (0.150, 0.300)
"""At 1,000 reports a second: at most so long to a screen, median and 99th percentile."""
RATES = (100, 1_000)
RACES_S = 130.0
"""All rounds together take no longer: on a slow machine there are fewer than asked for."""
PAYLOADS = ("fair-mqtt", "vda5050")
VIEWERS = 2_000
"""So many phones look at the overview at once."""


@dataclass
class Race:
    """The rates of one contender under one payload, a figure a round, in reports a second."""

    contender: str
    payload: str
    rates: list[float] = field(default_factory=list)
    cpu_us: list[float] = field(default_factory=list)
    """What the client that takes the messages from the broker spends on one, in microseconds of processor time."""

    @property
    def median(self) -> float:
        """The middle round."""
        return statistics.median(self.rates)


class Runner:
    """Sends the same kind of load to each contender and measures how fast it takes it."""

    def __init__(self, contender: Contender) -> None:
        self.contender = contender
        self._publisher = Publisher(contender.port)
        self._client = psutil.Process(contender.child.pid)
        self._total = 0

    def race(self, robots: Sequence[Robot], count: int) -> tuple[float, float]:
        """Reports a second, from the first packet to the last report being where it should be; CPU µs a report."""
        ready = packets(robots, count, self._total)
        self._total += count
        spent = self._spent()
        began = time.monotonic()
        self._publisher.send(ready)
        rate = count / (self.contender.reached(self._total) - began)
        self._publisher.settle()
        return rate, (self._spent() - spent) / count * 1e6

    def _spent(self) -> float:
        """Seconds of processor time so far, of the client and of its workers."""
        return sum(sum(process.cpu_times()[:2]) for process in (self._client, *self._client.children()))


@dataclass
class Field:
    """Everybody who is measured, each with a load of its own."""

    empty: EmptyCallback
    spool: SpoolOnly
    workers: TwoWorkers
    paths: list[WholePath]

    @property
    def contenders(self) -> list[Contender]:
        """All of them, the limit first."""
        return [self.empty, self.spool, self.workers, *self.paths]


def run(folder: Path, children: Children, rounds: int, count: int) -> dict[str, Any]:
    """Measure everything; the figures as they go into the JSON line."""
    with postgres(folder / "pg", children) as cluster:
        paths = [
            WholePath(folder, children, f"sqlite:///{folder / 'sqlite.db'}"),
            WholePath(folder, children, cluster.create_database()),
        ]
        everybody = Field(
            EmptyCallback(folder, children, count),
            SpoolOnly(folder, children, paths[0].robots),
            TwoWorkers(folder, children, paths[0].robots),
            paths,
        )
        races, probes = race_all(everybody, folder, rounds, count)
        latencies = {
            path.name: {rate: measure(path, _own(path.robots, "fair-mqtt", boots=rate), rate, 6.0) for rate in RATES}
            for path in paths
        }
        counters = [
            bookings.open_counter(folder, children, f"sqlite:///{folder / 'bookings.db'}"),
            bookings.open_counter(folder, children, cluster.create_database()),
        ]
        booked = bookings.measure(counters)
    return {
        "rounds": len(probes),
        "reports_a_round": count,
        "packet_bytes": {kind: len(packets(_own(paths[0].robots, kind), 1)[0]) for kind in PAYLOADS},
        "fsync_ms": round(statistics.median(probes) * 1000, 3),
        "rates": _rates(races, everybody),
        "latency_ms": {
            name: {str(rate): {"stored": _ms(stored), "shown": _ms(shown)} for rate, (stored, shown) in by_rate.items()}
            for name, by_rate in latencies.items()
        },
        "bookings": booked,
    }


def race_all(everybody: Field, folder: Path, rounds: int, count: int) -> tuple[list[Race], list[float]]:
    """Round after round, each contender in turn; the rates, and what an fsync took before each round."""
    runners = {contender.name: Runner(contender) for contender in everybody.contenders}
    robots = everybody.paths[0].robots
    starts = [
        (Race(name, kind), runner, _own(robots, kind))
        for kind in PAYLOADS
        for name, runner in runners.items()
        if kind == "fair-mqtt" or name in {everybody.empty.name, everybody.spool.name, everybody.workers.name}
    ]
    probes: list[float] = []
    began = time.monotonic()
    for number in range(rounds):
        if number and (time.monotonic() - began) * (number + 1) / number > RACES_S:
            print(f"stopped after {number} rounds: another would take too long", file=sys.stderr)
            break
        probes.append(fsync_seconds(folder))
        for race, runner, own in starts:
            rate, cpu = runner.race(own, count)
            race.rates.append(rate)
            race.cpu_us.append(cpu)
        print(f"round {number + 1} of {rounds} is over", file=sys.stderr, flush=True)
    return [race for race, _, _ in starts], probes


def _own(robots: Sequence[Robot], protocol: str, boots: int = 0) -> list[Robot]:
    """Copies of the robots of a protocol, so that each contender sees counters of its own; later by so many boots."""
    return [
        Robot(robot.robot, protocol, robot.address, robot.boot + boots)
        for robot in robots
        if robot.protocol == protocol
    ]


def _rates(races: Sequence[Race], everybody: Field) -> list[dict[str, Any]]:
    empty, spools = everybody.empty.name, {everybody.spool.name, everybody.workers.name}
    limits = {race.payload: race for race in races if race.contender == empty}
    rows = []
    for race in races:
        ratios = [own / limit for own, limit in zip(race.rates, limits[race.payload].rates, strict=True)]
        goal = None if race.contender == empty else GOALS["spool"] if race.contender in spools else GOALS["path"]
        rows.append(
            {
                "what": race.contender,
                "payload": race.payload,
                "per_second": round(race.median),
                "cpu_us": round(statistics.median(race.cpu_us), 1),
                "ratio": round(statistics.median(ratios), 3),
                "goal": goal,
                "rounds": [round(rate) for rate in race.rates],
            }
        )
    return rows


def _ms(latency: Latency) -> dict[str, float]:
    return {name: round(value * 1000, 1) if name != "count" else value for name, value in asdict(latency).items()}


def table(figures: dict[str, Any]) -> str:
    """The figures for people, beside the goals."""
    lines = [
        f"{figures['rounds']} interleaved rounds of {figures['reports_a_round']} reports, medians",
        f"one fsync takes {figures['fsync_ms']} ms; bytes a packet: {figures['packet_bytes']}",
        "",
        f"{'what':<34}{'payload':<12}{'reports/s':>10}{'ratio':>8}{'goal':>9}{'client CPU µs':>15}",
    ]
    for row in figures["rates"]:
        goal = f">= {row['goal']}" if row["goal"] else ""
        ratio = f"{row['per_second']:>10}{row['ratio']:>8.2f}"
        lines.append(f"{row['what']:<34}{row['payload']:<12}{ratio}{goal:>9}{row['cpu_us']:>15}")
    lines += ["", f"{'from publishing, in ms':<34}{'reports/s':<12}{'p50':>10}{'p99':>8}{'goal':>12}"]
    for name, by_rate in figures["latency_ms"].items():
        database = name.rpartition("(")[2].rstrip(")")
        for rate, found in by_rate.items():
            for where, goal in (("stored", ""), ("shown", "150 / 300" if rate == "1000" else "")):
                label = f"{'stored' if where == 'stored' else 'on a screen'} ({database})"
                lines.append(f"{label:<34}{rate:<12}{found[where]['p50']:>10}{found[where]['p99']:>8}{goal:>12}")
    lines += ["", f"{'bookings, by wrk':<34}{'a second':>10}{'goal':>9}{'ratio':>8}{'p50':>8}{'p99':>8}"]
    for name, row in figures["bookings"].items():
        figure = f"{row['booked_per_second']:>10}{'>= ' + str(row['goal']):>9}{row['ratio']:>8.2f}"
        lines.append(f"{name:<34}{figure}{row['p50_ms']:>8}{row['p99_ms']:>8}")
    lines.append("ratio: against the same requests refused at the same door")
    return "\n".join(lines)


def _measured(chosen: argparse.Namespace, folder: Path, children: Children) -> tuple[dict[str, Any], str]:
    """The figures that were asked for, and their table."""
    if chosen.memory:
        watched = memory.watch(folder, children, chosen.memory)
        return watched, memory.table(watched)
    seen = viewers.measure(folder, children, chosen.viewers or VIEWERS)
    if chosen.viewers:
        return seen, viewers.table(seen)
    figures = run(folder, children, chosen.rounds, chosen.reports)
    return {**figures, "viewers": seen}, f"{table(figures)}\n\n{viewers.table(seen)}"


def main() -> None:
    """Measure, print the table, then one JSON line."""
    options = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--reports", type=int, default=10_000, help="a round and contender")
    options.add_argument("--memory", type=float, metavar="SECONDS", help="only watch the bridge's memory for so long")
    options.add_argument("--viewers", type=int, metavar="COUNT", help="only what so many open overviews cost")
    chosen = options.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="fairzone-bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)  # PostgreSQL runs as a user of its own
        children = Children(folder)
        try:
            figures, told = _measured(chosen, folder, children)
        finally:
            left = children.end()
    figures["seconds"] = round(time.monotonic() - began, 1)
    print(told)
    print(json.dumps(figures))
    if left:
        sys.exit(f"these processes had to be killed: {left}")


if __name__ == "__main__":
    main()
