"""A booth's machine at the fair: serial robot in, HTTP out, cables pulled, processes killed, the server away."""

import contextlib
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.fair_server import TOKEN, FairServer
from tests.support.parts import find_program
from tests.support.processes import Child, Children, wait_until
from tests.support.robots import SERIAL, serial_line

pytestmark = pytest.mark.slow

PERIOD_S = 0.005
RESEND_S = 0.4
BURST = 20


class SpoolingRobot:
    """A robot that keeps each report until it has heard its mark, and sends again what it was not told."""

    def __init__(self, port: Path) -> None:
        self._port = port
        self.mark = 0
        self.high = 0
        self._sending = threading.Event()
        self._sending.set()
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def pause(self) -> None:
        """Make no more reports; what is not acknowledged is still repeated."""
        self._sending.clear()

    def end(self) -> None:
        """Stop."""
        self._ending.set()
        self._thread.join(timeout=60)

    def _run(self) -> None:
        while not self._ending.is_set():
            with contextlib.suppress(OSError):
                wire = os.open(self._port, os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY)
                try:
                    self._talk(wire)
                finally:
                    os.close(wire)
            self._ending.wait(0.1)

    def _talk(self, wire: int) -> None:
        heard, unsent, told_at, again = b"", b"", time.monotonic(), self.mark + 1
        while not self._ending.wait(PERIOD_S):
            with contextlib.suppress(BlockingIOError):
                heard += os.read(wire, 4_096)
            *lines, heard = heard.split(b"\n")
            for line in lines:
                seq = json.loads(line)["ack"]["seq"]
                if seq > self.mark:
                    self.mark, told_at = seq, time.monotonic()
            if self._sending.is_set():
                self.high += 1
            if time.monotonic() - told_at > RESEND_S:
                told_at, again = time.monotonic(), self.mark + 1
            if not unsent and again <= self.high:
                batch = range(again, min(again + BURST, self.high + 1))
                unsent, again = b"".join(serial_line(seq, oldest=self.mark + 1) + b"\n" for seq in batch), batch.stop
            with contextlib.suppress(BlockingIOError):
                unsent = unsent[os.write(wire, unsent) :]


class Booth:
    """The booth's machine: one cable, one robot, and a bridge that is started and killed."""

    def __init__(self, folder: Path, children: Children, server: FairServer) -> None:
        self._folder = folder
        self._children = children
        self.port, self._robot_end = folder / "port", folder / "robot-end"
        self.config = folder / "bridge.toml"
        self.config.write_text(
            f'[bridge]\nserver = "{server.url}"\ntoken = "{TOKEN}"\nname = "booth"\nspool = "{folder}/spool.db"\n'
            f'spool_limit_mb = 50\n[[serial]]\nname = "{SERIAL.address}"\nurl = "{self.port}"\n',
            encoding="utf-8",
        )
        self.cable = self.plug_in()
        self.robot = SpoolingRobot(self._robot_end)

    def plug_in(self) -> Child:
        """Lay the cable; its death is exactly an unplug."""
        for end in (self.port, self._robot_end):
            end.unlink(missing_ok=True)
        ends = [f"pty,raw,echo=0,link={end}" for end in (self.port, self._robot_end)]
        command = [find_program(["socat"], package="socat"), *ends]
        self.cable = self._children.start(command, name="socat", ready=self._robot_end.exists)
        return self.cable

    def start_bridge(self) -> Child:
        """Start the bridge, as its service does."""
        command = [sys.executable, "-m", "device_bridge", "bridge", "run", "--config", self.config]
        return self._children.start(command, name="bridge")

    def status(self, language: str = "en") -> tuple[int, str]:
        """(exit code, line) of the status."""
        command = [sys.executable, "-m", "device_bridge", "bridge", "status", "--config", str(self.config)]
        done = subprocess.run([*command, "--lang", language], capture_output=True, text=True, timeout=60, check=False)
        return done.returncode, done.stdout.strip()

    def wait_for_status(self, *words: str) -> str:
        """The status line once it has these words."""
        lines = [""]

        def says_so() -> bool:
            lines[0] = self.status()[1]
            return all(word in lines[0] for word in words)

        try:
            wait_until(says_so, seconds=30, what=f"the status to say {words}")
        except TimeoutError as error:
            raise AssertionError(f"{error}; it says: {lines[0]}") from error
        return lines[0]

    def wait_for_mark(self, more: int) -> None:
        """Wait until the robot has been told so much more."""
        goal = self.robot.mark + more
        wait_until(lambda: self.robot.mark >= goal, seconds=90, what=f"the mark {goal}")


@pytest.fixture
def booth(tmp_path: Path, children: Children, fair_server: FairServer) -> Iterator[Booth]:
    """A booth at a fair whose server runs."""
    made = Booth(tmp_path, children, fair_server)
    yield made
    made.robot.end()


def missing(server: FairServer, mark: int) -> set[int]:
    """Which reports up to a mark the server does not have."""
    return set(range(1, mark + 1)) - set(server.numbers(SERIAL.robot))


def test_a_booth_lives_through_a_pulled_cable_and_a_server_that_was_away(booth: Booth, fair_server: FairServer) -> None:
    bridge = booth.start_bridge()
    booth.wait_for_mark(50)
    assert "ports open 1/1" in booth.wait_for_status("OK", "robots heard 1/3")

    booth.cable.kill()
    booth.wait_for_status("ATTENTION", f"MISSING {SERIAL.address}")
    booth.plug_in()
    booth.wait_for_mark(50)

    fair_server.out_of_order = True
    booth.wait_for_mark(50)
    assert "waiting 0" not in booth.wait_for_status("ATTENTION", "SERVER AWAY: 503")
    fair_server.out_of_order = False
    booth.robot.pause()
    wait_until(lambda: booth.robot.mark == booth.robot.high, seconds=30, what="the last mark")
    wait_until(lambda: not missing(fair_server, booth.robot.mark), seconds=30, what="every report at the server")

    booth.wait_for_status("OK", "ports open 1/1", f"stored today {booth.robot.high:,}", "waiting 0")
    assert bridge.stop() == 0
    code, line = booth.status("zh")
    assert (code, "正常停止" in line) == (1, True)


def test_a_bridge_killed_again_and_again_loses_no_marked_report(booth: Booth, fair_server: FairServer) -> None:
    for _ in range(3):
        bridge = booth.start_bridge()
        booth.wait_for_mark(60)
        bridge.kill()
    marked = booth.robot.mark
    code, line = booth.status()
    if code == 0:  # its last word is not old enough yet to tell that it died
        wait_until(lambda: booth.status()[0] == 1, seconds=30, what="the status to notice")
        line = booth.status()[1]
    booth.robot.pause()
    booth.start_bridge()

    wait_until(lambda: not missing(fair_server, marked), seconds=30, what="every marked report at the server")
    wait_until(lambda: not missing(fair_server, booth.robot.high), seconds=30, what="the others, sent again")
    assert line.startswith("NOT RUNNING since")
    assert "ended unasked" in line
