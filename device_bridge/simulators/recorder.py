"""Records what really goes over a wire, and plays it again with its timing: a topic tree, or a serial port.

A replay is a sender like any other. Whether the zone shows it as a replay is said by the enrolment of the robot in
whose name it speaks (source class `replay`), never by the message.
"""

import asyncio
import gzip
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import IO, Literal, Protocol

import serial
from paho.mqtt.client import Client, ConnectFlags, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from device_bridge.simulators.mqtt_link import Broker
from device_bridge.simulators.recording import Head, RecordedPiece, line_of, read_events, read_head
from device_bridge.simulators.terminal import Terminal

_POLL_S = 0.1
_CONNECT_S = 10.0
_PIECE_BYTES = 4_096
_LONGEST_RECORDING_S = 7 * 86_400.0


class Stop:
    """Ends a recording: after a while, or at SIGINT and SIGTERM."""

    def __init__(self, seconds: float | None) -> None:
        self._deadline = time.monotonic() + min(seconds or _LONGEST_RECORDING_S, _LONGEST_RECORDING_S)
        self._called = False
        for ending in (signal.SIGINT, signal.SIGTERM):
            signal.signal(ending, self._call)

    @property
    def now(self) -> bool:
        """Whether to end."""
        return self._called or time.monotonic() >= self._deadline

    def _call(self, *_: object) -> None:
        self._called = True


def record_mqtt(broker: Broker, topic: str, path: Path, stop: Stop) -> int:
    """Record every message below a topic filter; return how many. Raises `OSError` without a broker."""
    heard: SimpleQueue[RecordedPiece] = SimpleQueue()
    client = _client()
    began = time.monotonic()

    def take(_client: Client, _data: object, message: MQTTMessage) -> None:
        at = round(time.monotonic() - began, 6)
        heard.put(RecordedPiece(at, bytes(message.payload), message.topic, message.qos, message.retain))

    client.on_message = take
    client.on_connect = _subscriber(topic)
    client.connect(broker.host, broker.port)
    client.loop_start()
    try:
        return _write(path, "mqtt", _drained(heard, stop))
    finally:
        client.disconnect()
        client.loop_stop()


def _subscriber(topic: str) -> Callable[[Client, object, ConnectFlags, ReasonCode, Properties | None], None]:
    """Return what subscribes again whenever the connection comes back."""

    def connected(client: Client, *_: object) -> None:
        client.subscribe(topic, qos=1)

    return connected


def record_serial(url: str, baudrate: int, path: Path, stop: Stop) -> int:
    """Record every byte of a port; return how many pieces. Raises `serial.SerialException`."""
    with serial.serial_for_url(url, baudrate=baudrate, timeout=_POLL_S) as port:
        return _write(path, "serial", _pieces(port, stop))


def _drained(heard: "SimpleQueue[RecordedPiece]", stop: Stop) -> Iterator[RecordedPiece]:
    while not stop.now or not heard.empty():
        with suppress(Empty):
            yield heard.get(timeout=_POLL_S)


def _pieces(port: serial.Serial, stop: Stop) -> Iterator[RecordedPiece]:
    began = time.monotonic()
    while not stop.now:
        with suppress(serial.SerialException):
            if piece := port.read(max(1, min(port.in_waiting, _PIECE_BYTES))):
                yield RecordedPiece(round(time.monotonic() - began, 6), piece)


def _write(path: Path, wire: Literal["mqtt", "serial"], events: Iterator[RecordedPiece]) -> int:
    written = 0
    with opened(path, "wb") as file:
        file.write(line_of(Head(1, wire, datetime.now(UTC))))
        for event in events:
            file.write(line_of(event))
            file.flush()
            written += 1
    return written


@contextmanager
def opened(path: Path, mode: str) -> Iterator[IO[bytes]]:
    """Open a recording, through gzip where its name ends in `.gz`."""
    with gzip.open(path, mode) if path.suffix == ".gz" else path.open(mode) as file:
        yield file  # type: ignore[misc]  # both are binary files in these modes


class Replay(Protocol):
    """Where a replay goes."""

    def say(self, event: RecordedPiece) -> None:
        """Let one event out."""
        ...


class MqttReplay:
    """Publishes under the recorded topics, or those that `rename` makes of them."""

    def __init__(self, broker: Broker, rename: Callable[[str], str]) -> None:
        self._client = _client()
        self._rename = rename
        self._client.connect(broker.host, broker.port)
        self._client.loop_start()

    def say(self, event: RecordedPiece) -> None:
        """Publish at the recorded QoS."""
        self._client.publish(self._rename(event.topic), event.data, event.qos, event.retain)

    def close(self) -> None:
        """Leave when everything has been taken, or after a while."""
        deadline = time.monotonic() + _CONNECT_S
        while self._client.want_write() and time.monotonic() < deadline:
            time.sleep(_POLL_S)
        self._client.disconnect()
        self._client.loop_stop()


class SerialReplay:
    """Writes to a pseudo-terminal under a name."""

    def __init__(self, link: Path) -> None:
        self._terminal = Terminal(link, b"\n", lambda _line: None)

    def say(self, event: RecordedPiece) -> None:
        """Write the piece."""
        self._terminal.write(event.data)

    async def close(self) -> None:
        """Leave when everything has been read, or after a while."""
        for _ in range(round(_CONNECT_S / _POLL_S)):
            if self._terminal.is_idle:
                break
            await asyncio.sleep(_POLL_S)
        self._terminal.close()


async def replay(path: Path, target: Replay, speed: float | None) -> int:
    """Say everything again, at so many times its pace (None: at once); return how much it was."""
    loop = asyncio.get_running_loop()
    began, said = loop.time(), 0
    with opened(path, "rb") as file:
        read_head(file.readline())
        for event in read_events(file):
            await asyncio.sleep(max(0.0, began + event.t / speed - loop.time()) if speed else 0)
            target.say(event)
            said += 1
    return said


def wire_of(path: Path) -> str:
    """Return what a recording is of: `mqtt` or `serial`. Raises `RecordingError`."""
    with opened(path, "rb") as file:
        return read_head(file.readline()).wire


def _client() -> Client:
    return Client(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv311)
