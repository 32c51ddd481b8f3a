"""A Kobuki base: feedback packets as its firmware sends them.

Source: Kobuki documentation, "Serial Protocol", section "Feedback Packets": 0xAA 0x55, length, sub-payloads, XOR. Only
the basic sensor data (identifier 1) are sent, and the inertial sub-payload (4), which a reader has to skip.
"""

from functools import reduce
from operator import xor
from struct import Struct

from device_bridge.simulators.player import RobotMoment
from device_bridge.simulators.streams import Encode
from device_bridge.wire.report import Activity, EStop

_BASIC = Struct("<HBBBHHbbBBBB")
_INERTIAL = Struct("<hhBBB")
_ROUND = 1 << 16
_TICKS_PER_METRE = 11_700.0
_EMPTY_V, _FULL_V = 13.2, 16.7
_DOCKED = 2
_ALL_WHEELS_UP = 3


def packet(
    clock_ms: int, wheel_ticks: int, tenths_of_volts: int, *, charging: bool = False, lifted: bool = False
) -> bytes:
    """Return one packet; clock and wheel counters go round at 65,536."""
    wheels = wheel_ticks % _ROUND
    basic = _BASIC.pack(
        clock_ms % _ROUND,
        *(0, _ALL_WHEELS_UP if lifted else 0, 0),
        *(wheels, wheels),
        *(0, 0, 0),
        *(_DOCKED | 4 if charging else 0, tenths_of_volts, 0),
    )
    payload = bytes((1, len(basic))) + basic + bytes((4, _INERTIAL.size)) + _INERTIAL.pack(0, 0, 0, 0, 0)
    checked = bytes((len(payload),)) + payload
    return b"\xaa\x55" + checked + bytes((reduce(xor, checked),))


class _Base:
    """One base, whose wheels turn as the robot drives."""

    def __init__(self) -> None:
        self._way = 0.0
        self._last: float | None = None

    def encode(self, moment: RobotMoment, _number: int) -> bytes:
        """Return the packet of a moment."""
        seconds, state = moment.at.timestamp(), moment.state
        self._way += state.motion.speed * (0.0 if self._last is None else seconds - self._last)
        self._last = seconds
        charge = 100.0 if state.battery is None else state.battery
        return packet(
            int(seconds * 1000),
            int(self._way * _TICKS_PER_METRE),
            round(10 * (_EMPTY_V + (_FULL_V - _EMPTY_V) * charge / 100)),
            charging=state.activity is Activity.CHARGING,
            lifted=state.estop is not EStop.NONE,
        )


def kobuki_encoder() -> Encode:
    """Return the encoder of one base."""
    return _Base().encode
