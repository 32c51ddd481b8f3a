"""The brokers that a run may stand on: each a real process on loopback that can be killed and started again.

The promise must not depend on the broker, so they differ on purpose: mosquitto saves every second, the embedded one
nothing at all, RabbitMQ and NATS JetStream everything. All robots speak MQTT 3.1.1; the bridge speaks 5 where it can.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from tests.support.mosquitto import MosquittoBroker
from tests.support.parts import find_program
from tests.support.ports import LOOPBACK, free_port, listening
from tests.support.processes import Child, Children

START_S = 60.0
INSTALL = "deploy/provision/debian.sh chaos"


class Broker(Protocol):
    """What a run needs of a broker."""

    port: int
    """For robots: MQTT 3.1.1."""
    bridge: tuple[int, int]
    """For the bridge: port and version of MQTT."""

    def start(self) -> None:
        """Start, or start again in the same place, and wait until it listens."""
        ...

    def kill(self) -> None:
        """End it with kill -9."""
        ...


class Mosquitto(MosquittoBroker):
    """Debian's mosquitto as the tests have it."""

    def __init__(self, folder: Path, children: Children) -> None:
        super().__init__(folder, children)
        self.bridge = (self.port, 5)


class _Own:
    """A broker that is one command; `command` and `env` are set before the first start."""

    def __init__(self, children: Children) -> None:
        self.port = free_port()
        self.bridge = (self.port, 3)
        self.command: list[str] = []
        self.env: dict[str, str] = {}
        self._children = children
        self._child: Child | None = None

    def start(self) -> None:
        """Start and wait until it listens, also for the bridge."""
        ready = listening(self.bridge[0])
        name = type(self).__name__.lower()
        self._child = self._children.start(self.command, name=name, env=self.env, ready=ready, seconds=START_S)

    def kill(self) -> None:
        """End the whole group with kill -9."""
        if self._child is not None:
            self._child.kill()


class Embedded(_Own):
    """The demo's own broker: rumqttd inside `fairzone broker`."""

    def __init__(self, folder: Path, children: Children) -> None:
        super().__init__(children)
        self.bridge = (free_port(), 5)
        ports = ("--port", str(self.port), "--v5-port", str(self.bridge[0]))
        self.command = [sys.executable, "-m", "device_bridge", "broker", *ports, "--data-dir", str(folder)]


class Nats(_Own):
    """NATS with JetStream, which its MQTT side keeps sessions and messages in."""

    def __init__(self, folder: Path, children: Children) -> None:
        super().__init__(children)
        config = folder / "nats.conf"
        config.write_text(
            f'server_name: fairzone\nlisten: "{LOOPBACK}:{free_port()}"\n'
            f'jetstream {{ store_dir: "{folder}/store" }}\nmqtt {{ host: "{LOOPBACK}", port: {self.port} }}\n',
            encoding="utf-8",
        )
        self.command = [str(find_program(["nats-server"], package="nats-server", by=INSTALL)), "-c", str(config)]


class RabbitMq(_Own):
    """RabbitMQ with its MQTT plug-in, under a node name, ports and folders of its own."""

    def __init__(self, folder: Path, children: Children) -> None:
        super().__init__(children)
        # Debian's wrapper in PATH insists on the package's own user and folders.
        find_program(["rabbitmq-server"], package="rabbitmq-server", by=INSTALL)
        self.command = ["/usr/lib/rabbitmq/bin/rabbitmq-server"]
        (folder / "plugins").write_text("[rabbitmq_mqtt].\n", encoding="utf-8")
        (folder / "rabbitmq.conf").write_text(
            f"listeners.tcp.1 = {LOOPBACK}:{free_port()}\nmqtt.listeners.tcp.1 = {LOOPBACK}:{self.port}\n"
            "mqtt.allow_anonymous = true\nmqtt.default_user = guest\nmqtt.default_pass = guest\n"
            "mqtt.retained_message_store = rabbit_mqtt_retained_msg_store_dets\nmqtt.prefetch = 200\n",
            encoding="utf-8",
        )
        self.env = _rabbit_env(folder)


def _rabbit_env(folder: Path) -> dict[str, str]:
    """Return what keeps this node apart from any other, epmd included."""
    return {
        "HOME": str(folder),
        "ERL_EPMD_ADDRESS": LOOPBACK,
        "ERL_EPMD_PORT": str(free_port()),
        "RABBITMQ_NODENAME": f"fz{os.getpid()}@localhost",
        "RABBITMQ_NODE_IP_ADDRESS": LOOPBACK,
        "RABBITMQ_DIST_PORT": str(free_port()),
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
        "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
        "RABBITMQ_MNESIA_BASE": str(folder / "mnesia"),
        "RABBITMQ_LOG_BASE": str(folder / "log"),
        "RABBITMQ_PID_FILE": str(folder / "pid"),
    }


BROKERS: dict[str, Callable[[Path, Children], Broker]] = {
    "mosquitto": Mosquitto,
    "embedded": Embedded,
    "rabbitmq": RabbitMq,
    "nats": Nats,
}
"""By the name that `--broker` takes."""
