"""The seam of protocols whose robots say nothing unless they are asked."""

from collections.abc import Callable
from dataclasses import dataclass

from device_bridge.protocols.modbus import ModbusMap
from device_bridge.protocols.stream import StreamOptions


@dataclass(frozen=True)
class PolledProtocol:
    """A protocol that is asked: its reports are numbered by the polls, so that one without an answer is a gap."""

    name: str
    questions: Callable[[StreamOptions], ModbusMap]
    """What to ask a robot, and what its answers say. Raises `OptionsError`."""
    counts_from: int | None
    """Where the counter of a boot starts, None where the protocol does not say."""
    marks: None = None
    """A robot that is asked is told nothing."""
