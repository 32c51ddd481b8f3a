"""A real mosquitto that lets in whom dynamic-security knows, its administrator, and clients that try to get in."""

import queue
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from server.settings import BrokerAdmin
from tests.support.mosquitto import MosquittoBroker
from tests.support.parts import MissingPartError, find_program
from tests.support.ports import LOOPBACK
from tests.support.processes import Children

ADMIN, ADMIN_PASSWORD = "hall-admin", "only-for-tests"
LOG = "mosquitto.log"
_PATIENCE_S = 45


class GuardedBroker(MosquittoBroker):
    """A broker that lets in nobody but its administrator, until told otherwise; it logs what it denies."""

    def __init__(self, folder: Path, children: Children) -> None:
        known = folder / "dynamic-security.json"
        control = find_program(["mosquitto_ctrl"], package="mosquitto")
        init = [str(control), "dynsec", "init", str(known), ADMIN, ADMIN_PASSWORD]
        subprocess.run(init, check=True, capture_output=True, timeout=60)
        self.log = folder / LOG
        extra = [
            "allow_anonymous false",
            f"plugin {plugin()}",
            f"plugin_opt_config_file {known}",
            "log_type debug",
            f"log_dest file {self.log}",
        ]
        super().__init__(folder, children, extra=extra)

    @property
    def admin(self) -> BrokerAdmin:
        """Its administrator."""
        return BrokerAdmin(host=LOOPBACK, port=self.port, username=ADMIN, password=ADMIN_PASSWORD)


def plugin() -> Path:
    found = sorted(Path("/usr/lib").glob("*/mosquitto_dynamic_security.so"))
    if not found:
        raise MissingPartError("mosquitto_dynamic_security.so", "apt-get install mosquitto")
    return found[0]


@dataclass
class Caller:
    """A client of the library that tries to get into a broker, and what came of it."""

    client: mqtt.Client
    events: "queue.Queue[tuple[str, Any]]" = field(default_factory=queue.Queue)
    heard: "queue.Queue[tuple[str, bytes]]" = field(default_factory=queue.Queue)

    def next(self, kind: str, seconds: float = _PATIENCE_S) -> Any:
        """What the next event of this kind said; others before it are passed over."""
        while True:
            name, said = self.events.get(timeout=seconds)
            if name == kind:
                return said

    def publish(self, topic: str, payload: bytes | str = "{}") -> str:
        """The broker's answer to one message: `Success` also where an old version of MQTT hides a refusal."""
        self.client.publish(topic, payload, qos=1)
        return str(self.next("published"))

    def subscribe(self, topic: str) -> bool:
        """Whether the broker grants this subscription."""
        self.client.subscribe(topic, qos=1)
        return not any(reason.is_failure for reason in self.next("subscribed"))


@contextmanager
def calling(
    broker: MosquittoBroker, client_id: str, user: str = "", secret: str = "", version: int = 4
) -> Iterator[Caller]:
    """A client with these words to say who it is; its first event is `connected`, with the broker's answer."""
    client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=client_id, protocol=MQTTProtocolVersion(version))
    caller = Caller(client)
    if user:
        client.username_pw_set(user, secret)
    client.on_connect = lambda _c, _d, _f, reason, _p: caller.events.put(("connected", str(reason)))
    client.on_disconnect = lambda _c, _d, _f, reason, _p: caller.events.put(("disconnected", str(reason)))
    client.on_publish = lambda _c, _d, _m, reason, _p: caller.events.put(("published", str(reason)))
    client.on_subscribe = lambda _c, _d, _m, reasons, _p: caller.events.put(("subscribed", reasons))
    client.on_message = lambda _c, _d, message: caller.heard.put((message.topic, bytes(message.payload)))
    client.reconnect_delay_set(1, 1)
    client.connect(LOOPBACK, broker.port)
    client.loop_start()
    try:
        yield caller
    finally:
        client.disconnect()
        client.loop_stop()


def answer_to(broker: MosquittoBroker, client_id: str, user: str = "", secret: str = "") -> str:
    """What the broker says to a client that introduces itself so."""
    with calling(broker, client_id, user, secret) as caller:
        return str(caller.next("connected"))


@pytest.fixture
def guarded_broker(tmp_path: Path, children: Children) -> GuardedBroker:
    """A running broker of the test's own that lets in its administrator alone."""
    folder = tmp_path / "guarded"
    folder.mkdir()
    broker = GuardedBroker(folder, children)
    broker.start()
    return broker
