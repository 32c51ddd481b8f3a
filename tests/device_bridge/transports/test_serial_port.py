"""One serial port on a real pty: robots that do not read, ports that break in unusual ways, threads that die."""

import contextlib
import logging
import os
import pty
import select
import termios
import threading
import time
import tty
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest

from device_bridge.arrival_queue import ArrivalQueue
from device_bridge.settings import SerialSettings
from device_bridge.transports.serial_port import SerialTransport
from tests.support.processes import wait_until
from tests.support.robots import START, serial_line
from tests.support.taking import messages_of

StartPort = Callable[..., SerialTransport]


@dataclass
class Wire:
    """A pty: the robot holds one end, the bridge opens the other by a name that may be moved."""

    name: Path
    robot: int = -1
    bridge: int = -1
    heard: bytearray = field(default_factory=bytearray)

    def plug_in(self) -> None:
        """Lay a new cable under the name."""
        self.robot, self.bridge = pty.openpty()
        tty.setraw(self.bridge)
        os.set_blocking(self.robot, False)
        self.name.unlink(missing_ok=True)
        self.name.symlink_to(os.ttyname(self.bridge))

    def unplug(self) -> None:
        """Pull the cable."""
        os.close(self.robot)
        os.close(self.bridge)
        self.name.unlink(missing_ok=True)

    def say(self, number: int) -> None:
        """Let the robot report."""
        os.write(self.robot, serial_line(number) + b"\n")

    def fill(self) -> None:
        """Put so much on the way to the robot that the cable takes no more."""
        os.set_blocking(self.bridge, False)
        while select.select([], [self.bridge], [], 0)[1]:
            os.write(self.bridge, b"old\n")

    def hears(self, line: bytes) -> bool:
        """Whether the robot has got this line, reading what is there."""
        with contextlib.suppress(BlockingIOError):
            self.heard += os.read(self.robot, 65_536)
        return line in bytes(self.heard).splitlines()


@pytest.fixture
def wire(tmp_path: Path) -> Iterator[Wire]:
    """A cable between the bridge and a robot."""
    cable = Wire(tmp_path / "port")
    cable.plug_in()
    yield cable
    cable.unplug()


@pytest.fixture
def queue() -> ArrivalQueue:
    """Where the port's lines arrive."""
    return ArrivalQueue()


@pytest.fixture
def start_port(wire: Wire, queue: ArrivalQueue) -> Iterator[StartPort]:
    """Starts the port's transport; it ends with the test."""
    started: list[SerialTransport] = []

    def start(
        *, url: str = str(wire.name), baudrate: int = 115_200, now: Callable[[], datetime] = lambda: START
    ) -> SerialTransport:
        port = SerialTransport(SerialSettings("port", url, baudrate=baudrate), queue, now)
        started.append(port)
        port.start()
        return port

    yield start
    for port in started:
        port.stop()
    assert [port.alive for port in started] == [False] * len(started)


def arrives(queue: ArrivalQueue, number: int) -> None:
    """Wait for a report of the robot."""
    taken = [one.payload for one in messages_of(queue.take(5))]
    assert taken == [serial_line(number)]


def mark(number: int) -> bytes:
    """A line as long as a mark is."""
    return b'{"ack": {"robot": "nanling/arm-1", "boot": 1776300000000, "seq": %d}}' % number


def test_a_robot_that_never_reads_holds_nobody_up(wire: Wire, queue: ArrivalQueue, start_port: StartPort) -> None:
    port = start_port()
    assert port.opened.wait(60)
    wire.fill()

    started = time.monotonic()
    for number in range(2_000):
        port.send_line(mark(number) + b"\n")
    took = time.monotonic() - started
    wire.say(1)

    arrives(queue, 1)
    assert took < 60  # a line that waited for the robot would hold for 0.05 s, and these are 2,000


def test_a_robot_that_reads_again_gets_the_newest_mark_as_a_line_of_its_own(
    wire: Wire, queue: ArrivalQueue, start_port: StartPort
) -> None:
    port = start_port()
    assert port.opened.wait(60)
    wire.fill()
    for number in range(2_000):
        port.send_line(mark(number) + b"\n")
    time.sleep(0.3)

    wait_until(lambda: wire.hears(mark(1_999)), seconds=30, what="the newest mark")
    assert set(bytes(wire.heard).splitlines()) == {b"old", mark(1_999)}


