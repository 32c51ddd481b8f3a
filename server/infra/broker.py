"""The control of mosquitto's dynamic-security plugin: questions and commands, each answered or refused in time.

Source: `$CONTROL/dynamic-security/v1` of mosquitto 2.0; answers come back in the order of the commands.
"""

import json
import logging
import queue
import threading
from collections.abc import Mapping, Sequence
from typing import Any

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from server.settings import BrokerAdmin

log = logging.getLogger(__name__)

TOPIC = "$CONTROL/dynamic-security/v1"
PATIENCE_S = 10.0
"""So long an answer may take."""
AT_ONCE = 20
"""So many commands go in one message: the broker writes its whole list of clients to disk after each, and passes on no
report meanwhile."""
Command = Mapping[str, Any]


class BrokerUnavailableError(Exception):
    """The broker does not answer, or does not let its administrator in; the message says which."""


class BrokerControl:
    """A connection to the broker as its administrator, made at the first question and again whenever it was lost.

    Belongs to one thread.
    """

    def __init__(self, admin: BrokerAdmin, client_id: str = "fairzone-control") -> None:
        self._admin = admin
        self._client_id = client_id
        self._client: Client | None = None
        self._heard: queue.Queue[bytes] = queue.Queue()
        self._ready = threading.Event()
        self._answered = threading.Event()
        self._refusal = ""

    def ask(self, commands: Sequence[Command]) -> list[dict[str, Any]]:
        """The answers to these commands, each a dictionary with `command` and `data` or `error`.

        Raises `BrokerUnavailableError`; whatever was asked may then have been done or not.
        """
        client = self._connected()
        try:
            parts = (commands[start : start + AT_ONCE] for start in range(0, len(commands), AT_ONCE))
            return [answer for part in parts for answer in self._answers(client, part)]
        except BrokerUnavailableError:
            self.close()
            raise

    @property
    def connected(self) -> bool:
        """Whether the connection that answered last is still there: a broker that was started anew knows nothing."""
        return self._client is not None and self._ready.is_set()

    def close(self) -> None:
        """End the connection; the next question makes another one."""
        if self._client is not None:
            self._client.disconnect()
            self._client.loop_stop()
        self._client = None
        self._ready.clear()
        self._answered.clear()

    def _answers(self, client: Client, commands: Sequence[Command]) -> list[dict[str, Any]]:
        while not self._heard.empty():
            self._heard.get_nowait()
        client.publish(TOPIC, json.dumps({"commands": commands}), qos=1)
        try:
            answer = json.loads(self._heard.get(timeout=PATIENCE_S))
        except (queue.Empty, ValueError) as error:
            raise BrokerUnavailableError(f"no answer from the broker within {PATIENCE_S:g} s") from error
        responses: list[dict[str, Any]] = answer.get("responses", [])
        return responses

    def _connected(self) -> Client:
        if self._client is not None and self._ready.is_set():
            return self._client
        self.close()
        self._client = self._new_client()
        try:
            self._client.connect(self._admin.host, self._admin.port, keepalive=15)
        except OSError as error:
            raise BrokerUnavailableError(f"{self._admin.host}:{self._admin.port} cannot be reached: {error}") from error
        self._client.loop_start()
        if not (self._answered.wait(PATIENCE_S) and self._ready.is_set()):
            refusal = self._refusal or "it does not answer, or does not grant its control topic"
            self.close()
            raise BrokerUnavailableError(f"{self._admin.host}:{self._admin.port}: {refusal}")
        return self._client

    def _new_client(self) -> Client:
        client = Client(CallbackAPIVersion.VERSION2, client_id=self._client_id, protocol=MQTTProtocolVersion.MQTTv5)
        client.username_pw_set(self._admin.username, self._admin.password)
        if self._admin.tls:
            client.tls_set(ca_certs=self._admin.ca_file or None)
        client.on_connect = self._on_connect
        client.on_subscribe = self._on_subscribe
        client.on_disconnect = self._on_disconnect
        client.on_message = self._on_message
        return client

    def _on_connect(
        self, client: Client, _data: object, _flags: ConnectFlags, reason: ReasonCode, _props: Properties | None
    ) -> None:
        self._refusal = str(reason) if reason.is_failure else ""
        if reason.is_failure:
            self._answered.set()
        else:
            client.subscribe(f"{TOPIC}/response", qos=1)

    def _on_subscribe(
        self, _client: Client, _data: object, _mid: int, reasons: list[ReasonCode], _props: Properties | None
    ) -> None:
        if not any(reason.is_failure for reason in reasons):
            self._ready.set()
        self._answered.set()

    def _on_disconnect(
        self, _client: Client, _data: object, _flags: DisconnectFlags, _reason: ReasonCode, _props: Properties | None
    ) -> None:
        self._ready.clear()

    def _on_message(self, _client: Client, _data: object, message: MQTTMessage) -> None:
        self._heard.put(bytes(message.payload))
