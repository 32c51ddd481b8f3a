"""The load: messages of the demo fair as ready-made MQTT packets, sent faster than any client can take them."""

import json
import socket
import struct
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import cycle, islice
from typing import Any

LOOPBACK = "127.0.0.1"
PACKET_NUMBERS = 65_535
_CONNACK_BYTES = 4
_PUBACK_BYTES = 4
_PATIENCE_S = 60.0
_TASK = {
    "en": "Carrying trays between the kitchen and the tables of the tea house",
    "zh": "在茶楼厨房与餐桌之间运送餐盘",
}
_METRICS = {f"joint_{number}_temperature": 36.5 + number / 8 for number in range(5)}


@dataclass
class Robot:
    """A robot that sends: its place among the protocols, and how far its counter is."""

    robot: str
    protocol: str
    address: str
    boot: int
    seq: int = field(default=0)

    @property
    def topic(self) -> str:
        """Where it publishes its state."""
        return f"fair/v1/{self.address}/status" if self.protocol == "fair-mqtt" else f"uagv/v2/{self.address}/state"

    def next_payload(self) -> bytes:
        """Its next message, about a kilobyte; `sent` among the metrics of the fair profile is the time in seconds."""
        self.seq += 1
        moment = datetime.now(UTC)
        message = self._fair(moment) if self.protocol == "fair-mqtt" else self._vda(moment)
        return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()

    def _fair(self, moment: datetime) -> dict[str, Any]:
        exhibitor, _, code = self.robot.partition("/")
        return {
            "v": 1,
            "exhibitor": exhibitor,
            "robot": code,
            "boot": self.boot,
            "seq": self.seq,
            "time": moment.isoformat(),
            "mode": "automatic",
            "activity": "working",
            "battery": 78.5,
            "pose": {"x": 31.25, "y": 14.5, "theta": 1.5708},
            "speed": 0.82,
            "estop": "none",
            "task": _TASK,
            "errors": [{"level": "warning", "code": "wheel-slip", "text": {"en": "Wheel slip", "zh": "轮子打滑"}}],
            "metrics": {**_METRICS, "sent": moment.timestamp()},
        }

    def _vda(self, moment: datetime) -> dict[str, Any]:
        """A state of VDA 5050 2.1 with an order under way."""
        manufacturer, _, serial = self.address.partition("/")
        return {
            "headerId": self.seq,
            "timestamp": moment.isoformat().replace("+00:00", "Z"),
            "version": "2.1.0",
            "manufacturer": manufacturer,
            "serialNumber": serial,
            "orderId": "tea-house-17",
            "orderUpdateId": 2,
            "lastNodeId": "kitchen",
            "lastNodeSequenceId": 4,
            "nodeStates": [
                {"nodeId": f"table-{number}", "sequenceId": 2 * number, "released": True} for number in (3, 4)
            ],
            "edgeStates": [{"edgeId": f"lane-{number}", "sequenceId": number, "released": True} for number in (5, 7)],
            "agvPosition": {"x": 31.25, "y": 14.5, "theta": 1.5708, "mapId": "19.2", "positionInitialized": True},
            "velocity": {"vx": 0.82, "vy": 0.0, "omega": 0.05},
            "loads": [{"loadId": "tray-9", "loadType": "TRAY", "weight": 3.5}],
            "driving": True,
            "actionStates": [{"actionId": "drop-17", "actionType": "drop", "actionStatus": "WAITING"}],
            "batteryState": {"batteryCharge": 78.5, "batteryVoltage": 48.2, "charging": False},
            "operatingMode": "AUTOMATIC",
            "errors": [],
            "information": [{"infoType": "wheels", "infoLevel": "DEBUG", "infoDescription": "worn to 80 %"}],
            "safetyState": {"eStop": "NONE", "fieldViolation": False},
        }


def packets(robots: Sequence[Robot], count: int, first: int = 0) -> list[bytes]:
    """`count` messages, from each robot in turn, as PUBLISH packets; `first` continues the packet numbers."""
    chosen = islice(cycle(robots), count)
    return [
        _publish(robot.topic, (first + place) % PACKET_NUMBERS + 1, robot.next_payload())
        for place, robot in enumerate(chosen)
    ]


def _publish(topic: str, number: int, payload: bytes) -> bytes:
    """MQTT 3.1.1, section 3.3: QoS 1."""
    name = topic.encode()
    body = struct.pack(f"!H{len(name)}sH", len(name), name, number) + payload
    return b"\x32" + _length(len(body)) + body


def _length(size: int) -> bytes:
    """Section 2.2.3: seven bits a byte, the lowest first."""
    encoded = bytearray()
    while True:
        size, low = divmod(size, 128)
        encoded.append(low | (128 if size else 0))
        if not size:
            return bytes(encoded)


class Publisher:
    """One MQTT 3.1.1 connection that sends ready-made packets and only counts what is acknowledged."""

    def __init__(self, port: int, client_id: str = "bench-load") -> None:
        name = client_id.encode()
        self._socket = socket.create_connection((LOOPBACK, port), timeout=_PATIENCE_S)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # Section 3.1: protocol level 4, clean session, no keep-alive.
        head = b"\x00\x04MQTT\x04\x02\x00\x00" + struct.pack(f"!H{len(name)}s", len(name), name)
        self._socket.sendall(b"\x10" + _length(len(head)) + head)
        answer = self._socket.recv(_CONNACK_BYTES)
        if answer != b"\x20\x02\x00\x00":
            raise ConnectionError(f"the broker answers {answer!r}")
        self.sent = 0
        self._heard_bytes = 0
        threading.Thread(target=self._count, daemon=True).start()

    def send(self, ready: Iterable[bytes]) -> None:
        """Send packets as fast as the broker takes them."""
        batch = list(ready)
        self.sent += len(batch)
        self._socket.sendall(b"".join(batch))

    def settle(self) -> None:
        """Wait until the broker has acknowledged everything. Raises `TimeoutError`."""
        deadline = time.monotonic() + _PATIENCE_S
        while self._heard_bytes < self.sent * _PUBACK_BYTES:
            if time.monotonic() > deadline:
                raise TimeoutError("the broker does not acknowledge the load")
            time.sleep(0.005)

    def close(self) -> None:
        """End the connection."""
        self._socket.close()

    def _count(self) -> None:
        while True:
            try:
                heard = self._socket.recv(65_536)
            except OSError:
                return
            if not heard:
                return
            self._heard_bytes += len(heard)
