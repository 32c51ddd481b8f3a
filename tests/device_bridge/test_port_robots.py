"""Robots of every serial protocol at one bridge process: found, read, killed over and counted."""

import os
import sys
import threading
import time
import tty
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pymavlink.dialects.v20 import common as mavlink

from device_bridge.wire.batch import Enrolment, Enrolments
from device_bridge.wire.report import Source
from tests.device_bridge.protocols.frames import DECLARED, cobs_frame, kobuki_frame
from tests.support.fair_server import TOKEN, FairServer
from tests.support.parts import find_program
from tests.support.processes import Child, Children, wait_until

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
REGISTERS = {"registers": [{"feeds": "battery", "address": 0, "scale": 0.1}], "period_s": 0.2}
OPTIONS: dict[str, dict[str, object]] = {
    "fair-cobs": {},
    "mavlink": {"system_id": 3},
    "kobuki": {},
    "declared": DECLARED,
    "modbus": REGISTERS,
}


def enrolled(protocol: str) -> Enrolment:
    """The robot that speaks this protocol on the port of the same name."""
    options = OPTIONS[protocol]
    return Enrolment(
        robot=f"nanling/{protocol}", protocol=protocol, address=protocol, source=Source.LIVE, options=options
    )


def beat(number: int) -> bytes:
    """A heartbeat of system 3."""
    robot = mavlink.MAVLink(None, srcSystem=3, srcComponent=1)
    robot.seq = number % 256
    return bytes(mavlink.MAVLink_heartbeat_message(10, 3, 4, number, 4, 3).pack(robot))


SAYS: dict[str, Callable[[int], bytes]] = {
    "fair-cobs": lambda number: cobs_frame({"seq": number, "boot": 7, "battery": 50}),
    "mavlink": beat,
    "kobuki": lambda number: kobuki_frame(number * 1_000),
    "declared": lambda number: b'{"n": %d, "state": {"soc": 420, "stop": "none"}}\n' % number,
}


class Speakers:
    """Robots that send a numbered frame ten times a second, each through a pty of its own, whether read or not."""

    def __init__(self, folder: Path) -> None:
        self._ends: list[int] = []
        self._wires: dict[str, int] = {}
        for protocol in SAYS:
            own, other = os.openpty()
            tty.setraw(other)
            os.set_blocking(own, False)
            (folder / protocol).symlink_to(os.ttyname(other))
            self._wires[protocol] = own
            self._ends += [own, other]
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._speak)
        self._thread.start()

    def _speak(self) -> None:
        number = 0
        while not self._stopping.wait(0.1):
            number += 1
            for protocol, wire in self._wires.items():
                os.write(wire, SAYS[protocol](number))

    def end(self) -> None:
        """Fall silent and take the cables away."""
        self._stopping.set()
        self._thread.join(60)
        for end in self._ends:
            os.close(end)


@pytest.fixture
def ports(tmp_path: Path) -> Path:
    """The folder of ports."""
    folder = tmp_path / "ports"
    folder.mkdir()
    return folder


@pytest.fixture
def speakers(ports: Path) -> Iterator[Speakers]:
    """The robots that speak by themselves."""
    speaking = Speakers(ports)
    yield speaking
    speaking.end()


@pytest.fixture
def asked(ports: Path, children: Children) -> Child:
    """The robot that is asked: pymodbus' server behind a cable."""
    far = ports.parent / "far"
    ends = [f"pty,raw,echo=0,link={end}" for end in (ports / "modbus", far)]
    children.start([find_program(["socat"], package="socat"), *ends], name="socat", ready=far.exists)
    return children.start([sys.executable, "-m", "tests.support.modbus_peer", "serial", far], name="modbus", cwd=ROOT)


@pytest.mark.usefixtures("speakers", "asked")
def test_robots_of_every_serial_protocol_are_stored_and_a_killed_bridge_leaves_no_uncounted_gap(
    ports: Path, fair_server: FairServer, children: Children, tmp_path: Path
) -> None:
    fair_server.enrolments = Enrolments(tuple(enrolled(protocol) for protocol in OPTIONS))
    config = tmp_path / "bridge.toml"
    config.write_text(
        f'[bridge]\nserver = "{fair_server.url}"\ntoken = ""\nspool = "{tmp_path}/spool.db"\nports_dir = "{ports}"\n',
        encoding="utf-8",
    )

    def start() -> Child:
        command = [sys.executable, "-m", "device_bridge", "bridge", "--config", config]
        return children.start(command, name="bridge", env={"FAIRZONE_BRIDGE_TOKEN": TOKEN})

    def stored(least: int) -> Callable[[], bool]:
        return lambda: all(len(fair_server.numbers(f"nanling/{protocol}")) >= least for protocol in OPTIONS)

    bridge = start()
    wait_until(stored(5), seconds=40, what="five reports of each robot")
    bridge.kill()
    time.sleep(0.5)
    before = {protocol: len(fair_server.numbers(f"nanling/{protocol}")) for protocol in OPTIONS}
    start()
    wait_until(stored(max(before.values()) + 5), seconds=40, what="more reports of each robot")

    ledgers = [ledger for ledger in fair_server.ledgers.values() if ledger.high]
    assert {ledger.robot for ledger in ledgers} == {f"nanling/{protocol}" for protocol in OPTIONS}
    assert [ledger.high - ledger.first + 1 for ledger in ledgers] == [
        ledger.stored + ledger.lost + sum(last - first + 1 for first, last in ledger.missing) for ledger in ledgers
    ]
    assert fair_server.rejections == {}
