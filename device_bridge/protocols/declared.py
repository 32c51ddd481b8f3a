"""A robot that sends JSON lines of its own making, declared in its options instead of programmed.

The options' table `fields` says for each field of the report where in the robot's line it stands, and how its value
is to be read (`mapping.py`). A line may have the CRC-32 tail of the fair profile. A robot that numbers its lines maps
`seq`, so that what is missing shows; otherwise lines are numbered as they come, and no loss can be known.
"""

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from device_bridge.protocols import mapping
from device_bridge.protocols.adjusting import UNTOLD, Adjustment, adjustment_of
from device_bridge.protocols.decoded import UNREADABLE, Decoded, Malformed, Reading, invalid
from device_bridge.protocols.delimited import Delimited, braces
from device_bridge.protocols.fair import decode_line
from device_bridge.protocols.mending import read_again
from device_bridge.protocols.stream import StreamOptions, options_as
from device_bridge.wire.report import MAX_MESSAGE_BYTES

JsonPath = Annotated[str, Meta(min_length=1, max_length=200)]
"""Keys and list positions with dots between them: `state.wheels.0.speed`."""


class JsonPlace(mapping.Rule, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a value stands in the robot's line, and how it is to be read."""

    path: JsonPath


class DeclaredOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The declaration of a robot."""

    fields: Annotated[dict[str, JsonPath | JsonPlace], Meta(min_length=1, max_length=64)]


def declared(options: StreamOptions) -> Delimited:
    """A decoder for one robot. Raises `OptionsError`."""
    declaration = options_as(DeclaredOptions, options)
    mapping.check_fields(declaration.fields)
    robot = DeclaredRobot(declaration, adjustment_of(options.values))
    # Only the first brace: a later one may begin a part of a line that was cut at its end.
    return Delimited(b"\n", MAX_MESSAGE_BYTES, lambda line: robot.read(line) if line.strip() else None, braces(1))


class DeclaredRobot:
    """Reads one robot's lines by its declaration."""

    def __init__(self, options: DeclaredOptions, told: Adjustment = UNTOLD) -> None:
        self._told = told
        self._places = {
            field: place if isinstance(place, JsonPlace) else JsonPlace(path=place)
            for field, place in options.fields.items()
        }
        self._keys = {field: tuple(place.path.split(".")) for field, place in self._places.items()}
        self._lines = 0

    def read(self, line: bytes) -> Decoded:
        """What a line says."""
        heard = decode_line(line, self._read)
        if not isinstance(heard, Reading) or "seq" in self._places:
            return heard
        self._lines += 1
        return msgspec.structs.replace(heard, begins=self._lines == 1 and not heard.states_boot)

    def _read(self, body: bytes) -> Decoded:
        try:
            said = _json(body)
        except UNREADABLE as error:
            return invalid(error, body)
        if not isinstance(said, dict):
            return _NO_OBJECT
        found = {field: (place, _value(said, self._keys[field])) for field, place in self._places.items()}
        return mapping.heard(found, None if "seq" in self._places else self._lines + 1, self._told)


def _json(body: bytes) -> Any:
    """The line as JSON, also where it has no numbers for numbers. Raises one of `UNREADABLE`."""
    try:
        return msgspec.json.decode(body)
    except UNREADABLE:
        try:
            return read_again(body)
        except (ValueError, RecursionError):
            pass
        raise


_NO_OBJECT = Malformed(
    "invalid-field",
    {"en": "This line is JSON, but no object in braces.", "zh": "该行是 JSON，但不是花括号中的对象。"},
)


def _value(said: Any, keys: tuple[str, ...]) -> Any:
    """What stands at this place; None where there is nothing."""
    for key in keys:
        if isinstance(said, dict):
            said = said.get(key)
        elif isinstance(said, list) and key.isdecimal() and int(key) < len(said):
            said = said[int(key)]
        else:
            return None
    return said
