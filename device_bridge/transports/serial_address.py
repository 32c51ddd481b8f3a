"""How a serial port is named, and what is said when it cannot be opened.

A name is a path (`/dev/serial/by-id/…`, by-path for adapters without a number of their own), a COM port, a URL of the
library (`socket://`, `rfc2217://`), or `usb:VID:PID` with or without `:SERIAL`, which is looked up at each opening: the
adapter may come back under another path. Paths, COM ports and the list of adapters are the library's; nothing here
asks which operating system it runs on.
"""

import errno
import os
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Protocol

import serial
from serial.tools import list_ports

from device_bridge.transports.line_quality import PortTrouble

_USB = re.compile(r"usb:(?P<vid>[0-9a-f]{1,4}):(?P<pid>[0-9a-f]{1,4})(?::(?P<serial>.+))?", re.IGNORECASE)
_IN_USE = {errno.EAGAIN, errno.EBUSY}
_SHOWN = 8
MODBUS_TCP_PORT = 502
"""Where a robot answers Modbus TCP unless its URL says otherwise."""


class Adapter(Protocol):
    """What is known of one port of this machine."""

    device: str
    vid: int | None
    pid: int | None
    serial_number: str | None


class AddressError(Exception):
    """The name of a port leads to no port, or to more than one."""

    def __init__(self, trouble: PortTrouble) -> None:
        super().__init__(trouble.en)
        self.trouble = trouble


Adapters = Callable[[], Iterable[Adapter]]


def resolve(url: str, adapters: Adapters = list_ports.comports) -> str:
    """What to open for this name, now. Raises `AddressError`."""
    if not url.lower().startswith("usb:"):
        return url
    wanted = _USB.fullmatch(url)
    if wanted is None:
        raise AddressError(_no_usb_address(url))
    present = [adapter for adapter in adapters() if adapter.vid is not None]
    fitting = [adapter for adapter in present if _fits(adapter, wanted)]
    if not fitting:
        raise AddressError(_not_plugged_in(url, present))
    if len(fitting) > 1:
        raise AddressError(_several(url, fitting))
    return fitting[0].device


def require_same(device: str, opened: serial.Serial) -> None:
    """Raise `AddressError` when the path leads to another device than the opened one: its link was set anew.

    A path that is gone is no proof (reading tells), and what has no path or no descriptor stays as it is.
    """
    try:
        elsewhere = Path(device).stat().st_rdev != os.fstat(opened.fileno()).st_rdev
    except OSError:
        return
    if elsewhere:
        raise AddressError(_moved(device))


def explain(error: Exception, url: str) -> PortTrouble:
    """What is wrong with a port, by the error that opening or reading it raised, and what to do."""
    if isinstance(error, AddressError):
        return error.trouble
    number, said = getattr(error, "errno", None), str(error)
    if number in _IN_USE or "exclusively lock" in said or "Access is denied" in said:
        return _in_use(url)
    if number == errno.ENOENT or "FileNotFoundError" in said:
        return PortTrouble(f"{url} is not there; plug the robot in", f"找不到 {url}；请插好机器人")
    if number == errno.EACCES:
        return PortTrouble(
            f"{url} may not be opened by this user; add the user to the port's group (often dialout)",
            f"当前用户无权打开 {url}；请把用户加入该端口的用户组（通常是 dialout）",
        )
    return PortTrouble(said, said)


def _fits(adapter: Adapter, wanted: re.Match[str]) -> bool:
    if (adapter.vid, adapter.pid) != (int(wanted["vid"], 16), int(wanted["pid"], 16)):
        return False
    return wanted["serial"] is None or adapter.serial_number == wanted["serial"]


def _named(adapter: Adapter) -> str:
    number = f":{adapter.serial_number}" if adapter.serial_number else ""
    return f"usb:{adapter.vid or 0:04X}:{adapter.pid or 0:04X}{number} ({adapter.device})"


def _list(adapters: list[Adapter]) -> str:
    return ", ".join(_named(adapter) for adapter in adapters[:_SHOWN]) or "-"


def _no_usb_address(url: str) -> PortTrouble:
    form = "usb:VID:PID, usb:VID:PID:SERIAL (0403:6001)"
    return PortTrouble(f"{url} is no USB address; write {form}", f"{url} 不是 USB 地址；写法：{form}")


def _not_plugged_in(url: str, present: list[Adapter]) -> PortTrouble:
    there = _list(present)
    return PortTrouble(
        f"{url} is not plugged in; this machine has: {there}", f"{url} 未插入；本机现有的 USB 串口：{there}"
    )


def _several(url: str, fitting: list[Adapter]) -> PortTrouble:
    there = _list(fitting)
    return PortTrouble(
        f"{url} fits {len(fitting)} adapters: {there}; add the serial number, or name the port by /dev/serial/by-path",
        f"{url} 对应 {len(fitting)} 个适配器：{there}；请加上序列号，或改用 /dev/serial/by-path 路径",
    )


def _moved(url: str) -> PortTrouble:
    return PortTrouble(f"{url} leads to another device now", f"{url} 现已指向另一设备")


def _in_use(url: str) -> PortTrouble:
    return PortTrouble(
        f"{url} is in use by another program, or by another entry of this bridge; one at a time may have it",
        f"{url} 正被其他程序或本网桥的另一项配置占用；同一时间只能由一方使用",
    )
