"""What all messages of VDA 5050 have in common: the header, and the parts that no version has renamed."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from device_bridge.wire.report import Counter, Moment

_DEEPEST = 16
"""A factsheet nests up to 7 levels."""


class Header(msgspec.Struct, frozen=True, rename="camel"):
    """The five fields that begin every message (version 2.1, section 6.4)."""

    header_id: Counter
    timestamp: Moment
    version: str
    manufacturer: str
    serial_number: str


HEADER = frozenset({"headerId", "timestamp", "version", "manufacturer", "serialNumber"})
"""Who speaks, in which order and when: of these none may be wrong."""


class LooseHeader(msgspec.Struct, frozen=True, rename="camel"):
    """The header where version 2 demands none of it (`visualization`): the topic alone may name the robot."""

    header_id: Counter | None = None
    timestamp: Moment | None = None
    version: str | None = None
    manufacturer: str | None = None
    serial_number: str | None = None


MetresPerSecond = Annotated[float, Meta(ge=-100, le=100)]


class Velocity(msgspec.Struct, frozen=True):
    """Metres a second in the vehicle's own frame."""

    vx: MetresPerSecond = 0.0
    vy: MetresPerSecond = 0.0


class Reference(msgspec.Struct, frozen=True, rename="camel"):
    """A key and a value, both text."""

    reference_key: str
    reference_value: str


class Information(msgspec.Struct, frozen=True, rename="camel"):
    """What the maker wants to say besides; under the type `metrics` its references are figures."""

    info_type: str
    info_references: tuple[Reference, ...] = ()


class Translation(msgspec.Struct, frozen=True, rename="camel"):
    """A text in another language."""

    translation_key: str
    translation_value: str


def claim_of(header: Header | LooseHeader) -> str:
    """`<manufacturer>/<serial>` as the body names its sender; empty where it names nobody."""
    if header.manufacturer is None and header.serial_number is None:
        return ""
    return f"{header.manufacturer or ''}/{header.serial_number or ''}"


def whole(payload: bytes) -> dict[str, Any]:
    """All that a message says. Raises what reading JSON may raise."""
    body = msgspec.json.decode(payload, type=dict[str, Any])
    if _deeper(body, _DEEPEST):
        raise RecursionError
    return body


def _deeper(value: Any, levels: int) -> bool:
    """Whether something is nested in more than so many levels: whoever writes it out again must not fail at it."""
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(levels == 0 or _deeper(part, levels - 1) for part in inside)
