"""Parts of the simulators' tests: a robot of any kind, the embedded broker as a process, listeners on the wire."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest

from device_bridge.simulators.fleet import Area, RobotSpec
from tests.support.parts import find_program
from tests.support.ports import LOOPBACK, free_port, listening
from tests.support.processes import Child, Children

ROOT = Path(__file__).parents[3]
BOOTH = Area(x=12.0, y=30.0, width=6.0, depth=3.0)
ADDRESSES = {"fair-mqtt": "nanling/walker-7", "vda5050": "Nanling/SN-0007", "fair-serial": "booth-2c05"}


def a_spec(protocol: str = "fair-mqtt", *, kind: str = "delivery", area: Area = BOOTH) -> RobotSpec:
    """One robot of the invented exhibitor Nanling."""
    name = {"en": "Walker 7", "zh": "行者 7"}
    return RobotSpec("nanling/walker-7", protocol, ADDRESSES[protocol], kind, area, name)


@dataclass(frozen=True)
class EmbeddedBroker:
    """A running `fairzone broker`."""

    child: Child
    port: int
    v5_port: int

    @property
    def address(self) -> str:
        """HOST:PORT for MQTT 3.1.1."""
        return f"{LOOPBACK}:{self.port}"

    def listen(self, topic: str, count: int, *, seconds: int = 10, v5: bool = False) -> "subprocess.Popen[bytes]":
        """Start mosquitto_sub for that many messages, each printed as topic, a blank and the payload."""
        program = find_program(["mosquitto_sub"], package="mosquitto-clients")
        port, version = (self.v5_port, "mqttv5") if v5 else (self.port, "mqttv311")
        command = [str(program), "-h", LOOPBACK, "-p", str(port), "-V", version, "-q", "1", "-t", topic, "-v"]
        return subprocess.Popen([*command, "-C", str(count), "-W", str(seconds)], stdout=subprocess.PIPE)

    def hear(self, topic: str, count: int, *, seconds: int = 10, v5: bool = False) -> list[tuple[str, bytes]]:
        """Wait for that many messages of a topic filter; fewer when the time is over."""
        out, _ = self.listen(topic, count, seconds=seconds, v5=v5).communicate(timeout=seconds + 5)
        heads_and_tails = [line.split(b" ", 1) for line in out.splitlines()]
        return [(head.decode(), tail) for head, tail in heads_and_tails]

    def say(self, topic: str, payload: str, *, retain: bool = True, v5: bool = False) -> None:
        """Publish one message at QoS 1."""
        program = find_program(["mosquitto_pub"], package="mosquitto-clients")
        port, version = (self.v5_port, "mqttv5") if v5 else (self.port, "mqttv311")
        command = [str(program), "-h", LOOPBACK, "-p", str(port), "-V", version, "-q", "1", "-t", topic, "-m", payload]
        subprocess.run([*command, *(["-r"] if retain else [])], check=True, timeout=60)


def start_command(
    children: Children, where: str, *options: str | Path, ready: Callable[[], bool] | None = None
) -> Child:
    """Start the click command `module:function` as a process of its own."""
    module, _, function = where.partition(":")
    code = f"from {module} import {function}; {function}()"
    return children.start([sys.executable, "-c", code, *options], name=function, cwd=ROOT, ready=ready)


def start_broker(children: Children, folder: Path, port: int, v5_port: int) -> EmbeddedBroker:
    """Start the embedded broker on these ports and wait until it listens."""
    options = ("--port", str(port), "--v5-port", str(v5_port), "--data-dir", folder)
    child = start_command(children, "device_bridge.embedded_broker:broker", *options, ready=listening(v5_port))
    return EmbeddedBroker(child, port, v5_port)


@pytest.fixture
def broker(children: Children, tmp_path: Path) -> EmbeddedBroker:
    """A running embedded broker on free ports."""
    return start_broker(children, tmp_path / "broker", free_port(), free_port())


Simulate = Callable[..., Child]


@pytest.fixture
def simulate(children: Children, tmp_path: Path) -> Simulate:
    """Starts `fairzone simulate` for some robots: `simulate(broker_address, [robot], "--rate", "5")`."""

    def start(address: str, fleet: list[RobotSpec], *options: str) -> Child:
        fair = tmp_path / "fair.json"
        fair.write_bytes(msgspec.json.encode(fleet))
        where = ("--fair", fair, "--broker", address, "--ports-dir", tmp_path / "ports")
        return start_command(children, "device_bridge.simulators.command:simulate", *where, *options)

    return start
