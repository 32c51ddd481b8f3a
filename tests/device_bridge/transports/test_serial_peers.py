"""Ports of every kind against programs that are not ours: socat as cable and as server, and an RFC 2217 server."""

import contextlib
import os
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import serial
from pymavlink.dialects.v20 import common as mavlink
from serial.rfc2217 import PortManager

from device_bridge.arrival_queue import ArrivalQueue
from device_bridge.protocols import Malformed, Reading
from device_bridge.settings import SerialSettings
from device_bridge.transports.serial_address import resolve
from device_bridge.transports.serial_port import SerialTransport
from tests.device_bridge.protocols.frames import cobs_frames, kobuki_frame
from tests.support.parts import find_program
from tests.support.ports import LOOPBACK, free_port, is_listened_on
from tests.support.processes import Child, Children, wait_until
from tests.support.robots import START, serial_line
from tests.support.taking import messages_of

pytestmark = pytest.mark.slow


class Listener:
    """A transport that listens, and the reports that have come."""

    def __init__(self, url: str, protocol: str = "fair-serial", address: Callable[[str], str] = resolve) -> None:
        self._queue = ArrivalQueue()
        self.reports: list[int] = []
        self.refused: list[str] = []
        settings = SerialSettings("port", url, protocol)
        self.port = SerialTransport(settings, self._queue, lambda: START, address)
        self.port.start()

    def numbers(self) -> list[int]:
        """The numbers of the reports so far."""
        for one in messages_of(self._queue.take(0.01)):
            if isinstance(one.heard, Reading):
                self.reports.append(one.heard.report.seq)
            elif isinstance(one.heard, Malformed):
                self.refused.append(one.heard.code)
        return self.reports

    def gets(self, *numbers: int) -> None:
        """Wait until exactly these reports have come."""
        wait_until(lambda: len(self.numbers()) >= len(numbers), seconds=30, what=f"the reports {numbers}")
        assert self.numbers() == list(numbers)


Listen = Callable[..., Listener]


@pytest.fixture
def listen() -> Iterator[Listen]:
    """Opens ports; they close with the test."""
    started: list[Listener] = []

    def start(url: str, protocol: str = "fair-serial", address: Callable[[str], str] = resolve) -> Listener:
        started.append(Listener(url, protocol, address))
        return started[-1]

    yield start
    for listener in started:
        listener.port.stop()


@dataclass
class Cable:
    """Two ends by name; killing socat is pulling the plug."""

    children: Children
    here: Path
    there: Path
    socat: Child | None = None

    def plug_in(self) -> None:
        """Lay the cable."""
        program = find_program(["socat"], package="socat")
        ends = [f"pty,raw,echo=0,link={self.here}", f"pty,raw,echo=0,link={self.there}"]
        self.socat = self.children.start([program, *ends], name="socat", ready=self.there.exists)

    def unplug(self) -> None:
        """Pull it. The links stay behind, as nothing tidies up after kill -9."""
        assert self.socat is not None
        self.socat.kill()
        self.here.unlink()
        self.there.unlink()

    def say(self, data: bytes) -> None:
        """Let the robot's end send."""
        with self.there.open("wb", buffering=0) as end:
            end.write(data)


@pytest.fixture
def cable(children: Children, tmp_path: Path) -> Cable:
    """A cable that is plugged in."""
    laid = Cable(children, tmp_path / "here", tmp_path / "there")
    laid.plug_in()
    return laid


def line(number: int) -> bytes:
    """A report of the fair profile, as a line."""
    return serial_line(number) + b"\n"


def test_a_port_that_is_pulled_and_plugged_in_goes_on_and_tells_its_figures(cable: Cable, listen: Listen) -> None:
    listener = listen(str(cable.here))
    wait_until(lambda: listener.port.connected, seconds=30, what="the port to open")
    cable.say(line(1))
    listener.gets(1)

    for number in (2, 3):
        cable.unplug()
        wait_until(lambda: not listener.port.connected, seconds=30, what="the port to go")
        wait_until(lambda: listener.port.quality.last_error is not None, seconds=30, what="the trouble to be told")
        cable.plug_in()
        wait_until(lambda: listener.port.connected, seconds=30, what="the port to come back")
        cable.say(line(number))
        listener.gets(*range(1, number + 1))

    cable.say(b"nonsense\n")
    wait_until(lambda: listener.numbers() == [1, 2, 3] and bool(listener.refused), seconds=30, what="a refusal")
    size = sum(len(line(number)) for number in (1, 2, 3)) + len(b"nonsense\n")
    assert listener.port.quality.figures() == {"bytes": size, "frames": 3, "malformed": 1, "reconnects": 2}
    assert listener.port.quality.last_error is None


def test_an_adapter_that_comes_back_under_another_path_is_followed_by_its_usb_numbers(
    children: Children, listen: Listen, tmp_path: Path
) -> None:
    """The list of adapters is the only thing that is not real here."""
    first = Cable(children, tmp_path / "ttyUSB0", tmp_path / "robot-0")
    second = Cable(children, tmp_path / "ttyUSB1", tmp_path / "robot-1")
    first.plug_in()
    plugged = [first.here]
    listener = listen("usb:0403:6001:A1", address=lambda _url: str(plugged[0]))
    wait_until(lambda: listener.port.connected, seconds=30, what="the port to open")
    first.say(line(1))
    listener.gets(1)

    first.unplug()
    second.plug_in()
    plugged[0] = second.here
    wait_until(lambda: listener.port.quality.reconnects == 1, seconds=30, what="the port to come back")
    second.say(line(2))

    listener.gets(1, 2)


