"""Whether a protocol can work with what it is told of a robot: asked of the very decoder that the bridge will use."""

from collections.abc import Mapping
from typing import Any

from device_bridge.protocols import PORT_PROTOCOLS, OptionsError, PolledProtocol, StreamOptions, adjustment_of
from device_bridge.protocols.stream import ADJUSTING
from server.kernel.errors import InvalidError


class OptionsRefusedError(InvalidError):
    """The protocol cannot work with these options; `said` tells in both languages which one and why."""

    code = "options-refused"

    def __init__(self, said: Mapping[str, str]) -> None:
        self.said = said
        super().__init__(detail=said["en"])


def require_options(protocol: str, options: Mapping[str, Any]) -> None:
    """Raise `OptionsRefusedError` for options that the protocol cannot use."""
    spoken = PORT_PROTOCOLS.get(protocol)
    told = StreamOptions(values=options)
    try:
        adjustment_of(options)
        if spoken is None:
            if set(options) - ADJUSTING:
                raise OptionsRefusedError(_NONE_WANTED)
            return
        if isinstance(spoken, PolledProtocol):
            spoken.questions(told)
        else:
            spoken.decoder(told)
    except OptionsError as error:
        raise OptionsRefusedError(error.detail) from error


_NONE_WANTED = {
    "en": "This protocol takes no settings. Only `scales` and `maps` may be told of its robots.",
    "zh": "该协议无需设置。仅可声明 `scales` 和 `maps`。",
}
