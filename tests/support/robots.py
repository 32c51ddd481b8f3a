"""Messages of made-up robots, as the bridge's tests send them."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from device_bridge.wire.batch import Enrolment, Enrolments
from device_bridge.wire.report import Source

START = datetime(2026, 4, 16, 6, 0, tzinfo=UTC)
BOOT = 1_776_300_000_000
FAIR = Enrolment(robot="nanling/walker-7", protocol="fair-mqtt", address="nanling/walker-7", source=Source.LIVE)
VDA = Enrolment(robot="nanling/porter-2", protocol="vda5050", address="NANLING/P2", source=Source.SIMULATED)
SERIAL = Enrolment(robot="nanling/arm-1", protocol="fair-serial", address="booth-1", source=Source.LIVE)
ENROLMENTS = Enrolments((FAIR, VDA, SERIAL))
FAIR_TOPIC = "fair/v1/nanling/walker-7/status"
VDA_STATE = "uagv/v2/NANLING/P2/state"
VDA_CONNECTION = "uagv/v2/NANLING/P2/connection"
VDA_GLIMPSE = "uagv/v2/NANLING/P2/visualization"


def at(seconds: float) -> datetime:
    """So many seconds into the test's morning."""
    return START + timedelta(seconds=seconds)


def fair_status(seq: int, **changes: Any) -> bytes:
    """A status of the fair profile; its time rises with its number."""
    exhibitor, _, robot = FAIR.robot.partition("/")
    message = {
        "v": 1,
        "exhibitor": exhibitor,
        "robot": robot,
        "boot": BOOT,
        "seq": seq,
        "time": at(seq).isoformat(),
        "activity": "working",
        "battery": 80,
    }
    return json.dumps({**message, **changes}).encode()


def serial_line(seq: int, **changes: Any) -> bytes:
    """A status of the serial robot, without its line feed."""
    return fair_status(seq, robot="arm-1", **changes)


def _vda_header(number: int, seconds: float, changes: dict[str, Any]) -> dict[str, Any]:
    header = {
        "headerId": number,
        "timestamp": at(seconds).isoformat().replace("+00:00", "Z"),
        "version": "2.1.0",
        "manufacturer": "NANLING",
        "serialNumber": "P2",
    }
    return {**header, **changes}


def vda_state(number: int, *, seconds: float | None = None, **changes: Any) -> bytes:
    """A VDA 5050 state; its time rises with its header id, unless told otherwise."""
    state = {
        "orderId": "",
        "driving": True,
        "operatingMode": "AUTOMATIC",
        "actionStates": [],
        "batteryState": {"batteryCharge": 60, "charging": False},
        "errors": [],
        "safetyState": {"eStop": "NONE", "fieldViolation": False},
    }
    header = _vda_header(number, number if seconds is None else seconds, changes)
    return json.dumps({**state, **header}).encode()


def vda_connection(seconds: float, state: str = "ONLINE") -> bytes:
    """A VDA 5050 connection message."""
    return json.dumps({**_vda_header(1, seconds, {}), "connectionState": state}).encode()
