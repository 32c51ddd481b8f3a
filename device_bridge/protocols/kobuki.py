"""Kobuki, the mobile base: the worked example of a binary robot.

Source: Kobuki documentation, "Serial Protocol" (kobuki.readthedocs.io, section "Feedback Packets"). A frame is 0xAA
0x55, the payload's length, sub-payloads of (identifier, length, data), and the XOR of all behind the two header bytes.
Frames come every 20 ms; one of each second of the robot's own clock becomes a report, so that a second without any is
a gap. The clock has 16 bits of milliseconds: a silence of more than 65 s counts as the rest beyond full minutes of it.
"""

from functools import reduce
from operator import or_, xor
from struct import Struct

from device_bridge.protocols.adjusting import adjustment_of
from device_bridge.protocols.decoded import NO_TIME, Reading
from device_bridge.protocols.framing import FrameReader, GeneratorDecoder, check
from device_bridge.protocols.stream import StreamOptions
from device_bridge.wire.report import Activity, Fault, FaultLevel, Report

_BASIC = Struct("<HBBBHHbbBBBB")
_BASIC_ID = 1
_MEMORY = "kobuki"
_ROUND = 1 << 16
"""Clock and wheel counters go from 65,535 to 0."""
_TICKS_PER_METRE = 11_700.0
_EMPTY_V, _FULL_V = 13.2, 16.7
"""Four lithium cells; the robot tells no percentage, so a straight line between these has to do."""
_PACK_V = (9.0, 18.0)
"""No pack of four cells has another voltage: how full it is is then unknown. The byte itself is shown as it came."""
_CHARGING = frozenset({6, 22})
_FRESH_MS = 2_000
_LONGEST_STEP_MS = 3_000
"""At full speed (0.7 m/s) a wheel counter goes round in 8 s: after a longer step the way is unknown."""
_MOVES_MPS = 0.01
_TOP_SPEED = 2.0
"""It does 0.7 m/s; a wheel counter that jumps is no speed."""

_FLAGS: tuple[tuple[FaultLevel, str, str, str], ...] = (
    (FaultLevel.WARNING, "bumper", "The bumper is pressed", "防撞开关被触发"),
    (FaultLevel.CRITICAL, "wheel-drop", "A wheel hangs in the air", "车轮悬空"),
    (FaultLevel.URGENT, "cliff", "The floor ends in front of the robot", "前方检测到悬崖"),
    (FaultLevel.CRITICAL, "overcurrent", "A wheel motor draws too much current", "车轮电机过流"),
)


def kobuki(options: StreamOptions) -> GeneratorDecoder:
    """A decoder for one robot; it remembers the robot's clock through an unplug."""
    robot = options.memory.setdefault(_MEMORY, Kobuki())
    return GeneratorDecoder(b"\xaa\x55", robot.read, told=adjustment_of(options.values))


class Kobuki:
    """One robot: reads frames and remembers what it needs for speed and second."""

    def __init__(self) -> None:
        self._clock: int | None = None
        self._wheels = (0, 0)
        self._elapsed_ms = 0
        self._said_at: int | None = None
        self._way_m: float | None = None
        self._travelled_m = 0.0
        self._flags: tuple[int, ...] = (0, 0, 0, 0)

    def read(self) -> FrameReader:
        """Read one frame; it says something once a second."""
        (length,) = yield 1
        payload = yield length
        (said,) = yield 1
        check(that=reduce(xor, payload, length) == said)
        basic = _sub_payloads(payload)[_BASIC_ID]
        return self._heard(_BASIC.unpack(basic))

    def _heard(self, basic: tuple[int, ...]) -> Reading | None:
        clock, bumper, drop, cliff, left, right, *_, charger, battery, current = basic
        self._follow(clock, (left, right))
        self._flags = tuple(map(or_, self._flags, (bumper, drop, cliff, current)))
        begins = self._said_at is None
        if self._said_at is not None and self._elapsed_ms // 1_000 <= self._said_at // 1_000:
            return None
        return self._reading(battery / 10, charging=charger in _CHARGING, begins=begins)

    def _follow(self, clock: int, wheels: tuple[int, int]) -> None:
        """Count time and way since the last frame."""
        if self._clock is None or (clock < _FRESH_MS and wheels == (0, 0) != self._wheels):
            self._elapsed_ms, self._said_at, self._way_m, self._travelled_m = 0, None, None, 0.0
        else:
            step = (clock - self._clock) % _ROUND
            self._elapsed_ms += step
            way = sum(map(_turned, self._wheels, wheels)) / 2 / _TICKS_PER_METRE
            self._travelled_m += abs(way)
            known = self._way_m is not None and step <= _LONGEST_STEP_MS
            self._way_m = (self._way_m or 0.0) + way if known else None
        self._clock, self._wheels = clock, wheels

    def _reading(self, volts: float, *, charging: bool, begins: bool) -> Reading:
        speed = self._speed()
        measured = _PACK_V[0] <= volts <= _PACK_V[1]
        seq = self._elapsed_ms // 1_000 + 1
        report = Report(
            robot="",
            boot=0,
            seq=seq,
            time=NO_TIME,
            activity=_activity(speed, charging=charging),
            battery=_percent(volts) if measured else None,
            speed=speed,
            errors=tuple(_fault(row) for flag, row in zip(self._flags, _FLAGS, strict=True) if flag),
            metrics={"battery_v": volts, "travelled_m": round(self._travelled_m, 3)},
        )
        self._said_at, self._way_m, self._flags = self._elapsed_ms, 0.0, (0, 0, 0, 0)
        return Reading("", report, oldest=seq, states_boot=False, states_time=False, begins=begins)

    def _speed(self) -> float | None:
        if self._way_m is None or self._said_at is None:
            return None
        speed = round(self._way_m / (self._elapsed_ms - self._said_at) * 1_000, 3)
        return speed if abs(speed) <= _TOP_SPEED else None


def _percent(volts: float) -> float:
    return round(min(100.0, max(0.0, 100 * (volts - _EMPTY_V) / (_FULL_V - _EMPTY_V))), 1)


def _sub_payloads(payload: bytes) -> dict[int, bytes]:
    """The sub-payloads by identifier; they must fill the payload to the last byte."""
    found: dict[int, bytes] = {}
    while payload:
        kind, length, rest = payload[0], payload[1], payload[2:]
        check(that=len(rest) >= length)
        found[kind], payload = rest[:length], rest[length:]
    return found


def _turned(before: int, after: int) -> int:
    """How far a wheel has turned, in ticks, forwards or backwards: the shorter way round."""
    return (after - before + _ROUND // 2) % _ROUND - _ROUND // 2


def _activity(speed: float | None, *, charging: bool) -> Activity:
    if charging:
        return Activity.CHARGING
    return Activity.MOVING if speed is not None and abs(speed) > _MOVES_MPS else Activity.IDLE


def _fault(row: tuple[FaultLevel, str, str, str]) -> Fault:
    level, code, english, chinese = row
    return Fault(level, code, {"en": english, "zh": chinese})
