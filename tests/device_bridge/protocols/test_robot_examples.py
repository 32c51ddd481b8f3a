"""The documented examples of a new robot: each under 30 lines, each read by the bridge's own settings and decoders."""

import importlib.util
import struct
import tomllib
from pathlib import Path
from types import ModuleType

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from device_bridge.protocols import PORT_PROTOCOLS, Reading, StreamOptions, StreamProtocol
from device_bridge.protocols.modbus import ModbusMap
from device_bridge.settings import SerialSettings
from device_bridge.wire.batch import decode_report, encode_report
from device_bridge.wire.report import Activity
from tests.device_bridge.protocols.test_conformance import noisy

ROBOTS = Path(__file__).parents[3] / "fixtures" / "robots"
MOST_LINES = 30


def declared(name: str) -> SerialSettings:
    """The port of an example, as the bridge reads it."""
    (port,) = tomllib.loads((ROBOTS / name).read_text(encoding="utf-8"))["serial"]
    return msgspec.convert(port, SerialSettings)


def programmed() -> ModuleType:
    """The example that is a program."""
    spec = importlib.util.spec_from_file_location("roller", ROBOTS / "roller.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def reading(heard: object) -> Reading:
    """The reading; anything else fails the test with what was heard."""
    assert isinstance(heard, Reading), heard
    return heard


@pytest.mark.parametrize("path", sorted(ROBOTS.iterdir()), ids=lambda path: path.name)
def test_a_new_robot_is_under_thirty_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) < MOST_LINES


def test_the_coffee_robot_is_read_by_its_declaration() -> None:
    port = declared("coffee.toml")
    protocol = PORT_PROTOCOLS[port.protocol]
    assert isinstance(protocol, StreamProtocol)
    line = b'{"n": 812, "power": {"soc": 64}, "state": "brew", "cups": 31, "tank_ml": 850, "alarms": {"milk": true}}\n'

    ((_, heard),) = protocol.decoder(StreamOptions("", port.options)).feed(line)

    report = reading(heard).report
    assert (report.seq, report.battery, report.activity) == (812, 64.0, Activity.WORKING)
    assert report.metrics == {"cups_today": 31.0, "water_l": 0.85}
    assert [(fault.code, fault.text["zh"]) for fault in report.errors] == [("no-milk", "牛奶用完")]


def test_the_lift_is_read_by_its_registers() -> None:
    asked = ModbusMap(StreamOptions("", declared("lift.toml").options))
    high, low = struct.unpack(">HH", struct.pack(">f", 0.25))
    words = {0: 785, 1: 1, 2: low, 3: high, 4: 0b1000}

    heard = asked.hear(1, {**{("holding", address): word for address, word in words.items()}, ("input", 7): 412})

    report = reading(heard).report
    assert (report.battery, report.activity, report.speed) == (78.5, Activity.WORKING, 0.25)
    assert report.metrics == {"motor_c": 41.2}
    assert [fault.code for fault in report.errors] == ["overheated"]


@given(words=st.lists(st.integers(0, 65_535), min_size=6, max_size=6))
def test_whatever_the_registers_hold_is_said_or_refused_and_never_raised(words: list[int]) -> None:
    asked = ModbusMap(StreamOptions("", declared("lift.toml").options))

    heard = asked.hear(1, {**{("holding", address): words[address] for address in range(5)}, ("input", 7): words[5]})

    if isinstance(heard, Reading):
        report = msgspec.structs.replace(heard.report, robot="an-exhibitor/a-robot")
        assert decode_report(encode_report(report)) == report


def test_the_roller_is_read_by_its_generator_also_through_noise() -> None:
    bodies = [struct.pack("<IBh", number, number % 101, 250) for number in range(1, 2_001)]
    frames = [b"\x7e" + body + bytes((sum(body) % 256,)) for body in bodies]
    clean = programmed().roller(StreamOptions()).feed(b"".join(frames))

    heard = programmed().roller(StreamOptions()).feed(noisy(frames, seed=1))

    kept = {raw for raw, what in heard if isinstance(what, Reading)} & set(frames)
    assert [reading(what).report.seq for _, what in clean] == list(range(1, 2_001))
    assert len(kept) >= 1_900


@pytest.mark.parametrize("battery", [0, 100, 101, 104, 255])
def test_what_a_generator_makes_of_a_byte_is_no_battery_beyond_100(battery: int) -> None:
    body = struct.pack("<IBh", 7, battery, 250)

    ((_, heard),) = programmed().roller(StreamOptions()).feed(b"\x7e" + body + bytes((sum(body) % 256,)))

    found = reading(heard)
    assert (found.report.battery, found.report.speed) == (battery if battery <= 100 else None, 0.25)
    assert [untaken.field for untaken in found.untaken] == (["battery"] if battery > 100 else [])
