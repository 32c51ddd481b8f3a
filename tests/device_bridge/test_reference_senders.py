"""The reference senders, as a booth engineer starts them, against the bridge's own parts and a cable that breaks."""

import itertools
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from device_bridge.arrival_queue import ArrivalQueue
from device_bridge.directory import Directory
from device_bridge.marks import frame_of
from device_bridge.pipeline import Pipeline
from device_bridge.settings import SerialSettings
from device_bridge.spool import Spool
from device_bridge.transports.serial_port import SerialTransport
from device_bridge.wire.batch import Delivery, Enrolment, Enrolments, Gap, Rejection
from device_bridge.wire.report import Source
from tests.support.parts import find_program
from tests.support.ports import LOOPBACK, free_port
from tests.support.processes import Child, Children, wait_until
from tests.support.taking import messages_of

pytestmark = pytest.mark.slow

SENDERS = Path(__file__).parents[2] / "deploy" / "senders"
PERIOD_S = 0.05


@dataclass
class Booth:
    """A cable, and behind it the bridge's own transport, pipeline and spool; marks go back over the wire."""

    children: Children
    folder: Path
    protocol: str
    socat: Child | None = None
    queue: ArrivalQueue = field(default_factory=ArrivalQueue)

    def __post_init__(self) -> None:
        """Stand everything up."""
        self.here, self.there = self.folder / "here", self.folder / "there"
        self.plug_in()
        robot = Enrolment(robot="nanling/arm-1", protocol=self.protocol, address="port", source=Source.LIVE)
        self.spool = Spool(self.folder / "spool.db")
        numbers = itertools.count(1)
        self.pipeline = Pipeline(self.spool, Directory(Enrolments((robot,))), lambda: f"r{next(numbers)}")
        settings = SerialSettings("port", str(self.here), self.protocol)
        self.port = SerialTransport(settings, self.queue, lambda: datetime.now(UTC))
        self.port.start()

    def plug_in(self) -> None:
        """Lay the cable."""
        program = find_program(["socat"], package="socat")
        ends = [f"pty,raw,echo=0,link={self.here}", f"pty,raw,echo=0,link={self.there}"]
        self.socat = self.children.start([program, *ends], name="socat", ready=self.there.exists)

    def unplug(self) -> None:
        """Pull the cable."""
        assert self.socat is not None
        self.socat.kill()
        self.here.unlink()
        self.there.unlink()

    def settle(self) -> bool:
        """Store what has come and tell the robot; always true, to be waited with."""
        entries = self.queue.take(0.01)
        for mark in self.pipeline.settle([entry.arrival for entry in entries]) if entries else ():
            frame = frame_of(mark)
            assert frame is not None
            self.port.send_line(frame)
        return True

    def numbers(self) -> list[int]:
        """The stored numbers in order."""
        items = [queued.item for queued in self.spool.oldest(10_000)]
        return sorted(item.report.seq for item in items if isinstance(item, Delivery))

    def gets(self, count: int) -> None:
        """Wait for so many stored reports."""
        wait_until(lambda: self.settle() and len(self.numbers()) >= count, seconds=30, what=f"{count} stored reports")

    def missing(self) -> set[int]:
        """The numbers that are not stored though a later one is."""
        numbers = self.numbers()
        return set(range(1, numbers[-1] + 1)) - set(numbers)

    def troubles(self) -> list[object]:
        """What was lost or refused."""
        items = [queued.item for queued in self.spool.oldest(10_000)]
        return [item for item in items if isinstance(item, Gap | Rejection)]


@pytest.fixture
def booths(children: Children, tmp_path: Path) -> Iterator[list[Booth]]:
    """The booths of a test; their ports are closed after it."""
    built: list[Booth] = []
    yield built
    for booth in built:
        booth.port.stop()
        booth.spool.close()