def test_a_port_that_takes_half_a_line_gets_the_whole_line_again(
    wire: Wire, queue: ArrivalQueue, start_port: StartPort
) -> None:
    """A line longer than the wire holds is torn for certain."""
    port = start_port()
    assert port.opened.wait(60)
    port.send_line(b"x" * 100_000 + b"\n")
    time.sleep(0.5)

    port.send_line(mark(1) + b"\n")

    wait_until(lambda: wire.hears(mark(1)), seconds=30, what="the mark behind the stump")
    lines = bytes(wire.heard).splitlines()
    assert (set(lines[0]), lines[-1]) == (set(b"x"), mark(1))


def test_an_unplug_while_others_write_is_no_error_of_theirs(
    wire: Wire, queue: ArrivalQueue, start_port: StartPort
) -> None:
    port = start_port()
    assert port.opened.wait(60)
    ended = threading.Event()

    def write() -> None:
        while not ended.is_set():
            port.send_line(mark(1) + b"\n")

    writer = threading.Thread(target=write)
    writer.start()

    for number in range(1, 4):
        wire.unplug()
        wait_until(lambda: not port.connected, seconds=30, what="the port to go")
        wire.plug_in()
        wait_until(lambda: port.connected, seconds=30, what="the port to come back")
        wire.say(number)
        arrives(queue, number)
    writing = writer.is_alive()
    ended.set()
    writer.join(60)

    assert writing


@pytest.mark.parametrize(
    ("wrong", "kind"),
    [
        ({"url": "nonsense://port"}, "ValueError"),
        ({"baudrate": -1}, "ValueError"),
        ({"url": "/dev/null"}, "SerialException"),
    ],
)
def test_a_port_that_cannot_be_used_is_told_once_and_tried_again(
    wrong: dict[str, str | int], kind: str, start_port: StartPort, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        port = start_port(**wrong)
        time.sleep(1)

    told = [record.getMessage().split(": ")[1] for record in caplog.records]
    assert (told, port.alive, port.connected) == ([kind], True, False)


def test_a_name_that_leads_to_another_device_is_followed_though_the_first_still_speaks(
    wire: Wire, queue: ArrivalQueue, start_port: StartPort, caplog: pytest.LogCaptureFixture
) -> None:
    """What a link does that an ended program left: until it is set anew it leads to whoever got that terminal next."""
    port = start_port()
    assert port.opened.wait(60)
    wire.say(1)
    arrives(queue, 1)
    first = (wire.robot, wire.bridge)
    wire.plug_in()
    wait_until(lambda: port.quality.reconnects == 1, seconds=30, what="the other device to be opened")
    wire.say(2)

    arrives(queue, 2)
    assert [r.getMessage() for r in caplog.records if r.levelno == logging.WARNING] == [
        f"serial port port: AddressError: {wire.name} leads to another device now; trying again"
    ]
    for end in first:
        os.close(end)


@pytest.mark.parametrize("surprise", [RuntimeError("no such thing"), termios.error(5, "Input/output error")])
def test_a_surprise_of_the_driver_opens_the_port_again(
    surprise: Exception, wire: Wire, queue: ArrivalQueue, start_port: StartPort, caplog: pytest.LogCaptureFixture
) -> None:
    surprises = [surprise]

    def now() -> datetime:
        if surprises:
            raise surprises.pop()
        return START

    port = start_port(now=now)
    assert port.opened.wait(60)
    wire.say(1)

    arrives(queue, 1)
    assert [r.getMessage() for r in caplog.records if r.levelno == logging.WARNING] == [
        f"serial port port: {type(surprise).__name__}: {surprise}; trying again"
    ]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_dead_thread_can_be_started_again(wire: Wire, queue: ArrivalQueue, start_port: StartPort) -> None:
    deaths = [SystemExit()]

    def now() -> datetime:
        if deaths:
            raise deaths.pop()
        return START

    port = start_port(now=now)
    wait_until(lambda: not port.alive, seconds=30, what="the thread to die")
    dead = (port.alive, port.connected)
    port.start()
    port.start()
    wait_until(lambda: port.connected, seconds=30, what="the port to open")
    wire.say(1)

    arrives(queue, 1)
    assert (dead, port.alive) == ((False, False), True)


def test_a_port_that_was_never_started_can_be_stopped(wire: Wire, queue: ArrivalQueue) -> None:
    port = SerialTransport(SerialSettings("port", str(wire.name)), queue, lambda: START)

    port.stop()

    assert not port.alive
