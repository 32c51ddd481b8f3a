"""Which port a name leads to, and what is said when it leads nowhere."""

import errno
from dataclasses import dataclass

import pytest
import serial

from device_bridge.transports.serial_address import AddressError, explain, resolve


@dataclass
class Plugged:
    """An adapter as the library lists it."""

    device: str
    vid: int | None = None
    pid: int | None = None
    serial_number: str | None = None


FTDI_A = Plugged("/dev/ttyUSB0", 0x0403, 0x6001, "A50285BI")
FTDI_B = Plugged("/dev/ttyUSB1", 0x0403, 0x6001, "A50285BK")
CHINESE = Plugged("COM7", 0x1A86, 0x7523)
BUILT_IN = Plugged("/dev/ttyS0")
ALL = (BUILT_IN, FTDI_A, FTDI_B, CHINESE)


@pytest.mark.parametrize(
    "url",
    [
        "/dev/serial/by-id/usb-FTDI_FT232R_A50285BI-if00-port0",
        "/dev/serial/by-path/pci-0000:00:14.0-usb-0:2:1.0-port0",
        "COM3",
        r"\\.\COM12",
        "socket://192.168.4.1:4001",
        "rfc2217://serial-server:2217?ign_set_control",
    ],
)
def test_paths_com_ports_and_urls_are_the_librarys_own(url: str) -> None:
    assert resolve(url, lambda: ALL) == url


@pytest.mark.parametrize(
    ("url", "device"),
    [
        ("usb:0403:6001:A50285BK", "/dev/ttyUSB1"),
        ("usb:1a86:7523", "COM7"),
        ("USB:1A86:7523", "COM7"),
        ("usb:403:6001:A50285BI", "/dev/ttyUSB0"),
    ],
)
def test_a_usb_address_finds_its_adapter_wherever_it_is(url: str, device: str) -> None:
    assert resolve(url, lambda: ALL) == device


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("usb:0403:6001", "fits 2 adapters: usb:0403:6001:A50285BI (/dev/ttyUSB0), usb:0403:6001:A50285BK"),
        ("usb:0403:6001:OTHER", "is not plugged in; this machine has: usb:0403:6001:A50285BI (/dev/ttyUSB0)"),
        ("usb:10c4:ea60", "is not plugged in; this machine has:"),
        ("usb:0403", "is no USB address; write usb:VID:PID"),
        ("usb:zz:6001", "is no USB address; write usb:VID:PID"),
    ],
)
def test_a_usb_address_that_leads_nowhere_says_why_and_what_is_there(url: str, says: str) -> None:
    with pytest.raises(AddressError) as refused:
        resolve(url, lambda: ALL)

    assert says in refused.value.trouble.en
    assert refused.value.trouble.zh


def test_an_adapter_that_comes_back_under_another_path_is_found_again() -> None:
    before = resolve("usb:0403:6001:A50285BI", lambda: [FTDI_A])
    after = resolve("usb:0403:6001:A50285BI", lambda: [Plugged("/dev/ttyUSB4", 0x0403, 0x6001, "A50285BI")])

    assert (before, after) == ("/dev/ttyUSB0", "/dev/ttyUSB4")


@pytest.mark.parametrize(
    ("error", "en", "zh"),
    [
        (serial.SerialException(errno.EAGAIN, "Could not exclusively lock port"), "in use by another", "占用"),
        (serial.SerialException("could not open port 'COM3': Access is denied."), "in use by another", "占用"),
        (serial.SerialException(errno.ENOENT, "could not open port"), "is not there", "找不到"),
        (serial.SerialException("could not open port 'COM3': FileNotFoundError(2)"), "is not there", "找不到"),
        (PermissionError(errno.EACCES, "Permission denied"), "may not be opened", "无权"),
        (RuntimeError("what nobody expects"), "what nobody expects", "what nobody expects"),
    ],
)
def test_what_is_wrong_with_a_port_is_a_sentence_in_both_languages(error: Exception, en: str, zh: str) -> None:
    trouble = explain(error, "the port")

    assert (en in trouble.en, zh in trouble.zh) == (True, True)
