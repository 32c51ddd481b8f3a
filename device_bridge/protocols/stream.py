"""The seam of every protocol that comes over a wire of its own: bytes in pieces, or registers that are asked for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Protocol, TypeVar

import msgspec

from device_bridge.protocols.complaints import unfit
from device_bridge.protocols.decoded import Decoded


class OptionsError(Exception):
    """The options of a port cannot be used; `detail` says in Chinese and English which one and why."""

    def __init__(self, detail: dict[str, str]) -> None:
        super().__init__(detail["en"])
        self.detail = detail


ADJUSTING = frozenset({"scales", "maps"})
"""Options that are not the protocol's own: they are of every robot (`adjusting.py`)."""
Shape = TypeVar("Shape", bound=msgspec.Struct)


def options_as(shape: type[Shape], options: "StreamOptions") -> Shape:
    """The options of a port in the form that its protocol wants. Raises `OptionsError`."""
    told = {name: value for name, value in options.values.items() if name not in ADJUSTING}
    return converted(told, shape)


def converted(values: Mapping[str, Any], shape: type[Shape]) -> Shape:
    """Options in the form that is wanted. Raises `OptionsError`."""
    try:
        return msgspec.convert(dict(values), shape)
    except msgspec.ValidationError as error:
        fault = unfit(error, msgspec.json.encode(dict(values)), shape)
        raise OptionsError(
            {"en": f"The port's options do not fit. {fault.en}", "zh": f"端口选项不符合要求。{fault.zh}"}
        ) from error


class StreamDecoder(Protocol):
    """Cuts a stream of bytes into frames and reads them. Keeps little, whatever comes."""

    def feed(self, data: bytes) -> list[tuple[bytes, Decoded]]:
        """Take any piece of the stream; give each whole frame, as it came, with what it said."""
        ...


@dataclass(frozen=True)
class StreamOptions:
    """What a decoder is told of its port: whose it is, and the options of the enrolment or of the booth's settings."""

    robot: str = ""
    values: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    memory: dict[str, Any] = field(default_factory=dict)
    """What a decoder leaves to the next one on the same port: an unplug must not make it forget."""


@dataclass(frozen=True)
class StreamProtocol:
    """A protocol that comes as a stream of bytes; each port has a decoder of its own."""

    name: str
    decoder: Callable[[StreamOptions], StreamDecoder]
    """Raises `OptionsError` for options that it cannot work with."""
    counts_from: int | None
    """Where the counter of a boot starts, None where the protocol does not say."""
    marks: Callable[[bytes], bytes] | None = None
    """How the JSON of a durable mark is framed for the same wire; None where its robots are told nothing."""
