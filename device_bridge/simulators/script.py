"""The language in which faults are written, one a line; `#` begins a comment.

    line  = [robot] [when] what
    robot = <exhibitor>/<robot>                      without one the fault hits every robot
    when  = "at" MM:SS | "from" MM:SS | "every" N "frames"        without one: at 00:00
    what  = "e-stop" [time] | "silence" time | "cable" time | "reboot" [time] | "battery runs flat" [time]
          | "clock" ("+" | "-") time | "duplicate serial" [time] | "take over client id" [time]
          | "drop" N "bytes" | "flip" N "bits" | "insert" N "bytes"
    time  = ["for"] N ("ms" | "s" | "min" | "h")

Only the faults of the wire (the last line of `what`) can come every so many frames. `MM:SS` counts from the start of
the simulation. Pure.
"""

import re
from dataclasses import dataclass
from typing import NoReturn

from device_bridge.simulators.faults import Incident, What
from device_bridge.simulators.noise import Harm, WireFault

_WORD = re.compile(r"[a-z0-9-]+/[a-z0-9-]+(?=\s|$)|\d+:\d+|\d+(?:\.\d+)?|[+-](?=\s|\d|$)|[A-Za-z][A-Za-z-]*|\S+")
_UNITS = {"ms": 0.001, "s": 1.0, "min": 60.0, "h": 3600.0}
_UNIT_NAMES = "`ms`, `s`, `min` or `h`"
_DEFAULTS = {What.ESTOP: 10.0, What.REBOOT: 5.0, What.FLAT: 60.0, What.TWIN: 10.0, What.TAKEOVER: 10.0}
"""How long a fault lasts whose line does not say, in seconds."""
_PHRASES = {**{what.value: what for what in What}, "flat": What.FLAT}
_FIRST = {phrase.split()[0] for phrase in _PHRASES}
_HARMS = {harm.value: harm for harm in Harm}
_NOUNS = {Harm.DROP: ("byte", "bytes"), Harm.FLIP: ("bit", "bits"), Harm.INSERT: ("byte", "bytes")}
_SECONDS_A_MINUTE = 60


class ScriptError(ValueError):
    """A line of a script cannot be read; the message names line and column, what was found and what was expected."""


@dataclass(frozen=True)
class Script:
    """What is to go wrong: with the robots, and with their wires."""

    incidents: tuple[Incident, ...] = ()
    wires: tuple[WireFault, ...] = ()

    def wires_of(self, robot: str) -> tuple[WireFault, ...]:
        """Return the faults of one robot's wire."""
        return tuple(fault for fault in self.wires if fault.robot in {None, robot})


NOTHING = Script()


def read_script(text: str) -> Script:
    """Return the faults of a script, incidents in the order of their time.

    Raises:
        ScriptError: a line is not understood.
    """
    faults = [_Line(words, number).fault() for number, words in enumerate(text.splitlines(), start=1) if _says(words)]
    incidents = sorted((fault for fault in faults if isinstance(fault, Incident)), key=lambda incident: incident.at)
    return Script(tuple(incidents), tuple(fault for fault in faults if isinstance(fault, WireFault)))


def _says(line: str) -> bool:
    return bool(line.partition("#")[0].strip())


class _Line:
    """Reads one line from left to right."""

    def __init__(self, text: str, number: int) -> None:
        said = text.partition("#")[0].rstrip()
        self._words = [(match.start() + 1, match[0]) for match in _WORD.finditer(said)]
        self._end = len(said) + 1
        self._number = number
        self._next = 0

    def fault(self) -> Incident | WireFault:
        """Return what the line says. Raises `ScriptError`."""
        robot = self._take() if "/" in self._peek() else None
        at, every = self._when()
        fault = self._wire_fault(at, every, robot) if self._peek() in _HARMS else self._incident(at, every, robot)
        if self._next < len(self._words):
            self._fail("the end of the line")
        return fault

    def _when(self) -> tuple[float, int | None]:
        if self._peek() in {"at", "from"}:
            self._take()
            return self._time_of_day(), None
        if self._peek() == "every":
            self._take()
            every = self._count()
            self._one_of("frame", "frames")
            return 0.0, every
        return 0.0, None

    def _incident(self, at: float, every: int | None, robot: str | None) -> Incident:
        if every is not None:
            self._fail("`drop`, `flip` or `insert`, since nothing else can happen every so many frames")
        what = self._phrase()
        if what is What.CLOCK:
            sign = -1 if self._one_of("+", "-") == "-" else 1
            return Incident(at, what, sign * self._duration(), robot)
        if self._next == len(self._words) and what in _DEFAULTS:
            return Incident(at, what, _DEFAULTS[what], robot)
        if self._peek() == "for":
            self._take()
        return Incident(at, what, self._duration(), robot)

    def _phrase(self) -> What:
        if self._peek() not in _FIRST:
            self._fail(
                "`at MM:SS`, `from MM:SS`, `every N frames` or a fault (" + ", ".join([*_PHRASES, *_HARMS]) + ")"
            )
        phrase = next(phrase for phrase in _PHRASES if phrase.split()[0] == self._peek())
        for word in phrase.split():
            self._one_of(word)
        return _PHRASES[phrase]

    def _wire_fault(self, at: float, every: int | None, robot: str | None) -> WireFault:
        harm = _HARMS[self._take()]
        count = self._count()
        self._one_of(*_NOUNS[harm])
        return WireFault(harm, count, at if every is None else None, every, robot)

    def _time_of_day(self) -> float:
        minutes, colon, seconds = self._peek().partition(":")
        if not (colon and minutes.isdecimal() and seconds.isdecimal() and int(seconds) < _SECONDS_A_MINUTE):
            self._fail("a time as MM:SS")
        self._take()
        return float(_SECONDS_A_MINUTE * int(minutes) + int(seconds))

    def _duration(self) -> float:
        if not self._peek().replace(".", "", 1).isdecimal():
            self._fail("a number of seconds, as `30 s`")
        number = float(self._take())
        if self._peek() not in _UNITS:
            self._fail(_UNIT_NAMES)
        return number * _UNITS[self._take()]

    def _count(self) -> int:
        if not self._peek().isdecimal() or int(self._peek()) == 0:
            self._fail("a whole number above 0")
        return int(self._take())

    def _one_of(self, *words: str) -> str:
        if self._peek() not in words:
            self._fail(" or ".join(f"`{word}`" for word in words))
        return self._take()

    def _peek(self) -> str:
        return self._words[self._next][1] if self._next < len(self._words) else ""

    def _take(self) -> str:
        self._next += 1
        return self._words[self._next - 1][1]

    def _fail(self, expected: str) -> NoReturn:
        column, found = self._words[self._next] if self._next < len(self._words) else (self._end, "the end of the line")
        shown = found if found == "the end of the line" else f"`{found}`"
        raise ScriptError(f"line {self._number}, column {column}: expected {expected}, found {shown}")
