"""A real mosquitto on a free loopback port that tests may stop, kill and start again in the same place."""

import os
import signal
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest

from tests.support.parts import find_program
from tests.support.ports import LOOPBACK, free_port, listening
from tests.support.processes import Child, Children

# What the fair's own broker runs with, as far as it decides what survives: see deploy/mosquitto.
SETTINGS = (
    "allow_anonymous true",
    "persistence true",
    "autosave_interval 1",
    # VDA 5050 sends states at QoS 0; this queues them for an offline bridge all the same.
    "upgrade_outgoing_qos true",
    "max_queued_messages 100000",
    "log_type error",
    "log_type warning",
    "log_type notice",
)


class MosquittoBroker:
    """One broker with its own folder and port; restarting keeps both, so clients find it again."""

    def __init__(self, folder: Path, children: Children, *, extra: Iterable[str] = ()) -> None:
        self.port = free_port()
        self._children = children
        self._program = find_program(["mosquitto"], package="mosquitto")
        self._config = folder / "mosquitto.conf"
        self._child: Child | None = None
        lines = [f"listener {self.port} {LOOPBACK}", f"persistence_location {folder}/", *SETTINGS, *extra]
        if os.geteuid() == 0:
            lines.append("user root")  # else mosquitto drops to a user that may not write in this folder
        self._config.write_text("\n".join(lines) + "\n", encoding="utf-8")

    @property
    def child(self) -> Child:
        """The running broker."""
        if self._child is None:
            message = "the broker has not been started"
            raise RuntimeError(message)
        return self._child

    @property
    def url(self) -> str:
        """The broker's address, as the settings of the bridge take it."""
        return f"mqtt://{LOOPBACK}:{self.port}"

    def start(self) -> None:
        """Start the broker and wait until it listens."""
        command = [str(self._program), "-c", str(self._config)]
        self._child = self._children.start(command, name="mosquitto", ready=listening(self.port), seconds=10)

    def stop(self) -> None:
        """Let the broker save its state and end."""
        self.child.stop(signal.SIGTERM, seconds=90)

    def kill(self) -> None:
        """End it with kill -9: what the broker has not saved is gone."""
        self.child.kill()

    def restart(self) -> None:
        """Start a stopped or killed broker again on the same port with the same folder."""
        if self.child.is_running():
            self.stop()
        self.start()

    def publish(self, topic: str, payload: bytes | str, *, qos: int = 1, retain: bool = False) -> None:
        """Publish one message with mosquitto_pub, a client that we did not write."""
        options = ["-r"] if retain else []
        self._run_publisher(["-t", topic, "-q", str(qos), "-s", *options], payload)

    def publish_lines(self, topic: str, lines: Sequence[str], *, qos: int = 1) -> None:
        """Publish every line as a message of its own, over one connection and in order."""
        self._run_publisher(["-t", topic, "-q", str(qos), "-l"], "".join(f"{line}\n" for line in lines))

    def retained(self, topic: str) -> bytes:
        """What mosquitto_sub finds on a topic, waiting for it five seconds at most."""
        program = str(find_program(["mosquitto_sub"], package="mosquitto-clients"))
        where = ("-h", LOOPBACK, "-p", str(self.port), "-t", topic)
        command = [program, *where, "-C", "1", "-N", "-W", "5"]
        done = subprocess.run(command, capture_output=True, timeout=60, check=False)
        if done.returncode != 0:
            message = f"nothing on {topic}: mosquitto_sub ended with {done.returncode}"
            raise RuntimeError(message)
        return done.stdout

    def _run_publisher(self, options: Sequence[str], payload: bytes | str) -> None:
        program = find_program(["mosquitto_pub"], package="mosquitto-clients")
        done = subprocess.run(
            [str(program), "-h", LOOPBACK, "-p", str(self.port), *options],
            input=payload.encode() if isinstance(payload, str) else payload,
            capture_output=True,
            timeout=60,
            check=False,
        )
        if done.returncode != 0:
            message = f"mosquitto_pub ended with {done.returncode}: {done.stderr.decode(errors='replace')}"
            raise RuntimeError(message)


@pytest.fixture
def mosquitto_broker(tmp_path: Path, children: Children) -> MosquittoBroker:
    """A running broker of the test's own; it ends with the test."""
    folder = tmp_path / "mosquitto"
    folder.mkdir()
    broker = MosquittoBroker(folder, children)
    broker.start()
    return broker
