"""A robot that is asked, against pymodbus' own server: over a serial line, RTU through a socket, and Modbus TCP."""

import os
import pty
import struct
import sys
import threading
import time
import tty
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pymodbus.framer.rtu import FramerRTU

from device_bridge.arrival_queue import ArrivalQueue
from device_bridge.protocols import Malformed, Reading
from device_bridge.settings import SerialSettings
from device_bridge.transports.modbus_port import ModbusTransport
from tests.support.parts import find_program
from tests.support.ports import LOOPBACK, free_port, listening
from tests.support.processes import Child, Children, wait_until
from tests.support.robots import START
from tests.support.taking import messages_of

BATTERY: dict[str, object] = {"feeds": "battery", "address": 0, "scale": 0.1}
ROOT = Path(__file__).parents[3]


class Asker:
    """A transport that asks, and what has come of it."""

    def __init__(self, url: str, **options: object) -> None:
        self._queue = ArrivalQueue()
        self.heard: list[Reading | Malformed] = []
        told = {"registers": [BATTERY], "period_s": 0.1, "timeout_s": 0.1, **options}
        settings = SerialSettings("port", url, protocol="modbus", options=told)
        self.port = ModbusTransport(settings, self._queue, lambda: START)
        self.port.start()

    def polls(self) -> list[int]:
        """The numbers of the polls that were answered, as far as they have come."""
        for one in messages_of(self._queue.take(0.01)):
            assert isinstance(one.heard, Reading | Malformed)
            self.heard.append(one.heard)
        return [what.report.seq for what in self.heard if isinstance(what, Reading)]

    def goes_on(self, answers: int = 3) -> int:
        """Wait for so many more answers; the number of the first of them."""
        before = len(self.polls())
        wait_until(lambda: len(self.polls()) >= before + answers, seconds=30, what=f"{answers} more answers")
        return self.polls()[before]


@pytest.fixture
def ask() -> Iterator[Callable[..., Asker]]:
    """Starts asking; it ends with the test."""
    started: list[Asker] = []

    def start(url: str, **options: object) -> Asker:
        started.append(Asker(url, **options))
        return started[-1]

    yield start
    for asker in started:
        asker.port.stop()
    assert [asker.port.alive for asker in started] == [False] * len(started)


def peer(children: Children, kind: str, place: object) -> Child:
    """Start pymodbus' server."""
    return children.start([sys.executable, "-m", "tests.support.modbus_peer", kind, place], name="modbus", cwd=ROOT)


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "scheme"), [("tcp", "tcp"), ("rtu-over-tcp", "socket")])
def test_polls_survive_a_restart_of_the_robot_and_those_missed_are_gaps(
    kind: str, scheme: str, ask: Callable[..., Asker], children: Children
) -> None:
    place = free_port()
    robot = peer(children, kind, place)
    wait_until(listening(place), seconds=30, what="the robot to listen")
    asker = ask(f"{scheme}://{LOOPBACK}:{place}")
    asker.goes_on()

    robot.kill()
    last = max(asker.polls())
    wait_until(lambda: not asker.port.connected, seconds=30, what="the robot to be missed")
    peer(children, kind, place)
    first_after = asker.goes_on()

    polls = asker.polls()
    assert (asker.heard[0].report.battery if isinstance(asker.heard[0], Reading) else None) == 78.0
    assert first_after > last + 1
    assert polls == sorted(set(polls))
    assert asker.port.quality.reconnects >= 1
    assert asker.port.quality.last_error is None


@pytest.mark.slow
def test_a_serial_line_that_is_pulled_and_plugged_in_again_goes_on(
    ask: Callable[..., Asker], children: Children, tmp_path: Path
) -> None:
    socat = find_program(["socat"], package="socat")
    here, there = tmp_path / "bridge", tmp_path / "robot"
    cable_command = [socat, f"pty,raw,echo=0,link={here}", f"pty,raw,echo=0,link={there}"]

    def plug_in() -> tuple[Child, Child]:
        cable = children.start(cable_command, name="socat", ready=there.exists)
        return cable, peer(children, "serial", there)

    cable, robot = plug_in()
    asker = ask(str(here))
    asker.goes_on()
    last = max(asker.polls())
    cable.kill()
    robot.kill()
    wait_until(lambda: not asker.port.connected, seconds=30, what="the port to go")
    here.unlink(missing_ok=True)
    there.unlink(missing_ok=True)
    plug_in()
    first_after = asker.goes_on()

    assert first_after > last + 1
    assert asker.port.quality.reconnects == 1


