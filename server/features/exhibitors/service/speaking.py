"""Whether a protocol can work with what it is told of a robot: asked of the very decoder that the bridge will use."""

from collections.abc import Mapping
from typing import Any

from device_bridge.protocols import PORT_PROTOCOLS, OptionsError, PolledProtocol, StreamOptions
from server.features.exhibitors.rules import Protocol
from server.kernel.errors import InvalidError


class OptionsRefusedError(InvalidError):
    """The protocol cannot work with these options; `said` tells in both languages which one and why."""

    code = "options-refused"

    def __init__(self, said: Mapping[str, str]) -> None:
        self.said = said
        super().__init__(detail=said["en"])


def require_options(protocol: Protocol, options: Mapping[str, Any]) -> None:
    """Raise `OptionsRefusedError` for options that the protocol cannot use."""
    spoken = PORT_PROTOCOLS.get(protocol)
    if spoken is None:
        if options:
            raise OptionsRefusedError(_NONE_WANTED)
        return
    told = StreamOptions(values=options)
    try:
        if isinstance(spoken, PolledProtocol):
            spoken.questions(told)
        else:
            spoken.decoder(told)
    except OptionsError as error:
        raise OptionsRefusedError(error.detail) from error


_NONE_WANTED = {"en": "This protocol takes no settings.", "zh": "该协议无需设置。"}
