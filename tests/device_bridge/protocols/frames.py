"""Numbered frames of the serial protocols, made by other people's encoders wherever there are any."""

import json
import struct
from functools import reduce
from operator import xor
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


def mavlink_frames(count: int) -> list[bytes]:
    """Heartbeats of system 1, written by pymavlink; `custom_mode` makes each one of a kind."""
    robot = mavlink.MAVLink(None, srcSystem=1, srcComponent=1)
    found = []
    for number in range(count):
        beat = mavlink.MAVLink_heartbeat_message(10, 3, 4 | number % 2 * 128, number, 4, 3)
        found.append(bytes(beat.pack(robot)))
        robot.seq = (robot.seq + 1) % 256
    return found


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


DECLARED: dict[str, object] = {"fields": {"seq": "n", "battery": {"path": "state.soc", "scale": 0.1}}}


def declared_lines(count: int) -> list[bytes]:
    """Lines of a made-up robot with the fair profile's check sum behind them."""
    bodies = (json.dumps({"n": number + 1, "state": {"soc": number % 1_000}}).encode() for number in range(count))
    return [b"%s*%08X\n" % (body, crc32(body)) for body in bodies]


def without_number(report: Report) -> bytes:
    """What a report says, but for its number: where that counts losses, noise must change it."""
    return encode_report(msgspec.structs.replace(report, seq=1))
