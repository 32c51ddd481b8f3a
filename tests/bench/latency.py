"""How long a report takes from its robot to the database and to a screen, at a steady rate."""

import http.client
import re
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

from server.demo.check import events
from tests.bench.contenders import WholePath
from tests.bench.load import LOOPBACK, Publisher, Robot, packets

TICK_S = 0.01
WARM_S = 1.0
DRAIN_S = 1.5
_SENT = re.compile(r'"sent":([0-9.]+)')
_NEW_ROWS = "SELECT id, body FROM telemetry_report WHERE id > :last ORDER BY id"


@dataclass(frozen=True)
class Latency:
    """Seconds from publishing: how many were measured, the median and the 99th percentile."""

    count: int
    p50: float
    p99: float


def summed_up(seconds: Sequence[float]) -> Latency:
    """The figures of a list of latencies."""
    ordered = sorted(seconds)
    if not ordered:
        return Latency(0, float("nan"), float("nan"))
    return Latency(len(ordered), ordered[len(ordered) // 2], ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))])


class Watch:
    """Notes when each report is seen in the database, and when one robot's are on its feed, by the time in them."""

    def __init__(self, path: WholePath, robot: str) -> None:
        self._path = path
        self._robot = robot
        self._ended = threading.Event()
        self._measuring = threading.Event()
        self.stored: list[float] = []
        self.shown: list[float] = []
        self._last = int(path.rows("SELECT coalesce(max(id), 0) FROM telemetry_report", {})[0][0])
        self._threads = [threading.Thread(target=work, daemon=True) for work in (self._read_rows, self._read_feed)]

    def start(self) -> None:
        """Begin to look."""
        for thread in self._threads:
            thread.start()

    def measure(self) -> None:
        """Count from now on."""
        self._measuring.set()

    def end(self) -> None:
        """Look no longer."""
        self._ended.set()
        for thread in self._threads:
            thread.join(timeout=10)

    def _note(self, into: list[float], sent: float) -> None:
        if self._measuring.is_set():
            into.append(time.time() - sent)

    def _read_rows(self) -> None:
        while not self._ended.is_set():
            for number, body in self._path.rows(_NEW_ROWS, {"last": self._last}):
                self._last = number
                if found := _SENT.search(body):
                    self._note(self.stored, float(found[1]))
            time.sleep(0.004)

    def _read_feed(self) -> None:
        connection = http.client.HTTPConnection(LOOPBACK, self._path.web_port, timeout=10)
        connection.request("GET", f"/live?robot={self._robot}")
        for event, data in events(connection.getresponse()):
            if event == "robot" and "sent" in data["metrics"]:
                self._note(self.shown, data["metrics"]["sent"])
            if self._ended.is_set():
                break
        connection.close()


def measure(path: WholePath, robots: Sequence[Robot], rate: int, seconds: float) -> tuple[Latency, Latency]:
    """Publish `rate` reports a second for so long; the latency to the database and to the feed."""
    watch = Watch(path, robots[0].robot)
    watch.start()
    publisher = Publisher(path.port, "bench-steady")
    began = time.monotonic()
    sent = 0
    while (elapsed := time.monotonic() - began) < seconds:
        if elapsed > WARM_S:
            watch.measure()
        due = int(elapsed * rate)
        if due > sent:
            turn = [*robots[sent % len(robots) :], *robots[: sent % len(robots)]]
            publisher.send(packets(turn, due - sent, sent))
            sent = due
        time.sleep(TICK_S)
    publisher.settle()
    time.sleep(DRAIN_S)
    publisher.close()
    watch.end()
    return summed_up(watch.stored), summed_up(watch.shown)
