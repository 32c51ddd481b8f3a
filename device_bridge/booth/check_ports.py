"""Whether each serial port is there, may be opened, is free, and belongs to an enrolled robot."""

import difflib
import errno
import re
from collections.abc import Iterator
from pathlib import Path

from serial.tools import list_ports

from device_bridge.booth.words import CheckFinding
from device_bridge.machine import group_of, holders, join_group, user_name
from device_bridge.protocols import OptionsError
from device_bridge.settings import BridgeSettings, SerialSettings
from device_bridge.transports.port_list import file_ports
from device_bridge.transports.ports import try_port
from device_bridge.transports.serial_address import AddressError
from device_bridge.vitals import Vitals
from device_bridge.wire.batch import Enrolments

_BY_ID = Path("/dev/serial/by-id")
_SHOWN = 12
_NEAR = 0.4
"""From this likeness on, a name is worth suggesting."""
_MISSING = re.compile(r"FileNotFoundError|No such file")
_DENIED = re.compile(r"PermissionError|Permission denied|Access is denied", re.IGNORECASE)
_LOCKED = {errno.EAGAIN, errno.EBUSY}


def check_ports(
    settings: BridgeSettings, running: Vitals | None, enrolments: Enrolments | None
) -> Iterator[CheckFinding]:
    """A finding for each port of the file, and another where no robot is enrolled for it."""
    open_now = {port.name for port in running.ports if port.open} if running else set()
    for port in file_ports(settings, enrolments or Enrolments(())):
        if port.name in open_now:
            yield CheckFinding(_topic(port), "ok", "port-running", {"url": port.url})
        else:
            yield _opened(port)
        if enrolments is not None:
            yield from _unknown(port, enrolments)
        folder = settings.bridge.ports_dir
        if folder is not None and (folder / port.name).exists() and str(folder / port.name) != port.url:
            yield CheckFinding(_topic(port), "ok", "port-of-file", {"url": port.url, "other": str(folder / port.name)})


def _topic(port: SerialSettings) -> str:
    return f"port {port.name}"


def _opened(port: SerialSettings) -> CheckFinding:
    """Open the port for a moment, as the bridge would."""
    others = holders(Path(port.url)) if Path(port.url).exists() else []
    if others:
        return _problem(port, "port-in-use", who=f": {', '.join(others)}")
    try:
        try_port(port)
    except OptionsError as error:
        return _problem(port, "port-options", said=error.detail["en"], said_zh=error.detail["zh"])
    except AddressError as error:
        return _problem(port, "port-address", said=error.trouble.en, said_zh=error.trouble.zh)
    except (OSError, ValueError) as error:
        return _failed(port, error)
    return CheckFinding(_topic(port), "ok", "port-ok", {"url": port.url})


def _failed(port: SerialSettings, error: Exception) -> CheckFinding:
    number, said = getattr(error, "errno", None), str(error)
    if number == errno.ENOENT or _MISSING.search(said):
        return _missing(port)
    if (
        number in _LOCKED
        or "exclusively lock" in said
        or ("://" not in port.url and port.url.upper().startswith("COM"))
    ):
        return _problem(port, "port-in-use", who="")
    if number == errno.EACCES or _DENIED.search(said):
        user, group = user_name(), group_of(Path(port.url))
        return _problem(port, "port-permission", user=user, group=group, command=join_group(group, user))
    return _problem(port, "port-failed", why=said)


def _missing(port: SerialSettings) -> CheckFinding:
    seen = seen_ports()
    names = {Path(name).name: name for name in seen}
    close = difflib.get_close_matches(Path(port.url).name, names, 1, _NEAR)
    en = f'Did you mean "{names[close[0]]}"? ' if close else ""
    zh = f"是否应为“{names[close[0]]}”？" if close else ""
    shown = ", ".join(seen[:_SHOWN]) or "-"
    return _problem(port, "port-missing", seen=shown, near=en, near_zh=zh)


def seen_ports() -> list[str]:
    """The serial ports of this machine by their lasting names, then by those that may change with the next plug."""
    lasting = sorted(str(path) for path in _BY_ID.iterdir()) if _BY_ID.is_dir() else []
    return [*lasting, *sorted(port.device for port in list_ports.comports())]


def _unknown(port: SerialSettings, enrolments: Enrolments) -> Iterator[CheckFinding]:
    mine = [robot for robot in enrolments.robots if robot.protocol == port.protocol]
    if any(robot.address == port.name for robot in mine):
        return
    names = ", ".join(sorted(robot.address for robot in mine)[:_SHOWN])
    facts = {
        "name": port.name,
        "protocol": port.protocol,
        "known": f" Enrolled are: {names}." if names else "",
        "known_zh": f"已登记的有：{names}。" if names else "",
    }
    yield CheckFinding(_topic(port), "problem", "port-nobody", facts)


def _problem(port: SerialSettings, code: str, **facts: object) -> CheckFinding:
    return CheckFinding(_topic(port), "problem", code, {"url": port.url, **facts})