def compiled(children: Children, folder: Path) -> Path:
    """The C sender, built with every warning an error."""
    compiler = find_program(["gcc", "cc"], package="gcc libc6-dev")
    program = folder / "cobs_sender"
    warnings = ["-std=c99", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-O2"]
    built = children.start([compiler, *warnings, "-o", program, SENDERS / "cobs_sender.c"], name="gcc")
    assert built.wait(seconds=90) == 0, built.output()
    return program


def python_sender(_children: Children, _folder: Path, port: Path) -> list[object]:
    """How the Python sender is started."""
    return [sys.executable, SENDERS / "fair_serial_sender.py", port, "nanling/arm-1", PERIOD_S]


def c_sender(children: Children, folder: Path, port: Path) -> list[object]:
    """How the C sender is started, built on the spot."""
    return [compiled(children, folder), port, int(PERIOD_S * 1_000)]


COMMANDS: dict[str, Callable[[Children, Path, Path], list[object]]] = {
    "fair-serial": python_sender,
    "fair-cobs": c_sender,
}


@pytest.mark.parametrize("protocol", list(COMMANDS))
def test_a_sender_that_is_copied_from_here_loses_nothing_when_the_cable_is_pulled(
    protocol: str, children: Children, booths: list[Booth], tmp_path: Path
) -> None:
    booth = Booth(children, tmp_path, protocol)
    booths.append(booth)
    command = COMMANDS[protocol](children, tmp_path, booth.there)
    wait_until(lambda: booth.port.connected, seconds=30, what="the port to open")
    sender = children.start(command, name="sender")
    booth.gets(15)

    booth.unplug()
    wait_until(lambda: booth.settle() and not booth.port.connected, seconds=30, what="the cable to be missed")
    booth.plug_in()
    booth.gets(45)
    wait_until(lambda: booth.settle() and booth.missing() == set(), seconds=30, what="what was sent into the dark")
    sender.kill()

    assert booth.troubles() == []


@pytest.mark.parametrize("protocol", list(COMMANDS))
def test_a_sender_that_nobody_answers_says_so_once_and_says_when_it_is_stored_again(
    protocol: str, children: Children, booths: list[Booth], tmp_path: Path
) -> None:
    booth = Booth(children, tmp_path, protocol)
    booths.append(booth)
    command = COMMANDS[protocol](children, tmp_path, booth.there)
    wait_until(lambda: booth.port.connected, seconds=30, what="the port to open")
    sender = children.start(command, name="sender")
    firsts = itertools.count()

    def sent_again() -> bool:
        """Whether the first report has come four times: three silences are over."""
        came = [one.payload for one in messages_of(booth.queue.take(0.01))]
        return any(next(firsts) >= 3 for payload in came if b'"seq":1,' in payload.replace(b" ", b""))

    wait_until(sent_again, seconds=60, what="the first report to come again")
    wait_until(lambda: booth.settle() and "stores" in sender.output(), seconds=30, what="the sender to be told")
    sender.kill()

    assert sender.output().splitlines() == [
        "The zone confirms nothing: is the bridge running, and the robot enrolled at this port?",
        "The zone stores what this robot sends.",
    ]


class Door(ThreadingHTTPServer):
    """A stand-in for the zone's door to robots: stores what it is sent, or is ill, and answers with the mark."""

    def __init__(self, place: int) -> None:
        super().__init__((LOOPBACK, place), DoorHandler)
        self.stored: dict[int, dict[str, Any]] = {}
        self.tokens: set[str] = set()
        self.ill = False
        self.times_ill = 0
        self.refusing = False
        self.refusals = 0
        Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()


class DoorHandler(BaseHTTPRequestHandler):
    server: Door

    def do_POST(self) -> None:
        """Store a list of reports."""
        reports = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.tokens.add(self.headers["Authorization"])
        self.server.times_ill += self.server.ill
        if not self.server.ill:
            self.server.stored.update({report["seq"]: report for report in reports})
        found: dict[str, Any] = {"mark": {"boot": reports[0]["boot"], "seq": max(self.server.stored, default=0)}}
        if self.server.refusing:
            self.server.refusals += 1
            said = {"en": "No place of this name.", "zh": "没有此名称的位置。"}
            found["refused"] = [{"index": index, "detail": said} for index, _ in enumerate(reports)]
        body = json.dumps(found).encode()
        self.send_response(503 if self.server.ill else 422 if self.server.refusing else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words: object) -> None:
        """Say nothing."""


def test_the_https_sender_keeps_its_reports_while_the_zone_is_away_or_ill(children: Children) -> None:
    place = free_port()
    command = [
        sys.executable,
        SENDERS / "fair_https_sender.py",
        f"http://{LOOPBACK}:{place}",
        "nanling/arm-1",
        PERIOD_S,
    ]
    sender = children.start(command, name="sender", env={"FAIRZONE_ROBOT_SECRET": "fz_test"})
    wait_until(lambda: "refused" in sender.output(), seconds=30, what="the sender to miss the zone")

    with Door(place) as door:
        wait_until(lambda: len(door.stored) >= 10, seconds=30, what="ten reports")
        door.ill = True
        wait_until(lambda: door.times_ill >= 3, seconds=30, what="three refusals")
        door.ill = False
        wait_until(lambda: len(door.stored) >= 25, seconds=30, what="more reports")
        sender.kill()
        door.shutdown()

    assert sorted(door.stored) == list(range(1, max(door.stored) + 1))
    assert door.tokens == {"Bearer fz_test"}
    assert "503" in sender.output()


def test_the_https_sender_says_a_refusal_once_and_says_when_it_is_stored_again(children: Children) -> None:
    place = free_port()
    address = f"http://{LOOPBACK}:{place}"
    with Door(place) as door:
        door.refusing = True
        command = [sys.executable, SENDERS / "fair_https_sender.py", address, "nanling/arm-1", PERIOD_S]
        sender = children.start(command, name="sender", env={"FAIRZONE_ROBOT_SECRET": "fz_test"})
        wait_until(lambda: door.refusals >= 5, seconds=30, what="five refusals")
        door.refusing = False
        wait_until(lambda: "stores" in sender.output(), seconds=30, what="the sender to be content")
        sender.kill()
        door.shutdown()

    assert sender.output().splitlines() == ["No place of this name.", "The zone stores what this robot sends."]