class OddRobot:
    """Answers every request by hand, on a pty, as `answer(number, frame)` wants it; None stays silent."""

    def __init__(self, answer: Callable[[int, bytes], bytes | None]) -> None:
        self._own, self._other = pty.openpty()
        tty.setraw(self._other)
        self.name = os.ttyname(self._other)
        self._answer = answer
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        number = 0
        # On a busy machine two requests may come at once: the second is answered, as a robot would.
        while b"end" not in os.read(self._own, 256):
            number += 1
            said = self._answer(number, frame(b"\x01\x03\x02" + struct.pack(">H", 500)))
            if said is not None:
                os.write(self._own, said)

    def end(self) -> None:
        """Fall silent."""
        os.write(self._other, b"end")
        self._thread.join(60)
        os.close(self._own)
        os.close(self._other)


def frame(body: bytes) -> bytes:
    """A frame with its check sum."""
    return body + FramerRTU.compute_CRC(body).to_bytes(2, "big")


@pytest.fixture
def odd_robot() -> Iterator[Callable[[Callable[[int, bytes], bytes | None]], OddRobot]]:
    """Starts odd robots."""
    started: list[OddRobot] = []

    def start(answer: Callable[[int, bytes], bytes | None]) -> OddRobot:
        started.append(OddRobot(answer))
        return started[-1]

    yield start
    for robot in started:
        robot.end()


OddRobots = Callable[[Callable[[int, bytes], bytes | None]], OddRobot]


@pytest.mark.parametrize("oddity", ["a wrong check sum", "silence"])
def test_a_poll_without_a_good_answer_is_missing_in_the_numbers(
    oddity: str, ask: Callable[..., Asker], odd_robot: OddRobots
) -> None:
    """Every third answer is bad."""
    bad: dict[str, Callable[[bytes], bytes | None]] = {
        "a wrong check sum": lambda good: good[:-1] + bytes((good[-1] ^ 0xFF,)),
        "silence": lambda _good: None,
    }
    robot = odd_robot(lambda number, good: bad[oddity](good) if number % 3 == 0 else good)
    asker = ask(robot.name, period_s=0.15)

    asker.goes_on(6)

    polls = asker.polls()[:6]
    assert len(set(range(polls[0], polls[-1])) - set(polls)) >= 2
    assert asker.port.quality.malformed >= 2
    assert {what.report.battery for what in asker.heard if isinstance(what, Reading)} == {50.0}


def test_a_name_that_leads_to_another_device_is_followed(
    ask: Callable[..., Asker], odd_robot: OddRobots, tmp_path: Path
) -> None:
    silent, robot = odd_robot(lambda _number, _good: None), odd_robot(lambda _number, good: good)
    name = tmp_path / "port"
    name.symlink_to(silent.name)
    asker = ask(str(name))
    wait_until(lambda: asker.port.quality.malformed >= 1, seconds=30, what="a poll of the silent one")

    name.unlink()
    name.symlink_to(robot.name)

    asker.goes_on()


def test_an_answer_that_comes_too_late_is_not_taken_for_the_next_ones(
    ask: Callable[..., Asker], odd_robot: OddRobots
) -> None:
    """The second answer says 10 and comes after its time is over; all others say 50."""

    def late(number: int, good: bytes) -> bytes:
        if number != 2:
            return good
        time.sleep(0.15)
        return frame(b"\x01\x03\x02" + struct.pack(">H", 100))

    asker = ask(odd_robot(late).name, period_s=0.12)

    asker.goes_on(5)

    assert {what.report.battery for what in asker.heard if isinstance(what, Reading)} == {50.0}


def test_a_robot_that_refuses_an_address_is_a_refusal_that_names_it(
    ask: Callable[..., Asker], odd_robot: OddRobots
) -> None:
    robot = odd_robot(lambda _number, _good: frame(b"\x01\x83\x02"))
    asker = ask(robot.name)

    wait_until(lambda: asker.polls() == [] and bool(asker.heard), seconds=30, what="a refusal")

    refusal = asker.heard[0]
    assert isinstance(refusal, Malformed)
    assert (refusal.code, "holding 0" in refusal.detail["en"]) == ("modbus-exception", True)


def test_a_port_that_is_not_there_and_a_map_that_makes_no_sense_are_told_in_a_sentence(
    ask: Callable[..., Asker], tmp_path: Path
) -> None:
    away = ask(str(tmp_path / "nothing"))
    senseless = ask(str(tmp_path / "nothing"), registers=[])

    wait_until(
        lambda: None not in {away.port.quality.last_error, senseless.port.quality.last_error},
        seconds=10,
        what="both to be told",
    )

    through = ask("rfc2217://127.0.0.1:1").port
    wait_until(lambda: through.quality.last_error is not None, seconds=30, what="the third to be told")
    told = [asker.port.quality.last_error for asker in (away, senseless)]
    assert [bool(trouble and trouble.en and trouble.zh) for trouble in told] == [True, True]
    assert "socket://" in str(through.quality.last_error)
    assert told[0] is not None
    assert told[0].en == f"{tmp_path}/nothing is not there; plug the robot in"
