"""Whether the bridge's memory stays flat: its resident size at a steady rate, sampled for as long as one likes.

The whole path runs beside it, so that the spool empties as fast as it fills, as at a fair.
"""

import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psutil

from tests.bench.contenders import WholePath
from tests.bench.load import Publisher, Robot, packets
from tests.support.processes import Children

RATE = 1_000
"""Reports a second."""
TICK_S = 0.02
SAMPLES = 60
GOAL_MB = 80
_MB = 2**20


def watch(folder: Path, children: Children, seconds: float) -> dict[str, Any]:
    """Let reports flow for so long; what the bridge took of the machine meanwhile."""
    path = WholePath(folder, children, f"sqlite:///{folder / 'memory.db'}")
    robots = [robot for robot in path.robots if robot.protocol == "fair-mqtt"]
    bridge = psutil.Process(path.child.pid)
    sizes, sent = flow(path.port, robots, bridge, seconds)
    stored = int(path.rows("SELECT count(*) FROM telemetry_report", {})[0][0])
    return {
        "seconds": round(seconds),
        "reports_per_second": RATE,
        "sent": sent,
        "stored_at_the_end": stored,
        "goal_mb": GOAL_MB,
        **flatness([size / _MB for size in sizes]),
    }


def flow(port: int, robots: Sequence[Robot], process: psutil.Process, seconds: float) -> tuple[list[int], int]:
    """Send at the steady rate; the process's resident bytes, sampled evenly, and how many reports were sent."""
    publisher = Publisher(port, "bench-memory")
    sizes: list[int] = []
    sent, began = 0, time.monotonic()
    while (elapsed := time.monotonic() - began) < seconds:
        if elapsed * SAMPLES / seconds >= len(sizes):
            sizes.append(process.memory_info().rss)
            print(f"{elapsed:6.0f} s  {sizes[-1] / _MB:6.1f} MB", file=sys.stderr, flush=True)
        due = min(int(elapsed * RATE), sent + RATE)
        turn = [*robots[sent % len(robots) :], *robots[: sent % len(robots)]]
        publisher.send(packets(turn, due - sent, sent))
        sent = due
        time.sleep(TICK_S)
    publisher.settle()
    publisher.close()
    return [*sizes, process.memory_info().rss], sent


def flatness(sizes: Sequence[float]) -> dict[str, float]:
    """The size after the start, at the end and at most, and what it grew in between; all in MB."""
    fifth = max(1, len(sizes) // 5)
    early, late = statistics.median(sizes[fifth : 2 * fifth] or sizes), statistics.median(sizes[-fifth:])
    figures = {"early_mb": early, "late_mb": late, "grown_mb": late - early, "most_mb": max(sizes)}
    return {name: round(value, 1) for name, value in figures.items()}


def table(figures: dict[str, Any]) -> str:
    """The figures for people."""
    return (
        f"{figures['seconds']} s at {figures['reports_per_second']} reports/s: the bridge holds {figures['late_mb']} MB"
        f" (after the start {figures['early_mb']}, at most {figures['most_mb']}, goal < {figures['goal_mb']})"
    )
