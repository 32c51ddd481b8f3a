"""What the check says of ports whose robots have to be declared: their options are looked at, wherever they stand."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from device_bridge.booth.check_ports import check_ports
from device_bridge.settings import BridgeSettings, SerialSettings, ServerSettings
from device_bridge.wire.batch import Enrolment, Enrolments
from device_bridge.wire.report import Source

REGISTERS: dict[str, object] = {"registers": [{"feeds": "battery", "address": 0}]}


@pytest.fixture
def terminal() -> Iterator[str]:
    """The name of a port that is there."""
    own, other = os.openpty()
    yield os.ttyname(other)
    os.close(own)
    os.close(other)


def codes(url: str, in_file: dict[str, object], enrolled: dict[str, object]) -> list[str]:
    """What is found for a Modbus robot with these options."""
    robot = Enrolment(robot="nanling/arm-1", protocol="modbus", address="booth-1", source=Source.LIVE, options=enrolled)
    port = SerialSettings("booth-1", url, "modbus", options=in_file)
    settings = BridgeSettings(ServerSettings("http://zone", "", Path("spool")), serial=(port,))
    return [finding.code for finding in check_ports(settings, None, Enrolments((robot,)))]


@pytest.mark.parametrize(
    ("in_file", "enrolled", "found"),
    [
        (REGISTERS, {}, ["port-ok"]),
        ({}, REGISTERS, ["port-ok"]),
        ({}, {}, ["port-options"]),
        ({"registers": []}, REGISTERS, ["port-options"]),
    ],
)
def test_a_robot_that_is_declared_in_the_file_or_in_its_enrolment_is_no_trouble(
    in_file: dict[str, object], enrolled: dict[str, object], found: list[str], terminal: str
) -> None:
    assert codes(terminal, in_file, enrolled) == found


def test_a_port_of_the_file_goes_before_the_one_of_that_name_in_the_folder_and_the_check_says_so(
    terminal: str, tmp_path: Path
) -> None:
    (tmp_path / "booth-1").touch()
    port = SerialSettings("booth-1", terminal, "kobuki")
    settings = BridgeSettings(ServerSettings("http://zone", "", Path("spool"), ports_dir=tmp_path), serial=(port,))

    found = list(check_ports(settings, None, None))

    assert [finding.code for finding in found] == ["port-ok", "port-of-file"]
    assert all(terminal in found[1].words(language)[0] for language in ("en", "zh"))
