"""Whether the broker takes the bridge. While a bridge runs its own word is taken: a second one would cut it off."""

import threading
from collections.abc import Iterator
from typing import Any

from paho.mqtt.client import Client, ConnectFlags
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from device_bridge.booth.words import CheckFinding
from device_bridge.partition import WorkerShare, instead, topics
from device_bridge.settings import MqttSettings
from device_bridge.transports.filters import Filters
from device_bridge.transports.mqtt import MQTT_5, SESSION_EXPIRY_S
from device_bridge.vitals import Vitals

_PATIENCE_S = 6.0


def check_broker(settings: MqttSettings, running: Vitals | None) -> Iterator[CheckFinding]:
    """What the broker answers to the bridge's own name and password."""
    facts: dict[str, object] = {"host": settings.host, "port": settings.port}
    if running is not None:
        connected = running.broker == "connected"
        code = "broker-running" if connected else "broker-refused"
        why = {"why": running.trouble.text if running.trouble else "?"}
        yield CheckFinding("broker", "ok" if connected else "problem", code, {**facts, **why})
        yield from _refused(facts, running.broker_narrowed, running.broker_unheard)
        return
    heard = Filters(
        topics(WorkerShare(workers=settings.workers), ()), instead(WorkerShare(workers=settings.workers), ())
    )
    try:
        refusal = _answer(settings, heard)
    except (OSError, ValueError) as error:
        yield CheckFinding("broker", "problem", "broker-refused", {**facts, "why": error})
        return
    if refusal:
        yield CheckFinding("broker", "problem", "broker-credential", {**facts, "why": refusal})
    else:
        yield CheckFinding("broker", "ok", "broker-ok", facts)
        yield from _refused(facts, heard.narrowed, heard.unheard)


def _refused(facts: dict[str, object], narrowed: tuple[str, ...], unheard: tuple[str, ...]) -> Iterator[CheckFinding]:
    """What the broker does not let the bridge subscribe to."""
    if unheard:
        yield CheckFinding("broker", "problem", "broker-unheard", {**facts, "refused": ", ".join(unheard)})
    if narrowed:
        yield CheckFinding("broker", "note", "broker-narrow", {**facts, "refused": ", ".join(narrowed)})


def _answer(settings: MqttSettings, heard: Filters) -> str:
    """Connect once, with the session that the bridge keeps; why it was refused, if it was.

    It asks for what the bridge will ask for, and leaves the session otherwise as it is. Of the robots' own names it
    knows none, so nothing is asked for where a broker refuses everything that stands for more than one robot.
    """
    answered, said = threading.Event(), ["no answer in time"]
    client = _client(settings)

    def ask(topics: tuple[str, ...]) -> None:
        asked[:] = topics
        if topics:
            client.subscribe([(topic, 1) for topic in topics])
        else:
            answered.set()

    asked: list[str] = []

    def on_connect(
        _client: Client, _userdata: object, _flags: ConnectFlags, reason: ReasonCode, _props: Properties | None
    ) -> None:
        said[0] = str(reason) if reason.is_failure else ""
        ask(() if reason.is_failure else heard.anew())

    def on_subscribe(
        _client: Client, _userdata: object, _mid: int, reasons: list[ReasonCode], _props: Properties | None
    ) -> None:
        ask(heard.refuse(tuple(one for one, reason in zip(asked, reasons, strict=False) if reason.is_failure)))

    client.on_connect, client.on_subscribe = on_connect, on_subscribe
    client.on_disconnect = lambda *_: answered.set()
    client.connect(settings.host, settings.port, keepalive=15, **_session(settings))
    client.loop_start()
    answered.wait(_PATIENCE_S)
    client.disconnect()
    client.loop_stop()
    return said[0]


def _client(settings: MqttSettings) -> Client:
    version = MQTTProtocolVersion.MQTTv5 if settings.version == MQTT_5 else MQTTProtocolVersion.MQTTv311
    clean = None if settings.version == MQTT_5 else False
    client = Client(
        CallbackAPIVersion.VERSION2,
        settings.session_id,
        clean_session=clean,
        protocol=version,
        transport=settings.transport,
        manual_ack=True,
    )
    client.ws_set_options(path=settings.path)
    if settings.username:
        client.username_pw_set(settings.username, settings.password)
    if settings.tls:
        client.tls_set(settings.ca_file, settings.cert_file, settings.key_file)
    return client


def _session(settings: MqttSettings) -> dict[str, Any]:
    """What keeps the bridge's session alive: reports that wait in it must not be lost to a check."""
    if settings.version != MQTT_5:
        return {}
    properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]  # the library has no types there
    properties.SessionExpiryInterval = SESSION_EXPIRY_S
    properties.ReceiveMaximum = 1
    return {"clean_start": False, "properties": properties}
