"""Trying a port for a moment: its options are looked at before it is opened, whatever kind of port it is."""

import os
import socket
from collections.abc import Iterator

import pytest

from device_bridge.arrival_queue import ArrivalQueue
from device_bridge.health import quality_of, trouble_of
from device_bridge.protocols import OptionsError
from device_bridge.settings import SerialSettings
from device_bridge.transports.modbus_port import ModbusTransport
from device_bridge.transports.ports import port_for, try_port
from device_bridge.transports.serial_address import AddressError
from device_bridge.transports.serial_port import SerialTransport
from tests.support.ports import LOOPBACK, free_port
from tests.support.processes import wait_until
from tests.support.robots import START

REGISTERS: dict[str, object] = {"registers": [{"feeds": "battery", "address": 0}]}


@pytest.fixture
def terminal() -> Iterator[str]:
    """The name of a port that is there."""
    own, other = os.openpty()
    yield os.ttyname(other)
    os.close(own)
    os.close(other)


@pytest.mark.parametrize(
    ("protocol", "options"),
    [("fair-cobs", {}), ("mavlink", {"system_id": 3}), ("modbus", REGISTERS), ("a newer protocol", {})],
)
def test_a_port_that_is_there_is_no_trouble(protocol: str, options: dict[str, object], terminal: str) -> None:
    settings = SerialSettings("port", terminal, protocol, options=options)

    try_port(settings)
    try_port(settings)


def test_a_robot_that_listens_for_modbus_tcp_is_no_trouble_and_one_that_does_not_is_told() -> None:
    with socket.create_server((LOOPBACK, 0)) as robot:
        place = robot.getsockname()[1]
        try_port(SerialSettings("port", f"tcp://{LOOPBACK}:{place}", "modbus", options=REGISTERS))

    with pytest.raises(OSError, match="refused"):
        try_port(SerialSettings("port", f"tcp://{LOOPBACK}:{free_port()}", "modbus", options=REGISTERS))


@pytest.mark.parametrize(
    ("settings", "error"),
    [
        (SerialSettings("port", "/dev/null", "modbus"), OptionsError),
        (SerialSettings("port", "/dev/null", "mavlink", options={"system_id": 0}), OptionsError),
        (SerialSettings("port", "usb:dead:beef:7"), AddressError),
        (SerialSettings("port", "/nowhere/at/all"), OSError),
        (SerialSettings("port", "nonsense://port"), ValueError),
    ],
)
def test_what_is_wrong_is_raised_by_its_kind(settings: SerialSettings, error: type[Exception]) -> None:
    with pytest.raises(error):
        try_port(settings)


def test_a_port_whose_robot_is_asked_has_a_transport_that_asks() -> None:
    kinds = [
        type(port_for(SerialSettings("port", "/nowhere", protocol), ArrivalQueue(), lambda: START))
        for protocol in ("modbus", "kobuki")
    ]

    assert kinds == [ModbusTransport, SerialTransport]


def test_the_bridges_status_tells_the_figures_and_the_trouble_of_a_port() -> None:
    port = port_for(SerialSettings("port", "/nowhere/at/all"), ArrivalQueue(), lambda: START)
    figures, trouble = quality_of(port), trouble_of(port)

    port.start()
    wait_until(lambda: trouble_of(port) != {}, seconds=30, what="the port to be missed")
    port.stop()

    assert figures == {"bytes": 0, "frames": 0, "malformed": 0, "reconnects": 0}
    assert not trouble
    assert trouble_of(port) == {
        "en": "/nowhere/at/all is not there; plug the robot in",
        "zh": "找不到 /nowhere/at/all；请插好机器人",
    }
