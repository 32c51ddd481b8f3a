"""Which ports are opened: the file's and the folder's, each with what its robot's enrolment says."""

import logging
from pathlib import Path

import pytest

from device_bridge.settings import BridgeSettings, SerialSettings, ServerSettings
from device_bridge.transports.port_list import wanted_ports
from device_bridge.wire.batch import Enrolment, Enrolments
from device_bridge.wire.report import Source


def robot(protocol: str, address: str, **options: object) -> Enrolment:
    """An enrolled robot."""
    return Enrolment(robot="nanling/arm-1", protocol=protocol, address=address, source=Source.LIVE, options=options)


def ports(*robots: Enrolment, folder: Path | None = None, serial: tuple[SerialSettings, ...] = ()) -> list[object]:
    """The ports as (name, url, protocol, robot, options)."""
    door = ServerSettings("http://zone", "", Path("spool"), ports_dir=folder)
    return [
        (port.name, port.url, port.protocol, port.robot, port.options)
        for port in wanted_ports(BridgeSettings(door, serial=serial), Enrolments(robots))
    ]


def test_a_port_of_the_file_takes_from_the_enrolment_what_the_file_leaves_out() -> None:
    told = SerialSettings("a", "COM3", "mavlink", options={"system_id": 9})
    untold = SerialSettings("b", "COM4", "mavlink")
    other = SerialSettings("a", "COM5", "kobuki")

    found = ports(robot("mavlink", "a", system_id=3), robot("mavlink", "b", system_id=4), serial=(told, untold, other))

    assert found == [
        ("a", "COM3", "mavlink", "nanling/arm-1", {"system_id": 9}),
        ("b", "COM4", "mavlink", "nanling/arm-1", {"system_id": 4}),
        ("a", "COM5", "kobuki", "", {}),
    ]


def test_enrolled_robots_have_their_ports_in_the_folder_or_by_their_usb_numbers(tmp_path: Path) -> None:
    found = ports(
        robot("modbus", "booth-1", registers=[]),
        robot("kobuki", "usb:0403:6001:A1"),
        robot("fair-mqtt", "x/y"),
        folder=tmp_path,
    )

    assert found == [
        ("booth-1", f"{tmp_path}/booth-1", "modbus", "nanling/arm-1", {"registers": []}),
        ("usb:0403:6001:A1", "usb:0403:6001:A1", "kobuki", "nanling/arm-1", {}),
    ]


def test_a_port_that_the_file_names_is_not_the_folders(tmp_path: Path) -> None:
    told = SerialSettings("a", "COM3", "kobuki")

    found = ports(robot("kobuki", "a"), robot("mavlink", "b"), folder=tmp_path, serial=(told,))

    assert found == [
        ("a", "COM3", "kobuki", "nanling/arm-1", {}),
        ("b", f"{tmp_path}/b", "mavlink", "nanling/arm-1", {}),
    ]


def test_without_a_folder_no_enrolled_port_is_opened() -> None:
    assert ports(robot("kobuki", "usb:0403:6001:A1")) == []


@pytest.mark.parametrize("address", ["/dev/ttyS0", "../../dev/ttyS0", "", "a\0b"])
def test_an_address_that_leads_out_of_the_folder_opens_nothing_and_is_told(
    address: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        found = ports(robot("kobuki", address), folder=tmp_path)

    assert (found, "lead out of" in caplog.text) == ([], True)
