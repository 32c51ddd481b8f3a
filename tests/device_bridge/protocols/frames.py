"""Numbered frames of the serial protocols, made by other people's encoders wherever there are any."""

import json
import struct
from functools import reduce
from operator import xor
from typing import Any
from zlib import crc32

import msgspec
from cobs import cobs
from pymavlink.dialects.v20 import common as mavlink

from device_bridge.wire.batch import encode_report
from device_bridge.wire.report import Report


def cobs_frame(message: dict[str, object]) -> bytes:
    """A message in a frame of the package `cobs`."""
    body = json.dumps(message).encode()
    stuffed: bytes = cobs.encode(body + crc32(body).to_bytes(4, "little"))
    return b"\0" + stuffed + b"\0"


def cobs_frames(count: int) -> list[bytes]:
    """The short form of the fair profile, as firmware sends it, in the frames of the package `cobs`."""
    return [cobs_frame({"seq": number + 1, "battery": number % 100}) for number in range(count)]


def cobs_frames_of(*changes: dict[str, object]) -> list[bytes]:
    """Frames that say this."""
    return [cobs_frame({"seq": number, **said}) for number, said in enumerate(changes, 1)]


def mavlink_frames(count: int) -> list[bytes]:
    """Heartbeats of system 1, written by pymavlink; `custom_mode` makes each one of a kind."""
    robot = mavlink.MAVLink(None, srcSystem=1, srcComponent=1)
    found = []
    for number in range(count):
        beat = mavlink.MAVLink_heartbeat_message(10, 3, 4 | number % 2 * 128, number, 4, 3)
        found.append(bytes(beat.pack(robot)))
        robot.seq = (robot.seq + 1) % 256
    return found


BEAT = mavlink.MAVLink_heartbeat_message(10, 3, 4 | 128, 0, 4, 3)


def mavlink_stream(*messages: Any) -> list[bytes]:
    """These messages of system 1, numbered."""
    robot = mavlink.MAVLink(None, srcSystem=1, srcComponent=1)
    found = []
    for message in messages:
        found.append(bytes(message.pack(robot)))
        robot.seq = (robot.seq + 1) % 256
    return found


def sys_status(remaining: int = 80, millivolts: int = 24_000, load: int = 250) -> Any:
    """A battery, and how busy the robot is."""
    return mavlink.MAVLink_sys_status_message(0, 0, 0, load, millivolts, 1_000, remaining, 0, 0, 0, 0, 0, 0)


def battery_status(remaining: int) -> Any:
    """The first battery."""
    return mavlink.MAVLink_battery_status_message(0, 0, 1, 32_767, [65_535] * 10, -1, -1, -1, remaining, 0, 0)


def odometry(x: float = 1.0, vx: float = 0.5, w: float = 1.0, quality: int = 0) -> Any:
    """Where the robot is, and where it looks."""
    zeros = [0.0] * 21
    return mavlink.MAVLink_odometry_message(
        *(1, 1, 8, x, 2.0, 0.0, [w, 0.0, 0.0, 0.0], vx, 0.0, 0.0, 0.0, 0.0, 0.0, zeros, zeros, 0, 0, quality)
    )


def position(x: float = 1.0, vx: float = 0.5, at: int = 1_000) -> Any:
    """Where the robot is."""
    return mavlink.MAVLink_local_position_ned_message(at, x, 2.0, 0.0, vx, 0.0, 0.0)


def mavlink_without_value() -> dict[str, list[bytes]]:
    """What the message definitions have for no value, each after a value."""
    nan = float("nan")
    return {
        "battery": mavlink_stream(sys_status(), BEAT, sys_status(remaining=-1), BEAT),
        "metrics.battery_v": mavlink_stream(sys_status(), BEAT, sys_status(millivolts=65_535), BEAT),
        "metrics.load_percent": mavlink_stream(sys_status(), BEAT, sys_status(load=65_535), BEAT),
        "pose": mavlink_stream(position(), BEAT, position(x=nan), BEAT),
        "speed": mavlink_stream(position(), BEAT, position(vx=nan), BEAT),
    }


def mavlink_dangers() -> list[list[bytes]]:
    """A state and a severity that the message definitions do not have."""
    return [
        mavlink_stream(BEAT, mavlink.MAVLink_heartbeat_message(10, 3, 4 | 128, 0, 99, 3)),
        mavlink_stream(BEAT, mavlink.MAVLink_statustext_message(200, b"Something"), BEAT),
    ]


def kobuki_frame(clock: int = 0, *, ticks: int = 0, battery: int = 150, charger: int = 0, flags: int = 0) -> bytes:
    """One feedback packet after Kobuki's documentation: basic sensor data and the inertial sensor."""
    basic = struct.pack(
        "<BBHBBBHHbbBBBB",
        *(1, 15, clock % 65_536, flags & 7, 0, 0),
        *(ticks % 65_536, ticks % 65_536, 10, 10, 0, charger, battery, 0),
    )
    payload = basic + struct.pack("<BBhhBBB", 4, 7, 100, -3, 0, 0, 0)
    check = reduce(xor, payload, len(payload))
    return b"\xaa\x55" + bytes((len(payload),)) + payload + bytes((check,))


def kobuki_frames(count: int) -> list[bytes]:
    """One packet a second."""
    return [kobuki_frame(number * 1_000, battery=132 + number % 36) for number in range(count)]


def kobuki_without_value() -> dict[str, list[bytes]]:
    """Voltages that no pack of four cells has."""
    return {"battery": [kobuki_frame(0), kobuki_frame(1_000, battery=0), kobuki_frame(2_000, battery=255)]}


def declared_without_value() -> dict[str, list[bytes]]:
    """A number beyond all sense, after one that makes sense."""
    lines = [json.dumps({"n": number, "state": {"soc": value}}) for number, value in ((1, 500), (2, 65_535))]
    return {"battery": [line.encode() + b"\n" for line in lines]}


def declared_dangers() -> list[list[bytes]]:
    """Stops in no word of the declaration, and none at all."""
    words: tuple[object, ...] = ("pressed", "", None, False, 0, ["none"])
    said = [{"n": 1, "state": {"soc": 5, "stop": word}} for word in words]
    return [[json.dumps(line).encode() + b"\n"] for line in [*said, {"n": 1}]]


DECLARED: dict[str, object] = {
    "fields": {"seq": "n", "battery": {"path": "state.soc", "scale": 0.1}, "estop": "state.stop"}
}


def declared_lines(count: int) -> list[bytes]:
    """Lines of a made-up robot with the fair profile's check sum behind them."""
    bodies = (json.dumps({"n": number + 1, "state": {"soc": number % 1_000}}).encode() for number in range(count))
    return [b"%s*%08X\n" % (body, crc32(body)) for body in bodies]


def without_number(report: Report) -> bytes:
    """What a report says, but for its number: where that counts losses, noise must change it."""
    return encode_report(msgspec.structs.replace(report, seq=1))
