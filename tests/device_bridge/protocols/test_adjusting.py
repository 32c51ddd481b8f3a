"""Units and maps that are a robot's own: declared once in its enrolment, the same in every protocol."""

import json
import math
import struct
from typing import Any

import pytest

from device_bridge.protocols import (
    MESSAGE_PROTOCOLS,
    POLLED_PROTOCOLS,
    STREAM_PROTOCOLS,
    Glimpse,
    OptionsError,
    Reading,
    StreamOptions,
    adjustment_of,
)
from device_bridge.wire.report import Pose
from tests.device_bridge.protocols import frames
from tests.device_bridge.protocols.samples import FIXTURES

OWN_UNITS: dict[str, Any] = {"scales": {"battery": 100, "position": 0.001, "speed": 0.001, "angle": "degrees"}}
SAID = {"battery": 0.87, "pose": {"x": 12_400, "y": 30_100, "theta": 270}, "speed": 800}
POSE = Pose(12.4, 30.1, -math.pi / 2)


def fair(options: dict[str, Any], **changes: object) -> Reading:
    """A status of a robot of which this is told."""
    template = json.loads((FIXTURES / "fair-mqtt" / "valid" / "least.json").read_bytes())
    heard = MESSAGE_PROTOCOLS["fair"].decode(
        "status", json.dumps({**template, **changes}).encode(), adjustment_of(options)
    )
    assert isinstance(heard, Reading), heard
    return heard


def vda(key: str, options: dict[str, Any], position: dict[str, Any], battery: dict[str, Any], vx: float = 0) -> Reading:
    """A state of a robot of which this is told."""
    folder, place, power = {
        "uagv": ("vda5050", "agvPosition", "batteryState"),
        "vda5050": ("vda5050-v3", "mobileRobotPosition", "powerSupply"),
    }[key]
    body = json.loads((FIXTURES / folder / "valid" / "state.full.json").read_bytes())
    body[place] |= position
    body[power] |= battery
    body["velocity"] = {"vx": vx, "vy": 0}
    heard = MESSAGE_PROTOCOLS[key].decode("state", json.dumps(body).encode(), adjustment_of(options))
    assert isinstance(heard, Reading), heard
    return heard


def streamed(name: str, options: dict[str, Any], data: bytes) -> Reading:
    """The last reading of a stream."""
    found = STREAM_PROTOCOLS[name].decoder(StreamOptions(values=options)).feed(data)
    return next(heard for _, heard in reversed(found) if isinstance(heard, Reading))


def close(pose: Pose | None, wanted: Pose) -> bool:
    """Whether a pose is the wanted one, but for rounding."""
    assert pose is not None
    theta = math.isclose(pose.theta or 0, wanted.theta or 0, abs_tol=1e-3) and (pose.theta is None) == (
        wanted.theta is None
    )
    return theta and math.isclose(pose.x, wanted.x, abs_tol=1e-3) and math.isclose(pose.y, wanted.y, abs_tol=1e-3)


def test_units_of_a_robots_own_become_the_profiles_in_every_protocol() -> None:
    line = json.dumps({"v": 1, **json.loads((FIXTURES / "fair-mqtt" / "valid" / "least.json").read_bytes()), **SAID})
    mapped = {"fields": {name: name for name in ("battery", "speed", "pose.x", "pose.y", "pose.theta")}}
    found = [
        fair(OWN_UNITS, **SAID),
        streamed("fair-serial", OWN_UNITS, line.encode() + b"\n"),
        streamed("fair-cobs", OWN_UNITS, frames.cobs_frame({"seq": 1, **SAID})),
        streamed("declared", {**mapped, **OWN_UNITS}, json.dumps(SAID).encode() + b"\n"),
        vda("uagv", OWN_UNITS, {"x": 12_400, "y": 30_100, "theta": 270}, {"batteryCharge": 0.87}, 800),
        vda("vda5050", OWN_UNITS, {"x": 12_400, "y": 30_100, "theta": 270}, {"stateOfCharge": 0.87}, 800),
    ]

    for reading in found:
        report = reading.report
        assert (report.battery, report.speed, reading.untaken) == (87.0, 0.8, ())
        assert close(report.pose, POSE)