def test_two_ports_of_one_machine_are_heard_at_the_same_time_in_their_protocols(
    children: Children, listen: Listen, tmp_path: Path
) -> None:
    cables = [Cable(children, tmp_path / f"here-{name}", tmp_path / f"there-{name}") for name in "abc"]
    for cable in cables:
        cable.plug_in()
    listeners = [
        listen(str(cable.here), protocol)
        for cable, protocol in zip(cables, ("fair-cobs", "mavlink", "kobuki"), strict=True)
    ]
    wait_until(lambda: all(listener.port.connected for listener in listeners), seconds=30, what="the ports to open")
    robot = mavlink.MAVLink(None, srcSystem=1, srcComponent=1)
    beat = mavlink.MAVLink_heartbeat_message(10, 3, 4, 0, 4, 3).pack(robot)

    for cable, said in zip(cables, (cobs_frames(1)[0], bytes(beat), kobuki_frame(0)), strict=True):
        cable.say(said)

    for listener in listeners:
        listener.gets(1)


def test_a_second_open_is_refused_with_a_sentence_and_gets_the_port_when_it_is_free(
    cable: Cable, listen: Listen
) -> None:
    first = listen(str(cable.here))
    wait_until(lambda: first.port.connected, seconds=30, what="the port to open")
    second = listen(str(cable.here.resolve()))

    wait_until(lambda: second.port.quality.last_error is not None, seconds=30, what="the second to be refused")
    trouble = second.port.quality.last_error
    first.port.stop()
    wait_until(lambda: second.port.connected, seconds=30, what="the second to get the port")
    cable.say(line(1))

    second.gets(1)
    assert trouble is not None
    assert "is in use by another program" in trouble.en
    assert "占用" in trouble.zh


def test_a_serial_server_is_reached_by_socket_and_again_after_it_was_killed(
    children: Children, listen: Listen, tmp_path: Path
) -> None:
    socat, place, robot = find_program(["socat"], package="socat"), free_port(), tmp_path / "robot"
    command = [socat, f"tcp-listen:{place},bind={LOOPBACK},reuseaddr,fork", f"pty,raw,echo=0,link={robot}"]

    def serve() -> Child:
        # A connection of our own would get a pty under the same name, and take the name with it when it ends.
        return children.start([*command], name="socat", ready=is_listened_on(place))

    def heard(number: int) -> None:
        wait_until(lambda: robot.exists() and listener.port.connected, seconds=30, what="the line to stand")
        wait_until(lambda: said(number) and number in listener.numbers(), seconds=30, what="a report")

    def said(number: int) -> bool:
        """Whether the robot could speak; the pty of a connection that has just ended cannot."""
        try:
            with os.fdopen(os.open(robot, os.O_WRONLY | os.O_NOCTTY), "wb", buffering=0) as end:  # never makes a file
                return bool(end.write(line(number)))
        except OSError:
            return False

    server = serve()
    listener = listen(f"socket://{LOOPBACK}:{place}")
    heard(1)
    server.kill()
    wait_until(lambda: not listener.port.connected, seconds=30, what="the line to go")
    robot.unlink(missing_ok=True)
    serve()
    heard(2)

    assert sorted(set(listener.numbers())) == [1, 2]
    assert listener.port.quality.reconnects >= 1


class SerialServer:
    """An RFC 2217 server, by the library's own manager; what the robot says is written by `say`."""

    def __init__(self) -> None:
        self._listening = socket.create_server((LOOPBACK, 0))
        self.port = self._listening.getsockname()[1]
        self._line: socket.socket | None = None
        self._manager: PortManager | None = None
        self.heard = bytearray()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        self._line, _ = self._listening.accept()
        self._manager = PortManager(
            serial.serial_for_url("loop://"),  # type: ignore[arg-type]  # any port will do, say the library's examples
            _Connection(self._line),  # type: ignore[arg-type]
        )
        with contextlib.suppress(OSError):
            while data := self._line.recv(1_024):
                self.heard += b"".join(self._manager.filter(data))

    def say(self, data: bytes) -> None:
        """Send what the robot says, with telnet's own byte doubled."""
        assert self._line is not None
        assert self._manager is not None
        self._line.sendall(b"".join(self._manager.escape(data)))

    def end(self) -> None:
        """Hang up."""
        if self._line is not None:
            self._line.close()
        self._listening.close()
        self._thread.join(60)


class _Connection:
    """What the manager writes its answers to."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line

    def write(self, data: bytes) -> None:
        """Send all of it."""
        self._line.sendall(data)


@pytest.mark.filterwarnings("ignore:set(Daemon|Name):DeprecationWarning")
def test_a_port_behind_an_rfc2217_server_is_read_and_written(listen: Listen) -> None:
    """A COBS frame holds the bytes that telnet doubles."""
    server = SerialServer()
    listener = listen(f"rfc2217://{LOOPBACK}:{server.port}", "fair-cobs")
    wait_until(lambda: listener.port.connected, seconds=30, what="the port to open")

    server.say(b"".join(cobs_frames(3)))
    listener.gets(1, 2, 3)
    listener.port.send_line(b"\0mark\xff\0")
    wait_until(lambda: bytes(server.heard).endswith(b"\0mark\xff\0"), seconds=30, what="the mark")
    listener.port.stop()
    server.end()

    assert listener.port.quality.figures()["frames"] == 3