def test_units_of_robots_that_speak_in_bytes() -> None:
    stream = b"".join(frames.mavlink_stream(frames.position(), frames.BEAT))
    mavlink = streamed("mavlink", {"scales": {"speed": 0.1}}, stream)
    kobuki = streamed("kobuki", {"scales": {"battery": 0.5}}, frames.kobuki_frame(battery=150))
    registers = {"registers": [{"feeds": "battery", "address": 0}, {"feeds": "speed", "address": 1, "type": "f32"}]}
    asked = POLLED_PROTOCOLS["modbus"].questions(StreamOptions(values={**registers, **OWN_UNITS}))
    high, low = struct.unpack(">HH", struct.pack(">f", 800.0))
    modbus = asked.hear(1, {("holding", 0): 1, ("holding", 1): high, ("holding", 2): low})

    assert isinstance(modbus, Reading)
    assert (mavlink.report.speed, kobuki.report.battery) == (0.05, 25.7)
    assert (modbus.report.battery, modbus.report.speed) == (100.0, 0.8)


def test_without_a_scale_no_unit_is_guessed() -> None:
    reading = fair({}, **SAID)

    assert (reading.report.battery, reading.report.speed) == (0.87, None)
    assert reading.report.pose == Pose(12_400.0, 30_100.0, None)
    assert {untaken.field for untaken in reading.untaken} == {"pose.theta", "speed"}


@pytest.mark.parametrize("key", ["uagv", "vda5050"])
@pytest.mark.parametrize(
    ("maps", "name", "wanted"),
    [
        ({}, "zone", Pose(1.0, 2.0, 0.5)),
        ({}, "", Pose(1.0, 2.0, 0.5)),
        ({}, "office", Pose(1.0, 2.0, 0.5, "office")),
        ({"office": "zone"}, "office", Pose(1.0, 2.0, 0.5)),
        ({"office": "none"}, "office", Pose(1.0, 2.0, 0.5, "office")),
        ({"office": "zone"}, "cellar", Pose(1.0, 2.0, 0.5, "cellar")),
        ({"office": {"x": 10, "y": 20, "turn": 90}}, "office", Pose(8.0, 21.0, 0.5 + math.pi / 2)),
        ({"": {"x": 10}}, "", Pose(11.0, 2.0, 0.5)),
        ({"zone": "none"}, "zone", Pose(1.0, 2.0, 0.5, "zone")),
    ],
)
def test_a_position_is_where_its_map_is_declared_and_keeps_its_map_where_it_is_not(
    key: str, maps: dict[str, Any], name: str, wanted: Pose
) -> None:
    position = {"x": 1, "y": 2, "theta": 0.5, "mapId": name}

    reading = vda(key, {"maps": maps}, position, {})

    assert reading.report.pose is not None
    assert (close(reading.report.pose, wanted), reading.report.pose.map) == (True, wanted.map)


@pytest.mark.parametrize("name", [None, 5, [], {}])
def test_a_map_whose_name_cannot_be_read_is_not_the_zones(name: object) -> None:
    reading = vda("uagv", {}, {"mapId": name}, {})

    assert reading.report.pose is not None
    assert reading.report.pose.map == "?"
    assert {untaken.field for untaken in reading.untaken} == {"agvPosition.mapId"}


def test_a_glimpse_and_a_robot_of_the_fair_profile_name_maps_too() -> None:
    body = json.loads((FIXTURES / "vda5050" / "valid" / "visualization.full.json").read_bytes())
    body["agvPosition"]["mapId"] = "office"

    glimpse = MESSAGE_PROTOCOLS["uagv"].decode("visualization", json.dumps(body).encode())
    reading = fair({"maps": {"a": {"y": 5}}}, pose={"x": 1, "y": 2, "map": "a"})

    assert isinstance(glimpse, Glimpse)
    assert glimpse.pose is not None
    assert glimpse.pose.map == "office"
    assert reading.report.pose == Pose(1.0, 7.0)


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"scales": {"battery": 0}}, "scales.battery"),
        ({"scales": {"batery": 100}}, "batery"),
        ({"scales": {"angle": "gon"}}, "scales.angle"),
        ({"maps": {"a": "elsewhere"}}, "maps"),
        ({"maps": {"a": {"x": 1, "z": 2}}}, "maps"),
        ({"maps": []}, "maps"),
    ],
)
def test_what_makes_no_sense_is_refused_by_its_name_in_every_protocol(options: dict[str, Any], named: str) -> None:
    with pytest.raises(OptionsError) as refused:
        adjustment_of(options)
    with pytest.raises(OptionsError):
        STREAM_PROTOCOLS["kobuki"].decoder(StreamOptions(values=options))

    assert named in refused.value.detail["en"]
    assert set(refused.value.detail) == {"en", "zh"}
